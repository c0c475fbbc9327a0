-- The inventory: a table per model as its declaration asks for it (see inventory/emit-table.ts; a test
-- compares the two), and what happened to its objects.

create table statuses (
  id uuid primary key default gen_random_uuid(),
  version bigint not null default 1,
  created timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  name text collate "C" not null,
  color text collate "C" not null default '9e9e9e',
  description text collate "C",
  content_types text[] collate "C" not null default '{}',
  constraint statuses_name_check check (name <> ''),
  constraint statuses_color_check check (color <> ''),
  constraint statuses_key unique nulls not distinct (name) deferrable initially immediate
);
comment on table statuses is 'Where an object stands in its life: Active, Planned, Retired.';

create table tags (
  id uuid primary key default gen_random_uuid(),
  version bigint not null default 1,
  created timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  name text collate "C" not null,
  color text collate "C" not null default '9e9e9e',
  description text collate "C",
  content_types text[] collate "C" not null default '{}',
  constraint tags_name_check check (name <> ''),
  constraint tags_color_check check (color <> ''),
  constraint tags_key unique nulls not distinct (name) deferrable initially immediate
);
comment on table tags is 'A word attached to objects to find them together.';

create table tenants (
  id uuid primary key default gen_random_uuid(),
  version bigint not null default 1,
  created timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  name text collate "C" not null,
  description text collate "C",
  comments text collate "C",
  constraint tenants_name_check check (name <> ''),
  constraint tenants_key unique nulls not distinct (name) deferrable initially immediate
);
comment on table tenants is 'Whom locations and networks belong to: a customer, a department.';

create table tenants_tags (
  tenant_id uuid not null references tenants on delete cascade,
  tag_id uuid not null references tags,
  primary key (tenant_id, tag_id)
);
create index tenants_tags_member on tenants_tags (tag_id);

create table location_types (
  id uuid primary key default gen_random_uuid(),
  version bigint not null default 1,
  created timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  name text collate "C" not null,
  parent_id uuid references location_types,
  description text collate "C",
  content_types text[] collate "C" not null default '{}',
  nestable boolean not null default false,
  constraint location_types_name_check check (name <> ''),
  constraint location_types_key unique nulls not distinct (name) deferrable initially immediate
);
comment on table location_types is 'A level of the tree of locations: Country, Site, Room.';

create index location_types_parent on location_types (parent_id) where parent_id is not null;

create table locations (
  id uuid primary key default gen_random_uuid(),
  version bigint not null default 1,
  created timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  name text collate "C" not null,
  parent_id uuid references locations,
  location_type_id uuid not null references location_types,
  status_id uuid not null references statuses,
  tenant_id uuid references tenants,
  description text collate "C",
  facility text collate "C",
  asn bigint,
  time_zone text collate "C",
  physical_address text collate "C",
  shipping_address text collate "C",
  latitude numeric,
  longitude numeric,
  contact_name text collate "C",
  contact_phone text collate "C",
  contact_email text collate "C",
  comments text collate "C",
  constraint locations_name_check check (name <> ''),
  constraint locations_key unique nulls not distinct (name, parent_id) deferrable initially immediate
);
comment on table locations is 'A place in the tree of places: a country, a site, a room.';

create table locations_tags (
  location_id uuid not null references locations on delete cascade,
  tag_id uuid not null references tags,
  primary key (location_id, tag_id)
);
create index locations_tags_member on locations_tags (tag_id);

create index locations_parent on locations (parent_id) where parent_id is not null;
create index locations_location_type on locations (location_type_id);
create index locations_status on locations (status_id);
create index locations_tenant on locations (tenant_id) where tenant_id is not null;

create table namespaces (
  id uuid primary key default gen_random_uuid(),
  version bigint not null default 1,
  created timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  name text collate "C" not null,
  description text collate "C",
  location_id uuid references locations,
  tenant_id uuid references tenants,
  constraint namespaces_name_check check (name <> ''),
  constraint namespaces_key unique nulls not distinct (name) deferrable initially immediate
);
comment on table namespaces is 'A space in which each prefix and each address stands once.';

