import type pg from "pg";

export interface WayBackHolds {
  readonly syncId: string;
  /** The table of the journal, which says what was changed since. */
  readonly journal: string;
  /** Whose sync is taken back; null where the target is not the hub, whose objects alone have owners. */
  readonly connection: string | null;
}

const isFree = `not exists (select from sync_decision d
  where d.sync_id = c.sync_id and d.position = c.position and d.verdict = 'hold')`;

/** An object is found by its id, or by its key where it has none. */
const places = [
  "j.held_key is null and c.target_id = j.id",
  "j.held_key is not null and c.key = j.held_key",
];

/**
 * Holds the recorded changes that would take back what others have changed since, and deletes of what others keep
 * by now. Gives how many.
 */
export async function holdWayBack(
  client: pg.ClientBase,
  { syncId, journal, connection }: WayBackHolds,
): Promise<number> {
  let held = 0;
  for (const place of places) {
    const { rowCount } = await client.query(
      `insert into sync_decision (sync_id, position, verdict, guard, reason)
       select $1, c.position, 'hold', 'changed-since', j.reason
         from ${journal} j
         join sync_change c on c.sync_id = $1 and c.model = j.model and ${place}
        where j.reason is not null and ${isFree} order by c.position`,
      [syncId],
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
