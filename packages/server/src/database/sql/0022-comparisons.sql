-- A comparison is never applied: the record of one is a dry run's.
alter table sync
  drop constraint sync_direction_check,
  add constraint sync_direction_check check (direction in ('source', 'target', 'comparison')),
  add constraint sync_comparison_check check (direction <> 'comparison' or is_dry_run);
