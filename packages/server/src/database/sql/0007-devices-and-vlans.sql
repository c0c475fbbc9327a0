create table roles (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  name text collate "C" not null,
  color text collate "C" not null default '9e9e9e'::text,
  description text collate "C",
  content_types text[] collate "C" not null default '{}'::text[],
  weight bigint,
  constraint roles_color_check CHECK ((color <> ''::text)),
  constraint roles_key UNIQUE NULLS NOT DISTINCT (name) DEFERRABLE,
  constraint roles_name_check CHECK ((name <> ''::text)),
  constraint roles_pkey PRIMARY KEY (id)
);
CREATE INDEX roles_sort ON public.roles USING btree (weight, name);
comment on table roles is 'What an object is for: Access switch, Loopback, Guest network.';

create table tenant_groups (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  name text collate "C" not null,
  parent_id uuid,
  description text collate "C",
  constraint tenant_groups_key UNIQUE NULLS NOT DISTINCT (name) DEFERRABLE,
  constraint tenant_groups_name_check CHECK ((name <> ''::text)),
  constraint tenant_groups_pkey PRIMARY KEY (id)
);
CREATE INDEX tenant_groups_parent ON public.tenant_groups USING btree (parent_id) WHERE (parent_id IS NOT NULL);
comment on table tenant_groups is 'Tenants that belong together; groups may stand in groups.';
alter table tenants add column tenant_group_id uuid;
CREATE INDEX tenants_tenant_group ON public.tenants USING btree (tenant_group_id) WHERE (tenant_group_id IS NOT NULL);

create table manufacturers (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  name text collate "C" not null,
  description text collate "C",
  constraint manufacturers_key UNIQUE NULLS NOT DISTINCT (name) DEFERRABLE,
  constraint manufacturers_name_check CHECK ((name <> ''::text)),
  constraint manufacturers_pkey PRIMARY KEY (id)
);
comment on table manufacturers is 'Who makes devices.';

create table device_types (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  manufacturer_id uuid not null,
  model text collate "C" not null,
  part_number text collate "C",
  u_height integer not null default 1,
  is_full_depth boolean not null default true,
  subdevice_role text collate "C",
  comments text collate "C",
  constraint device_types_key UNIQUE NULLS NOT DISTINCT (manufacturer_id, model) DEFERRABLE,
  constraint device_types_model_check CHECK ((model <> ''::text)),
  constraint device_types_pkey PRIMARY KEY (id),
  constraint device_types_subdevice_role_check CHECK ((subdevice_role = ANY (ARRAY['parent'::text, 'child'::text, 'parent-child'::text])))
);
comment on table device_types is 'A product of a manufacturer: how high it is, and which interfaces it comes with.';

create table device_types_tags (
  device_type_id uuid not null,
  tag_id uuid not null,
  constraint device_types_tags_pkey PRIMARY KEY (device_type_id, tag_id)
);
CREATE INDEX device_types_tags_member ON public.device_types_tags USING btree (tag_id);

