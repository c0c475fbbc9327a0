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
}

export interface AuthVerificationTable {
  id: Generated<string>;
  identifier: string;
  value: string;
  expires_at: Timestamp;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface IdentityTable {
  connection: string;
  model: string;
  remote_id: string;
  hub_id: string;
  last_seen_sync: string | null;
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
  kind: "run" | "apply";
  sync_id: string;
  status: Generated<
    | "pending"
    | "waiting"
    | "running"
    | "planned"
    | "in-agreement"
    | "applied"
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
}

export interface LocationsTagsTable {
  location_id: string;
  tag_id: string;
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
}

export interface NamespacesTagsTable {
  namespace_id: string;
  tag_id: string;
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
}

export interface PrefixesLocationsTable {
  prefix_id: string;
  location_id: string;
}

export interface PrefixesTagsTable {
  prefix_id: string;
  tag_id: string;
}

export interface SetupTokenTable {
  token_hash: Buffer;
  created_at: Generated<Timestamp>;
  expires_at: Timestamp;
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
}

export interface SyncTable {
  id: Generated<string>;
  job_id: string;
  job_title: string;
  direction: "source" | "target";
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
    | "running"
    | "planned"
    | "in-agreement"
    | "applied"
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
}

export interface SyncDecisionTable {
  id: GeneratedAlways<number>;
  sync_id: string;
  position: number;
  verdict: "hold" | "release";
  guard: string | null;
  reason: string;
  user_name: string | null;
  created_at: Generated<Timestamp>;
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
  phase: "source" | "target" | "diff" | "apply" | "verify";
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
}

export interface TenantsTable {
  id: Generated<string>;
  version: Generated<number>;
  created: Generated<Timestamp>;
  last_updated: Generated<Timestamp>;
  name: string;
  description: string | null;
  comments: string | null;
}

export interface TenantsTagsTable {
  tenant_id: string;
  tag_id: string;
}

/** The tables of a migrated database, for Kysely. */
export interface DatabaseSchema {
  api_token: ApiTokenTable;
  auth_account: AuthAccountTable;
  auth_secret: AuthSecretTable;
  auth_session: AuthSessionTable;
  auth_user: AuthUserTable;
  auth_verification: AuthVerificationTable;
  identity: IdentityTable;
  ip_addresses: IpAddressesTable;
  ip_addresses_tags: IpAddressesTagsTable;
  job_log: JobLogTable;
  job_manifest: JobManifestTable;
  job_result: JobResultTable;
  job_worker: JobWorkerTable;
  location_types: LocationTypesTable;
  locations: LocationsTable;
  locations_tags: LocationsTagsTable;
  namespaces: NamespacesTable;
  namespaces_tags: NamespacesTagsTable;
  object_change: ObjectChangeTable;
  prefixes: PrefixesTable;
  prefixes_locations: PrefixesLocationsTable;
  prefixes_tags: PrefixesTagsTable;
  setup_token: SetupTokenTable;
  statuses: StatusesTable;
  sync: SyncTable;
  sync_change: SyncChangeTable;
  sync_count: SyncCountTable;
  sync_decision: SyncDecisionTable;
  sync_finding: SyncFindingTable;
  sync_model: SyncModelTable;
  sync_outcome: SyncOutcomeTable;
  sync_phase: SyncPhaseTable;
  sync_reference: SyncReferenceTable;
  sync_sent: SyncSentTable;
  tags: TagsTable;
  tenants: TenantsTable;
  tenants_tags: TenantsTagsTable;
}
