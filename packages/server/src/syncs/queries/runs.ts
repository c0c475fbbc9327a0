import { sql } from "kysely";
import type { SyncStatus } from "@plumbline/sync";
import type { Reader } from "./conditions.ts";

/** What a job's strip of runs and its state are made from. */
export interface Run {
  readonly syncId: string;
  readonly jobResultId: string | null;
  readonly status: SyncStatus;
  readonly statusReason: string | null;
  readonly isDryRun: boolean;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly planned: number;
  readonly applied: number;
  readonly failed: number;
  /** Skipped, or stale. */
  readonly notWritten: number;
  readonly held: number;
  readonly heldUnasked: number;
}

export interface JobRuns {
  readonly total: number;
  /** At most ten, newest first. */
  readonly newest: Run[];
}

/** The newest runs of each job, by job id; jobs that never ran are left out, and so is what takes a sync back. */
export async function readRuns(
  reader: Reader,
  jobIds: readonly string[],
): Promise<Map<string, JobRuns>> {
  const { rows } = await sql<Run & { jobId: string; total: number }>`
    select job.id as "jobId", job.total, s.id as "syncId", latest.id as "jobResultId",
           case when s.status = 'pending' and latest.status = 'waiting' then 'waiting' else s.status end as status,
           s.status_reason as "statusReason", s.is_dry_run as "isDryRun", s.created_at as "createdAt",
           s.started_at as "startedAt", s.finished_at as "finishedAt",
           counts.planned, counts.applied, counts.failed, counts."notWritten", counts.held, counts."heldUnasked"
      from (select job_id as id, count(*) as total from sync
             where job_id = any(${[...jobIds]}::text[]) and undo_of is null group by job_id) job
     cross join lateral (select * from sync where job_id = job.id and undo_of is null order by created_at desc, id limit 10) s
      left join lateral (select id, status from job_result where sync_id = s.id
                          order by created_at desc, id limit 1) latest on true
     cross join lateral (select coalesce(sum(planned), 0)::bigint as planned,
                                coalesce(sum(applied), 0)::bigint as applied,
                                coalesce(sum(failed), 0)::bigint as failed,
                                coalesce(sum(skipped + stale), 0)::bigint as "notWritten",
                                coalesce(sum(held), 0)::bigint as held,
                                coalesce(sum(held_unasked), 0)::bigint as "heldUnasked"
                           from sync_count where sync_id = s.id) counts
     order by s.created_at desc, s.id`.execute(reader);
  const byJob = Map.groupBy(rows, ({ jobId }) => jobId);
  return new Map([...byJob].map(([id, newest]) => [id, { total: newest[0]?.total ?? 0, newest }]));
}
