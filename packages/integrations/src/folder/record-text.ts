// A model's records as one text, sent or received, in the form that the files of a folder have.
import { stringify } from "csv-stringify/sync";
import type { Model, Schema, Values } from "@plumbline/sync";
import { readColumns, writeCells } from "./csv-columns.ts";
import { readCsvFile, readCsvHeaders } from "./csv-file.ts";
import type { FileRecord } from "./file-record.ts";
import type { FileFormat, ModelFile } from "./folder-files.ts";
import { readJsonFile } from "./json-file.ts";
import { isLeftOut, toFileForm } from "./record-form.ts";
import { readYamlFile, writeYaml } from "./yaml-file.ts";

/** What a text says of a model. */
export interface RecordText {
  readonly records: readonly FileRecord[];
  /** The fields that it speaks of: a record without one of them says that it has none. */
  readonly fields: readonly string[];
}

/** Reads a text as a file of the format is read. @throws InvalidInputError with the line of broken syntax. */
export async function readRecordText(
  format: FileFormat,
  model: Model,
  text: string,
): Promise<RecordText> {
  const name = `${model.plural}.${format}`;
  const file: ModelFile = { path: name, name, format, text };
  if (format === "csv") return readCsvText(file, model);
  const records = format === "json" ? readJsonFile(file) : readYamlFile(file, model);
  const fields = new Set(records.flatMap(({ values }) => Object.keys(values ?? {})));
  return { records, fields: [...fields] };
}

async function readCsvText(file: ModelFile, model: Model): Promise<RecordText> {
  const records: FileRecord[] = [];
  for await (const batch of readCsvFile(file, model)) {
    for (const { values, place } of batch) {
      records.push({ values: values && (withoutGuards(values) as FileRecord["values"]), place });
    }
  }
  const fields = readColumns(model, readCsvHeaders(file)).map((column) => column.field);
  return { records, fields: [...new Set(fields)] };
}

/**
 * Writes records (canonical, references as key strings) as a file of the format has them, batch by batch.
 * @param depthOf how many records of a model stand one in the other at most: as many columns name one of them
 */
export async function* writeRecordText(
  format: FileFormat,
  schema: Schema,
  model: Model,
  batches: AsyncIterable<readonly Values[]>,
  depthOf: (model: string) => number,
): AsyncGenerator<string> {
  const names = model.names.filter((name) => !model.field(name).isDerived);
  const headers = format === "csv" ? csvHeaders(schema, model, names, depthOf) : [];
  if (format === "csv") yield stringify([headers]);
  if (format === "json") yield "[";
  let isEmpty = true;
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    const records = batch.map((values) => fileFormOf(schema, model, names, values));
    if (format === "csv") {
      const { rows } = writeCells(model, records, headers);
      yield stringify(rows.map((cells) => cells.map(withGuard)));
    } else if (format === "json") {
      const lines = records.map((record) => `\n  ${JSON.stringify(record)}`).join(",");
      yield isEmpty ? lines : `,${lines}`;
    } else yield writeYaml(records);
    isEmpty = false;
  }
  if (format === "json") yield "\n]\n";
  if (format === "yaml" && isEmpty) yield writeYaml([]);
}

function fileFormOf(
  schema: Schema,
  model: Model,
  names: readonly string[],
  values: Values,
): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const field = model.field(name);
      const value = values[name] ?? null;
      return isLeftOut(schema, field, value) ? [] : [[name, toFileForm(schema, field, value)]];
    }),
  );
}

/** A column for each field, and for each part of the key that a reference names. */
function csvHeaders(
  schema: Schema,
  model: Model,
  names: readonly string[],
  depthOf: (model: string) => number,
): string[] {
  const referred = (header: string, target: Model, depth: number): string[] => {
    const [only] = target.keyNames;
    if (target.keyNames.length === 1 && only !== undefined) return [header];
    return target.keyNames.flatMap((name) => {
      const inner = target.field(name).facts.target;
      if (inner === undefined) return [`${header}.${name}`];
      if (inner !== target.name) {
        return referred(`${header}.${name}`, schema.model(inner), depthOf(inner));
      }
      return depth > 1 ? referred(`${header}.${name}`, target, depth - 1) : [];
    });
  };
  return names.flatMap((name) => {
    const { target } = model.field(name).facts;
    if (model.field(name).kind !== "reference" || target === undefined) return [name];
    const isAbove = target === model.name && model.keyNames.includes(name);
    return referred(name, schema.model(target), depthOf(target) - (isAbove ? 1 : 0));
  });
}

/** What a spreadsheet would take for a formula. */
const formula = /^[=+\-@\t\r]/;

/** The values come from other systems: a spreadsheet must not run them. */
function withGuard(cell: string): string {
  return formula.test(cell) && !/^[+-]?[\d.]+$/.test(cell) ? `'${cell}` : cell;
}

function withoutGuard(cell: string): string {
  return cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell;
}

function withoutGuards(value: unknown): unknown {
  if (typeof value === "string") return withoutGuard(value);
  if (Array.isArray(value)) return value.map(withoutGuards);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withoutGuards(inner)]),
  );
}
