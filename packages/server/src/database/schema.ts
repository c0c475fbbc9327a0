// Written from the migrated database by test/database/schema.test.ts; run it with -u after a migration.
import type { ColumnType, GeneratedAlways } from "kysely";

/** A column with a default: it may be left out of an insert. */
type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U>
    ? ColumnType<S, I | undefined, U>
    : ColumnType<T, T | undefined, T>;

/** Read as a value, written as JSON text: `pg` would send an array as a PostgreSQL array. */
type Json = ColumnType<unknown, string, string>;

type Timestamp = ColumnType<Date, Date | string, Date | string>;

/** A column that may be null. */
type Nullable<T> =
  T extends ColumnType<infer S, infer I, infer U>
    ? ColumnType<S | null, I | null | undefined, U | null>
    : T | null;

export interface ApiTokenTable {
  id: Generated<string>;
  user_id: string;
  name: string;
  key_hash: Buffer;
  start: string;
  created_at: Generated<Timestamp>;
  last_used_at: Nullable<Timestamp>;
  expires_at: Nullable<Timestamp>;
  may_write: Generated<boolean>;
}

export interface AuthAccountTable {
  id: Generated<string>;
  user_id: string;
  account_id: string;
  provider_id: string;
  password: string | null;
  access_token: string | null;
  refresh_token: string | null;
  id_token: string | null;
  access_token_expires_at: Nullable<Timestamp>;
  refresh_token_expires_at: Nullable<Timestamp>;
  scope: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Timestamp;
}

export interface AuthGroupTable {
  id: Generated<string>;
  name: string;
}

export interface AuthGroupUserTable {
  group_id: string;
  user_id: string;
}

export interface AuthSecretTable {
  id: Generated<boolean>;
  secret: string;
}

export interface AuthSessionTable {
  id: Generated<string>;
  user_id: string;
  token: string;
  expires_at: Timestamp;
  ip_address: string | null;
  user_agent: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Timestamp;
}

export interface AuthUserTable {
  id: Generated<string>;
  name: string;
  email: string;
  email_verified: boolean;
  image: string | null;
  username: string | null;
  display_username: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
  is_active: Generated<boolean>;
  is_staff: Generated<boolean>;
  is_superuser: Generated<boolean>;
  config_data: Generated<Json>;
}

export interface AuthVerificationTable {
  id: Generated<string>;
  identifier: string;
  value: string;
  expires_at: Timestamp;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface CustomFieldChoicesTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  custom_field_id: string;
  value: string;
  weight: Generated<number>;
}

export interface CustomFieldsTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  key: string;
  label: string;
  type:
    | "text"
    | "integer"
    | "boolean"
    | "date"
    | "datetime"
    | "url"
    | "select"
    | "multi-select"
    | "json"
    | "markdown";
  content_types: Generated<string[]>;
  grouping: string | null;
  description: string | null;
  required: Generated<boolean>;
  filter_logic: Generated<"loose" | "exact" | "disabled">;
  default_value: Nullable<Json>;
  weight: Generated<number>;
  validation_minimum: number | null;
  validation_maximum: number | null;
  validation_regex: string | null;
  advanced_ui: Generated<boolean>;
}

export interface DeviceTypesTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  manufacturer_id: string;
  model: string;
  part_number: string | null;
  u_height: Generated<number>;
  is_full_depth: Generated<boolean>;
  subdevice_role: "parent" | "child" | "parent-child" | null;
  comments: string | null;
  custom_fields: Generated<Json>;
}

export interface DeviceTypesTagsTable {
  device_type_id: string;
  tag_id: string;
}

export interface DevicesTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string | null;
  tenant_id: string | null;
  location_id: string;
  device_type_id: string;
  status_id: string;
  role_id: string;
  platform_id: string | null;
  serial: string | null;
  asset_tag: string | null;
  rack_id: string | null;
  position: number | null;
  face: "front" | "rear" | null;
  local_config_context_data: Nullable<Json>;
  comments: string | null;
  primary_ip4_id: string | null;
  primary_ip6_id: string | null;
  custom_fields: Generated<Json>;
  name_order: GeneratedAlways<string | null>;
}

export interface DevicesTagsTable {
  device_id: string;
  tag_id: string;
}

