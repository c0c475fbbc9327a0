import { sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import type { Facets as FacetsSchema } from "../../rest/declarations/sync.ts";
import {
  changeState,
  type ChangeFilter,
  fromChanges,
  hasSecondRows,
  isCounted,
} from "./change-rows.ts";
import type { Condition, Reader } from "./conditions.ts";

export type Facets = z.infer<typeof FacetsSchema>;
type Facet = Facets["model"];

/**
 * How many changes each value of a filter would show beside the other filters, the most frequent first.
 * Fields are counted of one model's updates: their names mean nothing across models.
 */
export async function readFacets(
  reader: Reader,
  syncId: string,
  filter: ChangeFilter,
): Promise<Facets> {
  const counts = await readCounts(reader, syncId);
  const fromCounts = isCounted(filter) && !(await hasSecondRows(reader, syncId));
  const facet = (name: keyof StateCount & keyof ChangeFilter, value: Condition) => {
    const others = { ...filter, [name]: undefined };
    if (fromCounts) return sumCounts(counts, others, name);
    return name === "outcome" && filter.guard === undefined
      ? countStates(reader, syncId, others)
      : countRows(
          reader,
          value,
          fromChanges(syncId, others, { needsState: name === "outcome", readsAll: true }),
        );
  };
  const hasHolds = counts.some(({ outcome }) => outcome === "held");
  const [model, action, outcome, guard, field] = await Promise.all([
    facet("model", sql`ch.model`),
    facet("action", sql`ch.action`),
    facet("outcome", changeState),
    hasHolds ? countGuards(reader, syncId, filter) : [],
    filter.model === undefined ? [] : countFields(reader, syncId, filter),
  ]);
  return { model, action, outcome, guard, field };
}

interface StateCount {
  readonly model: string;
  readonly action: "create" | "update" | "delete";
  readonly outcome: NonNullable<ChangeFilter["outcome"]>[number];
  readonly count: number;
}

/** The counts that are kept beside the rows. */
export async function readCounts(reader: Reader, syncId: string): Promise<readonly StateCount[]> {
  const { rows } = await sql<StateCount>`
    select c.model, c.action, state.outcome, state.count
      from sync_count c cross join lateral (values
             ('applied', applied), ('failed', failed), ('skipped', skipped), ('stale', stale),
             ('cancelled', cancelled), ('held', held), ('rejected', rejected),
             ('pending', planned - applied - failed - skipped - stale - cancelled - held - rejected)
           ) state (outcome, count)
     where c.sync_id = ${syncId} and state.count > 0`.execute(reader);
  return rows;
}

/** The counts that filters by which they are kept leave. */
export function countsThatMatch(
  counts: readonly StateCount[],
  filter: Pick<ChangeFilter, "action" | "outcome"> & Partial<Pick<ChangeFilter, "model">>,
): readonly StateCount[] {
  return counts.filter(
    ({ model, action, outcome }) =>
      (filter.model ?? model) === model &&
      filter.action?.includes(action) !== false &&
      filter.outcome?.includes(outcome) !== false,
  );
}

function sumCounts(
  counts: readonly StateCount[],
  filter: ChangeFilter,
  name: "model" | "action" | "outcome",
): Facet {
  const sums = new Map<string, number>();
  for (const row of countsThatMatch(counts, filter)) {
    sums.set(row[name], (sums.get(row[name]) ?? 0) + row.count);
  }
  return [...sums]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

async function countRows(reader: Reader, value: Condition, from: Condition): Promise<Facet> {
  const { rows } = await sql<Facet[number]>`
    select ${value} as value, count(*)::bigint as count ${from}
     group by 1 order by 2 desc, 1`.execute(reader);
  return rows;
}

/**
 * Of many changes at once: each table is read once and their rows meet by position. Looking up the state of
 * each of 50,000 takes seconds, and a join would be planned by what is known of tables that have just been
 * filled.
 */
async function countStates(reader: Reader, syncId: string, filter: ChangeFilter): Promise<Facet> {
  const latest = (table: Condition, column: Condition, where: Condition) =>
    sql`select * from (select distinct on (position) position, ${column}
                         from ${table} where sync_id = ${syncId} and ${where}
                        order by position, id desc) latest`;
  const none = sql`null::text`;
  const { rows } = await sql<Facet[number]>`
    select coalesce(outcome, case when judgement = 'reject' then 'rejected'
                                  when verdict = 'hold' then 'held' else 'pending' end) as value,
           count(*)::bigint as count
      from (select bool_or(matches) as matches, max(outcome) as outcome, max(verdict) as verdict,
                   max(judgement) as judgement
              from (select ch.position, true as matches, ${none} as outcome, ${none} as verdict,
                           ${none} as judgement ${fromChanges(syncId, filter)}
                    union all ${latest(sql`sync_outcome`, sql`false, status, ${none}, ${none}`, sql`true`)}
                    union all ${latest(sql`sync_decision`, sql`false, ${none}, verdict, ${none}`, sql`verdict in ('hold', 'release')`)}
                    union all ${latest(sql`sync_decision`, sql`false, ${none}, ${none}, verdict`, sql`verdict in ('reject', 'accept')`)}
                   ) every_row
             group by position) states
     where matches
     group by 1 order by 2 desc, 1`.execute(reader);
  return rows;
}

/** Starts from the decisions: held changes are few beside all. */
function countGuards(reader: Reader, syncId: string, filter: ChangeFilter): Promise<Facet> {
  const from = fromChanges(syncId, { ...filter, guard: undefined }, { needsState: true });
  return countRows(
    reader,
    sql`decision.guard`,
    sql`${from} and decision.verdict = 'hold' and ch.position in (
          select position from sync_decision where sync_id = ${syncId} and verdict = 'hold')`,
  );
}

async function countFields(reader: Reader, syncId: string, filter: ChangeFilter): Promise<Facet> {
  const from = fromChanges(syncId, { ...filter, field: undefined });
  const { rows } = await sql<Facet[number]>`
    select field as value, count(*)::bigint as count
      from (select ch.fields ${from} and ch.action = 'update') updated
           cross join unnest(updated.fields) as field
     group by 1 order by 2 desc, 1`.execute(reader);
  return rows;
}
