import { type Field, InvalidInputError, type Model } from "@plumbline/sync";

/** What a column of a CSV file holds. */
export interface CsvColumn {
  readonly header: string;
  /** Field name. */
  readonly field: string;
  /** Parts of the reference's key, outermost first: parent.parent.name has ["parent", "name"]. */
  readonly path: readonly string[];
  readonly isSet: boolean;
  readonly isText: boolean;
  readonly isJson: boolean;
  /** An empty cell says that there is nothing, rather than nothing at all. */
  readonly isEmptyGiven: boolean;
}

/** The columns a header line names. A field the model lacks is kept as it is. */
export function readColumns(model: Model, headers: readonly string[]): readonly CsvColumn[] {
  return headers.map((header) => {
    const [field = "", ...path] = header.split(".");
    const declared = model.names.includes(field) ? model.field(field) : null;
    return {
      header,
      field: declared === null ? header : field,
      path: declared === null ? [] : path,
      isSet: declared !== null && (declared.kind === "set" || declared.kind === "list"),
      isText: declared === null || declared.kind === "text",
      isJson: declared?.kind === "json",
      isEmptyGiven: declared !== null && isEmptyGiven(declared),
    };
  });
}

/** Where leaving the field out would say something else: its default, or a mistake. */
function isEmptyGiven(field: Field<unknown, unknown>): boolean {
  const hasDefault = field.facts.default !== undefined;
  return field.isNullable ? hasDefault : field.kind === "text" && !hasDefault;
}

/** Members of a set in one cell are separated by it. */
const separator = "|";

/** The record that the cells of a row give. An empty cell gives nothing. */
export function readCells(
  columns: readonly CsvColumn[],
  cells: readonly string[],
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index];
    const cell = cells[index];
    if (column === undefined || cell === undefined) continue;
    if (cell === "" && !column.isEmptyGiven) continue;
    if (column.path.length === 0) values[column.field] = readCell(column, cell);
    else place(values, column.field, column.path, cell);
  }
  return values;
}

function readCell(column: CsvColumn, cell: string): unknown {
  if (column.isJson || (!column.isText && /^\s*[[{]/.test(cell))) {
    const parsed = tryJson(cell);
    if (parsed !== undefined) return parsed;
  }
  if (!column.isSet) return cell;
  return cell
    .split(separator)
    .map((member) => member.trim())
    .filter((member) => member !== "");
}

function tryJson(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return undefined;
  }
}

function place(
  values: Record<string, unknown>,
  name: string,
  path: readonly string[],
  cell: string,
): void {
  let holder = values;
  let slot = name;
  for (const part of path) {
    const inner = holder[slot];
    if (typeof inner === "object" && inner !== null) {
      holder = inner as Record<string, unknown>;
    } else {
      const made: Record<string, unknown> = {};
      holder[slot] = made;
      holder = made;
    }
    slot = part;
  }
  holder[slot] = cell;
}

/** Records as a table: the given headers first and in their order, then what they cannot hold. */
export function writeCells(
  model: Model,
  records: readonly Readonly<Record<string, unknown>>[],
  headers: readonly string[],
): { headers: readonly string[]; rows: readonly (readonly string[])[] } {
  const given = new Set(headers);
  const all = new Set(headers);
  if (headers.length === 0) {
    for (const name of model.names) {
      const field = model.field(name);
      if (!field.isDerived && field.kind !== "reference") all.add(name);
    }
  }
  const flat = records.map((record) => {
    const cells = new Map<string, string>();
    for (const [name, value] of Object.entries(record)) {
      flatten(cells, name, value, given, fieldOf(model, name));
    }
    for (const header of cells.keys()) all.add(header);
    return cells;
  });
  const order = headers.length > 0 ? [...all] : inModelOrder(model, [...all]);
  return {
    headers: order,
    rows: flat.map((cells) => order.map((header) => cells.get(header) ?? "")),
  };
}

function fieldOf(model: Model, name: string): Field<unknown, unknown> | null {
  return model.names.includes(name) ? model.field(name) : null;
}

function flatten(
  cells: Map<string, string>,
  header: string,
  value: unknown,
  headers: ReadonlySet<string>,
  field: Field<unknown, unknown> | null,
): void {
  if (value === undefined) return;
  if (field?.kind === "json") {
    cells.set(header, JSON.stringify(value));
    return;
  }
  if (value === null) return;
  if (Array.isArray(value)) {
    cells.set(header, writeMembers(value));
    return;
  }
  if (typeof value === "object") {
    // A reference stays in one cell, as JSON, where the file has it so.
    if (headers.has(header) || field?.kind !== "reference") {
      cells.set(header, JSON.stringify(value));
      return;
    }
    for (const [part, inner] of Object.entries(value)) {
      flatten(cells, `${header}.${part}`, inner, headers, field);
    }
    return;
  }
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
    throw new InvalidInputError(`A ${typeof value} cannot be written into column ${header}.`);
  }
  const cell = String(value);
  // What looks like JSON would be read as such.
  const isMistakable = field?.kind === "reference" && !header.includes(".") && /^[[{]/.test(cell);
  cells.set(columnFor(header, headers), isMistakable ? JSON.stringify([cell]) : cell);
}

/** Where a plain value goes: a file may have its column as status.name rather than status. */
function columnFor(header: string, headers: ReadonlySet<string>): string {
  if (headers.has(header)) return header;
  const [longer] = [...headers]
    .filter((other) => other.startsWith(`${header}.`))
    .sort((a, b) => a.length - b.length);
  return longer ?? header;
}

function writeMembers(members: readonly unknown[]): string {
  const isPlain =
    members.length > 0 &&
    members.every(
      (member) =>
        typeof member === "string" && /^[^[{|\s][^|]*$/.test(member) && !/\s$/.test(member),
    );
  return isPlain ? members.join(separator) : JSON.stringify(members);
}

function inModelOrder(model: Model, headers: readonly string[]): string[] {
  const rank = (header: string): number => {
    const index = model.names.indexOf(header.split(".", 1)[0] ?? header);
    return index < 0 ? model.names.length : index;
  };
  return [...headers].sort((a, b) => rank(a) - rank(b) || a.length - b.length);
}
