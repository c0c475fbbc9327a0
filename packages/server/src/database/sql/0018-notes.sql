-- What people write about objects. It outlives its object, which may come back with its id.
create table note (
  id uuid primary key default gen_random_uuid(),
  created timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  model text not null,
  object_id uuid not null,
  -- What the object was called when the note was written.
  label text not null,
  user_id uuid references auth_user on delete set null,
  user_name text not null,
  note text not null check (note <> '')
);
create index note_object on note (object_id, created);
create index note_user on note (user_id) where user_id is not null;
