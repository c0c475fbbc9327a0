-- What a run was about, in words, and what of it was passed over.
alter table sync
  add column scope text[] not null default '{}',
  -- Asked for by the run itself, as a person types it: device.comments, site:delete.
  add column ignore_asked text[] not null default '{}',
  -- All of it, with what the job and the configuration ignore.
  add column ignored text[] not null default '{}';

alter table sync_model
  add column out_of_scope_count bigint not null default 0,
  add column ignored_count bigint not null default 0;
