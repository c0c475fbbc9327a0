import type pg from "pg";
import type { ChangedObject } from "./way-back.ts";

export interface WayBackHolds {
  readonly syncId: string;
  readonly changed: readonly ChangedObject[];
  /** Whose sync is taken back; null where the target is not the hub, whose objects alone have owners. */
  readonly connection: string | null;
}

const isFree = `not exists (select from sync_decision d
  where d.sync_id = c.sync_id and d.position = c.position and d.verdict = 'hold')`;

/**
 * Holds the recorded changes that would take back what others have changed since, and deletes of what others keep
 * by now. Gives how many.
 */
export async function holdWayBack(
  client: pg.ClientBase,
  { syncId, changed, connection }: WayBackHolds,
): Promise<number> {
  let held = 0;
  for (const column of ["id", "key"] as const) {
    const objects = changed.filter((object) => object[column] !== null);
    if (objects.length === 0) continue;
    const place = column === "id" ? "c.target_id = changed.id" : "c.key = changed.key";
    const { rowCount } = await client.query(
      `insert into sync_decision (sync_id, position, verdict, guard, reason)
       select $1, c.position, 'hold', 'changed-since', changed.reason
         from jsonb_to_recordset($2::jsonb) as changed(model text, id text, key text, reason text)
         join sync_change c on c.sync_id = $1 and c.model = changed.model and ${place}
        where ${isFree} order by c.position`,
      [syncId, JSON.stringify(objects)],
    );
    held += rowCount ?? 0;
  }
  if (connection === null) return held;
  const { rowCount } = await client.query(
    `insert into sync_decision (sync_id, position, verdict, guard, reason)
     select $1, c.position, 'hold', 'not-owner',
            format('%s is kept by %s too by now. Release it to delete it all the same.', c.label, claim.others)
       from sync_change c
       cross join lateral (
         select string_agg(case h.owner when 'person' then 'a person' else h.owner end, ', ' order by h.owner) as others
           from hub_claim h where h.object_id = c.target_id::uuid and h.owner <> $2) claim
      where c.sync_id = $1 and c.action = 'delete' and claim.others is not null and ${isFree}
      order by c.position`,
    [syncId, connection],
  );
  return held + (rowCount ?? 0);
}
