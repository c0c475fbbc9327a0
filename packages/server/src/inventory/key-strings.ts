import type { Canonical } from "@plumbline/sync";
import type { Inventory, Queryable } from "./inventory.ts";
import { canonicalExpression, type Column, type Table } from "./table.ts";

type KeyRow = { readonly id: string; readonly parts: readonly Canonical[] };

/** A record that was read, references as ids. */
export type ReadRecord = Readonly<Record<string, unknown>> & { readonly id: string };

/**
 * The key strings of a model's records by id: of these, or of all of them; those that are known are not read again.
 * Ids that no record has are left out, and so are records without a key: a projection may ask for a value
 * where the hub has none, or refer to what another does not see.
 */
export async function keysById(
  client: Queryable,
  inventory: Inventory,
  model: string,
  wanted: Iterable<string> | "all",
  known: readonly ReadRecord[] = [],
): Promise<Map<string, string>> {
  const table = inventory.table(model);
  const columns = table.columns.filter(({ isKey }) => isKey);
  const rows = new Map<string, KeyRow>();
  let found: readonly KeyRow[] = known.map((record) => ({
    id: record.id,
    parts: columns.map(({ name }) => (record[name] ?? null) as Canonical),
  }));
  const read = new Set(found.map(({ id }) => id));
  let missing = wanted === "all" ? null : new Set([...wanted].filter((id) => !read.has(id)));
  // A record whose key refers to its own model needs those above it too, level by level.
  do {
    found = [...found, ...(await readKeys(client, table, columns, missing && [...missing]))];
    for (const row of found) rows.set(row.id, row);
    missing = new Set();
    for (const [part, { target }] of columns.entries()) {
      if (target !== model) continue;
      for (const { parts } of found) {
        const above = parts[part];
        if (typeof above === "string" && !rows.has(above)) missing.add(above);
      }
    }
    found = [];
  } while (missing.size > 0);

  const others = new Map<string, Map<string, string>>();
  for (const [part, { target }] of columns.entries()) {
    if (target === null || target === model) continue;
    const ids = new Set<string>();
    for (const { parts } of rows.values()) {
      const id = parts[part];
      if (typeof id === "string") ids.add(id);
    }
    others.set(target, await keysById(client, inventory, target, ids));
  }

  const keys = new Map<string, string>();
  const keyOfRow = (row: KeyRow): string | undefined => {
    const known = keys.get(row.id);
    if (known !== undefined) return known;
    const parts: string[] = [];
    for (const [index, { target, field }] of columns.entries()) {
      const part = partOf(row.parts[index] ?? null, target, field.isNullable);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    const key = `[${parts.join(",")}]`;
    keys.set(row.id, key);
    return key;
  };
  const partOf = (
    value: Canonical,
    target: string | null,
    isNullable: boolean,
  ): string | undefined => {
    if (value === null && !isNullable) return undefined;
    if (target === null || typeof value !== "string") return JSON.stringify(value);
    if (target !== model) return others.get(target)?.get(value);
    const above = rows.get(value);
    return above && keyOfRow(above);
  };
  for (const row of rows.values()) keyOfRow(row);
  return keys;
}

async function readKeys(
  client: Queryable,
  { name, where }: Table,
  columns: readonly Column[],
  ids: readonly string[] | null,
): Promise<KeyRow[]> {
  if (ids?.length === 0) return [];
  const parts = columns.map((column, index) => `${canonicalExpression("t", column)} as p${index}`);
  const conditions = [
    ...(ids ? ["t.id = any($1::uuid[])"] : []),
    ...(where === null ? [] : [where]),
  ];
  const filter = conditions.length > 0 ? `where ${conditions.join(" and ")}` : "";
  const { rows } = await client.query<Record<string, Canonical> & { id: string }>(
    `select t.id, ${parts.join(", ")} from ${name} t ${filter}`,
    ids ? [ids] : [],
  );
  return rows.map((row) => ({
    id: row.id,
    parts: columns.map((_, index) => row[`p${index}`] ?? null),
  }));
}
