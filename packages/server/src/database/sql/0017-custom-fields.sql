alter table statuses add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX statuses_custom_fields ON public.statuses USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table roles add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX roles_custom_fields ON public.roles USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table tags add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX tags_custom_fields ON public.tags USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);

create table custom_fields (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  key text collate "C" not null,
  label text collate "C" not null,
  type text collate "C" not null,
  content_types text[] collate "C" not null default '{}'::text[],
  grouping text collate "C",
  description text collate "C",
  required boolean not null default false,
  filter_logic text collate "C" not null default 'loose'::text,
  default_value jsonb,
  weight integer not null default 100,
  validation_minimum bigint,
  validation_maximum bigint,
  validation_regex text collate "C",
  advanced_ui boolean not null default false,
  constraint custom_fields_filter_logic_check CHECK ((filter_logic = ANY (ARRAY['loose'::text, 'exact'::text, 'disabled'::text]))),
  constraint custom_fields_key UNIQUE NULLS NOT DISTINCT (key) DEFERRABLE,
  constraint custom_fields_key_check CHECK ((key <> ''::text)),
  constraint custom_fields_label_check CHECK ((label <> ''::text)),
  constraint custom_fields_pkey PRIMARY KEY (id),
  constraint custom_fields_type_check CHECK ((type = ANY (ARRAY['text'::text, 'integer'::text, 'boolean'::text, 'date'::text, 'datetime'::text, 'url'::text, 'select'::text, 'multi-select'::text, 'json'::text, 'markdown'::text])))
);
CREATE INDEX custom_fields_sort ON public.custom_fields USING btree (weight, label);
comment on table custom_fields is 'A field that objects of some models have beside their own.';

create table custom_field_choices (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  custom_field_id uuid not null,
  value text collate "C" not null,
  weight integer not null default 100,
  constraint custom_field_choices_key UNIQUE NULLS NOT DISTINCT (custom_field_id, value) DEFERRABLE,
  constraint custom_field_choices_pkey PRIMARY KEY (id),
  constraint custom_field_choices_value_check CHECK ((value <> ''::text))
);
CREATE INDEX custom_field_choices_sort ON public.custom_field_choices USING btree (custom_field_id, weight, value);
comment on table custom_field_choices is 'A value that a custom field of the type select or multi-select can have.';
alter table tenant_groups add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX tenant_groups_custom_fields ON public.tenant_groups USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table tenants add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX tenants_custom_fields ON public.tenants USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table location_types add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX location_types_custom_fields ON public.location_types USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table locations add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX locations_custom_fields ON public.locations USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table manufacturers add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX manufacturers_custom_fields ON public.manufacturers USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table device_types add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX device_types_custom_fields ON public.device_types USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table interface_templates add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX interface_templates_custom_fields ON public.interface_templates USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table platforms add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX platforms_custom_fields ON public.platforms USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table rack_groups add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX rack_groups_custom_fields ON public.rack_groups USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table racks add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX racks_custom_fields ON public.racks USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table devices add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX devices_custom_fields ON public.devices USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table namespaces add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX namespaces_custom_fields ON public.namespaces USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table rirs add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX rirs_custom_fields ON public.rirs USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table vlan_groups add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX vlan_groups_custom_fields ON public.vlan_groups USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table vlans add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX vlans_custom_fields ON public.vlans USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table prefixes add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX prefixes_custom_fields ON public.prefixes USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table vrfs add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX vrfs_custom_fields ON public.vrfs USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table interfaces add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX interfaces_custom_fields ON public.interfaces USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table ip_addresses add column custom_fields jsonb not null default '{}'::jsonb;
CREATE INDEX ip_addresses_custom_fields ON public.ip_addresses USING gin (custom_fields jsonb_path_ops) WHERE (custom_fields <> '{}'::jsonb);
alter table custom_field_choices add constraint custom_field_choices_custom_field_id_fkey FOREIGN KEY (custom_field_id) REFERENCES custom_fields(id);
