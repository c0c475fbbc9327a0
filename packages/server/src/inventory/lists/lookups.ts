// Lookups as permissions are written with them: `location__parent__name`, `name__startswith`, `status__name__in`.
import { InvalidInputError } from "@plumbline/sync";
import pg from "pg";
import type { Join } from "../table.ts";
import { findField, type List, type ListField, type Lists, textPlace } from "./list.ts";
import { plainField } from "./table-list.ts";

/** How a field is compared with a value: as SQL. */
type Comparison = (field: ListField, alias: string, value: unknown) => string;

/**
 * The rows `t` of a list whose field at the path compares with the value, as a condition whose values stand in it.
 * @throws InvalidInputError for a path that leads nowhere, or a value that a lookup does not take
 */
export function lookupSql(lists: Lists, list: List, path: string, value: unknown): string {
  return follow(lists, list, path.split("__"), value, { path, alias: "t", depth: 0 });
}

interface Step {
  readonly path: string;
  /** Of the rows that the list stands for here. */
  readonly alias: string;
  readonly depth: number;
}

function follow(
  lists: Lists,
  list: List,
  [fieldName = "", ...rest]: readonly string[],
  value: unknown,
  { path, alias, depth }: Step,
): string {
  const field = fieldOf(list, fieldName);
  if (field === undefined) {
    const known = list.fields.map((each) => each.name).join(", ");
    throw new InvalidInputError(
      `${path}: a ${list.label} has no field ${fieldName || "of no name"}. It has: ${known}.`,
    );
  }
  const [next] = rest;
  if (field.target !== null && (field.join !== null || !isComparison(rest))) {
    const isByMember = isComparison(rest);
    const isForNone =
      next === "isnull" || (value === null && (next === undefined || next === "exact"));
    if (field.join !== null && isByMember && isForNone) {
      return hasMembers(field.join, alias, path, value === null ? true : value);
    }
    const target = lists.get(field.target);
    const inner = `${alias}${depth + 1}`;
    const found = follow(lists, target, isByMember ? ["id", ...rest] : rest, value, {
      ...{ path, alias: inner, depth: depth + 1 },
    });
    if (field.join === null) {
      return `exists (select from ${target.source} ${inner} where ${inner}.id = ${field.place(alias)} and ${found})`;
    }
    const { table, ownerColumn, memberColumn } = field.join;
    const member = `${inner}m`;
    return `exists (select from ${table} ${member} join ${target.source} ${inner} on ${inner}.id = ${member}.${memberColumn}
                     where ${member}.${ownerColumn} = ${alias}.id and ${found})`;
  }
  const name = next ?? "exact";
  const comparison = Object.hasOwn(comparisons, name) ? comparisons[name] : undefined;
  if (comparison === undefined || rest.length > 1) {
    throw new InvalidInputError(
      `${path}: there is no lookup ${rest.join("__")}. There are: ${Object.keys(comparisons).join(", ")}.`,
    );
  }
  try {
    return comparison(field, alias, value);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError(`${path}: ${error.message}`, { cause: error });
  }
}

/** Whether a set has none, or any. */
function hasMembers(
  { table, ownerColumn }: Join,
  alias: string,
  path: string,
  isNull: unknown,
): string {
  if (typeof isNull !== "boolean") {
    throw new InvalidInputError(`${path}: isnull takes true or false.`);
  }
  return `${isNull ? "not " : ""}exists (select from ${table} m where m.${ownerColumn} = ${alias}.id)`;
}

/** Whether the rest of a path says how to compare, and leads no further. */
function isComparison(rest: readonly string[]): boolean {
  const [next] = rest;
  return next === undefined || (rest.length === 1 && Object.hasOwn(comparisons, next));
}

function fieldOf(list: List, name: string): ListField | undefined {
  if (name === "id" || name === "pk") return { ...plainField("id", "text"), type: "uuid" };
  return findField(list, name);
}

const comparisons: Readonly<Record<string, Comparison>> = {
  exact: (field, alias, value) => {
    if (value === null) return `${field.place(alias)} is null`;
    return `${field.place(alias)} = ${typed(field, value)}`;
  },
  iexact: (field, alias, value) => `lower(${textPlace(field, alias)}) = lower(${text(value)})`,
  in: (field, alias, value) => {
    const values = listed(value).map((one) => typed(field, one));
    return values.length === 0 ? "false" : `${field.place(alias)} in (${values.join(", ")})`;
  },
  isnull: (field, alias, value) => {
    if (typeof value !== "boolean") throw new InvalidInputError("isnull takes true or false.");
    return `${field.place(alias)} is ${value ? "" : "not "}null`;
  },
  lt: ordered("<"),
  lte: ordered("<="),
  gt: ordered(">"),
  gte: ordered(">="),
  contains: (field, alias, value) => `strpos(${textPlace(field, alias)}, ${text(value)}) > 0`,
  icontains: (field, alias, value) =>
    `strpos(lower(${textPlace(field, alias)}), lower(${text(value)})) > 0`,
  startswith: (field, alias, value) => `starts_with(${textPlace(field, alias)}, ${text(value)})`,
  istartswith: (field, alias, value) =>
    `starts_with(lower(${textPlace(field, alias)}), lower(${text(value)}))`,
  endswith: (field, alias, value) =>
    `right(${textPlace(field, alias)}, length(${text(value)})) = ${text(value)}`,
  iendswith: (field, alias, value) =>
    `lower(right(${textPlace(field, alias)}, length(${text(value)}))) = lower(${text(value)})`,
  regex: (field, alias, value) => `${textPlace(field, alias)} ~ ${text(value)}`,
  iregex: (field, alias, value) => `${textPlace(field, alias)} ~* ${text(value)}`,
  net_equals: network("="),
  net_contained: network("<<"),
  net_contained_or_equal: network("<<="),
  net_contains: network(">>"),
  net_contains_or_equals: network(">>="),
  net_in: (field, alias, value) => {
    const within = network("<<=");
    const each = listed(value).map((one) => within(field, alias, one));
    return each.length === 0 ? "false" : `(${each.join(" or ")})`;
  },
};

function ordered(operator: string): Comparison {
  return (field, alias, value) => `${field.place(alias)} ${operator} ${typed(field, value)}`;
}

function network(operator: string): Comparison {
  return (field, alias, value) => {
    if (!["inet", "cidr"].includes(field.type)) {
      throw new InvalidInputError(`${field.name} is no network.`);
    }
    return `${field.place(alias)} ${operator} ${text(value)}::inet`;
  };
}

function listed(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new InvalidInputError("a list of values is needed.");
}

function typed(field: ListField, value: unknown): string {
  return `${text(value)}::${field.type}`;
}

function text(value: unknown): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return pg.escapeLiteral(String(value));
  }
  throw new InvalidInputError("a text, a number, true or false is needed.");
}