create table interface_templates (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  device_type_id uuid not null,
  name text collate "C" not null,
  label text collate "C",
  type text collate "C" not null,
  port_type text collate "C",
  mgmt_only boolean not null default false,
  speed integer,
  duplex text collate "C",
  description text collate "C",
  constraint interface_templates_duplex_check CHECK ((duplex = ANY (ARRAY['auto'::text, 'full'::text, 'half'::text]))),
  constraint interface_templates_key UNIQUE NULLS NOT DISTINCT (device_type_id, name) DEFERRABLE,
  constraint interface_templates_name_check CHECK ((name <> ''::text)),
  constraint interface_templates_pkey PRIMARY KEY (id),
  constraint interface_templates_port_type_check CHECK ((port_type = ANY (ARRAY['8p8c'::text, '8p6c'::text, '8p4c'::text, '8p2c'::text, '6p6c'::text, '6p4c'::text, '6p2c'::text, '4p4c'::text, '4p2c'::text, 'gg45'::text, 'tera-4p'::text, 'tera-2p'::text, 'tera-1p'::text, '110-punch'::text, 'bnc'::text, 'f'::text, 'n'::text, 'mrj21'::text, 'st'::text, 'sc'::text, 'sc-pc'::text, 'sc-upc'::text, 'sc-apc'::text, 'fc'::text, 'lc'::text, 'lc-pc'::text, 'lc-upc'::text, 'lc-apc'::text, 'mtrj'::text, 'mpo'::text, 'lsh'::text, 'lsh-pc'::text, 'lsh-upc'::text, 'lsh-apc'::text, 'lx5'::text, 'lx5-pc'::text, 'lx5-upc'::text, 'lx5-apc'::text, 'splice'::text, 'cs'::text, 'cs-pc'::text, 'cs-upc'::text, 'cs-apc'::text, 'sn'::text, 'sma-905'::text, 'sma-906'::text, 'urm-p2'::text, 'urm-p4'::text, 'urm-p8'::text, 'other'::text]))),
  constraint interface_templates_type_check CHECK ((type = ANY (ARRAY['virtual'::text, 'bridge'::text, 'lag'::text, 'tunnel'::text, '100base-tx'::text, '1000base-t'::text, '2.5gbase-t'::text, '5gbase-t'::text, '10gbase-t'::text, '100base-fx'::text, '100base-lfx'::text, '100base-t1'::text, '1000base-x-gbic'::text, '1000base-x-sfp'::text, '10gbase-cx4'::text, '10gbase-x-sfpp'::text, '10gbase-x-xfp'::text, '10gbase-x-xenpak'::text, '10gbase-x-x2'::text, '25gbase-x-sfp28'::text, '50gbase-x-sfp56'::text, '40gbase-x-qsfpp'::text, '50gbase-x-sfp28'::text, '100gbase-x-cfp'::text, '100gbase-x-cfp2'::text, '100gbase-x-cfp4'::text, '100gbase-x-cpak'::text, '100gbase-x-qsfp28'::text, '100gbase-x-cxp'::text, '100gbase-x-dsfp'::text, '100gbase-x-sfpdd'::text, '100gbase-x-qsfpdd'::text, '200gbase-x-cfp2'::text, '200gbase-x-qsfp56'::text, '200gbase-x-qsfpdd'::text, '400gbase-x-qsfp112'::text, '400gbase-x-qsfpdd'::text, '400gbase-x-osfp'::text, '400gbase-x-cfp2'::text, '400gbase-x-osfp-rhs'::text, '400gbase-x-cdfp'::text, '400gbase-x-cfp8'::text, '800gbase-x-qsfpdd'::text, '800gbase-x-osfp'::text, '800gbase-x-osfp-xd'::text, '1600gbase-x-osfp'::text, '1600gbase-x-osfp-xd'::text, '1000base-kx'::text, '10gbase-kr'::text, '10gbase-kx4'::text, '25gbase-kr'::text, '40gbase-kr4'::text, '50gbase-kr'::text, '100gbase-kp4'::text, '100gbase-kr2'::text, '100gbase-kr4'::text, 'gsm'::text, 'cdma'::text, 'lte'::text, 'sonet-oc3'::text, 'sonet-oc12'::text, 'sonet-oc48'::text, 'sonet-oc192'::text, 'sonet-oc768'::text, 'sonet-oc1920'::text, 'sonet-oc3840'::text, '1gfc-sfp'::text, '2gfc-sfp'::text, '4gfc-sfp'::text, '8gfc-sfpp'::text, '16gfc-sfpp'::text, '32gfc-sfp28'::text, '32gfc-sfpp'::text, '64gfc-qsfpp'::text, '64gfc-sfpdd'::text, '64gfc-sfpp'::text, '128gfc-qsfp28'::text, 'infiniband-sdr'::text, 'infiniband-ddr'::text, 'infiniband-qdr'::text, 'infiniband-fdr10'::text, 'infiniband-fdr'::text, 'infiniband-edr'::text, 'infiniband-hdr'::text, 'infiniband-ndr'::text, 'infiniband-xdr'::text, 't1'::text, 'e1'::text, 't3'::text, 'e3'::text, 'da15'::text, 'da26'::text, 'da31'::text, 'db25'::text, 'db44'::text, 'db60'::text, 'dc37'::text, 'dc62'::text, 'dc79'::text, 'dd50'::text, 'dd78'::text, 'dd100'::text, 'de9'::text, 'de15'::text, 'de19'::text, 'df104'::text, 'xdsl'::text, 'docsis'::text, 'gpon'::text, 'xg-pon'::text, 'xgs-pon'::text, 'ng-pon2'::text, 'epon'::text, '10g-epon'::text, 'cisco-stackwise'::text, 'cisco-stackwise-plus'::text, 'cisco-flexstack'::text, 'cisco-flexstack-plus'::text, 'cisco-stackwise-80'::text, 'cisco-stackwise-160'::text, 'cisco-stackwise-320'::text, 'cisco-stackwise-480'::text, 'cisco-stackwise-1t'::text, 'juniper-vcp'::text, 'extreme-summitstack'::text, 'extreme-summitstack-128'::text, 'extreme-summitstack-256'::text, 'extreme-summitstack-512'::text, 'other'::text, 'ieee802.11a'::text, 'ieee802.11g'::text, 'ieee802.11n'::text, 'ieee802.11ac'::text, 'ieee802.11ad'::text, 'ieee802.11ax'::text, 'ieee802.11ay'::text, 'ieee802.15.1'::text, 'other-wireless'::text])))
);
comment on table interface_templates is 'An interface that devices of a type come with. A sync makes no interfaces of it: those are records of their own.';

