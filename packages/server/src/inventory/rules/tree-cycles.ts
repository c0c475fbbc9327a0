import { idsOf, isTouched, type PendingChange } from "../pending-change.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { Queryable } from "../inventory.ts";

/** Refuses to put an object below itself. */
export async function checkTreeCycles(
  client: Queryable,
  table: string,
  pending: readonly PendingChange[],
): Promise<Refusal[]> {
  const made = new Set(idsOf(pending.filter(({ change }) => change.action === "create")));
  // What is new can only be below itself by way of others that are.
  const moved = pending.filter(
    (change) =>
      isTouched(change, "parent") &&
      (change.change.action === "update" || made.has(String(change.row["parent_id"]))),
  );
  if (moved.length === 0) return [];
  const { rows } = await client.query<{ id: string }>(
    `with recursive above (id, at, depth) as (
       select id, parent_id, 1 from ${table} where id = any($1::uuid[])
       union all
       select a.id, t.parent_id, a.depth + 1 from above a join ${table} t on t.id = a.at
        where a.at <> a.id and a.depth < 200
     )
     select distinct id from above where at = id or depth = 200`,
    [idsOf(moved)],
  );
  const labels = new Map(moved.map(({ id, change }) => [id, change.label]));
  return rows.map(({ id }) =>
    refuse(
      id,
      "parent",
      labels.get(id) ?? null,
      `${labels.get(id) ?? "It"} would be below itself. Choose a parent outside of its own tree.`,
    ),
  );
}