export interface HubClaimTable {
  object_id: string;
  model: string;
  owner: string;
  job_id: string | null;
  first_sync: string | null;
  first_at: Generated<Timestamp>;
  last_sync: string | null;
  unseen_since: Nullable<Timestamp>;
}

export interface IdentityTable {
  connection: string;
  model: string;
  remote_id: string;
  hub_id: string;
  last_seen_sync: string | null;
}

export interface InterfaceTemplatesTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  device_type_id: string;
  name: string;
  label: string | null;
  type:
    | "virtual"
    | "bridge"
    | "lag"
    | "tunnel"
    | "100base-tx"
    | "1000base-t"
    | "2.5gbase-t"
    | "5gbase-t"
    | "10gbase-t"
    | "100base-fx"
    | "100base-lfx"
    | "100base-t1"
    | "1000base-x-gbic"
    | "1000base-x-sfp"
    | "10gbase-cx4"
    | "10gbase-x-sfpp"
    | "10gbase-x-xfp"
    | "10gbase-x-xenpak"
    | "10gbase-x-x2"
    | "25gbase-x-sfp28"
    | "50gbase-x-sfp56"
    | "40gbase-x-qsfpp"
    | "50gbase-x-sfp28"
    | "100gbase-x-cfp"
    | "100gbase-x-cfp2"
    | "100gbase-x-cfp4"
    | "100gbase-x-cpak"
    | "100gbase-x-qsfp28"
    | "100gbase-x-cxp"
    | "100gbase-x-dsfp"
    | "100gbase-x-sfpdd"
    | "100gbase-x-qsfpdd"
    | "200gbase-x-cfp2"
    | "200gbase-x-qsfp56"
    | "200gbase-x-qsfpdd"
    | "400gbase-x-qsfp112"
    | "400gbase-x-qsfpdd"
    | "400gbase-x-osfp"
    | "400gbase-x-cfp2"
    | "400gbase-x-osfp-rhs"
    | "400gbase-x-cdfp"
    | "400gbase-x-cfp8"
    | "800gbase-x-qsfpdd"
    | "800gbase-x-osfp"
    | "800gbase-x-osfp-xd"
    | "1600gbase-x-osfp"
    | "1600gbase-x-osfp-xd"
    | "1000base-kx"
    | "10gbase-kr"
    | "10gbase-kx4"
    | "25gbase-kr"
    | "40gbase-kr4"
    | "50gbase-kr"
    | "100gbase-kp4"
    | "100gbase-kr2"
    | "100gbase-kr4"
    | "gsm"
    | "cdma"
    | "lte"
    | "sonet-oc3"
    | "sonet-oc12"
    | "sonet-oc48"
    | "sonet-oc192"
    | "sonet-oc768"
    | "sonet-oc1920"
    | "sonet-oc3840"
    | "1gfc-sfp"
    | "2gfc-sfp"
    | "4gfc-sfp"
    | "8gfc-sfpp"
    | "16gfc-sfpp"
    | "32gfc-sfp28"
    | "32gfc-sfpp"
    | "64gfc-qsfpp"
    | "64gfc-sfpdd"
    | "64gfc-sfpp"
    | "128gfc-qsfp28"
    | "infiniband-sdr"
    | "infiniband-ddr"
    | "infiniband-qdr"
    | "infiniband-fdr10"
    | "infiniband-fdr"
    | "infiniband-edr"
    | "infiniband-hdr"
    | "infiniband-ndr"
    | "infiniband-xdr"
    | "t1"
    | "e1"
    | "t3"
    | "e3"
    | "da15"
    | "da26"
    | "da31"
    | "db25"
    | "db44"
    | "db60"
    | "dc37"
    | "dc62"
    | "dc79"
    | "dd50"
    | "dd78"
    | "dd100"
    | "de9"
    | "de15"
    | "de19"
    | "df104"
    | "xdsl"
    | "docsis"
    | "gpon"
    | "xg-pon"
    | "xgs-pon"
    | "ng-pon2"
    | "epon"
    | "10g-epon"
    | "cisco-stackwise"
    | "cisco-stackwise-plus"
    | "cisco-flexstack"
    | "cisco-flexstack-plus"
    | "cisco-stackwise-80"
    | "cisco-stackwise-160"
    | "cisco-stackwise-320"
    | "cisco-stackwise-480"
    | "cisco-stackwise-1t"
    | "juniper-vcp"
    | "extreme-summitstack"
    | "extreme-summitstack-128"
    | "extreme-summitstack-256"
    | "extreme-summitstack-512"
    | "other"
    | "ieee802.11a"
    | "ieee802.11g"
    | "ieee802.11n"
    | "ieee802.11ac"
    | "ieee802.11ad"
    | "ieee802.11ax"
    | "ieee802.11ay"
    | "ieee802.15.1"
    | "other-wireless";
  port_type:
    | "8p8c"
    | "8p6c"
    | "8p4c"
    | "8p2c"
    | "6p6c"
    | "6p4c"
    | "6p2c"
    | "4p4c"
    | "4p2c"
    | "gg45"
    | "tera-4p"
    | "tera-2p"
    | "tera-1p"
    | "110-punch"
    | "bnc"
    | "f"
    | "n"
    | "mrj21"
    | "st"
    | "sc"
    | "sc-pc"
    | "sc-upc"
    | "sc-apc"
    | "fc"
    | "lc"
    | "lc-pc"
    | "lc-upc"
    | "lc-apc"
    | "mtrj"
    | "mpo"
    | "lsh"
    | "lsh-pc"
    | "lsh-upc"
    | "lsh-apc"
    | "lx5"
    | "lx5-pc"
    | "lx5-upc"
    | "lx5-apc"
    | "splice"
    | "cs"
    | "cs-pc"
    | "cs-upc"
    | "cs-apc"
    | "sn"
    | "sma-905"
    | "sma-906"
    | "urm-p2"
    | "urm-p4"
    | "urm-p8"
    | "other"
    | null;
  mgmt_only: Generated<boolean>;
  speed: number | null;
  duplex: "auto" | "full" | "half" | null;
  description: string | null;
  custom_fields: Generated<Json>;
  name_order: GeneratedAlways<string>;
}

