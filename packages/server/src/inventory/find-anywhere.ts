import type { Inventory, Queryable } from "./inventory.ts";
import { keysById } from "./key-strings.ts";
import { listOrder } from "./lists/list-order.ts";
import { searchCondition } from "./lists/search.ts";
import { listsOf, seenList } from "./lists/table-list.ts";
import { createParameters } from "./parameters.ts";
import { type ReferenceItem, toReference } from "./record-items.ts";

export interface FoundObjects {
  readonly items: readonly ReferenceItem[];
  /** Names of models that hold more than is given. */
  readonly more: readonly string[];
}

/** Objects of every model whose search fields hold the text, at most `limit` of a model. */
export async function findAnywhere(
  { pool }: { readonly pool: Queryable },
  inventory: Inventory,
  text: string,
  limit: number,
): Promise<FoundObjects> {
  const wanted = text.trim();
  if (wanted === "") return { items: [], more: [] };
  const parameters = createParameters();
  const lists = listsOf(inventory);
  const selects = inventory.tables.map((table) => {
    const list = seenList(lists, table);
    const condition = searchCondition(lists, list, wanted, parameters);
    const { orderBy } = listOrder(lists, list, { sort: [], emptiesLast: true });
    return `(select '${list.name}' as model, t.id from ${list.source} t where ${condition}
              order by ${orderBy} limit ${limit + 1})`;
  });
  const { rows } = await pool.query<{ model: string; id: string }>(
    selects.join(" union all "),
    parameters.values,
  );
  const byModel = new Map<string, string[]>();
  for (const { model, id } of rows) byModel.set(model, [...(byModel.get(model) ?? []), id]);
  const items: ReferenceItem[] = [];
  for (const [model, ids] of byModel) {
    const shown = ids.slice(0, limit);
    const keys = await keysById(pool, inventory, model, shown);
    for (const id of shown) {
      const key = keys.get(id);
      if (key === undefined) continue;
      items.push(toReference(inventory, model, id, key));
    }
  }
  const more = [...byModel].flatMap(([model, ids]) => (ids.length > limit ? [model] : []));
  return { items, more };
}
