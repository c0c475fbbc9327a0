import type { Inventory, Queryable } from "./inventory.ts";

/** How many records of a model stand one in the other at most, by its name; 1 where they do not. */
export async function keyDepths(
  client: Queryable,
  inventory: Inventory,
): Promise<ReadonlyMap<string, number>> {
  const depths = new Map<string, number>();
  for (const { name, model, columns } of inventory.tables) {
    const above = columns.find(({ isKey, target }) => isKey && target === model.name);
    if (!above) continue;
    const { rows } = await client.query<{ depth: number }>(
      `with recursive level as (
         select id, 1 as depth from ${name} where ${above.column} is null
         union all
         select t.id, level.depth + 1 from ${name} t join level on t.${above.column} = level.id)
       select coalesce(max(depth), 1)::integer as depth from level`,
    );
    depths.set(model.name, rows[0]?.depth ?? 1);
  }
  return depths;
}
