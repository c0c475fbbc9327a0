// Entry of a run's process. It lives as long as its worker: when IPC closes it is gone, and what it
// would still write is refused by the fence.
import { CancelledError, PlumblineError, StalePlanError } from "@plumbline/sync";
import { redact } from "@plumbline/plugin-kit";
import { connectDatabase, type Database } from "../database/connect.ts";
import { whenBack } from "../database/connection-loss.ts";
import { inTransaction } from "../database/transaction.ts";
import { loadPlugins } from "../plugins/load-plugins.ts";
import { countSync } from "../syncs/counts.ts";
import { endRun, type RunEnd } from "../syncs/end-run.ts";
import { FencedError, type RunFence } from "../syncs/fence.ts";
import { makesPlan } from "../syncs/job-kind.ts";
import { openJobLog, type JobLog } from "../syncs/job-log.ts";
import { openProgress } from "../syncs/progress.ts";
import { executeRun, type RunResult } from "../syncs/run.ts";
import { readRunRequest, type RunRequest } from "../syncs/run-request.ts";
import { statusOf } from "@plumbline/sync";
import { findJob } from "./find-job.ts";
import type { RunMessage, StartMessage, WorkerMessage } from "./messages.ts";

/** How long a run that met an uncaught error may take to record its end. */
const crashGraceMs = 5000;

const cancelling = new AbortController();

process.once("disconnect", () => process.exit(1));
// Ctrl-C reaches the whole group; it is the worker that decides what becomes of its runs.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => {
  cancelling.abort(new CancelledError("Cancelled because its process was told to end (SIGTERM)"));
});
// A plugin's promise that nobody awaited, say: the run fails by it, with its record.
process.on("uncaughtException", (error) => {
  cancelling.abort(error);
  setTimeout(() => process.exit(1), crashGraceMs).unref();
});
process.on("message", (message: WorkerMessage) => {
  if (message.type === "cancel") cancelling.abort(new CancelledError(message.reason));
  // The worker may have gone before we listened for that.
  else if (process.connected) void main(message);
  else process.exit(1);
});

async function main(start: StartMessage): Promise<void> {
  const run: RunFence = { jobResultId: start.jobResultId, fence: start.fence };
  const silent = { debug() {}, info() {}, warning() {}, error() {} };
  const database = await connectDatabase(start.connectionString, { logger: silent, poolSize: 6 });
  const request = await readRunRequest(database.pool, run);
  const log = openJobLog(database, run);
  const progress = openProgress(database, run, request.syncId);
  const end = await attempt(database, start, request, log, progress);
  await progress.close();
  await whenBack(() => log.close());
  if (end !== null) {
    await whenBack(() => inTransaction(database, ({ client }) => endRun(client, run, end)));
  }
  await database.close();
  process.exit(0);
}

/** How the run ends; null when it was ended elsewhere. */
async function attempt(
  database: Database,
  start: StartMessage,
  request: RunRequest,
  log: JobLog,
  progress: ReturnType<typeof openProgress>,
): Promise<RunEnd | null> {
  const peakMemoryBytes = (): number => process.resourceUsage().maxRSS * 1024;
  try {
    const job = findJob(await loadPlugins(start.installation), request.jobId);
    const result = await executeRun({
      database,
      job,
      request,
      dataDirectory: start.dataDirectory,
      signal: cancelling.signal,
      log,
      progress,
    }).finally(() => process.send?.({ type: "ending" } satisfies RunMessage));
    const end = await whenBack(() => endOf(database, request, result));
    return { ...end, peakMemoryBytes: peakMemoryBytes() };
  } catch (error) {
    if (error instanceof FencedError) return null;
    const end = await whenBack(() => endOfError(database, request, error, log));
    return { ...end, peakMemoryBytes: peakMemoryBytes() };
  }
}

async function endOf(database: Database, request: RunRequest, result: RunResult): Promise<RunEnd> {
  const counts = await countSync(database.pool, request.syncId);
  const isDryRun = makesPlan(request.kind) && request.isDryRun;
  const status = statusOf(counts, isDryRun);
  const { planDigest, mismatches, firstMismatches, refused } = result;
  if (refused > 0) {
    const changes = refused === 1 ? "1 change" : `${refused} changes`;
    const reason = `The hub would not take ${changes}; the plan says why of each.`;
    return { status, reason, planDigest };
  }
  if (mismatches === 0) return { status, reason: null, planDigest };
  const more = mismatches - firstMismatches.length;
  return {
    status: status === "applied" || status === "held" ? "not-converged" : status,
    reason: `Not everything reads back as written. ${firstMismatches.join(" ")}${more > 0 ? ` And ${more} more, in the log.` : ""}`,
    planDigest,
  };
}

async function endOfError(
  database: Database,
  request: RunRequest,
  thrown: unknown,
  log: JobLog,
): Promise<RunEnd> {
  const { created, updated, deleted } = await countSync(database.pool, request.syncId);
  const applied = created + updated + deleted;
  const before = applied === 1 ? "1 change was" : `${applied} changes were`;
  const written = applied === 0 ? "Nothing was written." : `${before} applied before.`;
  const abortedBy: unknown = cancelling.signal.reason;
  if (abortedBy instanceof CancelledError) {
    return { status: "cancelled", reason: `${abortedBy.message}. ${written}`, cancelsRest: true };
  }
  // What made the run stop says more than what the stopping threw.
  const error = abortedBy ?? thrown;
  if (error instanceof StalePlanError) return { status: "stale", reason: redact(error.message) };
  const message = redact(error instanceof Error ? error.message : String(error));
  if (!(error instanceof PlumblineError) && error instanceof Error && error.stack !== undefined) {
    log.write("debug", "run", error.stack);
  }
  return {
    status: "failed",
    reason: `${message}${/[.!?]$/.test(message) ? "" : "."} ${written}`,
    cancelsRest: applied > 0,
  };
}
