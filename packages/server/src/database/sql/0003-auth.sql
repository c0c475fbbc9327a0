-- Users, sessions and API tokens. The tables of better-auth (auth_*) are named in src/auth/better-auth.ts.

create table auth_user (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  -- better-auth asks for one; made up from the name until people have addresses.
  email text not null unique,
  email_verified boolean not null,
  image text,
  username text unique,
  display_username text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table auth_session (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth_user on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null
);
create index auth_session_user on auth_session (user_id);

-- How a user proves who they are: the hash of a password, or later an account elsewhere.
create table auth_account (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth_user on delete cascade,
  account_id text not null,
  provider_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null
);
create index auth_account_user on auth_account (user_id);

create table auth_verification (
  id uuid primary key default gen_random_uuid(),
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index auth_verification_identifier on auth_verification (identifier);

-- What session cookies are signed with; one row, made by the first web process.
create table auth_secret (
  id boolean primary key default true check (id),
  secret text not null
);

create table api_token (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth_user on delete cascade,
  name text not null,
  -- SHA-256 of the key: it is random and long, so a slow hash would add nothing.
  key_hash bytea not null unique,
  -- The key's first characters, for people to tell tokens apart.
  start text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz
);
create index api_token_user on api_token (user_id, created_at);

-- One-time links by which the first administrator is made.
create table setup_token (
  token_hash bytea primary key,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
