import type pg from "pg";
import type { VariableValues } from "@plumbline/plugin-kit";
import { FencedError, type RunFence } from "./fence.ts";
import type { JobKind } from "./job-kind.ts";

/** What a run was asked to do, as recorded when it was started. */
export interface RunRequest extends RunFence {
  readonly syncId: string;
  readonly jobId: string;
  readonly kind: JobKind;
  /** The sync that this one takes back; null for any other. */
  readonly undoOf: string | null;
  readonly isDryRun: boolean;
  readonly asksDeletes: boolean;
  /** What this run alone passes over, as it was asked for. */
  readonly ignore: readonly string[];
  readonly variables: VariableValues;
  readonly userName: string | null;
}

/** @throws FencedError when the run is not this process's to do. */
export async function readRunRequest(
  pool: Pick<pg.Pool, "query">,
  run: RunFence,
): Promise<RunRequest> {
  const { rows } = await pool.query<{
    sync_id: string;
    job_id: string;
    kind: JobKind;
    is_dry_run: boolean;
    undo_of: string | null;
    asks_deletes: boolean;
    ignore_asked: string[];
    input: VariableValues;
    user_name: string | null;
  }>(
    `select r.sync_id, r.job_id, r.kind, s.is_dry_run, s.asks_deletes, s.ignore_asked, s.undo_of, r.input, r.user_name
     from job_result r join sync s on s.id = r.sync_id
     where r.id = $1 and r.fence = $2 and r.status = 'running'`,
    [run.jobResultId, run.fence],
  );
  const row = rows[0];
  if (row === undefined) throw new FencedError(run.jobResultId);
  return {
    jobResultId: run.jobResultId,
    fence: run.fence,
    syncId: row.sync_id,
    jobId: row.job_id,
    kind: row.kind,
    undoOf: row.undo_of,
    isDryRun: row.is_dry_run,
    asksDeletes: row.asks_deletes,
    ignore: row.ignore_asked,
    variables: row.input,
    userName: row.user_name,
  };
}
