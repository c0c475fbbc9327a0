// The log of syncs is a view: outcomes, changes nobody tried, findings and messages, in time order.
// First the thin rows that order and page, then what the page's rows hold.
import { sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import type { logStatuses, SyncLogFilters } from "../../rest/declarations/sync-log.ts";
import { type DeclaredFacts, isCalled } from "./change-rows.ts";
import { allOf, contains, isOneOf } from "./conditions.ts";
import type { Condition, Page, Paging, Reader } from "./conditions.ts";
import {
  ofRulings,
  rulingReason,
  statusOfOutcome,
  untriedState,
  wordsAt,
} from "./said-of-changes.ts";
import { holdsValue, isForValues, recentSyncs } from "./search-values.ts";
import { readLogRows } from "./sync-log-rows.ts";
import type { LogReference, SyncLogRow } from "./sync-log-rows.ts";

export type SyncLogFilter = z.output<typeof SyncLogFilters>;
type LogStatus = (typeof logStatuses)[number];

/** Beyond this the log over all syncs does not count its rows. */
const mostCounted = 10_000;

/** A row of the page with the count of all; beyond the last page the count stands alone. */
type Counted = (LogReference & { total: number }) | { source: null; total: number };

/** The log of one sync, oldest first. */
export async function listSyncLogs(
  reader: Reader,
  manifest: DeclaredFacts,
  syncId: string,
  filter: SyncLogFilter,
  { limit, offset }: Paging,
): Promise<Page<SyncLogRow>> {
  // Both from one look: putting the rows together is what takes time.
  const { rows } = await sql<Counted>`
    with ${foundChanges(filter, syncId)}, log as materialized (${allBranches(filter, syncId)}),
         counted as (select count(*) as total from log)
    select log.*, counted.total from counted
      left join (select * from log order by at, source, id limit ${limit} offset ${offset}) log on true
     order by at, source, id`.execute(reader);
  return pageOf(reader, manifest, rows);
}

async function pageOf(
  reader: Reader,
  manifest: DeclaredFacts,
  rows: readonly Counted[],
): Promise<Page<SyncLogRow>> {
  const found = rows.filter((row) => row.source !== null);
  return { items: await readLogRows(reader, manifest, found), total: rows[0]?.total ?? 0 };
}

/** The log over all syncs, newest first. `total` stops counting at some thousands. */
export async function listLogs(
  reader: Reader,
  manifest: DeclaredFacts,
  filter: SyncLogFilter,
  { limit, offset }: Paging,
): Promise<Page<SyncLogRow> & { readonly isTotalExact: boolean }> {
  // Each kind gives no more than the page can hold, newest first and by index.
  const newest = branches(filter, undefined).map(
    ({ select }) =>
      sql`(select * from (${select}) b order by at desc, id desc limit ${offset + limit})`,
  );
  // In one statement, so that values are read once for a text in them.
  const { rows } = await sql<Counted>`
    with ${foundChanges(filter, undefined)}, counted as (select ${countOfLogs(filter)} as total)
    select log.*, counted.total from counted
      left join (select * from (${sql.join(newest, sql` union all `)}) log
                  order by at desc, source desc, id desc limit ${limit} offset ${offset}) log on true
     order by at desc, source desc, id desc`.execute(reader);
  const { items, total } = await pageOf(reader, manifest, rows);
  return { items, total: Math.min(total, mostCounted), isTotalExact: total <= mostCounted };
}

/** How many rows the log over all syncs has; each kind is counted up to one more than `mostCounted`. */
function countOfLogs(filter: SyncLogFilter): Condition {
  const counts = branches(filter, undefined).map(({ kind, select }) =>
    kind === "untried" && isCountedUntried(filter)
      ? countUntried(filter)
      : sql`(select count(*) from (${select} limit ${mostCounted + 1}) b)`,
  );
  return sql`(${sql.join(counts, sql` + `)})::bigint`;
}

/** Whether the filters are those that counts are kept by. */
function isCountedUntried({ q, status, outcome }: SyncLogFilter): boolean {
  return q === undefined && status === undefined && outcome === undefined;
}

function countUntried(filter: SyncLogFilter): Condition {
  return sql`(select coalesce(sum(planned - applied - failed - skipped - stale - cancelled), 0) from sync_count
    where ${allOf([
      isOneOf(sql`action`, filter.action),
      filter.model === undefined ? undefined : sql`model = ${filter.model}`,
      ofSync(sql`sync_id`, filter),
    ])})`;
}

/** Batches of the log of one sync, or of all syncs, oldest first, for exports. */
export async function* eachLog(
  reader: Reader,
  manifest: DeclaredFacts,
  syncId: string | undefined,
  filter: SyncLogFilter,
): AsyncGenerator<SyncLogRow[]> {
  const thin = allBranches(filter, syncId);
  let after: Condition = sql`true`;
  for (;;) {
    // Compared as text: a Date has no microseconds, and rows would come twice.
    const { rows } = await sql<LogReference & { exact: string }>`
      with ${foundChanges(filter, syncId)}
      select *, at::text as exact from (${thin}) log where ${after}
       order by at, source, id limit 1000`.execute(reader);
    yield await readLogRows(reader, manifest, rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < 1000) return;
    after = sql`(at, source, id) > (${last.exact}::timestamptz, ${last.source}, ${last.id})`;
  }
}

interface Branch {
  readonly kind: "outcome" | "untried" | "finding" | "message" | "none";
  /** Selects at, source, id and sync_id. */
  readonly select: Condition;
}

const nothing = sql`select now() as at, '' as source, 0::bigint as id, null::uuid as sync_id where false`;

/** The kinds of row that the filters allow, at least one. */
function branches(filter: SyncLogFilter, syncId: string | undefined): Branch[] {
  const kinds = filter.kind ?? ["change", "finding", "message"];
  const isAboutChanges = isGiven(filter.action) || isGiven(filter.outcome);
  const found: Branch[] = [];
  if (kinds.includes("change")) {
    found.push({ kind: "outcome", select: outcomeBranch(filter, syncId) });
    found.push(
      ...untriedBranches(filter, syncId).map((select) => ({ kind: "untried", select }) as const),
    );
  }
  if (kinds.includes("finding") && !isAboutChanges && allows(filter.status, "failure")) {
    found.push({ kind: "finding", select: findingBranch(filter, syncId) });
  }
  if (kinds.includes("message") && !isAboutChanges && filter.model === undefined) {
    found.push({ kind: "message", select: messageBranch(filter, syncId) });
  }
  return found.length > 0 ? found : [{ kind: "none", select: nothing }];
}

function isGiven(values: readonly string[] | undefined): boolean {
  return values !== undefined && values.length > 0;
}

/** All kinds in one select. */
function allBranches(filter: SyncLogFilter, syncId: string | undefined): Condition {
  const selects = branches(filter, syncId).map(({ select }) => select);
  return sql.join(selects, sql` union all `);
}

/**
 * `found`: the changes that a text finds, by what they are called, for which there is an index, or by their values,
 * those of the newest syncs that the filters allow.
 */
function foundChanges(filter: SyncLogFilter, syncId: string | undefined): Condition {
  const { q } = filter;
  const named = isCalled(q);
  if (named === undefined) return sql`found as (select null::uuid, null::bigint where false)`;
  const isWanted = (text: Condition) =>
    allOf([ofSync(sql`ch.sync_id`, filter, syncId), ...changeConditions(filter), text]);
  const columns = sql`select ch.sync_id, ch.position`;
  const byName = sql`${columns} from sync_change ch where ${isWanted(named)}`;
  if (!isForValues(q)) return sql`found as materialized (${byName})`;
  const syncs = recentSyncs(ofSync(sql`s.id`, filter, syncId) ?? sql`true`);
  // A look into each sync: joined, the changes of all would be read.
  return sql`found as materialized (${byName} union all
    select ch.sync_id, ch.position from (${syncs}) recent
     cross join lateral (select * from sync_change ch
                          where ch.sync_id = recent.id and ${isWanted(holdsValue(q))} offset 0) ch)`;
}

/** What `o.status` is called by the logs. */
const statusOfTried = sql.raw(wordsAt("o.status", statusOfOutcome));

function outcomeBranch(filter: SyncLogFilter, syncId: string | undefined): Condition {
  const aboutChange = changeConditions(filter);
  const join = aboutChange.some((condition) => condition !== undefined)
    ? sql`join sync_change ch on ch.sync_id = o.sync_id and ch.position = o.position`
    : sql``;
  return sql`select o.created_at as at, 'outcome' as source, o.id, o.sync_id from sync_outcome o ${join}
    where ${allOf([
      ofSync(sql`o.sync_id`, filter, syncId),
      isOneOf(statusOfTried, filter.status),
      ...aboutChange,
      lastOutcome(filter),
      outcomeText(filter, syncId),
    ])}`;
}

/** That this came of a change in the end: what came of earlier attempts is not counted. */
function lastOutcome({ outcome }: SyncLogFilter): Condition | undefined {
  const isAmong = isOneOf(sql`o.status`, outcome);
  return isAmong === undefined
    ? undefined
    : sql`(${isAmong} and not exists (select from sync_outcome later
        where later.sync_id = o.sync_id and later.position = o.position and later.id > o.id))`;
}

/**
 * That the text finds the change, or that why it failed says so. Each is looked for by itself: a condition that holds
 * either of them would be tried on every row.
 */
function outcomeText(filter: SyncLogFilter, syncId: string | undefined): Condition | undefined {
  const said = contains([sql`f.error_message`], filter.q);
  if (said === undefined) return undefined;
  return sql`o.id in (
    select n.id from found join sync_outcome n on n.sync_id = found.sync_id and n.position = found.position
     union all
    select f.id from sync_outcome f where ${allOf([ofSync(sql`f.sync_id`, filter, syncId), said])})`;
}

/**
 * Planned changes that have no outcome. With a text those that it finds, and apart from them those that are held or were
 * rejected for a reason that has it: these are few.
 */
function untriedBranches(filter: SyncLogFilter, syncId: string | undefined): Condition[] {
  if (contains([sql`ch.label`], filter.q) === undefined) return [untriedBranch(filter, syncId)];
  const isFound = sql`(ch.sync_id, ch.position) in (select * from found)`;
  return [
    untriedBranch(filter, syncId, isFound),
    untriedBranch(filter, syncId, sql`${rulingText(filter, syncId)} and not ${isFound}`),
  ];
}

/** Changes about which somebody or a guard ever ruled so, against them: few, and looked up by themselves. */
function ruledAgainst(
  filter: SyncLogFilter,
  syncId: string | undefined,
  reason?: Condition,
): Condition {
  return sql`(ch.sync_id, ch.position) in (select d.sync_id, d.position from sync_decision d
    where ${allOf([ofSync(sql`d.sync_id`, filter, syncId), sql`d.verdict in ('hold', 'reject')`, reason])})`;
}

/** That the ruling which a row tells has the text in its reason. */
function rulingText(filter: SyncLogFilter, syncId: string | undefined): Condition {
  const reason = sql.raw(ofRulings("ch", rulingReason));
  return allOf([
    ruledAgainst(filter, syncId, contains([sql`d.reason`], filter.q)),
    contains([reason], filter.q),
  ]);
}

/** Untried changes stand at the time their plan was made. */
function untriedBranch(
  filter: SyncLogFilter,
  syncId: string | undefined,
  where?: Condition,
): Condition {
  const state = sql`case when ${ruledAgainst(filter, syncId)}
    then ${sql.raw(ofRulings("ch", untriedState))} else 'pending' end`;
  // A sync whose every change was tried is not looked into.
  const isUntried = sql`exists (select from sync_count c where c.sync_id = s.id
      and c.planned > c.applied + c.failed + c.skipped + c.stale + c.cancelled)`;
  const planned = sql`
    select s.id, coalesce(phase.finished_at, s.started_at, s.created_at) as at
      from sync s left join lateral (select finished_at from sync_phase p where p.sync_id = s.id and p.phase = 'diff'
                                      order by p.started_at limit 1) phase on true
     where ${allOf([ofSync(sql`s.id`, filter, syncId), isUntried])}
     order by 2 desc`;
  return sql`select planned.at, 'change' as source, ch.position as id, ch.sync_id
    from (${planned}) planned join sync_change ch on ch.sync_id = planned.id
    where ${allOf([
      sql`not exists (select from sync_outcome o where o.sync_id = ch.sync_id and o.position = ch.position)`,
      isOneOf(sql`case ${state} when 'pending' then 'success' else 'failure' end`, filter.status),
      isOneOf(state, filter.outcome),
      ...changeConditions(filter),
      where,
    ])}`;
}

function findingBranch(filter: SyncLogFilter, syncId: string | undefined): Condition {
  return sql`select f.created_at as at, 'finding' as source, f.id, f.sync_id from sync_finding f
    where ${allOf([
      ofSync(sql`f.sync_id`, filter, syncId),
      filter.model === undefined ? undefined : sql`f.model = ${filter.model}`,
      contains([sql`f.label`, sql`f.key`, sql`f.message`], filter.q),
    ])}`;
}

/** What the adapters said, and every warning and error. */
function messageBranch(filter: SyncLogFilter, syncId: string | undefined): Condition {
  return sql`select l.created_at as at, 'message' as source, l.id, r.sync_id
    from job_log l join job_result r on r.id = l.job_result_id
    where ${allOf([
      ofSync(sql`r.sync_id`, filter, syncId),
      sql`(l.level in ('warning', 'error') or (l.grouping in ('source', 'target') and l.level <> 'debug'))`,
      isOneOf(
        sql`case l.level when 'error' then 'error' when 'warning' then 'failure' else 'success' end`,
        filter.status,
      ),
      contains([sql`l.message`], filter.q),
    ])}`;
}

/** That a row is of the one sync, or of one that the filters allow. */
function ofSync(
  column: Condition,
  { jobId, direction, syncId: wanted }: SyncLogFilter,
  syncId?: string,
): Condition | undefined {
  if (syncId !== undefined) return sql`${column} = ${syncId}`;
  if (jobId === undefined && direction === undefined) {
    return wanted === undefined ? undefined : sql`${column} = ${wanted}`;
  }
  return sql`${column} in (select id from sync where ${allOf([
    wanted === undefined ? undefined : sql`id = ${wanted}`,
    jobId === undefined ? undefined : sql`job_id = ${jobId}`,
    direction === undefined ? undefined : sql`direction = ${direction}`,
  ])})`;
}

function changeConditions(filter: SyncLogFilter): (Condition | undefined)[] {
  return [
    isOneOf(sql`ch.action`, filter.action),
    filter.model === undefined ? undefined : sql`ch.model = ${filter.model}`,
  ];
}

function allows(wanted: readonly LogStatus[] | undefined, status: LogStatus): boolean {
  return wanted === undefined || wanted.length === 0 || wanted.includes(status);
}
