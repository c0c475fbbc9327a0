import { keyParts } from "./key-parts.ts";
import type { Inventory, Queryable } from "./inventory.ts";
import { bareType, type Column, type StoredColumn } from "./table.ts";

/** The ids of the records with these key strings; keys that no record has, or more than one, are left out. */
export async function idsByKey(
  client: Queryable,
  inventory: Inventory,
  model: string,
  keys: Iterable<string>,
): Promise<Map<string, string>> {
  const table = inventory.table(model);
  const columns = table.columns.filter(({ isKey }) => isKey);
  const wanted = [...new Set(keys)];
  const ids = new Map<string, string>();
  if (wanted.length === 0) return ids;

  const values = wanted.map((key) => keyParts(key));
  const known = await resolveParts(client, inventory, columns, values);
  const rows: Record<string, unknown>[] = [];
  wanted.forEach((_key, index) => {
    const row: Record<string, unknown> = { i: index };
    for (const [part, { column, target }] of columns.entries()) {
      const value = values[index]?.[part] ?? null;
      const id = target === null || value === null ? value : known[part]?.get(String(value));
      // What it refers to is not there, so neither is it.
      if (id === undefined) return;
      row[column] = id;
    }
    rows.push(row);
  });
  if (rows.length === 0) return ids;

  const found = await client.query<{ i: number; id: string }>(
    `select r.i, t.id from json_to_recordset($1::json) as r(i integer, ${definitions(columns)})
       join ${table.name} t on ${[...columns.map(equals), ...(table.where === null ? [] : [table.where])].join(" and ")}`,
    [JSON.stringify(rows)],
  );
  const ambiguous = new Set<string>();
  for (const { i, id } of found.rows) {
    const key = wanted[i];
    if (key === undefined) continue;
    if (ids.has(key)) ambiguous.add(key);
    ids.set(key, id);
  }
  // Of the hub's own keys no two are equal, of a projection's they may be.
  for (const key of ambiguous) ids.delete(key);
  return ids;
}

/** For each key part that is a reference: the ids of what the keys refer to. */
async function resolveParts(
  client: Queryable,
  inventory: Inventory,
  columns: readonly Column[],
  values: readonly (readonly unknown[])[],
): Promise<(Map<string, string> | undefined)[]> {
  const resolved: (Map<string, string> | undefined)[] = [];
  for (const [part, { target }] of columns.entries()) {
    if (target === null) {
      resolved.push(undefined);
      continue;
    }
    const keys = new Set<string>();
    for (const parts of values) {
      const value = parts[part];
      if (typeof value === "string") keys.add(value);
    }
    resolved.push(await idsByKey(client, inventory, target, keys));
  }
  return resolved;
}

export function definitions(columns: readonly StoredColumn[]): string {
  return columns.map((column) => `${column.column} ${bareType(column)}`).join(", ");
}

function equals({ column, field }: Column): string {
  const same = `t.${column} = r.${column}`;
  return field.isNullable ? `(${same} or t.${column} is null and r.${column} is null)` : same;
}
