import type { Inventory, Queryable } from "./inventory.ts";
import { narrowed } from "./lists/narrowed.ts";

/** How many records of a model refer to one of some objects by one of their fields. */
export interface RelatedCount {
  /** Model name of those that refer. */
  readonly model: string;
  readonly field: string;
  readonly count: number;
}

/** What refers to any of these objects, by any field; derived ones too, so that a network shows what it contains. */
export async function countRelated(
  { pool }: { readonly pool: Queryable },
  inventory: Inventory,
  model: string,
  ids: readonly string[],
): Promise<RelatedCount[]> {
  const places = inventory.tables.flatMap((table) => [
    ...table.columns
      .filter(({ target }) => target === model)
      .map((column) => ({
        table,
        name: column.name,
        place: narrowed(table.name, table.visible),
        column: column.column,
        counted: "*",
      })),
    ...table.joins
      .filter(({ target }) => target === model)
      .map((join) => ({
        table,
        name: join.name,
        place:
          table.visible === null
            ? join.table
            : `(select m.* from ${join.table} m join ${table.name} t on t.id = m.${join.ownerColumn} where ${table.visible})`,
        column: join.memberColumn,
        counted: `distinct r.${join.ownerColumn}`,
      })),
  ]);
  if (places.length === 0) return [];
  const counts = places.map(
    ({ place, column, counted }) =>
      `(select count(${counted})::float8 from ${place} r where r.${column} = any($1::uuid[]))`,
  );
  const { rows } = await pool.query<{ counts: number[] }>(
    `select array[${counts.join(", ")}] as counts`,
    [ids],
  );
  return places.flatMap(({ table, name }, index) => {
    const count = rows[0]?.counts[index] ?? 0;
    return count > 0 ? [{ model: table.model.name, field: name, count }] : [];
  });
}
