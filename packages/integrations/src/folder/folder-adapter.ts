import { customFieldKey } from "@plumbline/models";
import {
  type Adapter,
  InvalidInputError,
  type LoadContext,
  type Model,
  type RawRecord,
} from "@plumbline/sync";
import { readColumns } from "./csv-columns.ts";
import { readCsvFile, readCsvHeaders } from "./csv-file.ts";
import type { FileRecord } from "./file-record.ts";
import {
  checkWritable,
  type FileFormat,
  fileVersion,
  findModelFile,
  hasMarker,
  listFolder,
  type ModelFile,
} from "./folder-files.ts";
import { createFolderWriter } from "./folder-writer.ts";
import { readJsonFile } from "./json-file.ts";
import { readYamlFile } from "./yaml-file.ts";

/** Which folder is read or written. */
export interface FolderOptions {
  readonly path: string;
  readonly models: readonly Model[];
  /** What people call it; the path where absent. */
  readonly name?: string | undefined;
  /**
   * Whether the folder is to be written. A target folder may be missing, must otherwise be empty or carry our
   * marker, and lacks nothing it does not hold; fields that no record of a source names are left alone.
   */
  readonly isTarget?: boolean | undefined;
  /** Format of files that do not exist yet. Default "yaml". */
  readonly format?: FileFormat | undefined;
}

const batchSize = 1000;

/** An inventory as files in a folder: one per model, named by its plural. See docs/formats/folder.md. */
export function createFolderAdapter(options: FolderOptions): Adapter {
  const { path, models } = options;
  const isTarget = options.isTarget ?? false;
  const parsed = new Map<string, readonly FileRecord[]>();
  const versions = new Map<string, string>();

  /** Notes how a file stands before it is first read, for `checkUnchanged`. */
  function noteVersion(file: ModelFile): void {
    if (!versions.has(file.path)) versions.set(file.path, fileVersion(file));
  }

  /** A file that is written while it is read gives half of the old and half of the new. */
  function checkUnchanged(): void {
    const noted = [...versions];
    versions.clear();
    for (const [file, version] of noted) {
      if (fileVersion({ path: file }) === version) continue;
      throw new InvalidInputError(
        `The file ${file} was changed while it was read, so nothing of the folder is used; run again when it is at rest.`,
      );
    }
  }

  /** YAML and JSON are read once, for the names of fields and for the records. */
  function readWhole(file: ModelFile, model: Model): readonly FileRecord[] {
    let records = parsed.get(file.path);
    if (records === undefined) {
      records = file.format === "json" ? readJsonFile(file) : readYamlFile(file, model);
      parsed.set(file.path, records);
    }
    return records;
  }

  function namedFields(model: Model): readonly string[] {
    const file = findModelFile(path, listFolder(path) ?? [], model);
    if (file === null) return model.names;
    noteVersion(file);
    if (file.format === "csv") {
      return readColumns(model, readCsvHeaders(file)).map((column) => column.field);
    }
    const records = readWhole(file, model);
    if (records.length === 0) return model.names;
    const named = new Set<string>();
    for (const { values } of records) {
      for (const name in values) named.add(name);
    }
    return [...named];
  }

  async function* loadModel(
    context: LoadContext,
    names: readonly string[],
    model: Model,
  ): AsyncGenerator<readonly RawRecord[]> {
    const file = findModelFile(path, names, model);
    if (file === null) {
      // In a folder of ours no file means no records; somebody else may just not keep them.
      if (!isTarget && !hasMarker(path)) {
        context.absent(
          model,
          `${path} has no file ${model.plural}.yaml, .json or .csv. Add one (an empty list says that there are none).`,
        );
      }
      return;
    }
    noteVersion(file);
    const unknown = new Set<string>();
    for await (const batch of readBatches(file, model, context.signal)) {
      const records: RawRecord[] = [];
      for (const { values, place } of batch) {
        if (values === null) {
          reportNoRecord(context, model, place);
          continue;
        }
        for (const name in values) {
          if (!model.names.includes(name)) unknown.add(name);
        }
        records.push(model.record(values, { origin: place }));
      }
      context.signal.throwIfAborted();
      yield records;
    }
    parsed.delete(file.path);
    const strangers = [...unknown].filter((name) => customFieldKey(name) === null);
    if (strangers.length > 0) {
      const isOne = strangers.length === 1;
      context.logger.warning(
        `${file.path}: ${strangers.join(", ")} ${isOne ? "is no field" : "are no fields"} of ${model.pluralLabel.toLowerCase()} and not read; correct the spelling if ${isOne ? "it is" : "they are"} meant.`,
      );
    }
    for (const name of unknown) reportUndefined(context, model, file, name);
  }

  async function* readBatches(
    file: ModelFile,
    model: Model,
    signal: AbortSignal,
  ): AsyncGenerator<readonly FileRecord[]> {
    if (file.format === "csv") {
      yield* readCsvFile(file, model, signal);
      return;
    }
    const records = readWhole(file, model);
    for (let start = 0; start < records.length; start += batchSize) {
      yield records.slice(start, start + batchSize);
    }
  }

  return {
    name: options.name ?? path,
    models,
    provides: (model) => (isTarget ? model.names : namedFields(model)),
    async *load(context) {
      const names = listFolder(path);
      if (isTarget) checkWritable(path);
      if (names === null && !isTarget) {
        throw new InvalidInputError(`There is no folder ${path}; check the path.`);
      }
      for (const model of models) yield* loadModel(context, names ?? [], model);
      checkUnchanged();
    },
    writer: () => createFolderWriter(path, models, options.format ?? "yaml"),
  };
}

/** The file may come from where the custom field is defined: people are to see that its values go nowhere. */
function reportUndefined(
  context: LoadContext,
  model: Model,
  { path, name: origin }: ModelFile,
  field: string,
): void {
  const key = customFieldKey(field);
  if (key === null) return;
  const { pluralLabel } = model;
  context.report({
    kind: "unknown-field",
    model: model.name,
    key: null,
    label: null,
    field,
    value: null,
    message: `${path}: ${field} is the value of a custom field that is not defined for ${pluralLabel}, and not read. Define the custom field ${key} for ${pluralLabel}, or leave it out.`,
    origin,
  });
}

function reportNoRecord(context: LoadContext, model: Model, place: string): void {
  context.report({
    kind: "bad-value",
    model: model.name,
    key: null,
    label: null,
    field: null,
    value: null,
    message: `${place} is not a record of named values, so nothing of this type is deleted. Correct it and run again.`,
    origin: place,
  });
}
