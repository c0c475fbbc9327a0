-- Accounts, jobs, syncs and their records. The inventory's own tables come with 0002.

create table job_worker (
  id uuid primary key,
  host text not null,
  pid integer not null,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now()
);

-- The jobs, models and load errors found by the last discovery; one row.
create table job_manifest (
  id boolean primary key default true check (id),
  manifest jsonb not null,
  updated_at timestamptz not null default now()
);

-- The record of one Data Source or Data Target run; it may have several job results (plan, apply later).
create table sync (
  id uuid primary key default gen_random_uuid(),
  job_id text not null,
  job_title text not null,
  direction text not null check (direction in ('source', 'target')),
  source_name text not null,
  target_name text not null,
  -- What decides whether two runs touch the same target.
  target_lock text not null,
  is_dry_run boolean not null,
  asks_deletes boolean not null default false,
  input jsonb not null default '{}',
  user_id text,
  user_name text,
  status text not null default 'pending' check (status in (
    'pending', 'running', 'planned', 'in-agreement', 'applied', 'partial', 'held', 'failed', 'cancelled', 'stale', 'lost')),
  -- Thing, fact, next step: why the status is what it is.
  status_reason text,
  plan_digest text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  peak_memory_bytes bigint
);
create index sync_created on sync (created_at desc, id);
create index sync_job on sync (job_id, created_at desc);

create table job_result (
  id uuid primary key default gen_random_uuid(),
  job_id text not null,
  job_title text not null,
  -- 'run': load, diff, plan, and apply unless dry; 'apply': apply the plan of an earlier dry run.
  kind text not null check (kind in ('run', 'apply')),
  sync_id uuid not null references sync on delete cascade,
  status text not null default 'pending' check (status in (
    'pending', 'waiting', 'running', 'planned', 'in-agreement', 'applied', 'partial', 'held', 'failed', 'cancelled', 'stale', 'lost')),
  status_reason text,
  user_id text,
  user_name text,
  input jsonb not null default '{}',
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  worker_id uuid,
  -- Raised when the run is claimed or declared lost; every hub transaction of a run checks it.
  fence integer not null default 0,
  cancel_requested_at timestamptz,
  cancel_requested_by text,
  -- Last progress per phase: {"source": {"done": 120, "total": 500, "perSecond": 80}, ...}
  progress jsonb not null default '{}',
  peak_memory_bytes bigint
);
create index job_result_created on job_result (created_at desc, id);
create index job_result_sync on job_result (sync_id);
create index job_result_open on job_result (status) where status in ('pending', 'waiting', 'running');

create table job_log (
  id bigint generated always as identity primary key,
  job_result_id uuid not null references job_result on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  level text not null check (level in ('debug', 'info', 'success', 'warning', 'error')),
  -- Which part of the run speaks: run, source, target, diff, plan, apply, verify.
  grouping text not null default 'run',
  message text not null,
  details jsonb
);
create index job_log_result on job_log (job_result_id, id);

-- How long each phase took: source, target, diff, apply, verify.
create table sync_phase (
  sync_id uuid not null references sync on delete cascade,
  job_result_id uuid not null references job_result on delete cascade,
  phase text not null check (phase in ('source', 'target', 'diff', 'apply', 'verify')),
  started_at timestamptz not null,
  finished_at timestamptz,
  done bigint not null default 0,
  primary key (job_result_id, phase)
);
create index sync_phase_sync on sync_phase (sync_id);

-- Per model: how much was read and found equal. Differences are rows of sync_change.
create table sync_model (
  sync_id uuid not null references sync on delete cascade,
  model text not null,
  position integer not null,
  source_count bigint not null,
  target_count bigint not null,
  unchanged_count bigint not null,
  source_incomplete text,
  target_incomplete text,
  primary key (sync_id, model)
);

-- The plan: immutable rows, one per object to create, update or delete.
create table sync_change (
  sync_id uuid not null references sync on delete cascade,
  -- Place in the plan, from 1: the order of applying.
  position bigint not null,
  model text not null,
  action text not null check (action in ('create', 'update', 'delete')),
  key text collate "C" not null,
  label text not null,
  parent_model text,
  parent_key text collate "C",
  before jsonb,
  after jsonb,
  fields text[] not null default '{}',
  rank integer not null,
  target_id text,
  target_version text,
  source_id text,
  primary key (sync_id, position)
);
create index sync_change_model on sync_change (sync_id, model, action, position);
create index sync_change_parent on sync_change (sync_id, parent_model, parent_key, position);

-- Rulings of guards (and later of people) on changes; append-only, the latest rules.
create table sync_decision (
  id bigint generated always as identity primary key,
  sync_id uuid not null,
  position bigint not null,
  verdict text not null check (verdict in ('hold', 'release')),
  guard text,
  reason text not null,
  user_name text,
  created_at timestamptz not null default now(),
  foreign key (sync_id, position) references sync_change on delete cascade
);
create index sync_decision_change on sync_decision (sync_id, position, id desc);

-- What became of changes at an attempt; append-only, the latest counts.
create table sync_outcome (
  id bigint generated always as identity primary key,
  sync_id uuid not null,
  position bigint not null,
  job_result_id uuid not null references job_result on delete cascade,
  status text not null check (status in ('applied', 'failed', 'skipped', 'stale', 'cancelled')),
  error_code text,
  error_message text,
  error_field text,
  error_value text,
  target_id text,
  created_at timestamptz not null default clock_timestamp(),
  foreign key (sync_id, position) references sync_change on delete cascade
);
create index sync_outcome_change on sync_outcome (sync_id, position, id desc);

-- Changes handed to a target whose writes are not in this database. One without an outcome after a
-- crash may or may not have reached the target; the next run reads it back.
create table sync_sent (
  sync_id uuid not null,
  position bigint not null,
  job_result_id uuid not null references job_result on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  primary key (sync_id, position),
  foreign key (sync_id, position) references sync_change on delete cascade
);

create table sync_finding (
  id bigint generated always as identity primary key,
  sync_id uuid not null references sync on delete cascade,
  kind text not null,
  side text not null check (side in ('source', 'target')),
  model text not null,
  key text collate "C",
  label text,
  field text,
  value text,
  message text not null,
  origin text,
  created_at timestamptz not null default clock_timestamp()
);
create index sync_finding_sync on sync_finding (sync_id, id);

-- Remembered pairs: the id another system gives an object, and the id of the same object in the hub.
create table identity (
  connection text not null,
  model text not null,
  remote_id text not null,
  hub_id uuid not null,
  last_seen_sync uuid,
  primary key (connection, model, remote_id)
);
create index identity_hub on identity (model, hub_id);
