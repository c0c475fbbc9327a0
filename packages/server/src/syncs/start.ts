import type pg from "pg";
import { InvalidInputError, NotFoundError, parseIgnoreRule } from "@plumbline/sync";
import type { Queue } from "../database/queue.ts";
import { inTransaction } from "../database/transaction.ts";
import type { JobManifest } from "../plugins/manifest.ts";
import { readManifest } from "../plugins/manifest-store.ts";
import { announce } from "./announce.ts";
import { comparesOnly } from "./comparison.ts";
import type { JobKind } from "./job-kind.ts";
import { findStarted, type RequestKey } from "./once.ts";
import { checkVariables } from "./variables.ts";

export interface StartContext {
  readonly database: { readonly pool: pg.Pool };
  readonly queue: Pick<Queue, "enqueue">;
}

/** Who asked for a run; null for the program itself. */
export interface RunUser {
  readonly id: string | null;
  readonly name: string;
}

export interface SyncRequest {
  readonly jobId: string;
  /** As the job declares, when nothing is said. */
  readonly isDryRun?: boolean | undefined;
  /** Whether deletes are applied; as the job declares, when nothing is said. */
  readonly asksDeletes?: boolean | undefined;
  /** What this run passes over, beside what its job ignores: "device.comments", "site:delete". */
  readonly ignore?: readonly string[] | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly user: RunUser | null;
  /** Starts nothing where the same request has started a run already. */
  readonly once?: RequestKey | undefined;
}

export interface StartedRun {
  readonly jobResultId: string;
  readonly syncId: string;
}

/**
 * Records a run of a Data Source or Target and queues it, in one transaction.
 * @throws NotFoundError for a job that is not declared; InvalidInputError listing every wrong variable, and for a
 * comparison that is asked to write.
 */
export async function startSync(context: StartContext, request: SyncRequest): Promise<StartedRun> {
  const manifest = await readManifest(context.database.pool);
  const job = manifest.jobs.find(({ id }) => id === request.jobId);
  if (job === undefined) {
    throw new NotFoundError(
      `There is no job "${request.jobId}"; the dashboard and \`plumbline jobs\` list the jobs there are.`,
    );
  }
  const isComparison = job.direction === "comparison";
  if (isComparison && request.isDryRun === false) {
    throw new InvalidInputError(`${comparesOnly(job.id)} Run it without asking to apply.`);
  }
  const variables = checkVariables(job.variables, request.variables);
  for (const text of request.ignore ?? []) checkIgnoredModel(job, text);
  return inTransaction(context.database, async ({ client }) => {
    const earlier = await findStarted(client, request.user?.id ?? null, request.once);
    if (earlier !== null) return earlier;
    const sync = await client.query<{ id: string }>(
      `insert into sync (job_id, job_title, direction, source_name, target_name, target_lock,
                         is_dry_run, asks_deletes, ignore_asked, input, user_id, user_name)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id`,
      [
        job.id,
        job.title,
        job.direction,
        job.sourceName,
        job.targetName,
        job.targetLock,
        request.isDryRun ?? job.dryRunDefault,
        isComparison || (request.asksDeletes ?? job.deletesDefault),
        request.ignore ?? [],
        JSON.stringify(variables),
        request.user?.id ?? null,
        request.user?.name ?? null,
      ],
    );
    const syncId = onlyId(sync.rows);
    const jobResultId = await insertJobResult(client, "run", syncId, request.user, request.once);
    await context.queue.enqueue(jobResultId, client);
    return { jobResultId, syncId };
  });
}

/** Fields are checked by the run, which has the models as the job declares them. */
function checkIgnoredModel(job: JobManifest, text: string): void {
  const { model } = parseIgnoreRule(text);
  if (job.models.includes(model)) return;
  throw new InvalidInputError(
    `${text.trim()} cannot be ignored: the job ${job.id} syncs ${job.models.join(", ")}.`,
  );
}

/** Records one more run of a sync; to be queued in the same transaction. */
export async function insertJobResult(
  client: pg.ClientBase,
  kind: JobKind,
  syncId: string,
  user: RunUser | null,
  once?: RequestKey,
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into job_result (job_id, job_title, kind, sync_id, user_id, user_name, input, request_key, request_hash)
     select job_id, job_title, $1, id, $3, $4, input, $5, $6 from sync where id = $2 returning id`,
    [kind, syncId, user?.id ?? null, user?.name ?? null, once?.key ?? null, once?.hash ?? null],
  );
  const id = onlyId(rows);
  await announce(client, "job-result", id);
  await announce(client, "sync", syncId);
  return id;
}

function onlyId(rows: readonly { id: string }[]): string {
  const row = rows[0];
  if (row === undefined) throw new NotFoundError("The sync was deleted meanwhile.");
  return row.id;
}
