// A request's body as CSV, in the form that lists come in as CSV: related objects by columns of their natural key or
// by one cell, several ones with commas between, custom fields as cf_<key>.
import { customFieldKey } from "@plumbline/models";
import { CsvError, parse } from "csv-parse/sync";
import { findField } from "../../inventory/lists/list.ts";
import { refuse } from "./refused.ts";
import type { Resource, RestField } from "./resource.ts";

/** What stands for no value, and for no related object. */
export const nothing = "NULL";
export const noObject = "NoObject";

/** Objects as a request in JSON would give them. @throws Refused for what is no CSV */
export function readCsv(resource: Resource, text: string): Record<string, unknown>[] {
  const [head = [], ...rows] = parseRows(text);
  head.forEach((name, index) => {
    if (name.trim() !== "") return;
    throw fault(`Row 1: Column ${index + 1}: missing/empty header for this column`);
  });
  const names = head.map((name) => name.trim());
  return rows.map((cells, row) => {
    const input: Record<string, unknown> = {};
    names.forEach((name, index) => {
      readCell(resource, input, name, cells[index] ?? "", row + 2);
    });
    return input;
  });
}

function parseRows(text: string): string[][] {
  try {
    return parse(text, { bom: true, relax_column_count_less: true, skip_empty_lines: true });
  } catch (error) {
    if (error instanceof CsvError) throw fault(error.message);
    throw error;
  }
}

function fault(reason: string) {
  return refuse(400, `CSV parse error - ${reason}`);
}

function readCell(
  resource: Resource,
  input: Record<string, unknown>,
  name: string,
  cell: string,
  line: number,
): void {
  const value = cell === nothing || cell === "" ? null : withoutGuard(cell);
  const key = customFieldKey(name);
  if (key !== null) {
    const custom = (input["custom_fields"] ??= {}) as Record<string, unknown>;
    custom[key] = value;
    return;
  }
  const [first = "", ...path] = name.split("__");
  const field = findField(resource, first);
  if (name === "id") {
    if (value !== null) input["id"] = value;
  } else if (field?.target != null && path.length > 0) {
    setAttribute(input, first, path, cell === noObject ? undefined : value);
  } else if (field && path.length === 0 && !field.isReadOnly) {
    input[name] = value === null ? emptyOf(field) : valueOf(field, value, line);
  }
}

/** `location__parent__name` is an attribute of an attribute; a related object without any is none. */
function setAttribute(
  input: Record<string, unknown>,
  name: string,
  path: readonly string[],
  value: string | null | undefined,
): void {
  if (value === undefined) {
    input[name] ??= null;
    return;
  }
  let place = (input[name] ??= {}) as Record<string, unknown>;
  for (const part of path.slice(0, -1)) {
    const inner = place[part];
    if (inner === null) return;
    place = (place[part] ??= {}) as Record<string, unknown>;
  }
  const last = path.at(-1) ?? "";
  place[last] = value;
}

function emptyOf({ join, kind, isNullable, form }: RestField): unknown {
  if (join || kind === "set" || kind === "list") return [];
  // Where a text may be empty or null, a cell says null.
  return isNullable || form !== "plain" ? null : "";
}

function valueOf({ name, join, kind }: RestField, text: string, line: number): unknown {
  if (join || kind === "set" || kind === "list") return text.split(",").map((one) => one.trim());
  if (kind !== "json" && kind !== "keyed-list") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw fault(`Row ${line}: ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What an export puts before a text that a spreadsheet would run as a formula. */
function withoutGuard(text: string): string {
  return /^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}