create table platforms (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  name text collate "C" not null,
  manufacturer_id uuid,
  network_driver text collate "C",
  napalm_driver text collate "C",
  napalm_args jsonb,
  description text collate "C",
  constraint platforms_key UNIQUE NULLS NOT DISTINCT (name) DEFERRABLE,
  constraint platforms_name_check CHECK ((name <> ''::text)),
  constraint platforms_pkey PRIMARY KEY (id)
);
CREATE INDEX platforms_manufacturer ON public.platforms USING btree (manufacturer_id) WHERE (manufacturer_id IS NOT NULL);
comment on table platforms is 'The system that devices run: IOS, EOS, Junos.';

create table rack_groups (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  name text collate "C" not null,
  location_id uuid not null,
  parent_id uuid,
  description text collate "C",
  constraint rack_groups_key UNIQUE NULLS NOT DISTINCT (name, location_id) DEFERRABLE,
  constraint rack_groups_name_check CHECK ((name <> ''::text)),
  constraint rack_groups_pkey PRIMARY KEY (id)
);
CREATE INDEX rack_groups_location ON public.rack_groups USING btree (location_id);
CREATE INDEX rack_groups_parent ON public.rack_groups USING btree (parent_id) WHERE (parent_id IS NOT NULL);
comment on table rack_groups is 'Racks of a location that stand together: a row, a cage.';

create table racks (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  name text collate "C" not null,
  rack_group_id uuid,
  location_id uuid not null,
  status_id uuid not null,
  role_id uuid,
  tenant_id uuid,
  facility_id text collate "C",
  serial text collate "C",
  asset_tag text collate "C",
  type text collate "C",
  width text collate "C" not null default '19'::text,
  u_height integer not null default 42,
  desc_units boolean not null default false,
  outer_width integer,
  outer_depth integer,
  outer_unit text collate "C",
  comments text collate "C",
  constraint racks_asset_tag_unique UNIQUE (asset_tag) DEFERRABLE,
  constraint racks_key UNIQUE NULLS NOT DISTINCT (name, rack_group_id, location_id) DEFERRABLE,
  constraint racks_name_check CHECK ((name <> ''::text)),
  constraint racks_outer_unit_check CHECK ((outer_unit = ANY (ARRAY['mm'::text, 'in'::text]))),
  constraint racks_pkey PRIMARY KEY (id),
  constraint racks_rack_group_facility_id_unique UNIQUE (rack_group_id, facility_id) DEFERRABLE,
  constraint racks_rack_group_name_unique UNIQUE (rack_group_id, name) DEFERRABLE,
  constraint racks_type_check CHECK ((type = ANY (ARRAY['2-post-frame'::text, '4-post-frame'::text, '4-post-cabinet'::text, 'wall-frame'::text, 'wall-frame-vertical'::text, 'wall-cabinet'::text, 'wall-cabinet-vertical'::text, 'other'::text]))),
  constraint racks_width_check CHECK ((width = ANY (ARRAY['10'::text, '19'::text, '21'::text, '23'::text])))
);
CREATE INDEX racks_location ON public.racks USING btree (location_id);
CREATE INDEX racks_rack_group ON public.racks USING btree (rack_group_id) WHERE (rack_group_id IS NOT NULL);
CREATE INDEX racks_role ON public.racks USING btree (role_id) WHERE (role_id IS NOT NULL);
CREATE INDEX racks_sort ON public.racks USING btree (location_id, rack_group_id, name);
CREATE INDEX racks_status ON public.racks USING btree (status_id);
CREATE INDEX racks_tenant ON public.racks USING btree (tenant_id) WHERE (tenant_id IS NOT NULL);
comment on table racks is 'A frame or cabinet that devices are mounted in.';

create table racks_tags (
  rack_id uuid not null,
  tag_id uuid not null,
  constraint racks_tags_pkey PRIMARY KEY (rack_id, tag_id)
);
CREATE INDEX racks_tags_member ON public.racks_tags USING btree (tag_id);

