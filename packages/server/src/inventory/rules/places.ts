import { idsOf, isTouched, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { Queryable } from "../inventory.ts";
import type { RuleContext } from "./hub-rules.ts";

/** A location's type says which models may be at its locations: refuses records of others that are. */
export async function checkPlaces(
  { client, inventory }: RuleContext,
  model: string,
  field: "location" | "locations",
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const placed = pending.filter((change) => isTouched(change, field));
  if (placed.length === 0) return [];
  const table = inventory.table(model);
  const { contentType } = table.hubModel;
  const join = table.joins.find(({ name }) => name === field);
  const [place, owner] = join ? [join.table, join.ownerColumn] : [table.name, "id"];
  const { rows } = await client.query<{ id: string; location: string; type: string }>(
    `select distinct on (m.${owner}) m.${owner} as id, l.name as location, t.name as type
       from ${place} m
       join locations l on l.id = m.location_id
       join location_types t on t.id = l.location_type_id
      where m.${owner} = any($1::uuid[]) and not $2 = any(t.content_types)
      order by m.${owner}, l.name`,
    [idsOf(placed), contentType],
  );
  return rows.map(({ id, location, type }) =>
    refuse(
      id,
      field,
      location,
      `${table.model.pluralLabel} cannot be attached to ${location}, a location of type ${type}. Add ${contentType} to the type's content types, or choose another location.`,
    ),
  );
}

export interface Outside {
  readonly id: string;
  /** What the outer location comes from: the name of a group. */
  readonly what: string;
  /** Name of the location that should contain the other. */
  readonly outer: string;
  readonly inner: string;
}

/**
 * Of rows `(id, what, outer_id, inner_id)` that a query of these ids gives, those whose inner location is
 * neither the outer one nor below it, with whatever else the query gives.
 */
export async function findOutside<More extends object = object>(
  client: Queryable,
  query: string,
  ids: readonly string[],
): Promise<(Outside & More)[]> {
  if (ids.length === 0) return [];
  const { rows } = await client.query<Outside & More>(
    `with recursive pairs as (${query}), way (outer_id, inner_id, at) as (
       select distinct outer_id, inner_id, inner_id from pairs
       union
       select w.outer_id, w.inner_id, l.parent_id from way w join locations l on l.id = w.at
        where w.at <> w.outer_id and l.parent_id is not null
     )
     select p.*, o.name as outer, i.name as inner
       from pairs p join locations o on o.id = p.outer_id join locations i on i.id = p.inner_id
      where not exists (select from way w
        where w.outer_id = p.outer_id and w.inner_id = p.inner_id and w.at = p.outer_id)`,
    [ids],
  );
  return rows;
}
