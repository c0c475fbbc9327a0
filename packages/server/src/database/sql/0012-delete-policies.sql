-- An update in the place of a delete, where the job's policy marks what its source lacks.
alter table sync_change add column instead_of_delete boolean not null default false;

-- Withheld quietly: what was not asked for, and what is not the source's to delete.
create or replace function count_sync_decisions() returns trigger language plpgsql as $$
begin
  insert into sync_count as c (sync_id, model, action, held, held_unasked, rejected)
  select sync_id, model, action,
         sum((is_held and not is_rejected)::int - (was_held and not was_rejected)::int),
         sum((is_held and not is_rejected and guard in ('deletes-not-asked', 'not-owner'))::int
             - (was_held and not was_rejected and was_guard in ('deletes-not-asked', 'not-owner'))::int),
         sum(is_rejected::int - was_rejected::int)
    from (
      select ch.sync_id, ch.model, ch.action,
             coalesce(ruling.verdict, earlier.verdict) is not distinct from 'hold' as is_held,
             coalesce(case when ruling.verdict is null then earlier.guard else ruling.guard end, '') as guard,
             coalesce(judgement.verdict, earlier_judgement.verdict) is not distinct from 'reject' as is_rejected,
             earlier.verdict is not distinct from 'hold' as was_held, coalesce(earlier.guard, '') as was_guard,
             earlier_judgement.verdict is not distinct from 'reject' as was_rejected
        from (select sync_id, position, min(id) as first_id,
                     max(id) filter (where verdict in ('hold', 'release')) as ruling_id,
                     max(id) filter (where verdict in ('reject', 'accept')) as judgement_id
                from added group by sync_id, position) touched
        join sync_change ch on ch.sync_id = touched.sync_id and ch.position = touched.position
        left join added ruling on ruling.id = touched.ruling_id
        left join added judgement on judgement.id = touched.judgement_id
        left join lateral (select d.verdict, d.guard from sync_decision d
                            where d.sync_id = touched.sync_id and d.position = touched.position
                              and d.id < touched.first_id and d.verdict in ('hold', 'release')
                            order by d.id desc limit 1) earlier on true
        left join lateral (select d.verdict from sync_decision d
                            where d.sync_id = touched.sync_id and d.position = touched.position
                              and d.id < touched.first_id and d.verdict in ('reject', 'accept')
                            order by d.id desc limit 1) earlier_judgement on true
       -- A row beside an object's change is not one more change.
       where ch.step = 1) ruled
   group by sync_id, model, action
  on conflict (sync_id, model, action) do update
    set held = c.held + excluded.held, held_unasked = c.held_unasked + excluded.held_unasked,
        rejected = c.rejected + excluded.rejected;
  return null;
end $$;

-- Who keeps what is there already, as far as the records tell: whoever made it by hand, and each connection
-- whose source remembers it. What a source without ids of its own keeps it claims with its next run.
insert into hub_claim (object_id, model, owner, first_at)
select distinct on (c.object_id) c.object_id, c.model, 'person', c.time from object_change c
 where c.action = 'create' and c.sync_id is null
   and not exists (select from object_change gone where gone.object_id = c.object_id and gone.action = 'delete')
 order by c.object_id, c.id;

insert into hub_claim (object_id, model, owner, job_id, first_sync, last_sync)
select distinct on (i.hub_id, i.connection) i.hub_id, coalesce(made.model, i.model), i.connection, s.job_id, s.id, s.id
  from identity i
  join sync s on s.id = i.last_seen_sync and s.direction = 'source'
  left join lateral (select c.model from object_change c where c.object_id = i.hub_id limit 1) made on true
    on conflict do nothing;
