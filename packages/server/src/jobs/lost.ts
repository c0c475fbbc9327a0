import { hostname } from "node:os";
import type pg from "pg";
import type { Queue } from "../database/queue.ts";
import { inTransaction } from "../database/transaction.ts";
import { announce } from "../syncs/announce.ts";
import { cutOffRun } from "../syncs/cut-off.ts";
import { endRun } from "../syncs/end-run.ts";
import { FencedError } from "../syncs/fence.ts";

/** How often a worker shows that it lives, and after how long a silent one is taken for dead. */
export interface HeartbeatTiming {
  readonly intervalMs: number;
  readonly silenceMs: number;
}

export const heartbeatTiming: HeartbeatTiming = { intervalMs: 5000, silenceMs: 20_000 };

interface Connected {
  readonly pool: pg.Pool;
}

export async function enrolWorker(database: Connected, workerId: string): Promise<void> {
  await database.pool.query("insert into job_worker (id, host, pid) values ($1, $2, $3)", [
    workerId,
    hostname(),
    process.pid,
  ]);
}

/** Shows that the worker lives; enrols it again when others took it for dead. */
export async function beat(database: Connected, workerId: string): Promise<void> {
  await database.pool.query(
    `insert into job_worker (id, host, pid) values ($1, $2, $3)
     on conflict (id) do update set heartbeat_at = now()`,
    [workerId, hostname(), process.pid],
  );
}

export async function dismissWorker(database: Connected, workerId: string): Promise<void> {
  await database.pool.query("delete from job_worker where id = $1", [workerId]);
}

/** A worker that looks after runs, its own included. */
export interface Watcher {
  readonly workerId: string;
  /** Whether it is at work on a run. Of one that bears its name the end could not be recorded, else. */
  isAtWorkOn(jobResultId: string): boolean;
}

/**
 * Declares the runs of silent workers lost, and queues again what they had only taken; the same with those that the
 * watcher itself let go of while the database was away. Any number of workers may do so at once. Gives the ids of the
 * runs declared lost.
 */
export async function declareLost(
  context: { readonly database: Connected; readonly queue: Pick<Queue, "enqueue" | "findMissing"> },
  watcher: Watcher,
  silenceMs: number,
): Promise<string[]> {
  const { database, queue } = context;
  const { rows } = await database.pool.query<{
    id: string;
    fence: number;
    status: string;
    host: string | null;
    pid: number | null;
    heartbeat_at: Date | null;
    worker_id: string;
  }>(
    `select r.id, r.fence, r.status, r.worker_id, w.host, w.pid, w.heartbeat_at
     from job_result r left join job_worker w on w.id = r.worker_id
     where r.status in ('pending', 'waiting', 'running') and r.worker_id is not null
       and (w.id is null or w.id = $2 or w.heartbeat_at < now() - $1 * interval '1 millisecond')`,
    [silenceMs, watcher.workerId],
  );
  const lost: string[] = [];
  for (const run of rows) {
    const isOwn = run.worker_id === watcher.workerId;
    if (isOwn && watcher.isAtWorkOn(run.id)) continue;
    const worker =
      run.pid === null ? "Its worker" : `Its worker (process ${run.pid} on ${run.host ?? "?"})`;
    const since =
      run.heartbeat_at === null
        ? ""
        : ` since ${run.heartbeat_at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
    const fact = isOwn
      ? "lost its database when the run ended"
      : `has given no sign of life${since}: it was killed or lost its database`;
    try {
      await inTransaction(database, async ({ client }) => {
        if (run.status === "running") {
          await cutOffRun(client, run.id);
          await endRun(
            client,
            { jobResultId: run.id, fence: run.fence },
            {
              status: "lost",
              reason: `${worker} ${fact}. What was applied is marked; the next run does the rest.`,
            },
          );
          lost.push(run.id);
          return;
        }
        const { rowCount } = await client.query(
          `update job_result set status = 'pending', status_reason = null, worker_id = null
           where id = $1 and status = $2 and fence = $3 and worker_id = $4`,
          [run.id, run.status, run.fence, run.worker_id],
        );
        if (rowCount === 1) {
          await queue.enqueue(run.id, client);
          await announce(client, "job-result", run.id);
        }
      });
    } catch (error) {
      // Another worker was quicker, or the run came to its end.
      if (!(error instanceof FencedError)) throw error;
    }
  }
  await requeueForgotten(context, silenceMs);
  await database.pool.query(
    `delete from job_worker w where heartbeat_at < now() - interval '1 hour'
       and not exists (select from job_result r where r.worker_id = w.id
                         and r.status in ('pending', 'waiting', 'running'))`,
  );
  return lost;
}

/**
 * Queues runs again whose queue entry a worker took and died with before it could put its name on the
 * run. An entry too many does no harm: a run is taken once.
 */
async function requeueForgotten(
  {
    database,
    queue,
  }: { readonly database: Connected; readonly queue: Pick<Queue, "enqueue" | "findMissing"> },
  silenceMs: number,
): Promise<void> {
  const { rows } = await database.pool.query<{ id: string }>(
    `select id from job_result where status = 'pending' and worker_id is null
       and created_at < now() - $1 * interval '1 millisecond'`,
    [silenceMs],
  );
  if (rows.length === 0) return;
  const missing = await queue.findMissing(
    rows.map(({ id }) => id),
    database.pool,
  );
  for (const id of missing) await queue.enqueue(id, database.pool);
}