export interface InterfacesTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  device_id: string;
  name: string;
  label: string | null;
  status_id: string;
  role_id: string | null;
  enabled: Generated<boolean>;
  type:
    | "virtual"
    | "bridge"
    | "lag"
    | "tunnel"
    | "100base-tx"
    | "1000base-t"
    | "2.5gbase-t"
    | "5gbase-t"
    | "10gbase-t"
    | "100base-fx"
    | "100base-lfx"
    | "100base-t1"
    | "1000base-x-gbic"
    | "1000base-x-sfp"
    | "10gbase-cx4"
    | "10gbase-x-sfpp"
    | "10gbase-x-xfp"
    | "10gbase-x-xenpak"
    | "10gbase-x-x2"
    | "25gbase-x-sfp28"
    | "50gbase-x-sfp56"
    | "40gbase-x-qsfpp"
    | "50gbase-x-sfp28"
    | "100gbase-x-cfp"
    | "100gbase-x-cfp2"
    | "100gbase-x-cfp4"
    | "100gbase-x-cpak"
    | "100gbase-x-qsfp28"
    | "100gbase-x-cxp"
    | "100gbase-x-dsfp"
    | "100gbase-x-sfpdd"
    | "100gbase-x-qsfpdd"
    | "200gbase-x-cfp2"
    | "200gbase-x-qsfp56"
    | "200gbase-x-qsfpdd"
    | "400gbase-x-qsfp112"
    | "400gbase-x-qsfpdd"
    | "400gbase-x-osfp"
    | "400gbase-x-cfp2"
    | "400gbase-x-osfp-rhs"
    | "400gbase-x-cdfp"
    | "400gbase-x-cfp8"
    | "800gbase-x-qsfpdd"
    | "800gbase-x-osfp"
    | "800gbase-x-osfp-xd"
    | "1600gbase-x-osfp"
    | "1600gbase-x-osfp-xd"
    | "1000base-kx"
    | "10gbase-kr"
    | "10gbase-kx4"
    | "25gbase-kr"
    | "40gbase-kr4"
    | "50gbase-kr"
    | "100gbase-kp4"
    | "100gbase-kr2"
    | "100gbase-kr4"
    | "gsm"
    | "cdma"
    | "lte"
    | "sonet-oc3"
    | "sonet-oc12"
    | "sonet-oc48"
    | "sonet-oc192"
    | "sonet-oc768"
    | "sonet-oc1920"
    | "sonet-oc3840"
    | "1gfc-sfp"
    | "2gfc-sfp"
    | "4gfc-sfp"
    | "8gfc-sfpp"
    | "16gfc-sfpp"
    | "32gfc-sfp28"
    | "32gfc-sfpp"
    | "64gfc-qsfpp"
    | "64gfc-sfpdd"
    | "64gfc-sfpp"
    | "128gfc-qsfp28"
    | "infiniband-sdr"
    | "infiniband-ddr"
    | "infiniband-qdr"
    | "infiniband-fdr10"
    | "infiniband-fdr"
    | "infiniband-edr"
    | "infiniband-hdr"
    | "infiniband-ndr"
    | "infiniband-xdr"
    | "t1"
    | "e1"
    | "t3"
    | "e3"
    | "da15"
    | "da26"
    | "da31"
    | "db25"
    | "db44"
    | "db60"
    | "dc37"
    | "dc62"
    | "dc79"
    | "dd50"
    | "dd78"
    | "dd100"
    | "de9"
    | "de15"
    | "de19"
    | "df104"
    | "xdsl"
    | "docsis"
    | "gpon"
    | "xg-pon"
    | "xgs-pon"
    | "ng-pon2"
    | "epon"
    | "10g-epon"
    | "cisco-stackwise"
    | "cisco-stackwise-plus"
    | "cisco-flexstack"
    | "cisco-flexstack-plus"
    | "cisco-stackwise-80"
    | "cisco-stackwise-160"
    | "cisco-stackwise-320"
    | "cisco-stackwise-480"
    | "cisco-stackwise-1t"
    | "juniper-vcp"
    | "extreme-summitstack"
    | "extreme-summitstack-128"
    | "extreme-summitstack-256"
    | "extreme-summitstack-512"
    | "other"
    | "ieee802.11a"
    | "ieee802.11g"
    | "ieee802.11n"
    | "ieee802.11ac"
    | "ieee802.11ad"
    | "ieee802.11ax"
    | "ieee802.11ay"
    | "ieee802.15.1"
    | "other-wireless";
  port_type:
    | "8p8c"
    | "8p6c"
    | "8p4c"
    | "8p2c"
    | "6p6c"
    | "6p4c"
    | "6p2c"
    | "4p4c"
    | "4p2c"
    | "gg45"
    | "tera-4p"
    | "tera-2p"
    | "tera-1p"
    | "110-punch"
    | "bnc"
    | "f"
    | "n"
    | "mrj21"
    | "st"
    | "sc"
    | "sc-pc"
    | "sc-upc"
    | "sc-apc"
    | "fc"
    | "lc"
    | "lc-pc"
    | "lc-upc"
    | "lc-apc"
    | "mtrj"
    | "mpo"
    | "lsh"
    | "lsh-pc"
    | "lsh-upc"
    | "lsh-apc"
    | "lx5"
    | "lx5-pc"
    | "lx5-upc"
    | "lx5-apc"
    | "splice"
    | "cs"
    | "cs-pc"
    | "cs-upc"
    | "cs-apc"
    | "sn"
    | "sma-905"
    | "sma-906"
    | "urm-p2"
    | "urm-p4"
    | "urm-p8"
    | "other"
    | null;
  mac_address: string | null;
  mtu: number | null;
  speed: number | null;
  duplex: "auto" | "full" | "half" | null;
  mgmt_only: Generated<boolean>;
  mode: "access" | "tagged" | "tagged-all" | null;
  untagged_vlan_id: string | null;
  vrf_id: string | null;
  lag_id: string | null;
  parent_interface_id: string | null;
  bridge_id: string | null;
  description: string | null;
  custom_fields: Generated<Json>;
  name_order: GeneratedAlways<string>;
}

