-- What a sync applied is taken back by another sync, whose plan is the way back: to be reviewed, or applied at once.
alter table job_result
  drop constraint job_result_kind_check,
  add constraint job_result_kind_check check (kind in ('run', 'apply', 'resume', 'retry', 'undo', 'rollback'));
-- Says what the sync is, so it stays when the record of the other one is deleted.
alter table sync drop constraint sync_undo_of_fkey;

-- What taking a sync back gives back to the owners: the claims as they were before it.
alter table sync_claim
  drop constraint sync_claim_verdict_check,
  add constraint sync_claim_verdict_check check (verdict in ('claim', 'unseen', 'let-go', 'restore')),
  add column is_settled boolean not null default false,
  -- The row of hub_claim that was there; null where there was none, or it is not settled.
  add column former jsonb;

-- What a sync wrote into the hub, in the order of writing.
create index object_change_sync on object_change (sync_id, id) where sync_id is not null;
