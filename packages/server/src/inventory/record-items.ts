import { customFieldName } from "@plumbline/models";
import { type Canonical, keyLabel } from "@plumbline/sync";
import { customFieldsName } from "./custom-fields/definitions.ts";
import type { Inventory, Queryable } from "./inventory.ts";
import { keysById } from "./key-strings.ts";
import { idsIn } from "./lists/list.ts";
import { recordName } from "./record-name.ts";
import { canonicalExpression, type Table } from "./table.ts";

/** A record that another refers to, as pages show it. */
export interface ReferenceItem {
  readonly id: string;
  /** Model name. */
  readonly model: string;
  /** What it is called among others: "Berlin". */
  readonly name: string;
  /** With the place it has: "Germany → Berlin". */
  readonly label: string;
}

export function toReference(
  inventory: Inventory,
  model: string,
  id: string,
  key: string,
): ReferenceItem {
  const name = recordName(inventory, model, key);
  return { id, model, name, label: keyLabel(inventory.schema, model, key) };
}

/** A record as pages show it: derived and custom fields too, references by name. */
export interface RecordItem {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly values: Readonly<Record<string, Canonical | ReferenceItem | readonly ReferenceItem[]>>;
}

export type RecordRow = Readonly<Record<string, unknown>> & { readonly id: string };

/** The columns of rows `t` that `toItems` reads. */
export function itemColumns(table: Table): string {
  const columns = table.columns.map(
    (column) => `${canonicalExpression("t", column)} as "${column.name}"`,
  );
  const sets = table.joins.map(
    ({ name, table: place, ownerColumn, memberColumn }) =>
      `array(select ${memberColumn}::text from ${place} where ${ownerColumn} = t.id) as "${name}"`,
  );
  const custom = table.hasCustomFields ? [`t.${customFieldsName}`] : [];
  return ["t.id", ...columns, ...sets, ...custom].join(", ");
}

/** Puts names in place of ids, with one look at each model referred to. */
export async function toItems(
  client: Queryable,
  inventory: Inventory,
  table: Table,
  rows: readonly RecordRow[],
): Promise<RecordItem[]> {
  const wanted = new Map<string, Set<string>>([
    [table.model.name, new Set(rows.map(({ id }) => id))],
  ]);
  const references = [...table.columns, ...table.joins].filter(({ target }) => target !== null);
  for (const { name, target } of references) {
    if (target === null) continue;
    let ids = wanted.get(target);
    if (!ids) wanted.set(target, (ids = new Set()));
    for (const row of rows) for (const id of idsIn(row[name])) ids.add(id);
  }
  const items = new Map<string, ReferenceItem>();
  for (const [model, ids] of wanted) {
    const known = model === table.model.name ? rows : [];
    for (const [id, key] of await keysById(client, inventory, model, ids, known)) {
      items.set(id, toReference(inventory, model, id, key));
    }
  }

  const item = (model: string, id: string): ReferenceItem =>
    items.get(id) ?? { id, model, name: id, label: id };
  return rows.map((row) => {
    const values: Record<string, Canonical | ReferenceItem | readonly ReferenceItem[]> = {};
    for (const { name, target } of table.columns) {
      const value = row[name] as Canonical;
      values[name] = target !== null && typeof value === "string" ? item(target, value) : value;
    }
    for (const { name, target } of table.joins) {
      values[name] = idsIn(row[name])
        .map((id) => item(target, id))
        .sort((a, b) => a.label.localeCompare(b.label));
    }
    for (const [key, value] of Object.entries(row[customFieldsName] ?? {})) {
      values[customFieldName(key)] = value as Canonical;
    }
    const { name, label } = item(table.model.name, row.id);
    return { id: row.id, name, label, values };
  });
}
