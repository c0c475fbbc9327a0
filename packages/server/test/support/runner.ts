import { setTimeout as sleep } from "node:timers/promises";
import { createQueue, type Queue } from "../../src/database/queue.ts";
import { startWorker, type Worker, type WorkerOptions } from "../../src/jobs/worker.ts";
import { discover } from "../../src/plugins/discover.ts";
import { saveManifest } from "../../src/plugins/manifest-store.ts";
import { carryOut } from "../../src/syncs/carry-out.ts";
import { countSync } from "../../src/syncs/counts.ts";
import type { Approval } from "../../src/syncs/decisions/approval.ts";
import type { PlanVerb } from "../../src/syncs/obstacle.ts";
import { startSync, type SyncRequest } from "../../src/syncs/start.ts";
import { isFinal, type SyncCounts, type SyncStatus } from "@plumbline/sync";
import { approvalOf } from "./approval-of.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { createTestInstallation, type TestInstallation } from "./installation.ts";
import { quiet } from "./quiet-logger.ts";

export interface EndedRun {
  readonly jobResultId: string;
  readonly syncId: string;
  readonly status: SyncStatus;
  readonly reason: string | null;
  readonly counts: SyncCounts;
}

/** A database, an installation and a queue, with runs of real processes. */
export interface TestRunner {
  readonly database: TestDatabase;
  readonly installation: TestInstallation;
  readonly queue: Queue;
  work(options?: Partial<WorkerOptions>): Promise<Worker>;
  start(
    request: Partial<SyncRequest> & { jobId: string },
  ): Promise<{ jobResultId: string; syncId: string }>;
  startApply(
    syncId: string,
    approval?: Partial<Approval>,
  ): Promise<{ jobResultId: string; syncId: string }>;
  /** Resumes, retries, undoes or rolls back. */
  carryOut(syncId: string, verb: PlanVerb): Promise<{ jobResultId: string; syncId: string }>;
  /** Waits until the run has ended. */
  ended(jobResultId: string): Promise<EndedRun>;
  /** Starts a run and waits for its end. */
  run(request: Partial<SyncRequest> & { jobId: string }): Promise<EndedRun>;
  /** Waits until the job result has the status. */
  reaches(jobResultId: string, status: SyncStatus): Promise<void>;
  query<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]>;
  close(): Promise<void>;
}

export async function createTestRunner(
  files: Readonly<Record<string, string>>,
  prepare?: (installation: TestInstallation) => Promise<void>,
  ownDatabase?: TestDatabase,
): Promise<TestRunner> {
  const database = ownDatabase ?? (await createTestDatabase());
  const installation = await createTestInstallation(files);
  await prepare?.(installation);
  const queue = createQueue(database, { logger: quiet });
  await queue.start();
  const { manifest } = await discover(installation);
  if (manifest.errors.length > 0) throw new Error(JSON.stringify(manifest.errors, null, 2));
  await saveManifest(database.pool, manifest);
  const workers: Worker[] = [];
  const user = { id: null, name: "ada" };

  const query = async <R extends object>(text: string, values: readonly unknown[] = []) =>
    (await database.pool.query<R>(text, [...values])).rows;

  const waitFor = async (jobResultId: string, isThere: (status: SyncStatus) => boolean) => {
    for (let attempt = 0; attempt < 1200; attempt += 1) {
      const [row] = await query<{ status: SyncStatus }>(
        "select status from job_result where id = $1",
        [jobResultId],
      );
      if (row !== undefined && isThere(row.status)) return;
      await sleep(50);
    }
    throw new Error(`The run ${jobResultId} did not get there within a minute.`);
  };

  const runner: TestRunner = {
    database,
    installation,
    queue,
    query,
    async work(options = {}) {
      const worker = await startWorker({
        database,
        queue,
        installation,
        dataDirectory: installation.dataDirectory,
        limits: {},
        logger: quiet,
        ...options,
      });
      workers.push(worker);
      return worker;
    },
    start: (request) => startSync({ database, queue }, { variables: {}, user, ...request }),
    async startApply(syncId, approval) {
      const seen = { ...(await approvalOf(database.pool, syncId)), ...approval };
      return carryOut({ database, queue }, { syncId, verb: "apply", user, approval: seen });
    },
    carryOut: (syncId, verb) =>
      verb === "apply"
        ? runner.startApply(syncId)
        : carryOut({ database, queue }, { syncId, verb, user }),
    async ended(jobResultId) {
      await waitFor(jobResultId, isFinal);
      const [row] = await query<{
        sync_id: string;
        status: SyncStatus;
        status_reason: string | null;
      }>("select sync_id, status, status_reason from job_result where id = $1", [jobResultId]);
      return {
        jobResultId,
        syncId: row!.sync_id,
        status: row!.status,
        reason: row!.status_reason,
        counts: await countSync(database.pool, row!.sync_id),
      };
    },
    async run(request) {
      const { jobResultId } = await runner.start(request);
      return runner.ended(jobResultId);
    },
    reaches: (jobResultId, status) => waitFor(jobResultId, (current) => current === status),
    async close() {
      for (const worker of workers) await worker.stop();
      await queue.stop({ waitMs: 1000 });
      await database.drop();
      await installation.remove();
    },
  };
  return runner;
}
