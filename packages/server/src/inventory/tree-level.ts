import { InvalidInputError } from "@plumbline/sync";
import type { Inventory } from "./inventory.ts";
import { narrowed } from "./lists/narrowed.ts";
import type { Bounds } from "./lists/page-text.ts";
import { listRecords, type RecordPage } from "./queries.ts";
import type pg from "pg";
import type { RecordItem } from "./record-items.ts";
import type { Table } from "./table.ts";
import { treeFieldOf } from "./tree-field.ts";

export interface TreeItem extends RecordItem {
  /** Records right below. */
  readonly children: number;
}

/**
 * One level of a model's tree: the roots where `parent` is null. What is below something that is not seen is a root.
 * @throws InvalidInputError, NotFoundError
 */
export async function readTreeLevel(
  source: { readonly pool: pg.Pool },
  inventory: Inventory,
  name: string,
  parent: string | null,
  paging: Partial<Bounds>,
): Promise<Omit<RecordPage, "items" | "isTotalExact"> & { readonly items: readonly TreeItem[] }> {
  const table = inventory.table(name);
  const field = treeFieldOf(table.model);
  const column = table.columns.find((candidate) => candidate.name === field)?.column;
  if (field === null || column === undefined) {
    throw new InvalidInputError(`${table.model.pluralLabel} form no tree; read their list.`);
  }
  const isCut = parent === null && table.visible !== null;
  const options = { ...paging, filter: isCut ? {} : { [field]: parent ?? "null" } };
  const {
    total,
    limit,
    offset,
    items: found,
  } = await listRecords(
    source,
    isCut ? rootsOf(inventory, table, column) : inventory,
    name,
    options,
  );
  const { rows } = await source.pool.query<{ id: string; children: number }>(
    `select t.${column} as id, count(*)::integer as children from ${narrowed(table.name, table.visible)} t
      where t.${column} = any($1::uuid[]) group by 1`,
    [found.map(({ id }) => id)],
  );
  const counts = new Map(rows.map(({ id, children }) => [id, children]));
  const items = found.map((item) => ({ ...item, children: counts.get(item.id) ?? 0 }));
  return { items, total, limit, offset };
}

/** The hub without those of the table's records that stand below one that is seen. */
function rootsOf(inventory: Inventory, table: Table, column: string): Inventory {
  const { name, visible } = table;
  const isBelow = `exists (select from ${narrowed(name, visible)} p where p.id = t.${column})`;
  const roots = { ...table, visible: `(${visible ?? "true"}) and not ${isBelow}` };
  return { ...inventory, table: (of) => (of === table.model.name ? roots : inventory.table(of)) };
}
