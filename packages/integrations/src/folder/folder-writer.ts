import { join } from "node:path";
import { InvalidInputError, type Model, type Writer } from "@plumbline/sync";
import { readCsvFile, readCsvHeaders, writeCsv } from "./csv-file.ts";
import type { FileRecord } from "./file-record.ts";
import { createFileWriter } from "./file-writer.ts";
import {
  checkWritable,
  type FileFormat,
  findModelFile,
  hasMarker,
  listFolder,
  markerName,
  type ModelFile,
} from "./folder-files.ts";
import { readJsonFile, writeJson } from "./json-file.ts";
import { createModelTable, type FileValues } from "./model-table.ts";
import { writeAtomically } from "./write-atomically.ts";
import { readYamlFile, writeYaml } from "./yaml-file.ts";

const markerText =
  "Plumbline keeps the files of this folder. It replaces them whole; comments in them are lost.\n";

/** Writes a folder's files, each of them whole. @throws InvalidInputError where the folder is not ours. */
export function createFolderWriter(
  path: string,
  models: readonly Model[],
  newFormat: FileFormat,
): Writer {
  checkWritable(path);

  function fileOf(model: Model): ModelFile {
    const name = `${model.plural}.${newFormat}`;
    return (
      findModelFile(path, listFolder(path) ?? [], model) ?? {
        path: join(path, name),
        name,
        format: newFormat,
        isNew: true,
      }
    );
  }

  return createFileWriter(
    {
      path,
      async open(schema, model) {
        const file = fileOf(model);
        return createModelTable(schema, model, file.isNew ? [] : await readAll(file, model));
      },
      async save(model, table) {
        if (!hasMarker(path)) await writeAtomically(join(path, markerName), markerText);
        const file = fileOf(model);
        await writeAtomically(file.path, textOf(file, model, table.records()));
      },
    },
    models,
  );
}

async function readAll(file: ModelFile, model: Model): Promise<readonly FileValues[]> {
  const records: FileRecord[] = [];
  if (file.format === "csv") {
    for await (const batch of readCsvFile(file, model)) records.push(...batch);
  } else {
    records.push(...(file.format === "json" ? readJsonFile(file) : readYamlFile(file, model)));
  }
  return records.map(({ values, place }) => {
    if (values !== null) return values;
    throw new InvalidInputError(
      `${place} is not a record of named values and would be lost when the file is written; correct it and run again.`,
    );
  });
}

/** In the format the file has; a CSV file keeps its columns too. */
function textOf(file: ModelFile, model: Model, records: readonly FileValues[]): string {
  if (file.format === "csv") {
    return writeCsv(model, records, file.isNew ? [] : readCsvHeaders(file));
  }
  return file.format === "json" ? writeJson(records) : writeYaml(records);
}
