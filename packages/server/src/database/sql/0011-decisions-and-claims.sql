-- What people rule on the changes of a plan beside its guards, who keeps which object of the hub, and what the
-- hub's rules would refuse of a plan.

-- Rises with each ruling: an approval names the one it was given at.
alter table sync add column decisions_revision integer not null default 0;

-- Two rulings stand on a change side by side: the latest hold or release, and the latest reject or accept.
-- It is open where the first is no hold and the second no reject.
alter table sync_decision
  drop constraint sync_decision_verdict_check,
  add constraint sync_decision_verdict_check check (verdict in ('hold', 'release', 'reject', 'accept')),
  -- The sync's revision that it came with; null for what the guards ruled as they planned.
  add column revision integer,
  -- Position of the change because of which it was made, where another one's ruling brought it.
  add column cause bigint,
  -- Of a rejection taken over from an earlier plan of the job: which, and when it was made.
  add column earlier_sync uuid,
  add column earlier_at timestamptz;

-- What a person rejected comes back in the next plan of the job, and is rejected there until somebody accepts it.
create table standing_rejection (
  job_id text not null,
  model text not null,
  key text collate "C" not null,
  action text not null check (action in ('create', 'update', 'delete')),
  step smallint not null,
  -- Hash of the values rejected: others are a new proposal.
  values_hash text not null,
  user_name text,
  reason text not null,
  sync_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (job_id, model, key, action, step)
);

-- Which references the changes of a model hold: [{"path": "$.tags[*]", "target": "tag"}, ...]. A model may be
-- declared otherwise by the time somebody rules on the plan.
alter table sync_model add column reference_paths jsonb not null default '[]';
-- Key of an object once its update is applied, where that renames or moves it.
alter table sync_change add column renamed_to text collate "C";

-- What the hub's rules would refuse, tried in a transaction that was rolled back. No row: it would be taken.
create table sync_rehearsal (
  sync_id uuid not null,
  position bigint not null,
  status text not null check (status in ('failed', 'skipped', 'stale')),
  error_code text not null,
  error_message text not null,
  error_field text,
  error_value text,
  primary key (sync_id, position),
  foreign key (sync_id, position) references sync_change on delete cascade
);
alter table sync
  -- Until which revision of the decisions the plan was rehearsed, and of how many changes; null: not at all.
  add column rehearsed_revision integer,
  add column rehearsed_count bigint;
alter table sync_phase
  drop constraint sync_phase_phase_check,
  add constraint sync_phase_phase_check
    check (phase in ('source', 'target', 'diff', 'rehearsal', 'apply', 'verify'));

-- Who keeps an object of the hub: each connection whose system has it, and 'person' for one made by hand.
create table hub_claim (
  object_id uuid not null,
  -- The hub's own name of the model.
  model text not null,
  owner text not null,
  job_id text,
  first_sync uuid,
  first_at timestamptz not null default now(),
  last_sync uuid,
  -- Since when the owner's system lacks it; null while it has it.
  unseen_since timestamptz,
  primary key (object_id, owner)
);
create index hub_claim_owner on hub_claim (owner, model, object_id);

-- What a plan makes of the claims of its source once it is applied, beside those of what it writes.
create table sync_claim (
  sync_id uuid not null references sync on delete cascade,
  object_id uuid not null,
  model text not null,
  verdict text not null check (verdict in ('claim', 'unseen', 'let-go')),
  primary key (sync_id, object_id)
);

-- Counts: a rejected change counts as rejected alone, whatever guards say of it.
alter table sync_count add column rejected bigint not null default 0;

create or replace function count_sync_decisions() returns trigger language plpgsql as $$
begin
  insert into sync_count as c (sync_id, model, action, held, held_unasked, rejected)
  select sync_id, model, action,
         sum((is_held and not is_rejected)::int - (was_held and not was_rejected)::int),
         sum((is_held and not is_rejected and guard is not distinct from 'deletes-not-asked')::int
             - (was_held and not was_rejected and was_guard is not distinct from 'deletes-not-asked')::int),
         sum(is_rejected::int - was_rejected::int)
    from (
      select ch.sync_id, ch.model, ch.action,
             coalesce(ruling.verdict, earlier.verdict) is not distinct from 'hold' as is_held,
             case when ruling.verdict is null then earlier.guard else ruling.guard end as guard,
             coalesce(judgement.verdict, earlier_judgement.verdict) is not distinct from 'reject' as is_rejected,
             earlier.verdict is not distinct from 'hold' as was_held, earlier.guard as was_guard,
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
