import type pg from "pg";
import { inTransaction } from "../database/transaction.ts";
import { announce } from "../syncs/announce.ts";
import { cutOffRun } from "../syncs/cut-off.ts";
import { endRun } from "../syncs/end-run.ts";

/** A job result that this worker has taken from the queue. */
export interface TakenRun {
  readonly jobResultId: string;
  readonly syncId: string;
  readonly jobTitle: string;
  readonly targetLock: string;
  /** A dry run reads only; applying a dry run's plan does not. */
  readonly writes: boolean;
}

interface Connected {
  readonly pool: pg.Pool;
}

/** Marks a queued run as this worker's; null when it was cancelled meanwhile, or another has it. */
export async function takeRun(
  database: Connected,
  jobResultId: string,
  workerId: string,
): Promise<TakenRun | null> {
  const { rows } = await database.pool.query<{
    sync_id: string;
    job_title: string;
    target_lock: string;
    writes: boolean;
  }>(
    `update job_result r set worker_id = $2 from sync s
     where r.id = $1 and r.status = 'pending' and r.worker_id is null and s.id = r.sync_id
     returning r.sync_id, r.job_title, s.target_lock, (r.kind not in ('run', 'undo') or not s.is_dry_run) as writes`,
    [jobResultId, workerId],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    jobResultId,
    syncId: row.sync_id,
    jobTitle: row.job_title,
    targetLock: row.target_lock,
    writes: row.writes,
  };
}

/** Says that the run waits for its target, and for whom. */
export async function markWaiting(database: Connected, run: TakenRun): Promise<void> {
  await inTransaction(database, async ({ client }) => {
    const { rows } = await client.query<{ job_title: string }>(
      `select r.job_title from job_result r join sync s on s.id = r.sync_id
       where r.status = 'running' and s.target_lock = $1 and r.id <> $2
       order by r.started_at limit 1`,
      [run.targetLock, run.jobResultId],
    );
    const holder = rows[0];
    const reason =
      holder === undefined
        ? "Waits for another run that writes to the same target."
        : `Waits for "${holder.job_title}", which works on the same target.`;
    await client.query(
      "update job_result set status = 'waiting', status_reason = $2 where id = $1 and status = 'pending'",
      [run.jobResultId, reason],
    );
    await client.query(
      `insert into job_log (job_result_id, level, grouping, message) values ($1, 'info', 'run', $2)`,
      [run.jobResultId, reason],
    );
    await announce(client, "job-result", run.jobResultId);
    await announce(client, "sync", run.syncId);
  });
}

/**
 * Begins a run whose target is ours: raises its fence, and declares runs lost that still pass for
 * running on the target although whoever ran them no longer holds it. Gives the fence; null when the
 * run was cancelled while it waited.
 */
export async function beginRun(
  database: Connected,
  run: TakenRun,
  workerId: string,
): Promise<number | null> {
  return inTransaction(database, async ({ client }) => {
    if (run.writes) {
      const { rows } = await client.query<{ id: string; fence: number }>(
        `select r.id, r.fence from job_result r join sync s on s.id = r.sync_id
         where r.status = 'running' and s.target_lock = $1 and r.id <> $2`,
        [run.targetLock, run.jobResultId],
      );
      for (const { id, fence } of rows) {
        await cutOffRun(client, id);
        await endRun(
          client,
          { jobResultId: id, fence },
          {
            status: "lost",
            reason:
              "The run's worker let go of the target without ending the run: it was killed or lost its database. What was applied is marked; the next run does the rest.",
          },
        );
      }
    }
    const { rows } = await client.query<{ fence: number }>(
      `update job_result set status = 'running', status_reason = null, started_at = now(),
              fence = fence + 1, worker_id = $2
       where id = $1 and status in ('pending', 'waiting') returning fence`,
      [run.jobResultId, workerId],
    );
    const fence = rows[0]?.fence;
    if (fence === undefined) return null;
    await client.query(
      `update sync set status = 'running', status_reason = null, finished_at = null,
              started_at = coalesce(started_at, now()) where id = $1`,
      [run.syncId],
    );
    await announce(client, "job-result", run.jobResultId);
    await announce(client, "sync", run.syncId);
    return fence;
  });
}
