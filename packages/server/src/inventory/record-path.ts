import type { Inventory, Queryable } from "./inventory.ts";
import { keysById } from "./key-strings.ts";
import { type ReferenceItem, toReference } from "./record-items.ts";
import { treeFieldOf } from "./tree-field.ts";

/** No tree of people's places is deeper, and a circle ends. */
const deepest = 32;

/** Where a record stands, outermost first: Germany, Berlin for a device there. Without the record itself. */
export async function recordPath(
  client: Queryable,
  inventory: Inventory,
  model: string,
  id: string,
): Promise<ReferenceItem[]> {
  const above: { model: string; id: string }[] = [];
  let at: { model: string; id: string } | null = { model, id };
  while (at !== null && above.length < deepest) {
    at = await placeOf(client, inventory, at.model, at.id);
    if (at !== null) above.unshift(at);
  }
  const items = new Map<string, ReferenceItem>();
  for (const [name, places] of Map.groupBy(above, (place) => place.model)) {
    const keys = await keysById(
      client,
      inventory,
      name,
      places.map((place) => place.id),
    );
    for (const [found, key] of keys) items.set(found, toReference(inventory, name, found, key));
  }
  return above.flatMap((place) => items.get(place.id) ?? []);
}

/** The record right above: in the model's own tree, or what it is a part of. */
async function placeOf(
  client: Queryable,
  inventory: Inventory,
  name: string,
  id: string,
): Promise<{ model: string; id: string } | null> {
  const { name: tableName, model, columns } = inventory.table(name);
  const fields = [treeFieldOf(model), model.parent];
  const places = fields.flatMap((field) => columns.find((column) => column.name === field) ?? []);
  if (places.length === 0) return null;
  const { rows } = await client.query<Record<string, string | null>>(
    `select ${places.map(({ column }, index) => `${column} as p${index}`).join(", ")}
       from ${tableName} where id = $1`,
    [id],
  );
  const index = places.findIndex((_, each) => typeof rows[0]?.[`p${each}`] === "string");
  const found = rows[0]?.[`p${index}`];
  const target = places[index]?.target;
  return found && target ? { model: target, id: found } : null;
}
