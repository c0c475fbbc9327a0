import type { ChildProcess } from "node:child_process";
import type pg from "pg";
import type { Logger } from "@plumbline/sync";
import { redact } from "@plumbline/plugin-kit";
import { inTransaction } from "../database/transaction.ts";
import type { Installation } from "../plugins/installation.ts";
import { cutOffRun, nameConnection } from "../syncs/cut-off.ts";
import { endRun, type RunEnd } from "../syncs/end-run.ts";
import { FencedError } from "../syncs/fence.ts";
import { forkChild, keepTail } from "./fork-child.ts";
import {
  hardTimeMessage,
  heapMibOf,
  memoryMessage,
  residentMemory,
  softTimeMessage,
  type Limits,
} from "./limits.ts";
import type { RunMessage, WorkerMessage } from "./messages.ts";

export interface SuperviseContext {
  readonly database: { readonly pool: pg.Pool; readonly connectionString: string };
  readonly installation: Installation;
  readonly dataDirectory: string;
  readonly limits: Limits;
  readonly logger: Logger;
  /** Aborted, with a text as reason, when the worker stops. */
  readonly stopping: AbortSignal;
}

/** Cancel promises that nothing is written five seconds on; a process that still writes by then is killed. */
const cancelGraceMs = 4000;
/** What a process that writes no more may take to record its end: an outcome for each change not tried. */
const recordGraceMs = 60_000;
const watchMs = 250;

/**
 * Runs a claimed run in a process of its own and sees it to its end, whatever that is: the record is
 * final when the promise resolves.
 */
export async function superviseRun(
  context: SuperviseContext,
  run: { readonly jobResultId: string; readonly fence: number },
): Promise<void> {
  const { limits } = context;
  const child = forkChild("jobs/run-process", {
    folder: context.installation.folder,
    dataDirectory: context.dataDirectory,
    heapMib: heapMibOf(limits),
  });
  const tail = keepTail(child);
  const ended = exitOf(child);
  // Not the clock, which may be set while a run is at work.
  const startedMs = performance.now();
  let kill: RunEnd | undefined;
  let cancelledAtMs: number | undefined;
  let cancelReason = "";
  let graceMs = cancelGraceMs;
  let peakBytes = 0;

  const killFor = (end: RunEnd): void => {
    kill ??= end;
    child.kill("SIGKILL");
  };
  const cancel = (reason: string): void => {
    if (cancelledAtMs !== undefined) return;
    cancelledAtMs = performance.now();
    cancelReason = reason;
    send(child, { type: "cancel", reason });
  };

  child.on("message", (message: RunMessage) => {
    graceMs = { ending: recordGraceMs }[message.type];
  });
  send(child, {
    type: "start",
    connectionString: nameConnection(context.database.connectionString, run.jobResultId),
    installation: context.installation,
    dataDirectory: context.dataDirectory,
    ...run,
  });

  const watch = async (): Promise<void> => {
    const seconds = (performance.now() - startedMs) / 1000;
    const bytes = child.pid === undefined ? null : await residentMemory(child.pid);
    if (bytes !== null) peakBytes = Math.max(peakBytes, bytes);
    if (bytes !== null && bytes > limits.memoryMib * 1024 * 1024) {
      killFor({ status: "failed", reason: memoryMessage(limits) });
    } else if (seconds > limits.hardSeconds) {
      killFor({ status: "failed", reason: hardTimeMessage(limits) });
    } else if (cancelledAtMs !== undefined && performance.now() - cancelledAtMs > graceMs) {
      killFor({
        status: "cancelled",
        reason: `${cancelReason}. Its process did not stop by itself and was killed; what was applied is marked.`,
        cancelsRest: true,
      });
    } else if (context.stopping.aborted) {
      cancel(String(context.stopping.reason));
    } else if (seconds > limits.softSeconds) {
      cancel(softTimeMessage(limits));
    } else {
      const wish = await readWish(context.database.pool, run);
      if (wish === "gone") killFor({ status: "lost", reason: null });
      else if (wish !== null) cancel(wish.reason);
    }
  };

  let isWatching = false;
  const timer = setInterval(() => {
    if (isWatching) return;
    isWatching = true;
    watch()
      .catch((error: unknown) => {
        context.logger.warning(`Watching the run ${run.jobResultId} failed: ${String(error)}`);
      })
      .finally(() => {
        isWatching = false;
      });
  }, watchMs);
  const exit = await ended;
  clearInterval(timer);

  const end = kill ?? endOfExit(exit, tail(), limits);
  await settle(context, run, { ...end, peakMemoryBytes: peakBytes || null });
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

function exitOf(child: ChildProcess): Promise<Exit> {
  const { promise, resolve } = Promise.withResolvers<Exit>();
  child.once("exit", (code, signal) => resolve({ code, signal }));
  child.once("error", (error) => {
    // An error with a process id is a failed kill or send; the exit is still to come.
    if (child.pid === undefined) resolve({ code: null, signal: null, error });
  });
  return promise;
}

function send(child: ChildProcess, message: WorkerMessage): void {
  // A process that died before it could be told is seen by its exit.
  if (child.connected) child.send(message, () => undefined);
}

/** Whether somebody asked for the run's cancelling, or ended it behind our back. */
async function readWish(
  pool: pg.Pool,
  run: { readonly jobResultId: string; readonly fence: number },
): Promise<{ reason: string } | "gone" | null> {
  const { rows } = await pool.query<{
    fence: number;
    status: string;
    cancel_requested_at: Date | null;
    cancel_requested_by: string | null;
  }>(
    "select fence, status, cancel_requested_at, cancel_requested_by from job_result where id = $1",
    [run.jobResultId],
  );
  const row = rows[0];
  if (row === undefined) return "gone";
  // A final status with the next fence is the run's own end: its process is about to exit.
  if (row.fence !== run.fence) return row.status === "lost" ? "gone" : null;
  if (row.cancel_requested_at === null) return null;
  const by = row.cancel_requested_by;
  return { reason: `Cancelled${by === null ? "" : ` by ${by}`}` };
}

function endOfExit(exit: Exit, output: string, limits: Limits): RunEnd {
  if (exit.error !== undefined) {
    return {
      status: "failed",
      reason: `The run's process could not be started: ${exit.error.message}`,
    };
  }
  if (/JavaScript heap out of memory/.test(output)) {
    return { status: "failed", reason: memoryMessage(limits) };
  }
  const rest = "What was applied is marked; the next run does the rest.";
  if (exit.signal !== null) {
    const cause =
      exit.signal === "SIGKILL" ? " (by a person, or the system was out of memory)" : "";
    return {
      status: "lost",
      reason: `The run's process was killed by the signal ${exit.signal}${cause}. ${rest}`,
    };
  }
  const lastLines = redact(output).trim().split("\n").slice(-3).join(" ").slice(-500);
  return {
    status: "lost",
    reason: `The run's process ended by itself with exit code ${String(exit.code)} before the run was done. ${rest}${lastLines === "" ? "" : ` It printed: ${lastLines}`}`,
  };
}

async function settle(
  context: SuperviseContext,
  run: { readonly jobResultId: string; readonly fence: number },
  end: RunEnd,
): Promise<void> {
  try {
    // The process is gone, but a statement it began may still be at work.
    await cutOffRun(context.database.pool, run.jobResultId);
    await inTransaction(context.database, ({ client }) => endRun(client, run, end));
  } catch (error) {
    // The usual case: the run's process recorded its own end.
    if (!(error instanceof FencedError)) throw error;
  }
}
