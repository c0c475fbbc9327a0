-- Who may do what. Whoever could sign in until now could do everything, and still can.
alter table auth_user
  add column is_active boolean not null default true,
  add column is_staff boolean not null default false,
  add column is_superuser boolean not null default false,
  -- What clients keep for the user.
  add column config_data jsonb not null default '{}';
update auth_user set is_superuser = true, is_staff = true;

-- The first user may do everything, from the moment it is there: nobody else could let it.
create function let_first_user() returns trigger language plpgsql as $$
begin
  if not exists (select from auth_user) then
    new.is_superuser := true;
    new.is_staff := true;
  end if;
  return new;
end $$;
create trigger auth_user_first before insert on auth_user for each row execute function let_first_user();

create table auth_group (
  id uuid primary key default gen_random_uuid(),
  name text not null unique check (name <> '')
);

create table auth_group_user (
  group_id uuid not null references auth_group on delete cascade,
  user_id uuid not null references auth_user on delete cascade,
  primary key (group_id, user_id)
);
create index auth_group_user_user on auth_group_user (user_id);

create table object_permission (
  id uuid primary key default gen_random_uuid(),
  created timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  name text not null unique check (name <> ''),
  description text not null default '',
  enabled boolean not null default true,
  -- "dcim.device"
  object_types text[] not null,
  -- view, add, change, delete, run
  actions text[] not null,
  -- Lookups that an object must meet, or several such, one of which it must; null for every object.
  constraints jsonb
);

create table object_permission_user (
  permission_id uuid not null references object_permission on delete cascade,
  user_id uuid not null references auth_user on delete cascade,
  primary key (permission_id, user_id)
);
create index object_permission_user_user on object_permission_user (user_id);

create table object_permission_group (
  permission_id uuid not null references object_permission on delete cascade,
  group_id uuid not null references auth_group on delete cascade,
  primary key (permission_id, group_id)
);
create index object_permission_group_group on object_permission_group (group_id);
