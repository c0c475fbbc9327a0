-- What the rows of a dry run's plan refer to, as it was when the plan was made: Apply is refused once one of
-- these objects is gone, or its name is another object's.
create table sync_reference (
  sync_id uuid not null references sync on delete cascade,
  model text not null,
  -- Its key then.
  key text collate "C" not null,
  -- The key by which the plan refers to it: another one below what the plan itself renames.
  planned_key text collate "C" not null,
  -- The target's own id of it; null where the target has no ids.
  target_id text,
  primary key (sync_id, model, planned_key)
);
