-- A recorded plan can be carried on after a run ended early, and what failed of it tried again: runs of their own.
alter table job_result
  drop constraint job_result_kind_check,
  add constraint job_result_kind_check check (kind in ('run', 'apply', 'resume', 'retry', 'rollback')),
  drop constraint job_result_status_check,
  add constraint job_result_status_check check (status in (
    'pending', 'waiting', 'running', 'planned', 'in-agreement', 'applied', 'not-converged', 'partial', 'held', 'failed',
    'cancelled', 'stale', 'lost'));
alter table sync
  drop constraint sync_status_check,
  add constraint sync_status_check check (status in (
    'pending', 'waiting', 'running', 'planned', 'in-agreement', 'applied', 'not-converged', 'partial', 'held', 'failed',
    'cancelled', 'stale', 'lost')),
  -- The sync whose changes this one takes back.
  add column undo_of uuid references sync on delete set null;
create index sync_undo on sync (undo_of) where undo_of is not null;
