import type pg from "pg";
import type { DataSyncJob } from "@plumbline/plugin-kit";
import { inRunTransaction } from "./fence.ts";
import type { RunRequest } from "./run-request.ts";

/**
 * Notes, once a plan is applied, what its target has and its source lacks, and forgets what is in agreement again or
 * deleted: of the types that the job deletes after days. The hub's claims know it of the hub's objects.
 */
export async function settleMissing(
  database: { readonly pool: pg.Pool },
  request: RunRequest,
  job: DataSyncJob,
): Promise<void> {
  const waiting = Object.keys(job.deletePolicy).filter((model) => daysToWait(job, model) !== null);
  if (waiting.length === 0) return;
  await inRunTransaction(database, request, async (client) => {
    // What a side did not give completely says nothing of what is missing, nor of what is not.
    await client.query(
      `insert into missing_object (job_id, model, key, since)
       select $2, c.model, c.key, s.created_at from sync_change c join sync s on s.id = c.sync_id
        where c.sync_id = $1 and c.action = 'delete' and c.model = any($3::text[])
          and not exists (select from sync_decision d where d.sync_id = c.sync_id and d.position = c.position
                             and d.guard = 'incomplete-read')
       on conflict do nothing`,
      [request.syncId, job.id, waiting],
    );
    await client.query(
      `delete from missing_object m
        where m.job_id = $2 and m.model = any($3::text[])
          and not exists (select from sync_change c
                           where c.sync_id = $1 and c.action = 'delete' and c.model = m.model and c.key = m.key
                             and not exists (select from sync_outcome o where o.sync_id = c.sync_id
                                                and o.position = c.position and o.status = 'applied'))`,
      [request.syncId, job.id, waiting],
    );
  });
}

/** After how many days the job deletes what its source lacks of a model; null where it does not wait. */
export function daysToWait({ deletePolicy }: DataSyncJob, model: string): number | null {
  const policy = deletePolicy[model];
  return typeof policy === "object" && "afterDays" in policy ? policy.afterDays : null;
}
