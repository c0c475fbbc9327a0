-- A sync is deleted with what was recorded of it: one statement a table. By the change they are about, a plan of a
-- million changes would have a million of them for each of these tables; job results go with their sync alone.
alter table sync_decision
  drop constraint sync_decision_sync_id_position_fkey,
  add foreign key (sync_id) references sync on delete cascade;
alter table sync_outcome
  drop constraint sync_outcome_sync_id_position_fkey,
  drop constraint sync_outcome_job_result_id_fkey,
  add foreign key (sync_id) references sync on delete cascade;
alter table sync_sent
  drop constraint sync_sent_sync_id_position_fkey,
  drop constraint sync_sent_job_result_id_fkey,
  add foreign key (sync_id) references sync on delete cascade;
alter table sync_rehearsal
  drop constraint sync_rehearsal_sync_id_position_fkey,
  add foreign key (sync_id) references sync on delete cascade;

-- A request that starts a run may name itself, so that sending it again starts nothing more: what it was
-- (path and content, hashed) and what came of it.
alter table job_result
  add column request_key text,
  add column request_hash text;
create unique index job_result_request on job_result (user_id, request_key) where request_key is not null;
