import type pg from "pg";
import type { Direction } from "@plumbline/plugin-kit";
import { ConflictError, NotFoundError, StalePlanError } from "@plumbline/sync";
import { comparesOnly } from "./comparison.ts";
import {
  isAllowed,
  isFailed,
  isUnfinished,
  joinLatestDecision,
  joinLatestOutcome,
} from "./latest.ts";

/** What can be done with a sync that is recorded. */
export type PlanVerb = "apply" | "resume" | "retry" | "undo" | "rollback";

type Deed = PlanVerb | "decide" | "delete";

/** Why something cannot be done with a sync. */
export interface Obstacle {
  readonly kind: "not-found" | "conflict" | "stale";
  /** Thing, fact, next step. */
  readonly reason: string;
}

type Executor = Pick<pg.ClientBase | pg.Pool, "query">;

/** @throws NotFoundError, StalePlanError or ConflictError with the obstacle's reason, where there is one */
export function throwObstacle(obstacle: Obstacle | null): void {
  if (obstacle === null) return;
  if (obstacle.kind === "not-found") throw new NotFoundError(obstacle.reason);
  if (obstacle.kind === "stale") throw new StalePlanError(obstacle.reason);
  throw new ConflictError(obstacle.reason);
}

/** Why it cannot be done with a sync (any more); null where it can. `decide` is ruling on its plan, `delete` is of its record. */
export async function findObstacle(
  executor: Executor,
  syncId: string,
  verb: Deed,
): Promise<Obstacle | null> {
  return obstacleTo(verb, executor, syncId, await readStanding(executor, syncId));
}

/** The same for all that can be done with its plan. */
export async function findObstacles(
  executor: Executor,
  syncId: string,
): Promise<Readonly<Record<Exclude<Deed, "delete">, Obstacle | null>>> {
  const standing = await readStanding(executor, syncId);
  const to = (verb: Deed): Promise<Obstacle | null> => obstacleTo(verb, executor, syncId, standing);
  return {
    apply: await to("apply"),
    decide: await to("decide"),
    resume: await to("resume"),
    retry: await to("retry"),
    undo: await to("undo"),
    rollback: await to("rollback"),
  };
}

/** How a sync stands, as far as it is quickly known. */
interface Standing {
  readonly job_id: string;
  readonly direction: Direction;
  readonly is_dry_run: boolean;
  readonly status: string;
  readonly plan_digest: string | null;
  /** Of a run of it that has not ended. */
  readonly open_status: string | null;
  readonly tried_by: string | null;
  readonly tried_at: Date | null;
  readonly was_sent: boolean;
  readonly was_applied: boolean;
  /** When it was taken back, by another sync. */
  readonly taken_back_at: Date | null;
}

/** Asked for in order, so that the sync's own rows are looked at, by index, and not those of all syncs until one is met. */
const wasApplied = (sync: string): string =>
  `(select true from sync_outcome o where o.sync_id = ${sync}.id and o.status = 'applied' order by o.position limit 1) is true`;

/** The first attempt is that of the first change that was tried. */
async function readStanding(executor: Executor, syncId: string): Promise<Standing | null> {
  const { rows } = await executor.query<Standing>(
    `select s.job_id, s.direction, s.is_dry_run, s.status, s.plan_digest,
            (select r.status from job_result r where r.sync_id = s.id
               and r.status in ('pending', 'waiting', 'running') limit 1) as open_status,
            attempt.tried_by, attempt.tried_at,
            (select true from sync_sent t where t.sync_id = s.id order by t.position limit 1) is true as was_sent,
            ${wasApplied("s")} as was_applied,
            (select max(u.finished_at) from sync u where u.undo_of = s.id and ${wasApplied("u")}) as taken_back_at
     from sync s
     left join lateral (
       select coalesce(r.user_name, 'the program') as tried_by, o.created_at as tried_at
       from sync_outcome o join job_result r on r.id = o.job_result_id
       where o.sync_id = s.id and o.status <> 'cancelled' order by o.position, o.id limit 1) attempt on true
     where s.id = $1`,
    [syncId],
  );
  return rows[0] ?? null;
}