create table devices (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  name text collate "C",
  tenant_id uuid,
  location_id uuid not null,
  device_type_id uuid not null,
  status_id uuid not null,
  role_id uuid not null,
  platform_id uuid,
  serial text collate "C",
  asset_tag text collate "C",
  rack_id uuid,
  position integer,
  face text collate "C",
  local_config_context_data jsonb,
  comments text collate "C",
  constraint devices_asset_tag_unique UNIQUE (asset_tag) DEFERRABLE,
  constraint devices_face_check CHECK ((face = ANY (ARRAY['front'::text, 'rear'::text]))),
  constraint devices_key UNIQUE NULLS NOT DISTINCT (name, tenant_id, location_id) DEFERRABLE,
  constraint devices_pkey PRIMARY KEY (id),
  constraint devices_rack_position_face_unique UNIQUE (rack_id, "position", face) DEFERRABLE
);
CREATE INDEX devices_device_type ON public.devices USING btree (device_type_id);
CREATE INDEX devices_location ON public.devices USING btree (location_id);
CREATE INDEX devices_platform ON public.devices USING btree (platform_id) WHERE (platform_id IS NOT NULL);
CREATE INDEX devices_rack ON public.devices USING btree (rack_id) WHERE (rack_id IS NOT NULL);
CREATE INDEX devices_role ON public.devices USING btree (role_id);
CREATE INDEX devices_status ON public.devices USING btree (status_id);
CREATE INDEX devices_tenant ON public.devices USING btree (tenant_id) WHERE (tenant_id IS NOT NULL);
comment on table devices is 'A switch, a router, a server: what stands at a location and has interfaces.';

create table devices_tags (
  device_id uuid not null,
  tag_id uuid not null,
  constraint devices_tags_pkey PRIMARY KEY (device_id, tag_id)
);
CREATE INDEX devices_tags_member ON public.devices_tags USING btree (tag_id);

create table rirs (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  name text collate "C" not null,
  is_private boolean not null default false,
  description text collate "C",
  constraint rirs_key UNIQUE NULLS NOT DISTINCT (name) DEFERRABLE,
  constraint rirs_name_check CHECK ((name <> ''::text)),
  constraint rirs_pkey PRIMARY KEY (id)
);
comment on table rirs is 'A registry that hands out networks: RIPE, ARIN, RFC 1918.';

create table vlan_groups (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  name text collate "C" not null,
  location_id uuid,
  range text collate "C" not null default '1-4094'::text,
  description text collate "C",
  constraint vlan_groups_key UNIQUE NULLS NOT DISTINCT (name) DEFERRABLE,
  constraint vlan_groups_name_check CHECK ((name <> ''::text)),
  constraint vlan_groups_pkey PRIMARY KEY (id),
  constraint vlan_groups_range_check CHECK ((range <> ''::text))
);
CREATE INDEX vlan_groups_location ON public.vlan_groups USING btree (location_id) WHERE (location_id IS NOT NULL);
comment on table vlan_groups is 'VLANs among which each number and each name stands once.';

create table vlan_groups_tags (
  vlan_group_id uuid not null,
  tag_id uuid not null,
  constraint vlan_groups_tags_pkey PRIMARY KEY (vlan_group_id, tag_id)
);
CREATE INDEX vlan_groups_tags_member ON public.vlan_groups_tags USING btree (tag_id);

create table vlans (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  vlan_group_id uuid,
  vid integer not null,
  name text collate "C" not null,
  status_id uuid not null,
  role_id uuid,
  tenant_id uuid,
  description text collate "C",
  constraint vlans_key UNIQUE NULLS NOT DISTINCT (vlan_group_id, vid, name) DEFERRABLE,
  constraint vlans_name_check CHECK ((name <> ''::text)),
  constraint vlans_pkey PRIMARY KEY (id),
  constraint vlans_vlan_group_name_unique UNIQUE (vlan_group_id, name) DEFERRABLE,
  constraint vlans_vlan_group_vid_unique UNIQUE (vlan_group_id, vid) DEFERRABLE
);
CREATE INDEX vlans_role ON public.vlans USING btree (role_id) WHERE (role_id IS NOT NULL);
CREATE INDEX vlans_status ON public.vlans USING btree (status_id);
CREATE INDEX vlans_tenant ON public.vlans USING btree (tenant_id) WHERE (tenant_id IS NOT NULL);
comment on table vlans is 'A virtual network on switches, known by its number.';

create table vlans_locations (
  vlan_id uuid not null,
  location_id uuid not null,
  constraint vlans_locations_pkey PRIMARY KEY (vlan_id, location_id)
);
CREATE INDEX vlans_locations_member ON public.vlans_locations USING btree (location_id);

create table vlans_tags (
  vlan_id uuid not null,
  tag_id uuid not null,
  constraint vlans_tags_pkey PRIMARY KEY (vlan_id, tag_id)
);
CREATE INDEX vlans_tags_member ON public.vlans_tags USING btree (tag_id);
alter table prefixes add column role_id uuid;
alter table prefixes add column vlan_id uuid;
alter table prefixes add column rir_id uuid;
CREATE INDEX prefixes_rir ON public.prefixes USING btree (rir_id) WHERE (rir_id IS NOT NULL);
CREATE INDEX prefixes_role ON public.prefixes USING btree (role_id) WHERE (role_id IS NOT NULL);
CREATE INDEX prefixes_vlan ON public.prefixes USING btree (vlan_id) WHERE (vlan_id IS NOT NULL);

