-- What a request that starts no run was answered with, by the key that it had: sent again it is answered alike.
create table request_answer (
  -- Keys are unique among one person's own; who is gone asks for nothing again.
  user_id uuid,
  request_key text not null,
  request_hash text not null,
  answer jsonb not null,
  created_at timestamptz not null default now(),
  unique nulls not distinct (user_id, request_key)
);
create index on request_answer (created_at);
insert into request_answer (user_id, request_key, request_hash, answer)
  select user_id, request_key, request_hash, answer from sync_ruling
  on conflict do nothing;
drop table sync_ruling;