async function obstacleTo(
  verb: Deed,
  executor: Executor,
  syncId: string,
  standing: Standing | null,
): Promise<Obstacle | null> {
  if (standing === null) {
    return { kind: "not-found", reason: `There is no sync ${syncId}; the history lists them.` };
  }
  const conflict = (reason: string): Obstacle => ({ kind: "conflict", reason });
  if (standing.direction === "comparison" && verb !== "delete") {
    return conflict(
      `${comparesOnly(standing.job_id)} Declare a Data Source or a Data Target to sync them.`,
    );
  }
  const isOnPlan = verb === "apply" || verb === "decide";
  if (isOnPlan && !standing.is_dry_run) return conflict(notDry[verb]);
  if (standing.open_status !== null) {
    const stands = verb === "decide" ? "; its plan stands as it was approved. Wait" : "; wait";
    return conflict(
      `A run of this sync is ${standing.open_status}${stands} for its end, or cancel it.`,
    );
  }
  const reason = reasons[verb](standing);
  if (reason !== null) return typeof reason === "string" ? conflict(reason) : reason;
  const needed = neededRows[verb];
  if (needed === undefined) return null;
  return (await hasRows(executor, syncId, needed)) ? null : conflict(needed.otherwise);
}

/**
 * By the counts that are kept of objects: to look at the state of each of 100,000 takes a second. An object with a
 * second step counts once, so its rows are looked at.
 */
async function hasRows(
  executor: Executor,
  syncId: string,
  { counted, condition }: NeededRows,
): Promise<boolean> {
  const { rows } = await executor.query<{ found: boolean }>(
    `select (select coalesce(sum(${counted}), 0) from sync_count where sync_id = $1) > 0
         or exists (
           select from (select distinct model, key from sync_change where sync_id = $1 and step <> 1) object
             cross join lateral (select sync_id, position from sync_change
                                  where sync_id = $1 and model = object.model and key = object.key limit 10) c
             ${joinLatestDecision} ${joinLatestOutcome}
            where ${condition}) as found`,
    [syncId],
  );
  return rows[0]?.found === true;
}

const notDry = {
  apply: "This was not a dry run: it applied its own plan. Start a new run to sync again.",
  decide:
    "This was not a dry run: it applied its own plan. Start a dry run to review one before it is applied.",
};

const staleObstacle: Obstacle = {
  kind: "stale",
  reason: "The plan no longer fits the target; start a new dry run.",
};

const withoutPlan = "The dry run did not come to a plan; start a new one.";

const reasons: Readonly<Record<Deed, (standing: Standing) => string | Obstacle | null>> = {
  apply({ tried_by, tried_at, status, plan_digest }) {
    if (status === "stale") return staleObstacle;
    if (tried_by !== null) {
      return `The plan was already applied by ${tried_by} at ${tried_at?.toISOString() ?? ""}; start a new run for what has changed since.`;
    }
    return plan_digest === null ? withoutPlan : null;
  },
  decide({ tried_by, status, plan_digest }) {
    if (status === "stale") return staleObstacle;
    if (tried_by !== null) {
      return "The plan was applied already; start a new dry run for what there is to decide.";
    }
    return plan_digest === null ? withoutPlan : null;
  },
  resume: whyNotCarriedOn,
  retry: whyNotCarriedOn,
  undo: whyNotTakenBack,
  rollback: whyNotTakenBack,
  delete: () => null,
};

function whyNotCarriedOn(standing: Standing): string | Obstacle | null {
  // What was refused whole is not carried on with what is left of it.
  if (standing.status === "stale") return staleObstacle;
  if (standing.plan_digest === null) {
    return "The run ended before its plan was whole, and wrote nothing. Start a new run.";
  }
  if (standing.is_dry_run && standing.tried_by === null && !standing.was_sent) {
    return "Nothing of this plan has been applied yet. Apply it.";
  }
  if (standing.taken_back_at === null) return null;
  return `What it applied was taken back at ${standing.taken_back_at.toISOString()}. Start a new run to sync again.`;
}

function whyNotTakenBack({ was_applied, was_sent }: Standing): string | null {
  return was_applied || was_sent
    ? null
    : "Nothing of this sync was applied, so there is nothing to take back.";
}

/** Rows of the plan without which there is nothing to do. */
interface NeededRows {
  /** How many objects they are, of the columns of sync_count. */
  readonly counted: string;
  /** The same of a row. */
  readonly condition: string;
  readonly otherwise: string;
}

const neededRows: Partial<Record<Deed, NeededRows>> = {
  apply: {
    counted: "planned - held - rejected",
    condition: isAllowed,
    otherwise:
      "The plan holds nothing to apply: there is no change, or every change is held or rejected.",
  },
  resume: {
    counted: "planned - held - rejected - applied - failed - skipped - stale",
    condition: isUnfinished,
    otherwise: "Every change that may be applied was tried; there is nothing to resume.",
  },
  retry: {
    counted: "failed + skipped",
    condition: isFailed,
    otherwise: "No change of this sync failed.",
  },
};
