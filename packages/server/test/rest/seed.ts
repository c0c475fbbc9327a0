// Rows of syncs as the runner writes them, written directly: large ones in a second.
import type pg from "pg";
import type { Direction } from "@plumbline/plugin-kit";

export interface SeededSync {
  readonly syncId: string;
  readonly jobResultId: string;
}

export async function seedSync(
  pool: pg.Pool,
  facts: {
    readonly jobId?: string;
    readonly status?: string;
    readonly reason?: string;
    readonly isDryRun?: boolean;
    readonly direction?: Direction;
  } = {},
): Promise<SeededSync> {
  const { jobId = "sites", status = "planned", isDryRun = true, direction = "source" } = facts;
  const isOpen = ["pending", "waiting", "running"].includes(status);
  const sync = await pool.query<{ id: string }>(
    `insert into sync (job_id, job_title, direction, source_name, target_name, target_lock, is_dry_run,
                       status, status_reason, user_name, plan_digest, created_at, started_at, finished_at)
     values ($1, 'Sites', $2, 'Sites', 'Hub', 'hub', $3, $4, $5, 'ada', 'digest', clock_timestamp(),
             now() - interval '90 s', case when $6 then null else now() end) returning id`,
    [jobId, direction, isDryRun, status, facts.reason ?? null, isOpen],
  );
  const syncId = sync.rows[0]?.id ?? "";
  const result = await pool.query<{ id: string }>(
    `insert into job_result (job_id, job_title, kind, sync_id, status, user_name, started_at, finished_at)
     select job_id, job_title, 'run', id, status, user_name, started_at, finished_at from sync where id = $1
     returning id`,
    [syncId],
  );
  return { syncId, jobResultId: result.rows[0]?.id ?? "" };
}

/** Appends `count` prefixes with ten addresses below each: creates, in the order of applying. */
export async function seedPlan(pool: pg.Pool, syncId: string, prefixes: number): Promise<void> {
  await pool.query(
    `insert into sync_change (sync_id, position, model, action, key, label, parent_model, parent_key,
                              before, after, fields, rank)
     select $1, n, 'prefix', 'create', key, label, null, null, null,
            jsonb_build_object('namespace', '["Global"]', 'prefix', label, 'description', 'A prefix'), '{}', 1
       from generate_series(1, $2::int) n,
            lateral (select format('10.%s.%s.0/24', n / 256, n % 256) as label) l,
            lateral (select format('[["Global"],"%s"]', label) as key) k`,
    [syncId, prefixes],
  );
  await pool.query(
    `insert into sync_change (sync_id, position, model, action, key, label, parent_model, parent_key,
                              before, after, fields, rank)
     select $1, $2::int + (n - 1) * 10 + m, 'ip_address', 'create', format('[["Global"],"%s"]', label), label,
            'prefix', format('[["Global"],"10.%s.%s.0/24"]', n / 256, n % 256), null,
            jsonb_build_object('namespace', '["Global"]', 'host', label, 'mask_length', 24, 'dns_name', ''),
            '{}', 2
       from generate_series(1, $2::int) n, generate_series(1, 10) m,
            lateral (select format('10.%s.%s.%s', n / 256, n % 256, m) as label) l`,
    [syncId, prefixes],
  );
}

/** Adds one prefix with many addresses in it, behind the changes that there are. */
export async function seedWideParent(
  pool: pg.Pool,
  syncId: string,
  children: number,
): Promise<void> {
  await pool.query(
    `with last as (select coalesce(max(position), 0) as position from sync_change where sync_id = $1)
     insert into sync_change (sync_id, position, model, action, key, label, parent_model, parent_key,
                              before, after, fields, rank)
     select $1, last.position + 1 + n, case n when 0 then 'prefix' else 'ip_address' end, 'create',
            format('[["Global"],"%s"]', label), label, case when n > 0 then 'prefix' end,
            case when n > 0 then '[["Global"],"11.0.0.0/8"]' end, null,
            jsonb_build_object('namespace', '["Global"]', 'description', label), '{}', 2
       from last, generate_series(0, $2::int) n,
            lateral (select case n when 0 then '11.0.0.0/8'
                            else format('11.%s.%s.%s', n / 65536, n / 256 % 256, n % 256) end as label) l`,
    [syncId, children],
  );
}

export async function seedOutcomes(
  pool: pg.Pool,
  { syncId, jobResultId }: SeededSync,
  status: string,
  where = "true",
): Promise<void> {
  await pool.query(
    `insert into sync_outcome (sync_id, position, job_result_id, status, error_code, error_message, error_field, error_value)
     select sync_id, position, $2, $3::text, case when $3 = 'failed' then 'invalid-input' end,
            case when $3 = 'failed' then 'No prefix contains it; create one first.' end,
            case when $3 = 'failed' then 'host' end, case when $3 = 'failed' then label end
       from sync_change where sync_id = $1 and ${where} order by position`,
    [syncId, jobResultId, status],
  );
}

export async function seedHolds(
  pool: pg.Pool,
  syncId: string,
  guard: string,
  where: string,
): Promise<void> {
  await pool.query(
    `insert into sync_decision (sync_id, position, verdict, guard, reason)
     select sync_id, position, 'hold', $2, 'Deletes were not asked for; run again with them.'
       from sync_change where sync_id = $1 and ${where} order by position`,
    [syncId, guard],
  );
}

/** A worker that seems to be alive for as long as a test lasts. */
export async function seedWorker(pool: Pick<pg.Pool, "query">): Promise<void> {
  await pool.query(
    "insert into job_worker (id, host, pid, heartbeat_at) values (gen_random_uuid(), 'here', 1, 'infinity')",
  );
}
