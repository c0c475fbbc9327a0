import { existsSync } from "node:fs";
import { basename } from "node:path";
import { type Adapter, InvalidInputError, type Model, type RawRecord } from "@plumbline/sync";
import { badFile } from "./file-record.ts";
import { createFileWriter } from "./file-writer.ts";
import { parseJson } from "./json-file.ts";
import { createModelTable, type FileValues, type ModelTable } from "./model-table.ts";
import { writeAtomically } from "./write-atomically.ts";

/** Which document is read or written. */
export interface DocumentOptions {
  /** A JSON file: an object with a list of records for each model, under the model's plural. */
  readonly path: string;
  readonly models: readonly Model[];
  readonly name?: string | undefined;
  /** Whether the file is to be written; it may then be missing. */
  readonly isTarget?: boolean | undefined;
}

type JsonDocument = Readonly<Record<string, unknown>>;

/** An inventory in one JSON file. See docs/formats/folder.md. */
export function createDocumentAdapter(options: DocumentOptions): Adapter {
  const { path, models } = options;
  const isTarget = options.isTarget ?? false;
  let document: JsonDocument | null = null;
  const open = (): JsonDocument => (document ??= readDocument(path, isTarget));

  return {
    name: options.name ?? path,
    models,
    provides(model) {
      const records = isTarget ? [] : (recordsOf(path, open(), model) ?? []);
      if (records.length === 0) return model.names;
      return [...new Set(records.flatMap((values) => Object.keys(values)))];
    },
    async *load(context) {
      const content = isTarget ? readDocument(path, true) : open();
      for (const model of models) {
        const records = recordsOf(path, content, model);
        if (records === null) {
          if (!isTarget) {
            context.absent(
              model,
              `${path} has no list "${model.plural}". Add it (an empty one says that there are none).`,
            );
          }
          continue;
        }
        context.signal.throwIfAborted();
        yield records.map((values, index): RawRecord =>
          model.record(values, { origin: `${basename(path)}, ${model.plural} ${index + 1}` }),
        );
      }
    },
    writer: () => createDocumentWriter(path, models),
  };
}

function createDocumentWriter(path: string, models: readonly Model[]) {
  return createFileWriter(
    {
      path,
      open: async (schema, model): Promise<ModelTable> =>
        createModelTable(schema, model, recordsOf(path, readDocument(path, true), model) ?? []),
      async save(model, table) {
        const content = { ...readDocument(path, true), [model.plural]: table.records() };
        await writeAtomically(path, `${JSON.stringify(content, null, 2)}\n`);
      },
    },
    models,
  );
}

/** A document's content. @throws InvalidInputError with file and line where it is none */
export function readDocument(path: string, mayBeMissing: boolean): JsonDocument {
  if (!existsSync(path)) {
    if (mayBeMissing) return {};
    throw new InvalidInputError(`There is no file ${path}; check the path.`);
  }
  const file = { path, name: basename(path), format: "json" } as const;
  const parsed = parseJson(file);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw badFile(file, "", "it is no object with a list of records for each model.");
  }
  return parsed as JsonDocument;
}

function recordsOf(
  path: string,
  content: JsonDocument,
  model: Model,
): readonly FileValues[] | null {
  const list = content[model.plural];
  if (list === undefined) return null;
  const isRecords =
    Array.isArray(list) &&
    list.every((entry) => typeof entry === "object" && entry !== null && !Array.isArray(entry));
  if (!isRecords) {
    throw badFile(
      { path, name: basename(path), format: "json" },
      "",
      `"${model.plural}" is no list of records.`,
    );
  }
  return list as FileValues[];
}
