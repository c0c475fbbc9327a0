import type pg from "pg";
import type { Action, Values } from "@plumbline/sync";
import { unreleasable } from "./decisions/ruling.ts";
import {
  isAllowed,
  isFailed,
  isOpen,
  isUnfinished,
  joinLatestDecision,
  joinLatestOutcome,
} from "./latest.ts";
import type { RecordedChange } from "./record-plan.ts";

/** A recorded change as `changeColumns` of `sync_change c` give it. */
export interface ChangeRow {
  position: number;
  model: string;
  action: Action;
  key: string;
  label: string;
  parent_model: string | null;
  parent_key: string | null;
  before: Values | null;
  after: Values | null;
  fields: string[];
  rank: number;
  target_id: string | null;
  target_version: string | null;
  source_id: string | null;
  step: 0 | 1 | 2;
  is_open: boolean;
}

export const changeColumns =
  "c.position, model, action, key, label, parent_model, parent_key, before, after, fields, rank, c.target_id, target_version, source_id, step";

/**
 * Which rows of a plan: of those that may be applied those not applied, those not tried, those that failed; of those
 * that may not be, those that people can let through, and those that nobody can.
 */
export type PlanRows = "open" | "unfinished" | "failed" | "withheld" | "barred";

const isBarred = `(decision.verdict is not distinct from 'hold' and decision.guard = any ('{${unreleasable.join(",")}}'))`;

const conditions: Readonly<Record<PlanRows, string>> = {
  open: isOpen,
  unfinished: isUnfinished,
  failed: isFailed,
  withheld: `not ${isAllowed} and not ${isBarred}`,
  barred: isBarred,
};

/**
 * Recorded rows of a plan, in their order; as it is those to be applied: not held, and not applied
 * already. In pages, so that a large plan is never in memory.
 */
export async function* readPlan(
  database: { readonly pool: pg.Pool },
  syncId: string,
  which: PlanRows = "open",
  pageSize = 5000,
): AsyncGenerator<RecordedChange[]> {
  let position = 0;
  for (;;) {
    const { rows } = await database.pool.query<ChangeRow>(
      `select ${changeColumns}, (${conditions[which]}) as is_open
       from (select * from sync_change where sync_id = $1 and position > $2
             order by position limit $3) c
       ${joinLatestDecision}
       ${joinLatestOutcome}
       order by c.position`,
      [syncId, position, pageSize],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    position = last.position;
    yield rows.filter((row) => row.is_open).map(toChange);
    if (rows.length < pageSize) return;
  }
}

/** How many rows `readPlan` will give. */
export async function countOpen(
  database: { readonly pool: pg.Pool },
  syncId: string,
  which: PlanRows = "open",
): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `select count(*) as count from sync_change c ${joinLatestDecision} ${joinLatestOutcome}
     where c.sync_id = $1 and ${conditions[which]}`,
    [syncId],
  );
  return rows[0]?.count ?? 0;
}

export function toChange(row: ChangeRow): RecordedChange {
  return {
    position: row.position,
    model: row.model,
    action: row.action,
    key: row.key,
    label: row.label,
    parentModel: row.parent_model,
    parentKey: row.parent_key,
    before: row.before,
    after: row.after,
    fields: row.fields,
    rank: row.rank,
    targetId: row.target_id,
    targetVersion: row.target_version,
    sourceId: row.source_id,
    ...(row.step !== 1 && { step: row.step }),
    hold: null,
  };
}
