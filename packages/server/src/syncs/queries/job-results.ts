import { sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import type { Direction } from "@plumbline/plugin-kit";
import { NotFoundError } from "@plumbline/sync";
import type {
  JobResultDetail as JobResultDetailSchema,
  JobResultRow as JobResultRowSchema,
  PhaseProgress,
} from "../../rest/declarations/job-result.ts";
import type { SyncStatus } from "@plumbline/sync";
import type { JobKind } from "../job-kind.ts";
import { allOf, contains, countOf, durationOf, iso, isoOrNull, isOneOf } from "./conditions.ts";
import type { Condition, Page, Paging, Reader } from "./conditions.ts";
import { countJobLogs, countMismatches } from "./job-logs.ts";
import { readManifestOf } from "./manifest.ts";
import { findSyncRow } from "./sync-rows.ts";

export type JobResultRow = z.infer<typeof JobResultRowSchema>;
export type JobResultDetail = z.infer<typeof JobResultDetailSchema>;

export interface JobResultFilter {
  readonly status?: readonly string[] | undefined;
  readonly jobId?: string | undefined;
  readonly q?: string | undefined;
}

interface Selected {
  id: string;
  job_id: string;
  job_title: string;
  kind: JobKind;
  sync_id: string;
  status: SyncStatus;
  status_reason: string | null;
  user_name: string | null;
  is_dry_run: boolean;
  direction: Direction;
  source_name: string;
  target_name: string;
  asks_deletes: boolean;
  ignore_asked: string[];
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  input: Record<string, unknown>;
  cancel_requested_at: Date | null;
  progress: Record<string, Partial<z.infer<typeof PhaseProgress>>>;
  peak_memory_bytes: number | null;
}

/** Job results, newest first. */
export async function listJobResults(
  reader: Reader,
  filter: JobResultFilter,
  { limit, offset }: Paging,
): Promise<Page<JobResultRow>> {
  const where = allOf([
    isOneOf(sql`r.status`, filter.status),
    filter.jobId === undefined ? undefined : sql`r.job_id = ${filter.jobId}`,
    contains([sql`r.job_title`, sql`r.user_name`, sql`r.status_reason`], filter.q),
  ]);
  const rows = await select(
    reader,
    where,
    sql`order by r.created_at desc, r.id limit ${limit} offset ${offset}`,
  );
  return {
    items: rows.map(toRow),
    total: await countOf(reader, sql`from job_result r where ${where}`),
  };
}

/** Batches of every job result that matches, for exports. */
export async function* eachJobResult(
  reader: Reader,
  filter: JobResultFilter,
): AsyncGenerator<JobResultRow[]> {
  const limit = 1000;
  for (let offset = 0; ; offset += limit) {
    const { items } = await listJobResults(reader, filter, { limit, offset });
    yield items;
    if (items.length < limit) return;
  }
}

/** @throws NotFoundError */
export async function getJobResult(reader: Reader, id: string): Promise<JobResultDetail> {
  const row = (await select(reader, sql`r.id = ${id}`, sql``))[0];
  if (row === undefined) {
    throw new NotFoundError(
      `There is no job result ${id}; the results page lists those there are.`,
    );
  }
  const [manifest, sync, logCounts, mismatches, waitsFor] = await Promise.all([
    readManifestOf(reader),
    findSyncRow(reader, row.sync_id),
    countJobLogs(reader, id),
    countMismatches(reader, [id]),
    row.status === "waiting" ? findHolder(reader, row.sync_id) : null,
  ]);
  return {
    ...toRow(row),
    jobDescription: manifest.jobs.find((job) => job.id === row.job_id)?.description ?? "",
    sourceName: row.source_name,
    targetName: row.target_name,
    sentence: sync?.sentence ?? "",
    input: row.input,
    asksDeletes: row.asks_deletes,
    ignore: row.ignore_asked,
    isCancelRequested: row.cancel_requested_at !== null,
    peakMemoryBytes: row.peak_memory_bytes,
    progress: Object.fromEntries(
      Object.entries(row.progress).map(([phase, progress]) => [
        phase,
        { ...noProgress, ...progress },
      ]),
    ),
    mismatches: mismatches.get(id) ?? 0,
    waitsFor,
    logCounts,
  };
}

/** The run that works on the target of a sync that waits. */
async function findHolder(reader: Reader, syncId: string): Promise<JobResultDetail["waitsFor"]> {
  const { rows } = await sql<NonNullable<JobResultDetail["waitsFor"]>>`
    select r.id as "jobResultId", r.job_title as "jobTitle"
      from sync mine
      join sync s on s.target_lock = mine.target_lock and s.id <> mine.id
      join job_result r on r.sync_id = s.id and r.status = 'running'
     where mine.id = ${syncId} order by r.started_at limit 1`.execute(reader);
  return rows[0] ?? null;
}

const noProgress = { done: 0, total: null, perSecond: null, startedAt: null, finishedAt: null };

async function select(reader: Reader, where: Condition, rest: Condition): Promise<Selected[]> {
  const { rows } = await sql<Selected>`
    select r.id, r.job_id, r.job_title, r.kind, r.sync_id, r.status, r.status_reason, r.user_name,
           s.is_dry_run and r.kind in ('run', 'undo') as is_dry_run, s.direction,
           s.source_name, s.target_name, s.asks_deletes, s.ignore_asked, r.created_at, r.started_at,
           r.finished_at, r.input, r.cancel_requested_at, r.progress, r.peak_memory_bytes
      from job_result r join sync s on s.id = r.sync_id
     where ${where} ${rest}`.execute(reader);
  return rows;
}

function toRow(row: Selected): JobResultRow {
  return {
    id: row.id,
    jobId: row.job_id,
    jobTitle: row.job_title,
    kind: row.kind,
    syncId: row.sync_id,
    status: row.status,
    statusReason: row.status_reason,
    user: row.user_name,
    isDryRun: row.is_dry_run,
    direction: row.direction,
    createdAt: iso(row.created_at),
    startedAt: isoOrNull(row.started_at),
    finishedAt: isoOrNull(row.finished_at),
    durationMs: durationOf(row.started_at, row.finished_at),
  };
}
