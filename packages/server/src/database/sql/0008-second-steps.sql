-- Rows beside an object's change, where references go round a circle: 2 writes what waited, 0 empties what would
-- keep objects from being deleted. An object is planned and applied once; a row that was not applied counts.
alter table sync_change add column step smallint not null default 1 check (step in (0, 1, 2));
create index sync_change_step on sync_change (sync_id) where step <> 1;

create or replace function count_sync_changes() returns trigger language plpgsql as $$
begin
  insert into sync_count as c (sync_id, model, action, planned)
  select sync_id, model, action, count(*) from added where step = 1 group by sync_id, model, action
  on conflict (sync_id, model, action) do update set planned = c.planned + excluded.planned;
  return null;
end $$;

create or replace function count_sync_outcomes() returns trigger language plpgsql as $$
begin
  insert into sync_count as c (sync_id, model, action, applied, failed, skipped, stale, cancelled)
  select ch.sync_id, ch.model, ch.action,
         sum((latest.status = 'applied' and ch.step = 1)::int
             - coalesce((earlier.status = 'applied' and ch.step = 1)::int, 0)),
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
