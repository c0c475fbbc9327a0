import type pg from "pg";
import { NotFoundError } from "@plumbline/sync";
import { inTransaction } from "../database/transaction.ts";
import { type Approval, checkApproval } from "./decisions/approval.ts";
import { findObstacle, type PlanVerb, throwObstacle } from "./obstacle.ts";
import { findStarted, type RequestKey } from "./once.ts";
import { insertJobResult, type RunUser, type StartContext, type StartedRun } from "./start.ts";

/** What to do with a sync that is recorded: only what somebody saw is applied. */
export type PlanDeed =
  | { readonly verb: "apply"; readonly approval: Approval }
  | { readonly verb: Exclude<PlanVerb, "apply"> };

/** Who asks to do what with which sync. */
export type PlanRequest = PlanDeed & {
  readonly syncId: string;
  readonly user: RunUser | null;
  /** Starts nothing where the same request has started a run already. */
  readonly once?: RequestKey | undefined;
};

/**
 * Queues it. `apply`: a dry run's plan, exactly its rows. `resume`: of a plan what was not tried. `retry`: what
 * failed, and what was skipped because of it. `undo` and `rollback`: a new sync whose plan takes back what this one
 * applied, for review or to be applied at once; the answer names the new one.
 * @throws NotFoundError; ConflictError where there is nothing to do, or a run of the sync is at work; StalePlanError
 * where a plan does not fit any more, or the approval is of another plan or other decisions
 */
export async function carryOut(context: StartContext, request: PlanRequest): Promise<StartedRun> {
  const { syncId, verb, user, once } = request;
  return inTransaction(context.database, async ({ client }) => {
    const earlier = await findStarted(client, user?.id ?? null, once);
    if (earlier !== null) return earlier;
    // Two people pressing a button at once: the second waits here and then sees the first one's job result.
    await client.query("select from sync where id = $1 for update", [syncId]);
    throwObstacle(await findObstacle(client, syncId, verb));
    if (request.verb === "apply") await checkApproval(client, syncId, request.approval);
    const takesBack = verb === "undo" || verb === "rollback";
    const id = takesBack ? await insertWayBack(client, syncId, verb, user) : syncId;
    const jobResultId = await insertJobResult(client, verb, id, user, once);
    await context.queue.enqueue(jobResultId, client);
    return { jobResultId, syncId: id };
  });
}

/** Records the sync that takes another one back. */
async function insertWayBack(
  client: pg.ClientBase,
  syncId: string,
  verb: "undo" | "rollback",
  user: RunUser | null,
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into sync (job_id, job_title, direction, source_name, target_name, target_lock, is_dry_run, asks_deletes,
                       input, user_id, user_name, undo_of)
     select job_id, job_title, direction, 'Undo of ' || source_name, target_name, target_lock, $2, true,
            input, $3, $4, id
       from sync where id = $1 returning id`,
    [syncId, verb === "undo", user?.id ?? null, user?.name ?? null],
  );
  const row = rows[0];
  if (row === undefined) throw new NotFoundError("The sync was deleted meanwhile.");
  return row.id;
}
