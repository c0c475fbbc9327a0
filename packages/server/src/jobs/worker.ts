import { randomUUID } from "node:crypto";
import type { RunLimits } from "@plumbline/plugin-kit";
import type { Logger } from "@plumbline/sync";
import type { Database } from "../database/connect.ts";
import type { Queue } from "../database/queue.ts";
import type { Installation } from "../plugins/installation.ts";
import { isFinal, type SyncStatus } from "@plumbline/sync";
import { beginRun, markWaiting, takeRun, type TakenRun } from "./claim.ts";
import { fillLimits } from "./limits.ts";
import {
  beat,
  declareLost,
  dismissWorker,
  enrolWorker,
  heartbeatTiming,
  type HeartbeatTiming,
  type Watcher,
} from "./lost.ts";
import { deleteOldSyncs } from "../syncs/delete-syncs.ts";
import { dropLostStaging, dropStaged } from "../staging/drop-staging.ts";
import { superviseRun, type SuperviseContext } from "./supervise.ts";
import { takeTargetLock, type TargetLock } from "./target-lock.ts";

export interface WorkerOptions {
  readonly database: Database;
  /** Started; the worker takes from it and does not stop it. */
  readonly queue: Queue;
  readonly installation: Installation;
  readonly dataDirectory: string;
  readonly limits: RunLimits;
  /** Days that records of syncs are kept; for ever when nothing is said. */
  readonly keepDays?: number | null | undefined;
  readonly logger: Logger;
  /** Runs at a time; 2 when nothing is said. Runs that wait for a target do not count. */
  readonly slots?: number | undefined;
  readonly heartbeat?: HeartbeatTiming | undefined;
}

export interface Worker {
  readonly id: string;
  /** Takes no more runs, cancels those at work, and waits for their record. */
  stop(): Promise<void>;
}

const cancelPollMs = 500;
const historyIntervalMs = 3_600_000;

/** Takes runs from the queue and runs each in a process of its own. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { database, queue, logger } = options;
  const workerId = randomUUID();
  const heartbeat = options.heartbeat ?? heartbeatTiming;
  const stopping = new AbortController();
  /** By job result; known before the database knows whose the run is. */
  const atWork = new Map<string, Promise<void>>();
  const context: SuperviseContext = {
    database,
    installation: options.installation,
    dataDirectory: options.dataDirectory,
    limits: fillLimits(options.limits),
    logger,
    stopping: stopping.signal,
  };

  // What a stopping worker has taken is queued again when it is gone.
  const watcher: Watcher = {
    workerId,
    isAtWorkOn: (id) => atWork.has(id) || stopping.signal.aborted,
  };
  const sweep = async (): Promise<void> => {
    for (const id of await declareLost({ database, queue }, watcher, heartbeat.silenceMs)) {
      logger.warning(
        `The run ${id} was declared lost: its worker is silent, or lost the database.`,
      );
      await dropLostStaging(database.pool);
    }
  };
  const pulse = async (): Promise<void> => {
    await beat(database, workerId);
    await sweep();
  };

  await enrolWorker(database, workerId);
  await sweep();
  await dropLostStaging(database.pool);
  const timer = setInterval(() => {
    pulse().catch((error: unknown) => {
      logger.warning(`The worker's heartbeat failed: ${String(error)}`);
    });
  }, heartbeat.intervalMs);

  const stopHistory = keepHistory(options, stopping.signal);

  await queue.work(
    async (jobResultId) => {
      // An entry too many.
      if (atWork.has(jobResultId)) return;
      const { promise: parted, resolve: part } = Promise.withResolvers<undefined>();
      const done = work(context, jobResultId, workerId, () => part(undefined))
        .catch((error: unknown) => {
          logger.error(`The run ${jobResultId} could not be worked on: ${String(error)}`);
        })
        .finally(() => atWork.delete(jobResultId));
      atWork.set(jobResultId, done);
      // A run that waits for its target gives its place in the queue to the next.
      await Promise.race([done, parted]);
    },
    { concurrency: options.slots ?? 2 },
  );

  return {
    id: workerId,
    async stop() {
      stopping.abort("Cancelled because the worker was stopped");
      await Promise.all([...atWork.values(), stopHistory()]);
      clearInterval(timer);
      await dismissWorker(database, workerId);
    },
  };
}

/** Deletes old records now and every hour; what it gives waits for the batch at work. */
function keepHistory(
  { database, keepDays, logger }: WorkerOptions,
  signal: AbortSignal,
): () => Promise<void> {
  if (keepDays === null || keepDays === undefined) return async () => undefined;
  let atWork: Promise<void> | null = null;
  const begin = (): void => {
    atWork ??= deleteOldSyncs(database, keepDays, { logger, signal })
      .then(() => undefined)
      .catch((error: unknown) => {
        logger.warning(`Deleting old records of syncs failed: ${String(error)}`);
      })
      .finally(() => {
        atWork = null;
      });
  };
  begin();
  const timer = setInterval(begin, historyIntervalMs);
  return async () => {
    clearInterval(timer);
    await atWork;
  };
}

async function work(
  context: SuperviseContext,
  jobResultId: string,
  workerId: string,
  onWait: () => void,
): Promise<void> {
  const run = await takeRun(context.database, jobResultId, workerId);
  if (run === null || context.stopping.aborted) return;
  const lock = await waitForTarget(context, run, onWait);
  if (lock === null) return;
  try {
    const fence = await beginRun(context.database, run, workerId);
    if (fence === null) return;
    await superviseRun(context, { jobResultId, fence });
    // A process that ended by itself has done so; of one that was killed something is left.
    await dropStaged(context.database.pool, jobResultId);
  } finally {
    await lock.release();
  }
}

/** The target's lock, or null when the run was cancelled or the worker stopped while it waited. */
async function waitForTarget(
  context: SuperviseContext,
  run: TakenRun,
  onWait: () => void,
): Promise<TargetLock | null> {
  const giveUp = new AbortController();
  const signal = AbortSignal.any([giveUp.signal, context.stopping]);
  let poll: NodeJS.Timeout | undefined;
  try {
    const lock = await takeTargetLock({
      connectionString: context.database.connectionString,
      name: run.targetLock,
      isShared: !run.writes,
      signal,
      onWait: async () => {
        await markWaiting(context.database, run);
        onWait();
        poll = setInterval(() => {
          isOver(context, run)
            .then((over) => {
              if (over) giveUp.abort();
            })
            .catch((error: unknown) => {
              context.logger.warning(`Asking after a waiting run failed: ${String(error)}`);
            });
        }, cancelPollMs);
      },
    });
    if (lock === null && context.stopping.aborted) await giveBack(context, run);
    return lock;
  } finally {
    clearInterval(poll);
  }
}

async function isOver(context: SuperviseContext, run: TakenRun): Promise<boolean> {
  const { rows } = await context.database.pool.query<{ status: SyncStatus }>(
    "select status from job_result where id = $1",
    [run.jobResultId],
  );
  return rows[0] === undefined || isFinal(rows[0].status);
}

/** Leaves a run that never began to other workers, as if this one had died: they queue it again. */
async function giveBack(context: SuperviseContext, run: TakenRun): Promise<void> {
  await context.database.pool.query(
    `update job_result set status = 'pending', status_reason = null
     where id = $1 and status in ('pending', 'waiting')`,
    [run.jobResultId],
  );
}
