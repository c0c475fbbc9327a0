import type pg from "pg";
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  parseIgnoreRule,
  StalePlanError,
} from "@plumbline/sync";
import type { Queue } from "../database/queue.ts";
import { inTransaction } from "../database/transaction.ts";
import type { JobManifest } from "../plugins/manifest.ts";
import { readManifest } from "../plugins/manifest-store.ts";
import { announce } from "./announce.ts";
import { type Approval, checkApproval } from "./decisions/approval.ts";
import type { JobKind } from "./job-kind.ts";
import { isAllowed, joinLatestDecision } from "./latest.ts";
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
 * @throws NotFoundError for a job that is not declared; InvalidInputError listing every wrong variable.
 */
export async function startSync(context: StartContext, request: SyncRequest): Promise<StartedRun> {
  const manifest = await readManifest(context.database.pool);
  const job = manifest.jobs.find(({ id }) => id === request.jobId);
  if (job === undefined) {
    throw new NotFoundError(
      `There is no job "${request.jobId}"; the dashboard and \`plumbline jobs\` list the jobs there are.`,
    );
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
        request.asksDeletes ?? job.deletesDefault,
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

/**
 * Queues the applying of a dry run's plan: exactly its rows, nothing computed anew.
 * @throws NotFoundError, ConflictError (nothing to apply, running, or applied already by somebody),
 * StalePlanError when an earlier attempt found it stale, or the approval is of another plan or other decisions.
 */
export async function startApply(
  context: StartContext,
  syncId: string,
  user: RunUser | null,
  approval: Approval = {},
  once?: RequestKey,
): Promise<StartedRun> {
  return inTransaction(context.database, async ({ client }) => {
    const earlier = await findStarted(client, user?.id ?? null, once);
    if (earlier !== null) return earlier;
    // Two people pressing Apply at once: the second waits here and then sees the first one's job result.
    await client.query("select from sync where id = $1 for update", [syncId]);
    const obstacle = await findApplyObstacle(client, syncId);
    if (obstacle !== null) {
      if (obstacle.kind === "not-found") throw new NotFoundError(obstacle.reason);
      if (obstacle.kind === "stale") throw new StalePlanError(obstacle.reason);
      throw new ConflictError(obstacle.reason);
    }
    await checkApproval(client, syncId, approval);
    const jobResultId = await insertJobResult(client, "apply", syncId, user, once);
    await context.queue.enqueue(jobResultId, client);
    return { jobResultId, syncId };
  });
}

export interface ApplyObstacle {
  readonly kind: "not-found" | "conflict" | "stale";
  /** Thing, fact, next step. */
  readonly reason: string;
}

/** Why the plan of a sync cannot be applied (again); null when it can. */
export async function findApplyObstacle(
  executor: Pick<pg.ClientBase | pg.Pool, "query">,
  syncId: string,
): Promise<ApplyObstacle | null> {
  const { rows } = await executor.query<{
    is_dry_run: boolean;
    status: string;
    plan_digest: string | null;
    open_status: string | null;
    applied_by: string | null;
    applied_at: Date | null;
    free: boolean;
  }>(
    `select s.is_dry_run, s.status, s.plan_digest,
            (select r.status from job_result r where r.sync_id = s.id
               and r.status in ('pending', 'waiting', 'running') limit 1) as open_status,
            attempt.applied_by, attempt.applied_at,
            exists (select from sync_change c ${joinLatestDecision}
                    where c.sync_id = s.id and ${isAllowed}) as free
     from sync s
     left join lateral (
       select coalesce(r.user_name, 'the program') as applied_by, o.created_at as applied_at
       from sync_outcome o join job_result r on r.id = o.job_result_id
       where o.sync_id = s.id and o.status <> 'cancelled' order by o.id limit 1) attempt on true
     where s.id = $1`,
    [syncId],
  );
  const sync = rows[0];
  if (sync === undefined) {
    return { kind: "not-found", reason: `There is no sync ${syncId}; the history lists them.` };
  }
  if (!sync.is_dry_run) {
    return {
      kind: "conflict",
      reason: "This was not a dry run: it applied its own plan. Start a new run to sync again.",
    };
  }
  if (sync.open_status !== null) {
    return {
      kind: "conflict",
      reason: `A run of this sync is ${sync.open_status}; wait for its end, or cancel it.`,
    };
  }
  if (sync.applied_by !== null) {
    return {
      kind: "conflict",
      reason: `The plan was already applied by ${sync.applied_by} at ${sync.applied_at?.toISOString() ?? ""}; start a new run for what has changed since.`,
    };
  }
  if (sync.status === "stale") {
    return {
      kind: "stale",
      reason: "The plan no longer fits the target; start a new dry run.",
    };
  }
  if (sync.plan_digest === null) {
    return { kind: "conflict", reason: "The dry run did not come to a plan; start a new one." };
  }
  if (!sync.free) {
    return {
      kind: "conflict",
      reason:
        "The plan holds nothing to apply: there is no change, or every change is held or rejected.",
    };
  }
  return null;
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