export interface InterfacesTaggedVlansTable {
  interface_id: string;
  vlan_id: string;
}

export interface InterfacesTagsTable {
  interface_id: string;
  tag_id: string;
}

export interface IpAddressAssignmentsTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  ip_address_id: string;
  interface_id: string;
  is_source: Generated<boolean>;
  is_destination: Generated<boolean>;
  is_default: Generated<boolean>;
  is_preferred: Generated<boolean>;
  is_primary: Generated<boolean>;
  is_secondary: Generated<boolean>;
  is_standby: Generated<boolean>;
}

export interface IpAddressesTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  namespace_id: string;
  host: string;
  mask_length: number;
  type: Generated<"dhcp" | "host" | "slaac">;
  status_id: string;
  tenant_id: string | null;
  nat_inside_id: string | null;
  dns_name: string | null;
  description: string | null;
  parent_id: string;
  ip_version: number;
  role_id: string | null;
  custom_fields: Generated<Json>;
}

export interface IpAddressesTagsTable {
  ip_address_id: string;
  tag_id: string;
}

export interface JobLogTable {
  id: GeneratedAlways<number>;
  job_result_id: string;
  created_at: Generated<Timestamp>;
  level: "debug" | "info" | "success" | "warning" | "error";
  grouping: Generated<string>;
  message: string;
  details: Nullable<Json>;
}