create table namespaces_tags (
  namespace_id uuid not null references namespaces on delete cascade,
  tag_id uuid not null references tags,
  primary key (namespace_id, tag_id)
);
create index namespaces_tags_member on namespaces_tags (tag_id);

create index namespaces_location on namespaces (location_id) where location_id is not null;
create index namespaces_tenant on namespaces (tenant_id) where tenant_id is not null;

create table prefixes (
  id uuid primary key default gen_random_uuid(),
  version bigint not null default 1,
  created timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  namespace_id uuid not null references namespaces,
  prefix cidr not null,
  type text collate "C" not null default 'network',
  status_id uuid not null references statuses,
  tenant_id uuid references tenants,
  date_allocated timestamptz,
  description text collate "C",
  parent_id uuid references prefixes,
  ip_version integer not null,
  constraint prefixes_type_check check (type in ('container', 'network', 'pool')),
  constraint prefixes_key unique nulls not distinct (namespace_id, prefix) deferrable initially immediate
);
comment on table prefixes is 'A network of a namespace, in CIDR notation.';

create table prefixes_locations (
  prefix_id uuid not null references prefixes on delete cascade,
  location_id uuid not null references locations,
  primary key (prefix_id, location_id)
);
create index prefixes_locations_member on prefixes_locations (location_id);

create table prefixes_tags (
  prefix_id uuid not null references prefixes on delete cascade,
  tag_id uuid not null references tags,
  primary key (prefix_id, tag_id)
);
create index prefixes_tags_member on prefixes_tags (tag_id);

create index prefixes_status on prefixes (status_id);
create index prefixes_tenant on prefixes (tenant_id) where tenant_id is not null;
create index prefixes_parent on prefixes (parent_id) where parent_id is not null;
create index prefixes_sort on prefixes (prefix);

create table ip_addresses (
  id uuid primary key default gen_random_uuid(),
  version bigint not null default 1,
  created timestamptz not null default now(),
  last_updated timestamptz not null default now(),
  namespace_id uuid not null references namespaces,
  host inet not null,
  mask_length integer not null,
  type text collate "C" not null default 'host',
  status_id uuid not null references statuses,
  tenant_id uuid references tenants,
  nat_inside_id uuid references ip_addresses,
  dns_name text collate "C",
  description text collate "C",
  parent_id uuid not null references prefixes,
  ip_version integer not null,
  constraint ip_addresses_type_check check (type in ('dhcp', 'host', 'slaac')),
  constraint ip_addresses_key unique nulls not distinct (namespace_id, host) deferrable initially immediate
);
comment on table ip_addresses is 'An address of a host; stands once in its namespace, under the smallest prefix there that contains it.';

create table ip_addresses_tags (
  ip_address_id uuid not null references ip_addresses on delete cascade,
  tag_id uuid not null references tags,
  primary key (ip_address_id, tag_id)
);
create index ip_addresses_tags_member on ip_addresses_tags (tag_id);

create index ip_addresses_status on ip_addresses (status_id);
create index ip_addresses_tenant on ip_addresses (tenant_id) where tenant_id is not null;
create index ip_addresses_nat_inside on ip_addresses (nat_inside_id) where nat_inside_id is not null;
create index ip_addresses_parent on ip_addresses (parent_id);
create index ip_addresses_sort on ip_addresses (host);

-- A row per object created, updated or deleted, written in the same transaction. No reference to sync or
-- job_result: it stays when their records are cleared away.
create table object_change (
  id bigint generated always as identity primary key,
  time timestamptz not null default now(),
  user_name text,
  job_result_id uuid,
  sync_id uuid,
  model text not null,
  object_id uuid not null,
  action text not null check (action in ('create', 'update', 'delete')),
  label text not null,
  before jsonb,
  after jsonb
);
create index object_change_object on object_change (object_id, id);
