import { sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import type { Direction } from "@plumbline/plugin-kit";
import type {
  SyncFilters,
  SyncRow as SyncRowSchema,
  syncSorts,
} from "../../rest/declarations/sync.ts";
import { NotFoundError } from "@plumbline/sync";
import { sentenceOf } from "@plumbline/sync";
import type { SyncStatus } from "@plumbline/sync";
import { comparedSides } from "../comparison.ts";
import { isCalled } from "./change-rows.ts";
import { allOf, contains, countOf, iso, isoOrNull, isOneOf } from "./conditions.ts";
import type { Condition, Page, Paging, Reader } from "./conditions.ts";
import { isForValues, syncsThatHold } from "./search-values.ts";

export type SyncRow = z.infer<typeof SyncRowSchema>;
export type SyncFilter = Partial<z.output<typeof SyncFilters>>;

interface Selected {
  id: string;
  job_id: string;
  job_title: string;
  direction: Direction;
  source_name: string;
  target_name: string;
  is_dry_run: boolean;
  undo_of: string | null;
  status: SyncStatus;
  status_reason: string | null;
  user_name: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  creates: number;
  updates: number;
  deletes: number;
  created: number;
  updated: number;
  deleted: number;
  held: number;
  held_unasked: number;
  rejected: number;
  failed: number;
  skipped: number;
  stale: number;
  cancelled: number;
  unchanged: number;
  findings: number;
  latest_job_result_id: string | null;
  spent_ms: number | null;
  phase_ms: SyncRow["phaseMs"] | null;
  peak_memory_bytes: number | null;
}

/** A sync waits when its run does. */
const status = sql`case when s.status = 'pending' and latest.status = 'waiting' then 'waiting' else s.status end`;

const sums = sql`
  coalesce(sum(planned) filter (where action = 'create'), 0)::bigint as creates,
  coalesce(sum(planned) filter (where action = 'update'), 0)::bigint as updates,
  coalesce(sum(planned) filter (where action = 'delete'), 0)::bigint as deletes,
  coalesce(sum(applied) filter (where action = 'create'), 0)::bigint as created,
  coalesce(sum(applied) filter (where action = 'update'), 0)::bigint as updated,
  coalesce(sum(applied) filter (where action = 'delete'), 0)::bigint as deleted,
  coalesce(sum(held), 0)::bigint as held, coalesce(sum(held_unasked), 0)::bigint as held_unasked,
  coalesce(sum(rejected), 0)::bigint as rejected,
  coalesce(sum(failed), 0)::bigint as failed, coalesce(sum(skipped), 0)::bigint as skipped,
  coalesce(sum(stale), 0)::bigint as stale, coalesce(sum(cancelled), 0)::bigint as cancelled`;

const latestJobResult = sql`
  left join lateral (select id, status from job_result where sync_id = s.id
                      order by created_at desc, id limit 1) latest on true`;

/** Time at work: between a dry run and its applying, hours may lie. Null while a run is open. */
const timeSpent = sql`
  left join lateral (select case when bool_and(finished_at is not null)
                              then sum(extract(epoch from finished_at - started_at) * 1000)::float8 end as ms
                       from job_result where sync_id = s.id) spent on true`;

const orders: Readonly<Record<(typeof syncSorts)[number], Condition>> = {
  "-createdAt": sql`s.created_at desc, s.id`,
  createdAt: sql`s.created_at, s.id`,
  "-durationMs": sql`spent.ms desc nulls last, s.id`,
  durationMs: sql`spent.ms nulls last, s.id`,
  jobTitle: sql`s.job_title, s.created_at desc, s.id`,
  "-jobTitle": sql`s.job_title desc, s.created_at desc, s.id`,
};

/** Syncs as the lists show them, newest first as it is. */
export async function listSyncs(
  reader: Reader,
  filter: SyncFilter,
  paging: Paging,
): Promise<Page<SyncRow>> {
  const where = await whereOf(reader, filter);
  const items = await selectPage(reader, where, filter, paging);
  const latest = filter.status === undefined ? sql`` : latestJobResult;
  const total = await countOf(reader, sql`from sync s ${latest} where ${where}`);
  return { items, total };
}

function selectPage(
  reader: Reader,
  where: Condition,
  { sort = "-createdAt" }: SyncFilter,
  { limit, offset }: Paging,
): Promise<SyncRow[]> {
  return selectSyncs(reader, where, sql`order by ${orders[sort]} limit ${limit} offset ${offset}`);
}

async function whereOf(reader: Reader, filter: SyncFilter): Promise<Condition> {
  const { q, jobId, jobResultId, isDryRun, direction } = filter;
  const isAmong = allOf([
    jobId === undefined ? undefined : sql`s.job_id = ${jobId}`,
    jobResultId === undefined
      ? undefined
      : sql`s.id = (select sync_id from job_result where id = ${jobResultId})`,
    isDryRun === undefined ? undefined : sql`s.is_dry_run = ${isDryRun}`,
    direction === undefined ? undefined : sql`s.direction = ${direction}`,
  ]);
  return allOf([isAmong, await holdsText(reader, q, isAmong), isOneOf(status, filter.status)]);
}

/** By the job, the systems and the user, or by a change: what it is called, and the values that differ. */
async function holdsText(
  reader: Reader,
  q: string | undefined,
  isAmong: Condition,
): Promise<Condition | undefined> {
  const named = contains(
    [sql`s.job_title`, sql`s.source_name`, sql`s.target_name`, sql`s.user_name`],
    q,
  );
  if (named === undefined || !isForValues(q)) return named;
  // Found once for the page and its count: reading values is what takes time.
  const { rows } = await sql<{ id: string }>`${syncsThatHold(q, isAmong)}`.execute(reader);
  const holders = rows.map(({ id }) => id);
  return sql`(${named} or ${differsIn(q)} or s.id = any(${holders}::uuid[]))`;
}

/** That something that is called so differs in the sync `s`. */
function differsIn(q: string): Condition {
  return sql`s.id in (select ch.sync_id from sync_change ch where ${isCalled(q) ?? sql`true`})`;
}

export async function findSyncRow(reader: Reader, id: string): Promise<SyncRow | undefined> {
  return (await selectSyncs(reader, sql`s.id = ${id}`, sql``))[0];
}

/** Batches of every sync that matches, for exports. */
export async function* eachSync(reader: Reader, filter: SyncFilter): AsyncGenerator<SyncRow[]> {
  const limit = 500;
  const where = await whereOf(reader, filter);
  for (let offset = 0; ; offset += limit) {
    const items = await selectPage(reader, where, filter, { limit, offset });
    yield items;
    if (items.length < limit) return;
  }
}

async function selectSyncs(reader: Reader, where: Condition, rest: Condition): Promise<SyncRow[]> {
  const { rows } = await sql<Selected>`
    select s.id, s.job_id, s.job_title, s.direction, s.source_name, s.target_name, s.is_dry_run, s.undo_of,
           ${status} as status, s.status_reason, s.user_name, s.created_at, s.started_at, s.finished_at,
           counts.*, models.unchanged, findings.findings, latest.id as latest_job_result_id,
           spent.ms as spent_ms, phases.ms as phase_ms, s.peak_memory_bytes
      from sync s
      ${latestJobResult} ${timeSpent}
      left join lateral (select ${sums} from sync_count where sync_id = s.id) counts on true
      left join lateral (select coalesce(sum(unchanged_count), 0)::bigint as unchanged
                           from sync_model where sync_id = s.id) models on true
      left join lateral (select count(*) as findings from sync_finding where sync_id = s.id) findings on true
      left join lateral (select jsonb_object_agg(phase, ms) as ms
                           from (select phase, round(sum(extract(epoch from finished_at - started_at) * 1000)) as ms
                                   from sync_phase where sync_id = s.id and finished_at is not null
                                  group by phase) p) phases on true
     where ${where} ${rest}`.execute(reader);
  return rows.map(toSyncRow);
}

function toSyncRow(row: Selected): SyncRow {
  const { creates: create, updates: update, deletes, held_unasked: heldDeletes, ...rest } = row;
  const counts = { ...rest, create, update, delete: deletes, heldDeletes };
  return {
    id: row.id,
    jobId: row.job_id,
    jobTitle: row.job_title,
    direction: row.direction,
    sourceName: row.source_name,
    targetName: row.target_name,
    isDryRun: row.is_dry_run,
    undoOf: row.undo_of,
    status: row.status,
    statusReason: row.status_reason,
    sentence: sentenceOf(counts, {
      status: row.status,
      isDryRun: row.is_dry_run,
      compares: comparedSides(row),
    }),
    user: row.user_name,
    createdAt: iso(row.created_at),
    startedAt: isoOrNull(row.started_at),
    finishedAt: isoOrNull(row.finished_at),
    durationMs: row.spent_ms === null ? null : Math.round(row.spent_ms),
    phaseMs: row.phase_ms ?? {},
    peakMemoryBytes: row.peak_memory_bytes,
    counts: {
      create,
      update,
      delete: deletes,
      unchanged: row.unchanged,
      held: row.held,
      rejected: row.rejected,
      applied: row.created + row.updated + row.deleted,
      failed: row.failed,
      skipped: row.skipped,
      stale: row.stale,
      cancelled: row.cancelled,
      findings: row.findings,
    },
    latestJobResultId: row.latest_job_result_id,
  };
}

/** @throws NotFoundError */
export async function assertSync(reader: Reader, id: string): Promise<void> {
  const row = await reader.selectFrom("sync").select("id").where("id", "=", id).executeTakeFirst();
  if (row === undefined) {
    throw new NotFoundError(`There is no sync ${id}; the history lists those there are.`);
  }
}