export interface JobManifestTable {
  id: Generated<boolean>;
  manifest: Json;
  updated_at: Generated<Timestamp>;
}

export interface JobResultTable {
  id: Generated<string>;
  job_id: string;
  job_title: string;
  kind: "run" | "apply" | "resume" | "retry" | "undo" | "rollback";
  sync_id: string;
  status: Generated<
    | "pending"
    | "waiting"
    | "running"
    | "planned"
    | "in-agreement"
    | "applied"
    | "not-converged"
    | "partial"
    | "held"
    | "failed"
    | "cancelled"
    | "stale"
    | "lost"
  >;
  status_reason: string | null;
  user_id: string | null;
  user_name: string | null;
  input: Generated<Json>;
  created_at: Generated<Timestamp>;
  started_at: Nullable<Timestamp>;
  finished_at: Nullable<Timestamp>;
  worker_id: string | null;
  fence: Generated<number>;
  cancel_requested_at: Nullable<Timestamp>;
  cancel_requested_by: string | null;
  progress: Generated<Json>;
  peak_memory_bytes: number | null;
  request_key: string | null;
  request_hash: string | null;
}

export interface JobWorkerTable {
  id: string;
  host: string;
  pid: number;
  started_at: Generated<Timestamp>;
  heartbeat_at: Generated<Timestamp>;
}

export interface LocationTypesTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  parent_id: string | null;
  description: string | null;
  content_types: Generated<string[]>;
  nestable: Generated<boolean>;
  custom_fields: Generated<Json>;
}

export interface LocationsTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  parent_id: string | null;
  location_type_id: string;
  status_id: string;
  tenant_id: string | null;
  description: string | null;
  facility: string | null;
  asn: number | null;
  time_zone: string | null;
  physical_address: string | null;
  shipping_address: string | null;
  latitude: string | null;
  longitude: string | null;
  contact_name: string | null;
  contact_phone: string | null;
  contact_email: string | null;
  comments: string | null;
  custom_fields: Generated<Json>;
  name_order: GeneratedAlways<string>;
}

export interface LocationsTagsTable {
  location_id: string;
  tag_id: string;
}

export interface ManufacturersTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  description: string | null;
  custom_fields: Generated<Json>;
}

export interface MissingObjectTable {
  job_id: string;
  model: string;
  key: string;
  since: Timestamp;
}

export interface NamespacesTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  description: string | null;
  location_id: string | null;
  tenant_id: string | null;
  custom_fields: Generated<Json>;
}

export interface NamespacesTagsTable {
  namespace_id: string;
  tag_id: string;
}

export interface NoteTable {
  id: Generated<string>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  model: string;
  object_id: string;
  label: string;
  user_id: string | null;
  user_name: string;
  note: string;
}

export interface ObjectChangeTable {
  id: GeneratedAlways<number>;
  time: Generated<Timestamp>;
  user_name: string | null;
  job_result_id: string | null;
  sync_id: string | null;
  model: string;
  object_id: string;
  action: "create" | "update" | "delete";
  label: string;
  before: Nullable<Json>;
  after: Nullable<Json>;
  source_name: string | null;
  undo_of: string | null;
}

export interface ObjectPermissionTable {
  id: Generated<string>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  description: Generated<string>;
  enabled: Generated<boolean>;
  object_types: string[];
  actions: string[];
  constraints: Nullable<Json>;
}