create table vrfs (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  namespace_id uuid not null,
  rd text collate "C",
  name text collate "C" not null,
  status_id uuid,
  tenant_id uuid,
  description text collate "C",
  constraint vrfs_key UNIQUE NULLS NOT DISTINCT (namespace_id, rd, name) DEFERRABLE,
  constraint vrfs_name_check CHECK ((name <> ''::text)),
  constraint vrfs_namespace_rd_unique UNIQUE (namespace_id, rd) DEFERRABLE,
  constraint vrfs_pkey PRIMARY KEY (id)
);
CREATE INDEX vrfs_sort ON public.vrfs USING btree (namespace_id, name, rd);
CREATE INDEX vrfs_status ON public.vrfs USING btree (status_id) WHERE (status_id IS NOT NULL);
CREATE INDEX vrfs_tenant ON public.vrfs USING btree (tenant_id) WHERE (tenant_id IS NOT NULL);
comment on table vrfs is 'A routing table of its own, on devices that take part in it.';

create table vrfs_devices (
  vrf_id uuid not null,
  device_id uuid not null,
  constraint vrfs_devices_pkey PRIMARY KEY (vrf_id, device_id)
);
CREATE INDEX vrfs_devices_member ON public.vrfs_devices USING btree (device_id);

create table vrfs_prefixes (
  vrf_id uuid not null,
  prefix_id uuid not null,
  constraint vrfs_prefixes_pkey PRIMARY KEY (vrf_id, prefix_id)
);
CREATE INDEX vrfs_prefixes_member ON public.vrfs_prefixes USING btree (prefix_id);

create table vrfs_tags (
  vrf_id uuid not null,
  tag_id uuid not null,
  constraint vrfs_tags_pkey PRIMARY KEY (vrf_id, tag_id)
);
CREATE INDEX vrfs_tags_member ON public.vrfs_tags USING btree (tag_id);

