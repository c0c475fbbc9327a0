// What somebody may do with each of some objects.
import type { Queryable } from "./inventory.ts";
import type { Permits } from "./permits.ts";
import type { Table } from "./table.ts";

const actions = ["change", "delete"] as const;

export type ActionOnObject = (typeof actions)[number];

/**
 * By the ids of objects of a table.
 * @param permits null for who may do everything
 */
export async function actionsOn(
  pool: Queryable,
  { name, hubModel }: Table,
  permits: Permits | null,
  ids: readonly string[],
): Promise<(id: string) => ActionOnObject[]> {
  const granted = actions.map((action) => permits?.(hubModel.contentType, action) ?? null);
  const isSame = granted.every((condition) => condition === null || condition === "false");
  if (isSame) {
    const allowed = actions.filter((_action, index) => granted[index] === null);
    return () => [...allowed];
  }
  const each = granted.map((condition) => `coalesce(${condition ?? "true"}, false)`);
  const { rows } = await pool.query<{ id: string; allowed: boolean[] }>(
    `select t.id, array[${each.join(", ")}] as allowed from ${name} t where t.id = any($1::uuid[])`,
    [ids],
  );
  const byId = new Map(rows.map(({ id, allowed }) => [id, allowed]));
  return (id) => actions.filter((_action, index) => byId.get(id)?.[index]);
}
