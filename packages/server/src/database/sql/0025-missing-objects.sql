-- Since when a job's source lacks what its target has, where that is not the hub, whose claims know it. Kept of the
-- types that the job deletes after days.
create table missing_object (
  job_id text not null,
  model text not null,
  key text collate "C" not null,
  since timestamptz not null,
  primary key (job_id, model, key)
);
