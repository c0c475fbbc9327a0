import type pg from "pg";
import { ConflictError, NotFoundError } from "@plumbline/sync";
import { inTransaction } from "../database/transaction.ts";
import { isFailed, isUnfinished, joinLatestDecision, joinLatestOutcome } from "./latest.ts";
import { findStarted, type RequestKey } from "./once.ts";
import {
  type ApplyObstacle,
  insertJobResult,
  type RunUser,
  type StartContext,
  type StartedRun,
} from "./start.ts";

/** Ways to carry on with a plan of which something was applied. */
export type CarryOn = "resume" | "retry";

/**
 * Queues the rest of a sync's plan: what was not tried (resume), or what failed and what was skipped because
 * of it (retry). What was applied is not applied again.
 * @throws NotFoundError; ConflictError where a run of the sync is at work or nothing is left to do
 */
export async function startCarryOn(
  context: StartContext,
  syncId: string,
  kind: CarryOn,
  user: RunUser | null,
  once?: RequestKey,
): Promise<StartedRun> {
  return inTransaction(context.database, async ({ client }) => {
    const earlier = await findStarted(client, user?.id ?? null, once);
    if (earlier !== null) return earlier;
    await client.query("select from sync where id = $1 for update", [syncId]);
    const obstacle = (await findCarryOnObstacles(client, syncId))[kind];
    if (obstacle !== null) {
      if (obstacle.kind === "not-found") throw new NotFoundError(obstacle.reason);
      throw new ConflictError(obstacle.reason);
    }
    const jobResultId = await insertJobResult(client, kind, syncId, user, once);
    await context.queue.enqueue(jobResultId, client);
    return { jobResultId, syncId };
  });
}

/** Why a sync's plan cannot be carried on, by the way of doing so; null where it can. */
export async function findCarryOnObstacles(
  executor: Pick<pg.ClientBase | pg.Pool, "query">,
  syncId: string,
): Promise<Readonly<Record<CarryOn, ApplyObstacle | null>>> {
  const { rows } = await executor.query<{
    plan_digest: string | null;
    open_status: string | null;
    was_tried: boolean;
    unfinished: boolean;
    failed: boolean;
  }>(
    `select s.plan_digest,
            (select r.status from job_result r where r.sync_id = s.id
               and r.status in ('pending', 'waiting', 'running') limit 1) as open_status,
            (not s.is_dry_run or exists (select from sync_outcome o
              where o.sync_id = s.id and o.status <> 'cancelled')
              or exists (select from sync_sent t where t.sync_id = s.id)) as was_tried,
            exists (select from sync_change c ${joinLatestDecision} ${joinLatestOutcome}
                     where c.sync_id = s.id and ${isUnfinished}) as unfinished,
            exists (select from sync_change c ${joinLatestDecision} ${joinLatestOutcome}
                     where c.sync_id = s.id and ${isFailed}) as failed
       from sync s where s.id = $1`,
    [syncId],
  );
  const sync = rows[0];
  const both = (obstacle: ApplyObstacle): Record<CarryOn, ApplyObstacle> => ({
    resume: obstacle,
    retry: obstacle,
  });
  const conflict = (reason: string): ApplyObstacle => ({ kind: "conflict", reason });
  if (sync === undefined) {
    return both({
      kind: "not-found",
      reason: `There is no sync ${syncId}; the history lists them.`,
    });
  }
  if (sync.open_status !== null) {
    return both(
      conflict(`A run of this sync is ${sync.open_status}; wait for its end, or cancel it.`),
    );
  }
  if (sync.plan_digest === null) {
    return both(
      conflict("The run ended before its plan was whole, and wrote nothing. Start a new run."),
    );
  }
  if (!sync.was_tried) {
    return both(conflict("Nothing of this plan has been applied yet. Apply it."));
  }
  return {
    resume: sync.unfinished
      ? null
      : conflict("Every change that may be applied was tried; there is nothing to resume."),
    retry: sync.failed ? null : conflict("No change of this sync failed."),
  };
}
