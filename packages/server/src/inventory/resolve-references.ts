import { keyLabel } from "@plumbline/sync";
import type { Change } from "@plumbline/sync";
import { type Inventory, type Queryable } from "./inventory.ts";
import { idsByKey } from "./key-lookup.ts";
import { type Refusal } from "./refusal.ts";
import type { PendingChange } from "./pending-change.ts";
import type { Table } from "./table.ts";

export interface Identified {
  readonly change: Change;
  readonly id: string;
}

export interface Resolved {
  readonly pending: PendingChange[];
  readonly refusals: Refusal[];
}

/** Turns what changes set into columns, with the ids of what they refer to. */
export async function resolveReferences(
  client: Queryable,
  inventory: Inventory,
  table: Table,
  changes: readonly Identified[],
): Promise<Resolved> {
  const ids = await findTargets(client, inventory, table, changes);
  const pending: PendingChange[] = [];
  const refusals: Refusal[] = [];

  for (const { change, id } of changes) {
    const row: Record<string, unknown> = { id };
    const members = new Map<string, string[]>();
    let unknown: { field: string; target: string; key: string } | undefined;
    const look = (field: string, target: string, key: unknown): string | null => {
      if (typeof key !== "string") return null;
      const found = ids.get(target)?.get(key);
      if (found === undefined) unknown ??= { field, target, key };
      return found ?? null;
    };
    for (const { name, column, target, field } of table.columns) {
      const value = valueFor(change, name, field.facts.default);
      if (value === undefined || field.isDerived) continue;
      row[column] = target === null ? value : look(name, target, value);
    }
    for (const { name, target, field } of table.joins) {
      const value = valueFor(change, name, field.facts.default);
      if (!Array.isArray(value)) continue;
      members.set(
        name,
        value.flatMap((key) => look(name, target, key) ?? []),
      );
    }
    if (unknown === undefined) pending.push({ change, id, row, members });
    else refusals.push(notThere(id, inventory, unknown));
  }
  return { pending, refusals };
}

/** What the change sets a field to; a create sets the default where it says nothing. */
function valueFor(change: Change, name: string, fallback: unknown): unknown {
  const value = change.after?.[name];
  return value === undefined && change.action === "create" ? fallback : value;
}

async function findTargets(
  client: Queryable,
  inventory: Inventory,
  table: Table,
  changes: readonly Identified[],
): Promise<Map<string, Map<string, string>>> {
  const wanted = new Map<string, Set<string>>();
  const references = [...table.columns, ...table.joins].filter(
    ({ target, field }) => target !== null && !field.isDerived,
  );
  for (const { name, target, field } of references) {
    if (target === null) continue;
    let keys = wanted.get(target);
    if (!keys) wanted.set(target, (keys = new Set()));
    for (const { change } of changes) {
      const value = valueFor(change, name, field.facts.default);
      if (typeof value === "string") keys.add(value);
      else if (Array.isArray(value)) for (const key of value) keys.add(String(key));
    }
  }
  const ids = new Map<string, Map<string, string>>();
  for (const [target, keys] of wanted) {
    const found = await idsByKey(client, inventory, target, keys);
    if (target === table.model.name) {
      // A new object may refer to itself.
      for (const { change, id } of changes) {
        if (change.action === "create" && keys.has(change.key)) found.set(change.key, id);
      }
    }
    ids.set(target, found);
  }
  return ids;
}

function notThere(
  id: string,
  inventory: Inventory,
  { field, target, key }: { field: string; target: string; key: string },
): Refusal {
  const label = keyLabel(inventory.schema, target, key);
  const what = inventory.table(target).model.label;
  return {
    id,
    code: "unresolved-reference",
    message: `${field}: the hub has no ${what} ${label}. Create it first, or correct the reference.`,
    field,
    value: label,
  };
}
