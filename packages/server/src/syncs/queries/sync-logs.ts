// The log of syncs is a view: outcomes, changes nobody tried, findings and messages, in time order.
// First the thin rows that order and page, then what the page's rows hold.
import { sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import type { logStatuses, SyncLogFilters } from "../../rest/declarations/sync-log.ts";
import { isCalled, latestDecision } from "./change-rows.ts";
import { allOf, contains, isOneOf } from "./conditions.ts";
import type { Condition, Page, Paging, Reader } from "./conditions.ts";
import { readLogRows } from "./sync-log-rows.ts";
import type { LogReference, SyncLogRow } from "./sync-log-rows.ts";

export type SyncLogFilter = z.output<typeof SyncLogFilters>;
type LogStatus = (typeof logStatuses)[number];

/** Beyond this the log over all syncs does not count its rows. */
const mostCounted = 10_000;

/** The log of one sync, oldest first. */
export async function listSyncLogs(
  reader: Reader,
  syncId: string,
  filter: SyncLogFilter,
  { limit, offset }: Paging,
): Promise<Page<SyncLogRow>> {
  const thin = allBranches(filter, syncId);
  // Both from one look: putting the rows together is what takes time.
  const { rows } = await sql<(LogReference & { total: number }) | { source: null; total: number }>`
    with log as materialized (${thin}), counted as (select count(*) as total from log)
    select log.*, counted.total from counted
      left join (select * from log order by at, source, id limit ${limit} offset ${offset}) log on true
     order by at, source, id`.execute(reader);
  // Beyond the last page the count stands alone.
  const found = rows.filter((row) => row.source !== null);
  return { items: await readLogRows(reader, found), total: rows[0]?.total ?? 0 };
}

/** The log over all syncs, newest first. `total` stops counting at some thousands. */
export async function listLogs(
  reader: Reader,
  filter: SyncLogFilter,
  { limit, offset }: Paging,
): Promise<Page<SyncLogRow> & { readonly isTotalExact: boolean }> {
  // Each kind gives no more than the page can hold, newest first and by index.
  const newest = branches(filter, undefined).map(
    ({ select }) =>
      sql`(select * from (${select}) b order by at desc, id desc limit ${offset + limit})`,
  );
  const { rows } = await sql<LogReference>`
    select * from (${sql.join(newest, sql` union all `)}) log
     order by at desc, source desc, id desc limit ${limit} offset ${offset}`.execute(reader);
  const total = await countLogs(reader, filter);
  return {
    items: await readLogRows(reader, rows),
    total: Math.min(total, mostCounted),
    isTotalExact: total <= mostCounted,
  };
}

/** How many rows the log over all syncs has; each kind is counted up to one more than `mostCounted`. */
async function countLogs(reader: Reader, filter: SyncLogFilter): Promise<number> {
  const counts = branches(filter, undefined).map(({ kind, select }) =>
    kind === "untried" && filter.q === undefined && filter.status === undefined
      ? countUntried(filter)
      : sql`(select count(*) from (${select} limit ${mostCounted + 1}) b)`,
  );
  const { rows } = await sql<{ total: number }>`
    select (${sql.join(counts, sql` + `)})::bigint as total`.execute(reader);
  return rows[0]?.total ?? 0;
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
  syncId: string | undefined,
  filter: SyncLogFilter,
): AsyncGenerator<SyncLogRow[]> {
  const thin = allBranches(filter, syncId);
  let after: Condition = sql`true`;
  for (;;) {
    // Compared as text: a Date has no microseconds, and rows would come twice.
    const { rows } = await sql<LogReference & { exact: string }>`
      select *, at::text as exact from (${thin}) log where ${after}
       order by at, source, id limit 1000`.execute(reader);
    yield await readLogRows(reader, rows);
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
  const isAboutChanges = filter.action !== undefined && filter.action.length > 0;
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

/** All kinds in one select. */
function allBranches(filter: SyncLogFilter, syncId: string | undefined): Condition {
  const selects = branches(filter, syncId).map(({ select }) => select);
  return sql.join(selects, sql` union all `);
}

function outcomeBranch(filter: SyncLogFilter, syncId: string | undefined): Condition {
  const status = isOneOf(
    sql`case o.status when 'applied' then 'success' when 'failed' then 'error' else 'failure' end`,
    filter.status,
  );
  const aboutChange = changeConditions(filter);
  const join = aboutChange.some((condition) => condition !== undefined)
    ? sql`join sync_change ch on ch.sync_id = o.sync_id and ch.position = o.position`
    : sql``;
  return sql`select o.created_at as at, 'outcome' as source, o.id, o.sync_id from sync_outcome o ${join}
    where ${allOf([ofSync(sql`o.sync_id`, filter, syncId), status, ...aboutChange, outcomeText(filter, syncId)])}`;
}

/**
 * That the object is called so, or why it failed says so. Each is looked for by itself: a condition that holds either
 * of them would be tried on every row.
 */
function outcomeText(filter: SyncLogFilter, syncId: string | undefined): Condition | undefined {
  const named = isCalled(filter.q);
  if (named === undefined) return undefined;
  return sql`o.id in (
    select n.id from sync_outcome n join sync_change ch on ch.sync_id = n.sync_id and ch.position = n.position
     where ${allOf([ofSync(sql`ch.sync_id`, filter, syncId), named])}
     union all
    select f.id from sync_outcome f
     where ${allOf([ofSync(sql`f.sync_id`, filter, syncId), contains([sql`f.error_message`], filter.q)])})`;
}

/**
 * Planned changes that have no outcome. A text is looked for in objects by their index; in why changes are held
 * or were rejected apart from that, for these are few and the index would be of no use to both at once.
 */
function untriedBranches(filter: SyncLogFilter, syncId: string | undefined): Condition[] {
  const named = isCalled(filter.q);
  if (named === undefined) return [untriedBranch(filter, syncId)];
  return [
    untriedBranch(filter, syncId, { where: named }),
    untriedBranch(filter, syncId, {
      joined: latestDecision,
      where: sql`not ${named} and ${rulingText(filter, syncId)}`,
    }),
  ];
}

/** That the ruling which a row tells has the text in its reason: a rejection, or else a hold that stands. */
function rulingText(filter: SyncLogFilter, syncId: string | undefined): Condition {
  const said = (reason: Condition) => contains([reason], filter.q);
  const ruled = allOf([
    ofSync(sql`d.sync_id`, filter, syncId),
    sql`d.verdict in ('hold', 'reject')`,
    said(sql`d.reason`),
  ]);
  return allOf([
    sql`(ch.sync_id, ch.position) in (select d.sync_id, d.position from sync_decision d where ${ruled})`,
    said(sql`case when judgement.verdict = 'reject' then judgement.reason
                  when decision.verdict = 'hold' then decision.reason end`),
  ]);
}

/** Untried changes stand at the time their plan was made. */
function untriedBranch(
  filter: SyncLogFilter,
  syncId: string | undefined,
  { joined = sql``, where }: { readonly joined?: Condition; readonly where?: Condition } = {},
): Condition {
  const stands = (verdict: "hold" | "reject", against: "release" | "accept") =>
    sql`exists (select from sync_decision d where d.sync_id = ch.sync_id and d.position = ch.position
      and d.verdict = ${verdict} and not exists (select from sync_decision later
        where later.sync_id = d.sync_id and later.position = d.position and later.id > d.id
          and later.verdict = ${against}))`;
  const held = sql`(${stands("hold", "release")} or ${stands("reject", "accept")})`;
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
    from (${planned}) planned join sync_change ch on ch.sync_id = planned.id ${joined}
    where ${allOf([
      sql`not exists (select from sync_outcome o where o.sync_id = ch.sync_id and o.position = ch.position)`,
      isOneOf(sql`case when ${held} then 'failure' else 'success' end`, filter.status),
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