export interface ObjectPermissionGroupTable {
  permission_id: string;
  group_id: string;
}

export interface ObjectPermissionUserTable {
  permission_id: string;
  user_id: string;
}

export interface PlatformsTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  manufacturer_id: string | null;
  network_driver: string | null;
  napalm_driver: string | null;
  napalm_args: Nullable<Json>;
  description: string | null;
  custom_fields: Generated<Json>;
}

export interface PrefixesTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  namespace_id: string;
  prefix: string;
  type: Generated<"container" | "network" | "pool">;
  status_id: string;
  tenant_id: string | null;
  date_allocated: Nullable<Timestamp>;
  description: string | null;
  parent_id: string | null;
  ip_version: number;
  role_id: string | null;
  vlan_id: string | null;
  rir_id: string | null;
  custom_fields: Generated<Json>;
}

export interface PrefixesLocationsTable {
  prefix_id: string;
  location_id: string;
}

export interface PrefixesTagsTable {
  prefix_id: string;
  tag_id: string;
}

export interface RackGroupsTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  location_id: string;
  parent_id: string | null;
  description: string | null;
  custom_fields: Generated<Json>;
}

export interface RacksTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  rack_group_id: string | null;
  location_id: string;
  status_id: string;
  role_id: string | null;
  tenant_id: string | null;
  facility_id: string | null;
  serial: string | null;
  asset_tag: string | null;
  type:
    | "2-post-frame"
    | "4-post-frame"
    | "4-post-cabinet"
    | "wall-frame"
    | "wall-frame-vertical"
    | "wall-cabinet"
    | "wall-cabinet-vertical"
    | "other"
    | null;
  width: Generated<"10" | "19" | "21" | "23">;
  u_height: Generated<number>;
  desc_units: Generated<boolean>;
  outer_width: number | null;
  outer_depth: number | null;
  outer_unit: "mm" | "in" | null;
  comments: string | null;
  custom_fields: Generated<Json>;
  name_order: GeneratedAlways<string>;
}

export interface RacksTagsTable {
  rack_id: string;
  tag_id: string;
}

export interface RequestAnswerTable {
  user_id: string | null;
  request_key: string;
  request_hash: string;
  answer: Json;
  created_at: Generated<Timestamp>;
}

export interface RirsTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  is_private: Generated<boolean>;
  description: string | null;
  custom_fields: Generated<Json>;
}

export interface RolesTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  color: Generated<string>;
  description: string | null;
  content_types: Generated<string[]>;
  weight: number | null;
  custom_fields: Generated<Json>;
}

export interface SetupTokenTable {
  token_hash: Buffer;
  created_at: Generated<Timestamp>;
  expires_at: Timestamp;
}

export interface StandingRejectionTable {
  job_id: string;
  model: string;
  key: string;
  action: "create" | "update" | "delete";
  step: number;
  values_hash: string;
  user_name: string | null;
  reason: string;
  sync_id: string;
  created_at: Generated<Timestamp>;
}

export interface StatusesTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  color: Generated<string>;
  description: string | null;
  content_types: Generated<string[]>;
  custom_fields: Generated<Json>;
}

export interface SyncTable {
  id: Generated<string>;
  job_id: string;
  job_title: string;
  direction: "source" | "target" | "comparison";
  source_name: string;
  target_name: string;
  target_lock: string;
  is_dry_run: boolean;
  asks_deletes: Generated<boolean>;
  input: Generated<Json>;
  user_id: string | null;
  user_name: string | null;
  status: Generated<
    | "pending"
    | "waiting"
    | "running"
    | "planned"
    | "in-agreement"
    | "applied"
    | "not-converged"
    | "partial"
    | "held"
    | "failed"
    | "cancelled"
    | "stale"
    | "lost"
  >;
  status_reason: string | null;
  plan_digest: string | null;
  created_at: Generated<Timestamp>;
  started_at: Nullable<Timestamp>;
  finished_at: Nullable<Timestamp>;
  peak_memory_bytes: number | null;
  scope: Generated<string[]>;
  ignore_asked: Generated<string[]>;
  ignored: Generated<string[]>;
  decisions_revision: Generated<number>;
  rehearsed_revision: number | null;
  rehearsed_count: number | null;
  undo_of: string | null;
  rehearsed_to: number | null;
}

