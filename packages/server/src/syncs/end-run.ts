import type pg from "pg";
import { announce } from "./announce.ts";
import { comparedSides, type ComparedFacts } from "./comparison.ts";
import { countSync } from "./counts.ts";
import { FencedError, type RunFence } from "./fence.ts";
import { type JobKind, makesPlan } from "./job-kind.ts";
import { isAllowed, joinLatestDecision, joinLatestOutcome } from "./latest.ts";
import { sentenceOf, type SyncStatus } from "@plumbline/sync";

export interface RunEnd {
  readonly status: SyncStatus;
  /** Thing, fact, next step; null where the status says it all. */
  readonly reason: string | null;
  /** Statuses the run may be in; `running` when nothing is said. */
  readonly from?: readonly SyncStatus[];
  /** Gives every change that was to be applied and has no outcome the outcome `cancelled`. */
  readonly cancelsRest?: boolean;
  readonly planDigest?: string | null;
  readonly peakMemoryBytes?: number | null;
}

/**
 * Ends a run, once: its job result and its sync get their status, and no transaction of the run's
 * process commits afterwards. Waits for one that is under way.
 * @throws FencedError when the run has ended already or is another's.
 */
export async function endRun(client: pg.ClientBase, run: RunFence, end: RunEnd): Promise<void> {
  // `for update`, unlike the update alone, waits for the `for key share` of the run's transactions.
  const locked = await client.query<{ sync_id: string; kind: JobKind; status: SyncStatus }>(
    `select sync_id, kind, status from job_result
     where id = $1 and fence = $2 and status = any($3) for update`,
    [run.jobResultId, run.fence, end.from ?? ["running"]],
  );
  const row = locked.rows[0];
  if (row === undefined) throw new FencedError(run.jobResultId);
  const unknown = await countUnknown(client, run.jobResultId);
  if (end.cancelsRest === true) await cancelRest(client, row.sync_id, run.jobResultId);
  const reason =
    unknown === 0
      ? end.reason
      : `${end.reason ?? ""} ${unknown === 1 ? "1 change" : `${unknown} changes`} had been sent and not confirmed: whether the target has ${unknown === 1 ? "it" : "them"}, the next run will read.`.trim();
  await client.query(
    `update job_result set status = $2, status_reason = $3, finished_at = now(), fence = fence + 1,
            peak_memory_bytes = coalesce($4, peak_memory_bytes) where id = $1`,
    [run.jobResultId, end.status, reason, end.peakMemoryBytes ?? null],
  );
  await client.query(
    `update sync_phase set finished_at = now() where job_result_id = $1 and finished_at is null`,
    [run.jobResultId],
  );
  await client.query(
    `update sync set status = $2, status_reason = $3, finished_at = now(),
            plan_digest = coalesce($4, plan_digest),
            peak_memory_bytes = greatest(peak_memory_bytes, $5) where id = $1`,
    [
      row.sync_id,
      await syncStatusAfter(client, row.sync_id, row.kind, end.status),
      reason,
      end.planDigest ?? null,
      end.peakMemoryBytes ?? null,
    ],
  );
  await client.query(
    `insert into job_log (job_result_id, level, grouping, message)
     values ($1, $2, 'run', $3)`,
    [
      run.jobResultId,
      levelOf(end.status),
      await logLineOf(client, row.sync_id, end.status, reason),
    ],
  );
  await announce(client, "job-result", run.jobResultId);
  await announce(client, "sync", row.sync_id);
}

/** An attempt to apply that wrote nothing leaves the dry run's plan as it was: it can be tried again. */
async function syncStatusAfter(
  client: pg.ClientBase,
  syncId: string,
  kind: JobKind,
  status: SyncStatus,
): Promise<SyncStatus> {
  if (makesPlan(kind) || !["failed", "cancelled", "lost"].includes(status)) return status;
  const { rowCount } = await client.query(
    "select from sync_outcome where sync_id = $1 and status <> 'cancelled' order by position limit 1",
    [syncId],
  );
  return rowCount === 0 ? "planned" : status;
}

/** Changes handed to a target outside our database whose outcome is not recorded. */
async function countUnknown(client: pg.ClientBase, jobResultId: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*) as count from sync_sent c ${joinLatestOutcome}
     where c.job_result_id = $1 and outcome.status is null`,
    [jobResultId],
  );
  return rows[0]?.count ?? 0;
}

async function cancelRest(
  client: pg.ClientBase,
  syncId: string,
  jobResultId: string,
): Promise<void> {
  await client.query(
    `insert into sync_outcome (sync_id, position, job_result_id, status)
     select c.sync_id, c.position, $2, 'cancelled' from sync_change c
     ${joinLatestDecision}
     ${joinLatestOutcome}
     where c.sync_id = $1 and ${isAllowed}
       and (outcome.status is null or outcome.status = 'cancelled')`,
    [syncId, jobResultId],
  );
}

function levelOf(status: SyncStatus): string {
  switch (status) {
    case "failed":
    case "lost":
    case "stale":
      return "error";
    case "partial":
    case "not-converged":
    case "held":
    case "cancelled":
      return "warning";
    case "planned":
    case "in-agreement":
    case "applied":
      return "success";
    case "pending":
    case "waiting":
    case "running":
      return "info";
  }
}

async function logLineOf(
  client: pg.ClientBase,
  syncId: string,
  status: SyncStatus,
  reason: string | null,
): Promise<string> {
  const { rows } = await client.query<ComparedFacts & { is_dry_run: boolean }>(
    "select is_dry_run, direction, source_name, target_name from sync where id = $1",
    [syncId],
  );
  const [sync] = rows;
  const sentence = sentenceOf(await countSync(client, syncId), {
    status,
    isDryRun: sync?.is_dry_run === true,
    compares: sync ? comparedSides(sync) : null,
  });
  const opening = `Run ended, ${statusWords[status] ?? status}`;
  if (reason === null) return `${opening}: ${sentence}.`;
  const text = reason.includes(sentence) ? reason : `${sentence}. ${reason}`;
  return `${opening}: ${text}`;
}

/** Statuses whose name is not what one says. */
const statusWords: Partial<Record<SyncStatus, string>> = {
  planned: "with differences",
  "in-agreement": "in agreement",
  "not-converged": "not converged",
  partial: "partly done",
  held: "some changes held",
};
