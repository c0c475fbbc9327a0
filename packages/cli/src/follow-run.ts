import { userInfo } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { isFinal } from "@plumbline/sync";
import {
  cancelRun,
  getJobResult,
  getSync,
  type OpenPlumbline,
  readModels,
  readServerStatus,
  startWorker,
} from "@plumbline/server";
import { exitCodeOf } from "./exit-codes.ts";
import { createConsoleLogger } from "./installation.ts";
import { withInterrupt } from "./interrupt.ts";
import { printJson } from "./report.ts";
import { createRunDisplay } from "./run-display.ts";
import { syncSummary } from "./sync-summary.ts";

const pollMs = 250;

/** Follows a queued run to its end and prints what its sync came to. Returns the exit code. */
export async function followRun(
  opened: OpenPlumbline,
  run: { readonly jobResultId: string; readonly syncId: string },
  options: { json?: boolean; exitCode?: boolean },
): Promise<number> {
  const worker = await ensureWorker(opened);
  try {
    await follow(opened, run.jobResultId, worker !== null);
  } finally {
    await worker?.stop();
  }
  const models = await readModels(opened.database);
  const sync = await getSync(opened.database, models, run.syncId);
  if (options.json) printJson(sync);
  else process.stdout.write(syncSummary(sync));
  return exitCodeOf(sync.status, options.exitCode ?? false);
}

/** A worker of our own where none is alive, so that a run does not wait for ever. */
async function ensureWorker(
  opened: OpenPlumbline,
): Promise<Awaited<ReturnType<typeof startWorker>> | null> {
  const { workers } = await readServerStatus(opened.database.kysely);
  if (workers > 0) return null;
  process.stderr.write("no worker is running: this command runs the job itself\n");
  return startWorker({ ...opened, logger: createConsoleLogger("warning") });
}

/** Shows a run until it ends. The first Ctrl-C cancels it and waits for its record. */
async function follow(
  { database }: OpenPlumbline,
  jobResultId: string,
  isOwnWorker: boolean,
): Promise<void> {
  const display = createRunDisplay();
  const cancel = (): void => {
    const more = isOwnWorker ? "ends it without its record" : "leaves the run to its worker";
    process.stderr.write(`cancelling; once more ${more}\n`);
    // It may have ended this very moment; then the next look at it tells.
    cancelRun(database, jobResultId, userInfo().username).catch(() => undefined);
  };
  await withInterrupt(cancel, async () => {
    for (;;) {
      const result = await getJobResult(database.kysely, jobResultId);
      await display.show(database.kysely, result);
      if (isFinal(result.status)) return;
      await sleep(pollMs);
    }
  }).finally(() => display.close());
}