export interface SyncChangeTable {
  sync_id: string;
  position: number;
  model: string;
  action: "create" | "update" | "delete";
  key: string;
  label: string;
  parent_model: string | null;
  parent_key: string | null;
  before: Nullable<Json>;
  after: Nullable<Json>;
  fields: Generated<string[]>;
  rank: number;
  target_id: string | null;
  target_version: string | null;
  source_id: string | null;
  step: Generated<number>;
  renamed_to: string | null;
  instead_of_delete: Generated<boolean>;
}

export interface SyncClaimTable {
  sync_id: string;
  object_id: string;
  model: string;
  verdict: "claim" | "unseen" | "let-go" | "restore";
  is_settled: Generated<boolean>;
  former: Nullable<Json>;
}

export interface SyncCountTable {
  sync_id: string;
  model: string;
  action: "create" | "update" | "delete";
  planned: Generated<number>;
  held: Generated<number>;
  held_unasked: Generated<number>;
  applied: Generated<number>;
  failed: Generated<number>;
  skipped: Generated<number>;
  stale: Generated<number>;
  cancelled: Generated<number>;
  rejected: Generated<number>;
}

export interface SyncDecisionTable {
  id: GeneratedAlways<number>;
  sync_id: string;
  position: number;
  verdict: "hold" | "release" | "reject" | "accept";
  guard: string | null;
  reason: string;
  user_name: string | null;
  created_at: Generated<Timestamp>;
  revision: number | null;
  cause: number | null;
  earlier_sync: string | null;
  earlier_at: Nullable<Timestamp>;
}

export interface SyncFindingTable {
  id: GeneratedAlways<number>;
  sync_id: string;
  kind: string;
  side: "source" | "target";
  model: string;
  key: string | null;
  label: string | null;
  field: string | null;
  value: string | null;
  message: string;
  origin: string | null;
  created_at: Generated<Timestamp>;
}

export interface SyncModelTable {
  sync_id: string;
  model: string;
  position: number;
  source_count: number;
  target_count: number;
  unchanged_count: number;
  source_incomplete: string | null;
  target_incomplete: string | null;
  out_of_scope_count: Generated<number>;
  ignored_count: Generated<number>;
  reference_paths: Generated<Json>;
}

export interface SyncOutcomeTable {
  id: GeneratedAlways<number>;
  sync_id: string;
  position: number;
  job_result_id: string;
  status: "applied" | "failed" | "skipped" | "stale" | "cancelled";
  error_code: string | null;
  error_message: string | null;
  error_field: string | null;
  error_value: string | null;
  target_id: string | null;
  created_at: Generated<Timestamp>;
}

export interface SyncPhaseTable {
  sync_id: string;
  job_result_id: string;
  phase: "source" | "target" | "diff" | "rehearsal" | "apply" | "verify";
  started_at: Timestamp;
  finished_at: Nullable<Timestamp>;
  done: Generated<number>;
}

export interface SyncReferenceTable {
  sync_id: string;
  model: string;
  key: string;
  planned_key: string;
  target_id: string | null;
}

export interface SyncRehearsalTable {
  sync_id: string;
  position: number;
  status: "failed" | "skipped" | "stale";
  error_code: string;
  error_message: string;
  error_field: string | null;
  error_value: string | null;
}

export interface SyncSentTable {
  sync_id: string;
  position: number;
  job_result_id: string;
  created_at: Generated<Timestamp>;
}

export interface TagsTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  color: Generated<string>;
  description: string | null;
  content_types: Generated<string[]>;
  custom_fields: Generated<Json>;
}

export interface TenantGroupsTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  parent_id: string | null;
  description: string | null;
  custom_fields: Generated<Json>;
}

export interface TenantsTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  description: string | null;
  comments: string | null;
  tenant_group_id: string | null;
  custom_fields: Generated<Json>;
}

export interface TenantsTagsTable {
  tenant_id: string;
  tag_id: string;
}

export interface VlanGroupsTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  location_id: string | null;
  range: Generated<string>;
  description: string | null;
  custom_fields: Generated<Json>;
}

export interface VlanGroupsTagsTable {
  vlan_group_id: string;
  tag_id: string;
}

