// What a person may do with objects of the hub, as conditions on their rows.
import { InvalidInputError } from "@plumbline/sync";
import {
  type Access,
  type Constraint,
  grantsFor,
  isEveryObject,
  type PermittedAction,
} from "../auth/access.ts";
import type { Inventory } from "./inventory.ts";
import { lookupSql } from "./lists/lookups.ts";
import type { List, Lists } from "./lists/list.ts";
import { narrowed } from "./lists/narrowed.ts";
import { listsOf } from "./lists/table-list.ts";
import type { Table } from "./table.ts";

/** On which rows `t` of the objects of a type ("dcim.device") the action is allowed: null for all, "false" for none. */
export type Permits = (objectType: string, action: PermittedAction) => string | null;

/** What a user with this access may do; null for who may do everything. */
export function permitsOf(inventory: Inventory, access: Access, userId: string): Permits | null {
  if (access.isSuperuser) return null;
  const known = new Map<string, string | null>();
  return (objectType, action) => {
    const name = `${objectType} ${action}`;
    let condition = known.get(name);
    if (condition === undefined) {
      condition = conditionOf(inventory, access, userId, objectType, action);
      known.set(name, condition);
    }
    return condition;
  };
}

function conditionOf(
  inventory: Inventory,
  access: Access,
  userId: string,
  objectType: string,
  action: PermittedAction,
): string | null {
  const grants = grantsFor(access, objectType, action);
  if (grants.length === 0) return "false";
  if (grants.some(({ constraints }) => isEveryObject(constraints))) return null;
  const table = tableFor(inventory, objectType);
  if (table === undefined) return "false";
  const lists = listsOf(inventory);
  const list = lists.get(table.model.name);
  const each = grants.flatMap(({ constraints }) =>
    constraints.map((constraint) => readable(lists, list, constraint, userId)),
  );
  return `(${each.join(" or ")})`;
}

/** A constraint that can no longer be read, since a field of it is gone, allows nothing. */
function readable(lists: Lists, list: List, constraint: Constraint, userId: string): string {
  try {
    return constraintSql(lists, list, constraint, userId);
  } catch (error) {
    if (error instanceof InvalidInputError) return "false";
    throw error;
  }
}

/**
 * The rows `t` that meet every lookup of a constraint; `$user` in it stands for the user.
 * @throws InvalidInputError for a lookup that there is not
 */
function constraintSql(lists: Lists, list: List, constraint: Constraint, userId: string): string {
  const said = (value: unknown): unknown => (value === "$user" ? userId : value);
  const each = Object.entries(constraint).map(([path, value]) =>
    lookupSql(lists, list, path, Array.isArray(value) ? value.map(said) : said(value)),
  );
  return `(${each.join(" and ")})`;
}

/**
 * Asks PostgreSQL too whether it can be met.
 * @throws InvalidInputError for a constraint that says nothing about objects of a type
 */
export async function checkConstraints(
  client: { query(text: string): Promise<unknown> },
  inventory: Inventory,
  objectTypes: readonly string[],
  constraints: readonly Constraint[],
): Promise<void> {
  if (isEveryObject(constraints)) return;
  const lists = listsOf(inventory);
  const nobody = "00000000-0000-0000-0000-000000000000";
  for (const objectType of objectTypes) {
    const table = tableFor(inventory, objectType);
    if (table === undefined) {
      throw new InvalidInputError(
        `${objectType}: only objects of the inventory are told apart by constraints. Give a permission without them.`,
      );
    }
    const list = lists.get(table.model.name);
    const each = constraints.map((one) => constraintSql(lists, list, one, nobody));
    const narrow = narrowed(list.source, `(${each.join(" or ")})`);
    try {
      await client.query(`select from ${narrow} t limit 1`);
    } catch (error) {
      throw new InvalidInputError(
        `Invalid filter for ${objectType}: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
  }
}

function tableFor({ tables }: Inventory, objectType: string): Table | undefined {
  return tables.find(({ hubModel }) => hubModel.contentType === objectType);
}

/**
 * The hub as somebody sees it who may view only some of it. What an object refers to is named all the same: a device
 * is in Berlin, also for who may not look at Berlin.
 */
export function visibleTo(inventory: Inventory, permits: Permits | null): Inventory {
  if (permits === null) return inventory;
  const tables = inventory.tables.map((table) => ({
    ...table,
    visible: permits(table.hubModel.contentType, "view"),
  }));
  const byName = new Map(tables.map((table) => [table.model.name, table]));
  return { ...inventory, tables, table: (name) => byName.get(name) ?? inventory.table(name) };
}
