import { PgBoss } from "pg-boss";
import type { Db } from "pg-boss";
import { InvalidInputError } from "@plumbline/sync";
import type { Logger } from "@plumbline/sync";
import { runSql } from "./executor.ts";
import type { Executor } from "./executor.ts";

const schema = "queue";
const queueName = "job-result";

export type WorkOptions = {
  /** How many job results are handled at a time; 1 as it is. */
  readonly concurrency?: number;
};

export type Queue = {
  /** Prepares the queue's tables. Call before all else. */
  start(): Promise<void>;
  /** Adds a job result; within a transaction it is there when that commits, and not at all otherwise. */
  enqueue(jobResultId: string, executor: Executor): Promise<void>;
  /**
   * Hands job results to the handler, the oldest first. An entry is delivered once and never again: whether
   * and how its run ended is for the handler to record in the job result. The signal is aborted when the
   * queue gave the entry up, because this worker seemed dead.
   */
  work(
    handler: (jobResultId: string, signal: AbortSignal) => Promise<void>,
    options?: WorkOptions,
  ): Promise<void>;
  /**
   * Those of the job results that have no entry waiting or at work. A pending one among them was taken
   * by a worker that was killed before it could claim it; it can be enqueued again.
   */
  findMissing(jobResultIds: readonly string[], executor: Executor): Promise<string[]>;
  /** Takes no more entries, waits for the handlers at work (as long as `waitMs`), and disconnects. */
  stop(options?: { readonly waitMs?: number }): Promise<void>;
};

/** The queue of job results, kept by pg-boss in the same database. */
export function createQueue(
  database: { readonly connectionString: string },
  { logger }: { readonly logger: Logger },
): Queue {
  const boss = new PgBoss({
    connectionString: database.connectionString,
    application_name: "plumbline queue",
    schema,
    max: 4,
    schedule: false,
    // Together with the heartbeat: how soon the entry of a killed worker is given up.
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 15,
    useListenNotify: true,
  });
  boss.on("error", (error) => {
    logger.warning(`The job queue met an error: ${error.message}`);
  });

  return {
    async start() {
      await boss.start();
      await boss.createQueue(queueName, {
        retryLimit: 0,
        notify: true,
        // A run ends by its own limits; the queue only gives up entries of workers that died.
        expireInSeconds: 23 * 60 * 60,
        heartbeatSeconds: 30,
        retentionSeconds: 365 * 24 * 60 * 60,
        deleteAfterSeconds: 24 * 60 * 60,
      });
    },
    async enqueue(jobResultId, executor) {
      const id = await boss.send(queueName, { jobResultId }, { db: adapt(executor) });
      if (id === null) {
        throw new InvalidInputError(`The queue did not take the job result ${jobResultId}.`);
      }
    },
    async work(handler, { concurrency = 1 } = {}) {
      await boss.work<{ jobResultId: string }>(
        queueName,
        {
          localConcurrency: concurrency,
          batchSize: 1,
          pollingIntervalSeconds: 0.5,
          notifyPollingIntervalSeconds: 2,
        },
        async (entries) => {
          for (const { data, signal } of entries) await handler(data.jobResultId, signal);
        },
      );
    },
    async findMissing(jobResultIds, executor) {
      const rows = await runSql<{ id: string }>(
        executor,
        `select given.id from unnest($1::text[]) as given (id)
          where not exists (
            select from ${schema}.job
             where name = $2 and state in ('created', 'retry', 'active') and data ->> 'jobResultId' = given.id)`,
        [jobResultIds, queueName],
      );
      return rows.map(({ id }) => id);
    },
    async stop({ waitMs = 30_000 } = {}) {
      await boss.stop({ graceful: true, timeout: Math.max(waitMs, 1000), close: true });
    },
  };
}

function adapt(executor: Executor): Db {
  return {
    async executeSql(text, values) {
      return { rows: await runSql(executor, text, values) };
    },
  };
}
