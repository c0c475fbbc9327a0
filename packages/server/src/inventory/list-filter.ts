import { type Field, InvalidInputError, ipAddress, prefix } from "@plumbline/sync";
import type { Inventory } from "./inventory.ts";
import { bareType, type Column, type Join, type Table } from "./table.ts";

/**
 * By field name; several values mean any of them. `name__ic` looks for text within, `name__gte` and
 * `name__lte` bound what has an order; `interface__device` asks the record that a reference names.
 */
export type Filter = Readonly<Record<string, string | readonly string[]>>;

const networkField = prefix();
const addressField = ipAddress();
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Collects the values of a query's parameters. */
export interface Parameters {
  readonly values: unknown[];
  /** Adds a value and returns its place: "$3". */
  add(value: unknown): string;
}

export function createParameters(): Parameters {
  const values: unknown[] = [];
  return { values, add: (value) => `$${values.push(value)}` };
}

export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** The conditions of a filter on rows `t`. @throws InvalidInputError for a field or value that cannot be. */
export function filterConditions(
  inventory: Inventory,
  table: Table,
  filter: Filter,
  parameters: Parameters,
): string[] {
  return Object.entries(filter).map(([asked, given]) => {
    const through = throughReference(table, asked);
    if (through) {
      const target = inventory.table(through.target);
      const [condition] = filterConditions(
        inventory,
        target,
        { [through.rest]: given },
        parameters,
      );
      return `t.${through.column} in (select t.id from ${target.name} t where ${condition})`;
    }
    const [, name = asked, comparison] = /^(.+)__(ic|gte|lte)$/.exec(asked) ?? [];
    const values = typeof given === "string" ? [given] : given;
    const column = table.columns.find((candidate) => candidate.name === name);
    const join = table.joins.find((candidate) => candidate.name === name);
    if (!column && !join) {
      const names = [...table.columns, ...table.joins].map((field) => field.name);
      throw new InvalidInputError(
        `${table.model.pluralLabel} cannot be filtered by "${asked}". They can by: ${names.join(", ")}.`,
      );
    }
    const compared = comparison as Comparison | undefined;
    if (compared !== undefined) {
      if (!column || column.target !== null || column.field.facts.members) {
        throw new InvalidInputError(
          `${table.model.label} ${name} cannot be compared with "${compared}".`,
        );
      }
      const conditions = values.map((value) =>
        comparedCondition(table, column, compared, value, parameters),
      );
      return `(${conditions.join(" or ")})`;
    }
    const alternatives = values.map((value) =>
      join
        ? joinCondition(inventory, join, value, parameters)
        : columnCondition(inventory, table, column as Column, value, parameters),
    );
    return alternatives.length === 0 ? "false" : `(${alternatives.join(" or ")})`;
  });
}

/** `interface__device`: what the record that a reference names is to have. */
function throughReference(
  table: Table,
  asked: string,
): { readonly column: string; readonly target: string; readonly rest: string } | null {
  const [, name, rest] = /^(.+?)__(.+)$/.exec(asked) ?? [];
  const column = table.columns.find((candidate) => candidate.name === name);
  if (!column || column.target === null || rest === undefined) return null;
  return isComparison(rest) ? null : { column: column.column, target: column.target, rest };
}

function isComparison(text: string): text is Comparison {
  return text === "ic" || text === "gte" || text === "lte";
}

type Comparison = "ic" | "gte" | "lte";

function comparedCondition(
  table: Table,
  column: Column,
  comparison: Comparison,
  value: string,
  parameters: Parameters,
): string {
  const place = `t.${column.column}`;
  if (comparison === "ic") return `${place}::text ilike ${parameters.add(within(value))}`;
  const wanted = read(table, column.name, column.field, value);
  const operator = comparison === "gte" ? ">=" : "<=";
  return `${place} ${operator} ${parameters.add(wanted)}::${bareType(column)}`;
}

/** The pattern of a text that stands anywhere. */
function within(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
}

