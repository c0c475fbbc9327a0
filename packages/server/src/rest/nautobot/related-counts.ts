import type { Queryable } from "../../inventory/inventory.ts";
import { findField } from "../../inventory/lists/list.ts";
import type { Permits } from "../../inventory/permits.ts";
import { seenBy } from "./permitted.ts";
import type { Resource, Resources } from "./resource.ts";

/** By object id and name: how many objects refer to it. */
export type RelatedCounts = ReadonlyMap<string, Readonly<Record<string, number>>>;

export const noCounts: RelatedCounts = new Map();

/** The counts that a resource's objects are given with, of these objects, in one statement: of what one may view. */
export async function readCounts(
  client: Queryable,
  resources: Resources,
  { counts }: Resource,
  ids: readonly string[],
  permits: Permits | null,
): Promise<RelatedCounts> {
  const seen = seenBy(permits, resources);
  const selects = Object.entries(counts).flatMap(([name, counted]) => {
    if (counted === null) return [];
    const [model, fieldName] = counted;
    const others = model === "*" ? seen.all : [seen.get(model)];
    return others.flatMap((other) => {
      const field = findField(other, fieldName);
      if (!field) return [];
      const { join } = field;
      const pairs =
        join && permits !== null
          ? `(select m.* from ${join.table} m join ${other.source} t on t.id = m.${join.ownerColumn})`
          : join?.table;
      const [source, place] =
        join && pairs !== undefined
          ? [pairs, `r.${join.memberColumn}`]
          : [other.source, field.place("r")];
      return `select '${name}' as name, ${place} as id, count(*)::integer as count
                from ${source} r where ${place} = any($1::uuid[]) group by 2`;
    });
  });
  if (selects.length === 0 || ids.length === 0) return noCounts;
  const { rows } = await client.query<{ name: string; id: string; count: number }>(
    selects.join(" union all "),
    [ids],
  );
  const found = new Map<string, Record<string, number>>();
  for (const { name, id, count } of rows) {
    const known = found.get(id);
    found.set(id, { ...known, [name]: (known?.[name] ?? 0) + count });
  }
  return found;
}
