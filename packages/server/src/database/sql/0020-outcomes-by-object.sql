-- An object with a second step is in the counts once: by the first of its rows, in the order of applying, that was
-- not applied, or else by its own change. So what is planned is never less than what became of it.
drop index sync_change_step;
create index sync_change_step on sync_change (sync_id, model, key) where step <> 1;

create or replace function count_sync_outcomes() returns trigger language plpgsql as $$
begin
  insert into sync_count as c (sync_id, model, action, applied, failed, skipped, stale, cancelled)
  with touched as (
    -- The limits keep each a look into an index, whatever the planner believes of tables that were empty a second ago.
    select ch.sync_id, ch.position, ch.model, ch.key, ch.action, ch.step, latest.status as now, earlier.status as was,
           step.is_there is not null as has_steps
      from (select distinct on (sync_id, position) sync_id, position, status,
                   min(id) over (partition by sync_id, position) as first_id
              from added order by sync_id, position, id desc) latest
      join sync_change ch on ch.sync_id = latest.sync_id and ch.position = latest.position
      left join lateral (select o.status from sync_outcome o
                          where o.sync_id = latest.sync_id and o.position = latest.position and o.id < latest.first_id
                          order by o.id desc limit 1) earlier on true
      left join lateral (select true as is_there from sync_change s
                          where s.sync_id = ch.sync_id and s.model = ch.model and s.key = ch.key and s.step <> 1
                          limit 1) step on true
  ), beside as (
    -- The other rows of these objects, of which nothing became now.
    select other.*, latest.status as now, latest.status as was, true as has_steps
      from (select distinct sync_id, model, key from touched where has_steps) object
      cross join lateral (select ch.sync_id, ch.position, ch.model, ch.key, ch.action, ch.step from sync_change ch
                           where ch.sync_id = object.sync_id and ch.model = object.model and ch.key = object.key
                           order by ch.position limit 10) other
      left join lateral (select o.status from sync_outcome o
                          where o.sync_id = other.sync_id and o.position = other.position
                          order by o.id desc limit 1) latest on true
     where not exists (select from touched t where t.sync_id = other.sync_id and t.position = other.position)
  ), objects as (
    select sync_id, model, coalesce(min(action) filter (where step = 1), min(action)) as action,
           coalesce((array_agg(now order by position) filter (where now <> 'applied'))[1],
                    min(now) filter (where step = 1)) as now,
           coalesce((array_agg(was order by position) filter (where was <> 'applied'))[1],
                    min(was) filter (where step = 1)) as was
      from (select * from touched union all select * from beside) changes
     group by sync_id, model, key, case when has_steps then null else position end
  )
  select sync_id, model, action,
         sum((now is not distinct from 'applied')::int - (was is not distinct from 'applied')::int),
         sum((now is not distinct from 'failed')::int - (was is not distinct from 'failed')::int),
         sum((now is not distinct from 'skipped')::int - (was is not distinct from 'skipped')::int),
         sum((now is not distinct from 'stale')::int - (was is not distinct from 'stale')::int),
         sum((now is not distinct from 'cancelled')::int - (was is not distinct from 'cancelled')::int)
    from objects
   group by sync_id, model, action
  on conflict (sync_id, model, action) do update
    set applied = c.applied + excluded.applied, failed = c.failed + excluded.failed,
        skipped = c.skipped + excluded.skipped, stale = c.stale + excluded.stale,
        cancelled = c.cancelled + excluded.cancelled;
  return null;
end $$;