export interface VlansTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  vlan_group_id: string | null;
  vid: number;
  name: string;
  status_id: string;
  role_id: string | null;
  tenant_id: string | null;
  description: string | null;
  custom_fields: Generated<Json>;
}

export interface VlansLocationsTable {
  vlan_id: string;
  location_id: string;
}

export interface VlansTagsTable {
  vlan_id: string;
  tag_id: string;
}

export interface VrfsTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  namespace_id: string;
  rd: string | null;
  name: string;
  status_id: string | null;
  tenant_id: string | null;
  description: string | null;
  custom_fields: Generated<Json>;
}

export interface VrfsDevicesTable {
  vrf_id: string;
  device_id: string;
}

export interface VrfsPrefixesTable {
  vrf_id: string;
  prefix_id: string;
}

export interface VrfsTagsTable {
  vrf_id: string;
  tag_id: string;
}

/** The tables of a migrated database, for Kysely. */
export interface DatabaseSchema {
  api_token: ApiTokenTable;
  auth_account: AuthAccountTable;
  auth_group: AuthGroupTable;
  auth_group_user: AuthGroupUserTable;
  auth_secret: AuthSecretTable;
  auth_session: AuthSessionTable;
  auth_user: AuthUserTable;
  auth_verification: AuthVerificationTable;
  custom_field_choices: CustomFieldChoicesTable;
  custom_fields: CustomFieldsTable;
  device_types: DeviceTypesTable;
  device_types_tags: DeviceTypesTagsTable;
  devices: DevicesTable;
  devices_tags: DevicesTagsTable;
  hub_claim: HubClaimTable;
  identity: IdentityTable;
  interface_templates: InterfaceTemplatesTable;
  interfaces: InterfacesTable;
  interfaces_tagged_vlans: InterfacesTaggedVlansTable;
  interfaces_tags: InterfacesTagsTable;
  ip_address_assignments: IpAddressAssignmentsTable;
  ip_addresses: IpAddressesTable;
  ip_addresses_tags: IpAddressesTagsTable;
  job_log: JobLogTable;
  job_manifest: JobManifestTable;
  job_result: JobResultTable;
  job_worker: JobWorkerTable;
  location_types: LocationTypesTable;
  locations: LocationsTable;
  locations_tags: LocationsTagsTable;
  manufacturers: ManufacturersTable;
  missing_object: MissingObjectTable;
  namespaces: NamespacesTable;
  namespaces_tags: NamespacesTagsTable;
  note: NoteTable;
  object_change: ObjectChangeTable;
  object_permission: ObjectPermissionTable;
  object_permission_group: ObjectPermissionGroupTable;
  object_permission_user: ObjectPermissionUserTable;
  platforms: PlatformsTable;
  prefixes: PrefixesTable;
  prefixes_locations: PrefixesLocationsTable;
  prefixes_tags: PrefixesTagsTable;
  rack_groups: RackGroupsTable;
  racks: RacksTable;
  racks_tags: RacksTagsTable;
  request_answer: RequestAnswerTable;
  rirs: RirsTable;
  roles: RolesTable;
  setup_token: SetupTokenTable;
  standing_rejection: StandingRejectionTable;
  statuses: StatusesTable;
  sync: SyncTable;
  sync_change: SyncChangeTable;
  sync_claim: SyncClaimTable;
  sync_count: SyncCountTable;
  sync_decision: SyncDecisionTable;
  sync_finding: SyncFindingTable;
  sync_model: SyncModelTable;
  sync_outcome: SyncOutcomeTable;
  sync_phase: SyncPhaseTable;
  sync_reference: SyncReferenceTable;
  sync_rehearsal: SyncRehearsalTable;
  sync_sent: SyncSentTable;
  tags: TagsTable;
  tenant_groups: TenantGroupsTable;
  tenants: TenantsTable;
  tenants_tags: TenantsTagsTable;
  vlan_groups: VlanGroupsTable;
  vlan_groups_tags: VlanGroupsTagsTable;
  vlans: VlansTable;
  vlans_locations: VlansLocationsTable;
  vlans_tags: VlansTagsTable;
  vrfs: VrfsTable;
  vrfs_devices: VrfsDevicesTable;
  vrfs_prefixes: VrfsPrefixesTable;
  vrfs_tags: VrfsTagsTable;
}