create table interfaces (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  device_id uuid not null,
  name text collate "C" not null,
  label text collate "C",
  status_id uuid not null,
  role_id uuid,
  enabled boolean not null default true,
  type text collate "C" not null,
  port_type text collate "C",
  mac_address macaddr,
  mtu integer,
  speed integer,
  duplex text collate "C",
  mgmt_only boolean not null default false,
  mode text collate "C",
  untagged_vlan_id uuid,
  vrf_id uuid,
  lag_id uuid,
  parent_interface_id uuid,
  bridge_id uuid,
  description text collate "C",
  constraint interfaces_duplex_check CHECK ((duplex = ANY (ARRAY['auto'::text, 'full'::text, 'half'::text]))),
  constraint interfaces_key UNIQUE NULLS NOT DISTINCT (device_id, name) DEFERRABLE,
  constraint interfaces_mode_check CHECK ((mode = ANY (ARRAY['access'::text, 'tagged'::text, 'tagged-all'::text]))),
  constraint interfaces_name_check CHECK ((name <> ''::text)),
  constraint interfaces_pkey PRIMARY KEY (id),
  constraint interfaces_port_type_check CHECK ((port_type = ANY (ARRAY['8p8c'::text, '8p6c'::text, '8p4c'::text, '8p2c'::text, '6p6c'::text, '6p4c'::text, '6p2c'::text, '4p4c'::text, '4p2c'::text, 'gg45'::text, 'tera-4p'::text, 'tera-2p'::text, 'tera-1p'::text, '110-punch'::text, 'bnc'::text, 'f'::text, 'n'::text, 'mrj21'::text, 'st'::text, 'sc'::text, 'sc-pc'::text, 'sc-upc'::text, 'sc-apc'::text, 'fc'::text, 'lc'::text, 'lc-pc'::text, 'lc-upc'::text, 'lc-apc'::text, 'mtrj'::text, 'mpo'::text, 'lsh'::text, 'lsh-pc'::text, 'lsh-upc'::text, 'lsh-apc'::text, 'lx5'::text, 'lx5-pc'::text, 'lx5-upc'::text, 'lx5-apc'::text, 'splice'::text, 'cs'::text, 'cs-pc'::text, 'cs-upc'::text, 'cs-apc'::text, 'sn'::text, 'sma-905'::text, 'sma-906'::text, 'urm-p2'::text, 'urm-p4'::text, 'urm-p8'::text, 'other'::text]))),
  constraint interfaces_type_check CHECK ((type = ANY (ARRAY['virtual'::text, 'bridge'::text, 'lag'::text, 'tunnel'::text, '100base-tx'::text, '1000base-t'::text, '2.5gbase-t'::text, '5gbase-t'::text, '10gbase-t'::text, '100base-fx'::text, '100base-lfx'::text, '100base-t1'::text, '1000base-x-gbic'::text, '1000base-x-sfp'::text, '10gbase-cx4'::text, '10gbase-x-sfpp'::text, '10gbase-x-xfp'::text, '10gbase-x-xenpak'::text, '10gbase-x-x2'::text, '25gbase-x-sfp28'::text, '50gbase-x-sfp56'::text, '40gbase-x-qsfpp'::text, '50gbase-x-sfp28'::text, '100gbase-x-cfp'::text, '100gbase-x-cfp2'::text, '100gbase-x-cfp4'::text, '100gbase-x-cpak'::text, '100gbase-x-qsfp28'::text, '100gbase-x-cxp'::text, '100gbase-x-dsfp'::text, '100gbase-x-sfpdd'::text, '100gbase-x-qsfpdd'::text, '200gbase-x-cfp2'::text, '200gbase-x-qsfp56'::text, '200gbase-x-qsfpdd'::text, '400gbase-x-qsfp112'::text, '400gbase-x-qsfpdd'::text, '400gbase-x-osfp'::text, '400gbase-x-cfp2'::text, '400gbase-x-osfp-rhs'::text, '400gbase-x-cdfp'::text, '400gbase-x-cfp8'::text, '800gbase-x-qsfpdd'::text, '800gbase-x-osfp'::text, '800gbase-x-osfp-xd'::text, '1600gbase-x-osfp'::text, '1600gbase-x-osfp-xd'::text, '1000base-kx'::text, '10gbase-kr'::text, '10gbase-kx4'::text, '25gbase-kr'::text, '40gbase-kr4'::text, '50gbase-kr'::text, '100gbase-kp4'::text, '100gbase-kr2'::text, '100gbase-kr4'::text, 'gsm'::text, 'cdma'::text, 'lte'::text, 'sonet-oc3'::text, 'sonet-oc12'::text, 'sonet-oc48'::text, 'sonet-oc192'::text, 'sonet-oc768'::text, 'sonet-oc1920'::text, 'sonet-oc3840'::text, '1gfc-sfp'::text, '2gfc-sfp'::text, '4gfc-sfp'::text, '8gfc-sfpp'::text, '16gfc-sfpp'::text, '32gfc-sfp28'::text, '32gfc-sfpp'::text, '64gfc-qsfpp'::text, '64gfc-sfpdd'::text, '64gfc-sfpp'::text, '128gfc-qsfp28'::text, 'infiniband-sdr'::text, 'infiniband-ddr'::text, 'infiniband-qdr'::text, 'infiniband-fdr10'::text, 'infiniband-fdr'::text, 'infiniband-edr'::text, 'infiniband-hdr'::text, 'infiniband-ndr'::text, 'infiniband-xdr'::text, 't1'::text, 'e1'::text, 't3'::text, 'e3'::text, 'da15'::text, 'da26'::text, 'da31'::text, 'db25'::text, 'db44'::text, 'db60'::text, 'dc37'::text, 'dc62'::text, 'dc79'::text, 'dd50'::text, 'dd78'::text, 'dd100'::text, 'de9'::text, 'de15'::text, 'de19'::text, 'df104'::text, 'xdsl'::text, 'docsis'::text, 'gpon'::text, 'xg-pon'::text, 'xgs-pon'::text, 'ng-pon2'::text, 'epon'::text, '10g-epon'::text, 'cisco-stackwise'::text, 'cisco-stackwise-plus'::text, 'cisco-flexstack'::text, 'cisco-flexstack-plus'::text, 'cisco-stackwise-80'::text, 'cisco-stackwise-160'::text, 'cisco-stackwise-320'::text, 'cisco-stackwise-480'::text, 'cisco-stackwise-1t'::text, 'juniper-vcp'::text, 'extreme-summitstack'::text, 'extreme-summitstack-128'::text, 'extreme-summitstack-256'::text, 'extreme-summitstack-512'::text, 'other'::text, 'ieee802.11a'::text, 'ieee802.11g'::text, 'ieee802.11n'::text, 'ieee802.11ac'::text, 'ieee802.11ad'::text, 'ieee802.11ax'::text, 'ieee802.11ay'::text, 'ieee802.15.1'::text, 'other-wireless'::text])))
);
CREATE INDEX interfaces_bridge ON public.interfaces USING btree (bridge_id) WHERE (bridge_id IS NOT NULL);
CREATE INDEX interfaces_lag ON public.interfaces USING btree (lag_id) WHERE (lag_id IS NOT NULL);
CREATE INDEX interfaces_parent_interface ON public.interfaces USING btree (parent_interface_id) WHERE (parent_interface_id IS NOT NULL);
CREATE INDEX interfaces_role ON public.interfaces USING btree (role_id) WHERE (role_id IS NOT NULL);
CREATE INDEX interfaces_status ON public.interfaces USING btree (status_id);
CREATE INDEX interfaces_untagged_vlan ON public.interfaces USING btree (untagged_vlan_id) WHERE (untagged_vlan_id IS NOT NULL);
CREATE INDEX interfaces_vrf ON public.interfaces USING btree (vrf_id) WHERE (vrf_id IS NOT NULL);
comment on table interfaces is 'A port of a device, or a virtual interface on it.';

