import type { Canonical, Values } from "@plumbline/sync";
import { type CustomFieldDefinition, customFieldsName } from "./custom-fields/definitions.ts";
import { namedCustomValues } from "./custom-fields/model-fields.ts";
import type { Inventory, Queryable } from "./inventory.ts";
import { keysById } from "./key-strings.ts";
import { idsIn } from "./lists/list.ts";
import { itemColumns, type RecordRow } from "./record-items.ts";

/**
 * The values of a model's records by id, references as key strings, derived fields too; of custom fields those that
 * are asked for, under their names in lists.
 */
export async function readRecords(
  client: Queryable,
  inventory: Inventory,
  model: string,
  ids: readonly string[],
  custom: readonly CustomFieldDefinition[] = [],
): Promise<Map<string, Values>> {
  const records = new Map<string, Values>();
  if (ids.length === 0) return records;
  const table = inventory.table(model);
  const { rows } = await client.query<RecordRow>(
    `select ${itemColumns(table)} from ${table.name} t where t.id = any($1::uuid[])`,
    [ids],
  );

  const wanted = new Map<string, Set<string>>();
  for (const { name, target } of [...table.columns, ...table.joins]) {
    if (target === null) continue;
    let referred = wanted.get(target);
    if (!referred) wanted.set(target, (referred = new Set()));
    for (const row of rows) for (const id of idsIn(row[name])) referred.add(id);
  }
  const keys = new Map<string, ReadonlyMap<string, string>>();
  for (const [target, referred] of wanted) {
    keys.set(target, await keysById(client, inventory, target, referred));
  }

  for (const row of rows) {
    const values: Record<string, Canonical> = {
      ...namedCustomValues(row[customFieldsName], custom),
    };
    for (const { name, target } of table.columns) {
      const value = row[name] as Canonical;
      values[name] =
        target === null || typeof value !== "string"
          ? value
          : (keys.get(target)?.get(value) ?? null);
    }
    for (const { name, target } of table.joins) {
      values[name] = idsIn(row[name])
        .flatMap((id) => keys.get(target)?.get(id) ?? [])
        .sort(byCodeUnit);
    }
    records.set(row.id, values);
  }
  return records;
}

/** The order of canonical sets of references. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
