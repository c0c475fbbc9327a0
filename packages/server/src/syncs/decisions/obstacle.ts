import type pg from "pg";
import type { ApplyObstacle } from "../start.ts";

/** Why nothing can be ruled on the plan of a sync (any more); null when it can. */
export async function findDecisionObstacle(
  executor: Pick<pg.ClientBase | pg.Pool, "query">,
  syncId: string,
): Promise<ApplyObstacle | null> {
  const { rows } = await executor.query<{
    is_dry_run: boolean;
    plan_digest: string | null;
    open_status: string | null;
    is_tried: boolean;
  }>(
    `select s.is_dry_run, s.plan_digest,
            (select r.status from job_result r where r.sync_id = s.id
               and r.status in ('pending', 'waiting', 'running') limit 1) as open_status,
            exists (select from sync_outcome o where o.sync_id = s.id and o.status <> 'cancelled') as is_tried
     from sync s where s.id = $1`,
    [syncId],
  );
  const sync = rows[0];
  if (sync === undefined) {
    return { kind: "not-found", reason: `There is no sync ${syncId}; the history lists them.` };
  }
  if (!sync.is_dry_run) {
    return {
      kind: "conflict",
      reason:
        "This was not a dry run: it applied its own plan. Start a dry run to review one before it is applied.",
    };
  }
  if (sync.open_status !== null) {
    return {
      kind: "conflict",
      reason: `A run of this sync is ${sync.open_status}; its plan stands as it was approved. Wait for its end, or cancel it.`,
    };
  }
  if (sync.is_tried) {
    return {
      kind: "conflict",
      reason: "The plan was applied already; start a new dry run for what there is to decide.",
    };
  }
  if (sync.plan_digest === null) {
    return { kind: "conflict", reason: "The dry run did not come to a plan; start a new one." };
  }
  return null;
}
