-- What the pages read without counting a plan's rows each time, and the indexes they filter by.

-- Counts of a sync's changes by model and action, kept by the triggers below: whoever appends changes,
-- decisions or outcomes cannot leave them behind.
create table sync_count (
  sync_id uuid not null references sync on delete cascade,
  model text not null,
  action text not null check (action in ('create', 'update', 'delete')),
  planned bigint not null default 0,
  -- By the latest decision.
  held bigint not null default 0,
  -- Held only because the run did not ask for deletes.
  held_unasked bigint not null default 0,
  -- By the latest outcome.
  applied bigint not null default 0,
  failed bigint not null default 0,
  skipped bigint not null default 0,
  stale bigint not null default 0,
  cancelled bigint not null default 0,
  primary key (sync_id, model, action)
);

create function count_sync_changes() returns trigger language plpgsql as $$
begin
  insert into sync_count as c (sync_id, model, action, planned)
  select sync_id, model, action, count(*) from added group by sync_id, model, action
  on conflict (sync_id, model, action) do update set planned = c.planned + excluded.planned;
  return null;
end $$;

create function count_sync_decisions() returns trigger language plpgsql as $$
begin
  insert into sync_count as c (sync_id, model, action, held, held_unasked)
  select ch.sync_id, ch.model, ch.action,
         sum((latest.verdict = 'hold')::int - coalesce((earlier.verdict = 'hold')::int, 0)),
         sum((latest.verdict = 'hold' and latest.guard is not distinct from 'deletes-not-asked')::int
             - coalesce((earlier.verdict = 'hold' and earlier.guard is not distinct from 'deletes-not-asked')::int, 0))
    from (select distinct on (sync_id, position) sync_id, position, verdict, guard,
                 min(id) over (partition by sync_id, position) as first_id
            from added order by sync_id, position, id desc) latest
    join sync_change ch on ch.sync_id = latest.sync_id and ch.position = latest.position
    left join lateral (select d.verdict, d.guard from sync_decision d
                        where d.sync_id = latest.sync_id and d.position = latest.position and d.id < latest.first_id
                        order by d.id desc limit 1) earlier on true
   group by ch.sync_id, ch.model, ch.action
  on conflict (sync_id, model, action) do update
    set held = c.held + excluded.held, held_unasked = c.held_unasked + excluded.held_unasked;
  return null;
end $$;

create function count_sync_outcomes() returns trigger language plpgsql as $$
begin
  insert into sync_count as c (sync_id, model, action, applied, failed, skipped, stale, cancelled)
  select ch.sync_id, ch.model, ch.action,
         sum((latest.status = 'applied')::int - coalesce((earlier.status = 'applied')::int, 0)),
         sum((latest.status = 'failed')::int - coalesce((earlier.status = 'failed')::int, 0)),
         sum((latest.status = 'skipped')::int - coalesce((earlier.status = 'skipped')::int, 0)),
         sum((latest.status = 'stale')::int - coalesce((earlier.status = 'stale')::int, 0)),
         sum((latest.status = 'cancelled')::int - coalesce((earlier.status = 'cancelled')::int, 0))
    from (select distinct on (sync_id, position) sync_id, position, status,
                 min(id) over (partition by sync_id, position) as first_id
            from added order by sync_id, position, id desc) latest
    join sync_change ch on ch.sync_id = latest.sync_id and ch.position = latest.position
    left join lateral (select o.status from sync_outcome o
                        where o.sync_id = latest.sync_id and o.position = latest.position and o.id < latest.first_id
                        order by o.id desc limit 1) earlier on true
   group by ch.sync_id, ch.model, ch.action
  on conflict (sync_id, model, action) do update
    set applied = c.applied + excluded.applied, failed = c.failed + excluded.failed,
        skipped = c.skipped + excluded.skipped, stale = c.stale + excluded.stale,
        cancelled = c.cancelled + excluded.cancelled;
  return null;
end $$;

create trigger sync_change_count after insert on sync_change
  referencing new table as added for each statement execute function count_sync_changes();
create trigger sync_decision_count after insert on sync_decision
  referencing new table as added for each statement execute function count_sync_decisions();
create trigger sync_outcome_count after insert on sync_outcome
  referencing new table as added for each statement execute function count_sync_outcomes();

-- A change by its object: a tree's parents, and an object's place in a plan.
create index sync_change_key on sync_change (sync_id, model, key);
-- The few changes that were not applied; applied ones are met soon enough in the plan's order.
create index sync_outcome_unapplied on sync_outcome (sync_id, status, position) where status <> 'applied';
-- Logs over all syncs, newest first.
create index sync_outcome_time on sync_outcome (created_at, id);
create index sync_finding_time on sync_finding (created_at, id);
create index job_log_time on job_log (created_at, id);
