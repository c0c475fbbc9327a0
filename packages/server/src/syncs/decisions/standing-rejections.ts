import type pg from "pg";
import type { RulingBy } from "./ruling.ts";

/** What two proposals of one change must share to be the same. */
const valuesHash = "md5(coalesce(c.after::text, ''))";

/** Remembers what the revision rejected, for the plans to come. */
export async function rememberRejections(client: pg.ClientBase, by: RulingBy): Promise<void> {
  await client.query(
    `insert into standing_rejection (job_id, model, key, action, step, values_hash, user_name, reason, sync_id)
     select s.job_id, c.model, c.key, c.action, c.step, ${valuesHash}, d.user_name, d.reason, c.sync_id
       from sync_decision d
       join sync s on s.id = d.sync_id and s.undo_of is null
       join sync_change c on c.sync_id = d.sync_id and c.position = d.position
      where d.sync_id = $1 and d.revision = $2 and d.verdict = 'reject'
     on conflict (job_id, model, key, action, step) do update
       set values_hash = excluded.values_hash, user_name = excluded.user_name, reason = excluded.reason,
           sync_id = excluded.sync_id, created_at = excluded.created_at`,
    [by.syncId, by.revision],
  );
}

/** Forgets what the revision accepted. */
export async function forgetRejections(client: pg.ClientBase, by: RulingBy): Promise<void> {
  await client.query(
    `delete from standing_rejection r
      using sync_decision d join sync s on s.id = d.sync_id and s.undo_of is null
            join sync_change c on c.sync_id = d.sync_id and c.position = d.position
      where d.sync_id = $1 and d.revision = $2 and d.verdict = 'accept' and r.job_id = s.job_id
        and r.model = c.model and r.key = c.key and r.action = c.action and r.step = c.step`,
    [by.syncId, by.revision],
  );
}

/**
 * Rejects in a new plan what was rejected in an earlier one of its job, with the same values, and stands.
 * @returns how many changes
 */
export async function takeOverRejections(client: pg.ClientBase, syncId: string): Promise<number> {
  const { rowCount } = await client.query(
    `insert into sync_decision (sync_id, position, verdict, reason, user_name, earlier_sync, earlier_at)
     select c.sync_id, c.position, 'reject', r.reason, r.user_name, r.sync_id, r.created_at
       from sync s
       join standing_rejection r on r.job_id = s.job_id
       join sync_change c on c.sync_id = s.id and c.model = r.model and c.key = r.key
        and c.action = r.action and c.step = r.step
      where s.id = $1 and ${valuesHash} = r.values_hash
      order by c.position`,
    [syncId],
  );
  return rowCount ?? 0;
}
