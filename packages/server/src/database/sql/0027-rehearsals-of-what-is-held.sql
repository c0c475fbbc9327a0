alter table sync
  -- Of what was held or rejected at the rehearsal, only what stands up to this position was tried; null: all of it.
  add column rehearsed_to bigint;
update sync set rehearsed_to = 0 where rehearsed_revision is not null;
