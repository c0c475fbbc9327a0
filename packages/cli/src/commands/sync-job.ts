import { userInfo } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { InvalidInputError, isFinal } from "@plumbline/sync";
import {
  cancelRun,
  getJobResult,
  getSync,
  type OpenPlumbline,
  readModels,
  readServerStatus,
  startSync,
  startWorker,
} from "@plumbline/server";
import { exitCodeOf } from "../exit-codes.ts";
import { createConsoleLogger, withInstallation } from "../installation.ts";
import { withInterrupt } from "../interrupt.ts";
import { printJson } from "../report.ts";
import { createRunDisplay } from "../run-display.ts";
import { syncSummary } from "../sync-summary.ts";

interface SyncJobOptions {
  apply?: boolean;
  deletes?: boolean;
  var: string[];
  ignore: string[];
  json?: boolean;
  exitCode?: boolean;
}

const pollMs = 250;

/** Queues a job, follows it to its end, and prints what it did. Returns the exit code. */
export async function syncJob(jobId: string, options: SyncJobOptions): Promise<number> {
  refusePath(jobId);
  const variables = parseVariables(options.var);
  return withInstallation(async (opened) => {
    const { jobResultId, syncId } = await startSync(opened, {
      jobId,
      isDryRun: !options.apply,
      asksDeletes: options.deletes ?? false,
      variables,
      ignore: options.ignore,
      user: { id: null, name: userInfo().username },
    });
    const worker = await ensureWorker(opened);
    try {
      await follow(opened, jobResultId, worker !== null);
    } finally {
      await worker?.stop();
    }
    const models = await readModels(opened.database.kysely);
    const sync = await getSync(opened.database, models, syncId);
    if (options.json) printJson(sync);
    else process.stdout.write(syncSummary(sync));
    return exitCodeOf(sync.status, options.exitCode ?? false);
  });
}

/** @throws InvalidInputError for a path in the place of a job, before anything is opened */
function refusePath(jobId: string): void {
  if (!/[/\\.]/.test(jobId)) return;
  throw new InvalidInputError(
    `${jobId} is a path, and no job. To sync two paths name both: plumbline sync ${jobId} <target>.`,
  );
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

function parseVariables(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf("=");
      if (at < 1) {
        throw new InvalidInputError(
          `--var ${text} is not of the form name=value; \`plumbline jobs\` lists each job's variables.`,
        );
      }
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
