import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { Readable, Transform } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { stringify } from "csv-stringify/sync";
import type { Model } from "@plumbline/sync";
import { type CsvColumn, readCells, readColumns, writeCells } from "./csv-columns.ts";
import { badFile, createDecoder, type FileRecord, notUtf8, unreadable } from "./file-record.ts";
import type { ModelFile } from "./folder-files.ts";

const batchSize = 1000;

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** The records of a CSV file in batches, without holding the file. @throws InvalidInputError with file and line. */
export async function* readCsvFile(
  file: ModelFile,
  model: Model,
  signal?: AbortSignal,
): AsyncGenerator<readonly FileRecord[]> {
  const input: Readable =
    file.text === undefined
      ? createReadStream(file.path, signal ? { signal } : {})
      : Readable.from([Buffer.from(file.text)]);
  const parser = parse({ bom: true, info: true, skip_empty_lines: true });
  const checked = checkUtf8(file);
  input.on("error", (error) => parser.destroy(error));
  checked.on("error", (error) => parser.destroy(error));
  input.pipe(checked).pipe(parser);
  let columns: readonly CsvColumn[] | null = null;
  let batch: FileRecord[] = [];
  try {
    for await (const { record, info } of parser as AsyncIterable<Row>) {
      if (columns === null) {
        columns = readHeader(file, model, record);
      } else {
        const line = info.lines - countBreaks(record);
        batch.push({ values: readCells(columns, record), place: `${file.name}:${line}` });
        if (batch.length === batchSize) {
          yield batch;
          batch = [];
        }
      }
    }
  } catch (error) {
    throw describe(file, error);
  } finally {
    input.destroy();
    parser.destroy();
  }
  if (columns === null) throw noHeader(file);
  if (batch.length > 0) yield batch;
}

/** Lets bytes through as long as they are UTF-8. */
function checkUtf8(file: ModelFile): Transform {
  const decoder = createDecoder();
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        decoder.decode(chunk, { stream: true });
        done(null, chunk);
      } catch {
        done(notUtf8(file));
      }
    },
    flush(done) {
      try {
        decoder.decode();
        done();
      } catch {
        done(notUtf8(file));
      }
    },
  });
}

/** Line breaks within cells: the parser counts lines up to the end of a row, people from its beginning. */
function countBreaks(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    if (cell.includes("\n")) count += cell.split("\n").length - 1;
  }
  return count;
}

/** The headers of a CSV file: of its first line, which must end within 64 KiB. */
export function readCsvHeaders(file: ModelFile): readonly string[] {
  const first = readStart(file)
    .replace(/^\uFEFF/, "")
    .trimStart()
    .split(/\r\n|\r|\n/, 1)[0];
  // Quotes are rare in headers and hold no comma there.
  return (first ?? "").split(",").map((header) => header.trim().replace(/^"(.*)"$/, "$1"));
}

/** The first 64 KiB of a file. */
function readStart(file: ModelFile): string {
  if (file.text !== undefined) return file.text.slice(0, 65_536);
  const buffer = Buffer.alloc(65_536);
  let length: number;
  try {
    const descriptor = openSync(file.path, "r");
    try {
      length = readSync(descriptor, buffer);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw unreadable(file, cause);
  }
  return buffer.toString("utf8", 0, length);
}

/** Records as CSV, columns in the order of `headers`. */
export function writeCsv(
  model: Model,
  records: readonly Readonly<Record<string, unknown>>[],
  headers: readonly string[],
): string {
  const table = writeCells(model, records, headers);
  return stringify([table.headers, ...table.rows]);
}

function readHeader(file: ModelFile, model: Model, row: readonly string[]): readonly CsvColumn[] {
  const headers = row.map((header) => header.trim());
  const repeated = headers.find((header, index) => headers.indexOf(header) !== index);
  if (repeated !== undefined) {
    throw badFile(file, ":1", `the column ${JSON.stringify(repeated)} stands there twice.`);
  }
  if (headers.includes("")) throw badFile(file, ":1", "a column has no name.");
  return readColumns(model, headers);
}

function noHeader(file: ModelFile): Error {
  return badFile(file, ":1", "it is empty, and should begin with a line that names the columns.");
}

function describe(file: ModelFile, error: unknown): unknown {
  if (error instanceof CsvError) {
    const line = (error as { lines?: unknown }).lines;
    const where = typeof line === "number" ? `:${line}` : "";
    if (error.code === "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH") {
      return badFile(file, where, "the row has not as many cells as there are columns.");
    }
    return badFile(file, where, `${error.message.replace(/\.$/, "")}.`);
  }
  if (error instanceof Error && "syscall" in error) return unreadable(file, error);
  return error;
}