function columnCondition(
  inventory: Inventory,
  table: Table,
  column: Column,
  value: string,
  parameters: Parameters,
): string {
  const place = `t.${column.column}`;
  if (value === "null" && column.field.isNullable) return `${place} is null`;
  if (column.target !== null) {
    return `${place} in (${targetIds(inventory, column.target, value, parameters)})`;
  }
  if (column.field.kind === "ip-address" && value.includes("/")) {
    return `${place} <<= ${parameters.add(readNetwork(table, column.name, value))}::cidr`;
  }
  const member = column.field.facts.members;
  if (member) {
    return `${parameters.add(read(table, column.name, member, value))} = any(${place})`;
  }
  const wanted = read(table, column.name, column.field, value);
  return `${place} = ${parameters.add(wanted)}::${bareType(column)}`;
}

function joinCondition(
  inventory: Inventory,
  join: Join,
  value: string,
  parameters: Parameters,
): string {
  const members = `select from ${join.table} m where m.${join.ownerColumn} = t.id`;
  if (value === "null") return `not exists (${members})`;
  const ids = targetIds(inventory, join.target, value, parameters);
  return `exists (${members} and m.${join.memberColumn} in (${ids}))`;
}

/** The ids that a reference's filter names: an id, or what a record of the target is called. */
function targetIds(
  inventory: Inventory,
  target: string,
  value: string,
  parameters: Parameters,
): string {
  if (isUuid(value)) return `${parameters.add(value)}::uuid`;
  const table = inventory.table(target);
  const called = table.columns.find(({ isKey, target: other }) => isKey && other === null);
  if (!called) {
    throw new InvalidInputError(
      `A ${table.model.label} is named by its id here, not by "${value}".`,
    );
  }
  const wanted = read(table, called.name, called.field, value);
  return `select id from ${table.name} where ${called.column} = ${parameters.add(wanted)}::${bareType(called)}`;
}

function readNetwork(table: Table, name: string, value: string): string {
  const found = readNetworkText(value);
  if (found !== null) return found;
  throw new InvalidInputError(
    `${table.model.label} ${name}: expected an address or a network, got "${value}".`,
  );
}

function read(table: Table, name: string, field: Field, value: string): unknown {
  try {
    return field.normalise(value, () => value);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError(`${table.model.label} ${name}: ${error.message}`, { cause: error });
  }
}

/** The condition that any of the model's search fields holds the text. */
export function searchCondition(table: Table, text: string, parameters: Parameters): string {
  // A parameter that no condition reads is an error.
  let pattern: string | undefined;
  const patternPlace = () => (pattern ??= parameters.add(within(text)));
  const network = networkOf(text);
  const alternatives = table.hubModel.searchFields.flatMap((name) => {
    const column = table.columns.find((candidate) => candidate.name === name);
    if (!column) return [];
    const place = `t.${column.column}`;
    if (column.type !== "inet" && column.type !== "cidr") return `${place} ilike ${patternPlace()}`;
    // An address, a network or the beginning of one finds its place in the index.
    if (network !== null) return `${place} <<= ${parameters.add(network)}::inet`;
    return /^[0-9a-f.:/]+$/i.test(text) ? `${place}::text like ${patternPlace()}` : [];
  });
  return alternatives.length === 0 ? "false" : `(${alternatives.join(" or ")})`;
}

/** "10.1." as 10.1.0.0/16; a whole address or network as it is; null for other text. */
function networkOf(text: string): string | null {
  const octets = /^(\d{1,3}\.){1,3}$/.test(text) ? text.split(".").slice(0, -1) : null;
  const candidate = octets
    ? `${[...octets, "0", "0", "0"].slice(0, 4).join(".")}/${octets.length * 8}`
    : text;
  return readNetworkText(candidate);
}

/** A network or address in canonical form; null for what is none. */
function readNetworkText(text: string): string | null {
  const field = text.includes("/") ? networkField : addressField;
  try {
    const found = field.normalise(text, () => text);
    return typeof found === "string" ? found : null;
  } catch {
    return null;
  }
}
