-- What a ruling on a plan was answered with, by the key that its request had: sent again it is answered alike.
create table sync_ruling (
  sync_id uuid not null references sync on delete cascade,
  -- Keys are unique among one person's own; who is gone asks for nothing again.
  user_id uuid,
  request_key text not null,
  request_hash text not null,
  answer jsonb not null,
  unique nulls not distinct (sync_id, user_id, request_key)
);
