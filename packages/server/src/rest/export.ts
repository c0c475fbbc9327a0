// A whole list as a file, streamed: rows are read in batches as the client takes them.
import type { Context } from "hono";
import type { ObjectLinks } from "../syncs/queries/object-links.ts";

export type ExportRow = Readonly<Record<string, unknown>>;

/**
 * @param columns Names of the row's members for CSV, in order; JSON holds every member.
 * @param name The file's name without its ending.
 */
export function answerExport(
  context: Context,
  format: "csv" | "json",
  name: string,
  columns: readonly string[],
  batches: AsyncIterable<readonly ExportRow[]>,
): Response {
  const text = format === "csv" ? csvOf(columns, batches) : jsonOf(batches);
  return answerText(context, format, name, text);
}

/** The same of rows that lead to objects: a table's cell takes an object's address alone. */
export function answerLinkedExport(
  context: Context,
  format: "csv" | "json",
  name: string,
  columns: readonly string[],
  batches: AsyncIterable<readonly (ExportRow & ObjectLinks)[]>,
): Response {
  const rows = format === "csv" ? withAddresses(batches) : batches;
  return answerExport(context, format, name, columns, rows);
}

async function* withAddresses(batches: AsyncIterable<readonly (ExportRow & ObjectLinks)[]>) {
  for await (const batch of batches) {
    yield batch.map((row) => ({
      ...row,
      systemObject: row.systemObject?.url,
      otherSystemObject: row.otherSystemObject?.url,
    }));
  }
}

const contentTypes = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  yaml: "application/yaml; charset=utf-8",
};

/** A text as a file, sent as it comes. @param name the file's, without its ending */
export function answerText(
  context: Context,
  format: "csv" | "json" | "yaml",
  name: string,
  text: AsyncIterable<string>,
): Response {
  return context.body(ReadableStream.from(text).pipeThrough(new TextEncoderStream()), 200, {
    "Content-Type": contentTypes[format],
    "Content-Disposition": `attachment; filename="${name}.${format}"`,
  });
}

async function* csvOf(columns: readonly string[], batches: AsyncIterable<readonly ExportRow[]>) {
  yield `${columns.join(",")}\r\n`;
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    yield batch
      .map((row) => `${columns.map((column) => csvCell(row[column])).join(",")}\r\n`)
      .join("");
  }
}

async function* jsonOf(batches: AsyncIterable<readonly ExportRow[]>) {
  yield "[";
  let separator = "\n";
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    yield separator + batch.map((row) => JSON.stringify(row)).join(",\n");
    separator = ",\n";
  }
  yield "\n]\n";
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  let text = typeof value === "string" ? value : JSON.stringify(value);
  // A spreadsheet would run it as a formula; the values come from other systems.
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.]+$/.test(text)) {
    text = `'${text}`;
  }
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
