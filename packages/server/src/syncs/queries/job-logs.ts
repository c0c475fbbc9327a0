import { sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import type { JobLog as JobLogSchema, logLevels } from "../../rest/declarations/job-result.ts";
import { allOf, contains, countOf, iso, isOneOf } from "./conditions.ts";
import type { Page, Paging, Reader } from "./conditions.ts";

export type JobLog = z.infer<typeof JobLogSchema>;
type LogLevel = (typeof logLevels)[number];

export interface JobLogFilter {
  readonly level?: readonly LogLevel[] | undefined;
  readonly grouping?: string | undefined;
  readonly q?: string | undefined;
  /** Only lines with a greater id. */
  readonly after?: number | undefined;
}

/** Lines of a run, oldest first. */
export async function listJobLogs(
  reader: Reader,
  jobResultId: string,
  filter: JobLogFilter,
  paging: Paging,
): Promise<Page<JobLog>> {
  const where = allOf([
    sql`job_result_id = ${jobResultId}`,
    isOneOf(sql`level`, filter.level),
    filter.grouping === undefined ? undefined : sql`grouping = ${filter.grouping}`,
    contains([sql`message`], filter.q),
    filter.after === undefined ? undefined : sql`id > ${filter.after}`,
  ]);
  const { rows } = await sql<Omit<JobLog, "at"> & { created_at: Date }>`
    select id, created_at, level, grouping, message, details from job_log
     where ${where} order by id limit ${paging.limit} offset ${paging.offset}`.execute(reader);
  return {
    items: rows.map(({ created_at, ...log }) => ({ ...log, at: iso(created_at) })),
    total: await countOf(reader, sql`from job_log where ${where}`),
  };
}

/** Batches of every line that matches, for exports. */
export async function* eachJobLog(
  reader: Reader,
  jobResultId: string,
  filter: JobLogFilter,
): AsyncGenerator<JobLog[]> {
  for (let after = 0; ;) {
    const paging = { limit: 1000, offset: 0 };
    const { items } = await listJobLogs(reader, jobResultId, { ...filter, after }, paging);
    yield items;
    if (items.length < paging.limit) return;
    after = items.at(-1)?.id ?? after;
  }
}

export async function countJobLogs(
  reader: Reader,
  jobResultId: string,
): Promise<Record<LogLevel, number>> {
  const { rows } = await sql<{ level: LogLevel; count: number }>`
    select level, count(*) as count from job_log where job_result_id = ${jobResultId} group by level`.execute(
    reader,
  );
  const counts = { debug: 0, info: 0, success: 0, warning: 0, error: 0 };
  for (const { level, count } of rows) counts[level] = count;
  return counts;
}

/** How many objects each of the runs found that did not read back as written, by job result id. */
export async function countMismatches(
  reader: Reader,
  jobResultIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ id: string; count: number }>`
    select job_result_id as id, count(*) as count from job_log
     where job_result_id = any(${[...jobResultIds]}::uuid[]) and grouping = 'verify' and level = 'warning'
     group by job_result_id`.execute(reader);
  return new Map(rows.map(({ id, count }) => [id, count]));
}