create table interfaces_tagged_vlans (
  interface_id uuid not null,
  vlan_id uuid not null,
  constraint interfaces_tagged_vlans_pkey PRIMARY KEY (interface_id, vlan_id)
);
CREATE INDEX interfaces_tagged_vlans_member ON public.interfaces_tagged_vlans USING btree (vlan_id);

create table interfaces_tags (
  interface_id uuid not null,
  tag_id uuid not null,
  constraint interfaces_tags_pkey PRIMARY KEY (interface_id, tag_id)
);
CREATE INDEX interfaces_tags_member ON public.interfaces_tags USING btree (tag_id);
alter table ip_addresses add column role_id uuid;
CREATE INDEX ip_addresses_role ON public.ip_addresses USING btree (role_id) WHERE (role_id IS NOT NULL);

create table ip_address_assignments (
  id uuid not null default gen_random_uuid(),
  version bigint not null default 1,
  created timestamp with time zone not null default now(),
  last_updated timestamp with time zone not null default now(),
  ip_address_id uuid not null,
  interface_id uuid not null,
  is_source boolean not null default false,
  is_destination boolean not null default false,
  is_default boolean not null default false,
  is_preferred boolean not null default false,
  is_primary boolean not null default false,
  is_secondary boolean not null default false,
  is_standby boolean not null default false,
  constraint ip_address_assignments_key UNIQUE NULLS NOT DISTINCT (ip_address_id, interface_id) DEFERRABLE,
  constraint ip_address_assignments_pkey PRIMARY KEY (id)
);
CREATE INDEX ip_address_assignments_interface ON public.ip_address_assignments USING btree (interface_id);
comment on table ip_address_assignments is 'An address on an interface.';
alter table tenant_groups add constraint tenant_groups_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES tenant_groups(id);
alter table tenants add constraint tenants_tenant_group_id_fkey FOREIGN KEY (tenant_group_id) REFERENCES tenant_groups(id);
alter table device_types add constraint device_types_manufacturer_id_fkey FOREIGN KEY (manufacturer_id) REFERENCES manufacturers(id);
alter table device_types_tags add constraint device_types_tags_device_type_id_fkey FOREIGN KEY (device_type_id) REFERENCES device_types(id) ON DELETE CASCADE;
alter table device_types_tags add constraint device_types_tags_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES tags(id);
alter table interface_templates add constraint interface_templates_device_type_id_fkey FOREIGN KEY (device_type_id) REFERENCES device_types(id);
alter table platforms add constraint platforms_manufacturer_id_fkey FOREIGN KEY (manufacturer_id) REFERENCES manufacturers(id);
alter table rack_groups add constraint rack_groups_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);
alter table rack_groups add constraint rack_groups_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES rack_groups(id);
alter table racks add constraint racks_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);
alter table racks add constraint racks_rack_group_id_fkey FOREIGN KEY (rack_group_id) REFERENCES rack_groups(id);
alter table racks add constraint racks_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles(id);
alter table racks add constraint racks_status_id_fkey FOREIGN KEY (status_id) REFERENCES statuses(id);
alter table racks add constraint racks_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id);
alter table racks_tags add constraint racks_tags_rack_id_fkey FOREIGN KEY (rack_id) REFERENCES racks(id) ON DELETE CASCADE;
alter table racks_tags add constraint racks_tags_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES tags(id);
alter table devices add constraint devices_device_type_id_fkey FOREIGN KEY (device_type_id) REFERENCES device_types(id);
alter table devices add constraint devices_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);
alter table devices add constraint devices_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms(id);
alter table devices add constraint devices_rack_id_fkey FOREIGN KEY (rack_id) REFERENCES racks(id);
alter table devices add constraint devices_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles(id);
alter table devices add constraint devices_status_id_fkey FOREIGN KEY (status_id) REFERENCES statuses(id);
alter table devices add constraint devices_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id);
alter table devices_tags add constraint devices_tags_device_id_fkey FOREIGN KEY (device_id) REFERENCES devices(id) ON DELETE CASCADE;
alter table devices_tags add constraint devices_tags_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES tags(id);
alter table vlan_groups add constraint vlan_groups_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);
alter table vlan_groups_tags add constraint vlan_groups_tags_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES tags(id);
alter table vlan_groups_tags add constraint vlan_groups_tags_vlan_group_id_fkey FOREIGN KEY (vlan_group_id) REFERENCES vlan_groups(id) ON DELETE CASCADE;
alter table vlans add constraint vlans_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles(id);
alter table vlans add constraint vlans_status_id_fkey FOREIGN KEY (status_id) REFERENCES statuses(id);
alter table vlans add constraint vlans_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id);
alter table vlans add constraint vlans_vlan_group_id_fkey FOREIGN KEY (vlan_group_id) REFERENCES vlan_groups(id);
alter table vlans_locations add constraint vlans_locations_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);
alter table vlans_locations add constraint vlans_locations_vlan_id_fkey FOREIGN KEY (vlan_id) REFERENCES vlans(id) ON DELETE CASCADE;
alter table vlans_tags add constraint vlans_tags_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES tags(id);
alter table vlans_tags add constraint vlans_tags_vlan_id_fkey FOREIGN KEY (vlan_id) REFERENCES vlans(id) ON DELETE CASCADE;
alter table prefixes add constraint prefixes_rir_id_fkey FOREIGN KEY (rir_id) REFERENCES rirs(id);
alter table prefixes add constraint prefixes_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles(id);
alter table prefixes add constraint prefixes_vlan_id_fkey FOREIGN KEY (vlan_id) REFERENCES vlans(id);
alter table vrfs add constraint vrfs_namespace_id_fkey FOREIGN KEY (namespace_id) REFERENCES namespaces(id);
alter table vrfs add constraint vrfs_status_id_fkey FOREIGN KEY (status_id) REFERENCES statuses(id);
alter table vrfs add constraint vrfs_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id);
alter table vrfs_devices add constraint vrfs_devices_device_id_fkey FOREIGN KEY (device_id) REFERENCES devices(id);
alter table vrfs_devices add constraint vrfs_devices_vrf_id_fkey FOREIGN KEY (vrf_id) REFERENCES vrfs(id) ON DELETE CASCADE;
alter table vrfs_prefixes add constraint vrfs_prefixes_prefix_id_fkey FOREIGN KEY (prefix_id) REFERENCES prefixes(id);
alter table vrfs_prefixes add constraint vrfs_prefixes_vrf_id_fkey FOREIGN KEY (vrf_id) REFERENCES vrfs(id) ON DELETE CASCADE;
alter table vrfs_tags add constraint vrfs_tags_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES tags(id);
alter table vrfs_tags add constraint vrfs_tags_vrf_id_fkey FOREIGN KEY (vrf_id) REFERENCES vrfs(id) ON DELETE CASCADE;
alter table interfaces add constraint interfaces_bridge_id_fkey FOREIGN KEY (bridge_id) REFERENCES interfaces(id);
alter table interfaces add constraint interfaces_device_id_fkey FOREIGN KEY (device_id) REFERENCES devices(id);
alter table interfaces add constraint interfaces_lag_id_fkey FOREIGN KEY (lag_id) REFERENCES interfaces(id);
alter table interfaces add constraint interfaces_parent_interface_id_fkey FOREIGN KEY (parent_interface_id) REFERENCES interfaces(id);
alter table interfaces add constraint interfaces_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles(id);
alter table interfaces add constraint interfaces_status_id_fkey FOREIGN KEY (status_id) REFERENCES statuses(id);
alter table interfaces add constraint interfaces_untagged_vlan_id_fkey FOREIGN KEY (untagged_vlan_id) REFERENCES vlans(id);
alter table interfaces add constraint interfaces_vrf_id_fkey FOREIGN KEY (vrf_id) REFERENCES vrfs(id);
alter table interfaces_tagged_vlans add constraint interfaces_tagged_vlans_interface_id_fkey FOREIGN KEY (interface_id) REFERENCES interfaces(id) ON DELETE CASCADE;
alter table interfaces_tagged_vlans add constraint interfaces_tagged_vlans_vlan_id_fkey FOREIGN KEY (vlan_id) REFERENCES vlans(id);
alter table interfaces_tags add constraint interfaces_tags_interface_id_fkey FOREIGN KEY (interface_id) REFERENCES interfaces(id) ON DELETE CASCADE;
alter table interfaces_tags add constraint interfaces_tags_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES tags(id);
alter table ip_addresses add constraint ip_addresses_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles(id);
alter table ip_address_assignments add constraint ip_address_assignments_interface_id_fkey FOREIGN KEY (interface_id) REFERENCES interfaces(id);
alter table ip_address_assignments add constraint ip_address_assignments_ip_address_id_fkey FOREIGN KEY (ip_address_id) REFERENCES ip_addresses(id);
