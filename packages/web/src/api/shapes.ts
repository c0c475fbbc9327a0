// Short names for the generated types of the server's answers.
import type { components, paths } from "./schema.d.ts";

type Schemas = components["schemas"];

export type Values = Readonly<Record<string, unknown>>;
export type Action = ChangeRow["action"];
export type Status = Schemas["SyncStatus"];
export type Direction = SyncRow["direction"];

export type ApiToken = Schemas["ApiToken"];
export type ChangeFacets = Schemas["ChangeFacets"];
export type ChangeRow = Schemas["ChangeRow"];
export type CustomFieldManifest = Schemas["CustomFieldManifest"];
export type Dashboard = Schemas["Dashboard"];
export type Decided = Schemas["Decided"];
export type FieldAuthor = Schemas["FieldAuthor"];
export type FieldManifest = Schemas["FieldManifest"];
export type Finding = Schemas["Finding"];
export type FindingFacets = Schemas["FindingFacets"];
export type ImportReport = Schemas["ImportReport"];
export type ImportRequest = Schemas["ImportRequest"];
export type InventoryDetail = Schemas["InventoryDetail"];
export type InventoryRow = Schemas["InventoryRow"];
export type InventoryTreeRow = Schemas["InventoryTreeRow"];
export type JobCard = Schemas["JobCard"];
export type JobDetail = Schemas["JobDetail"];
export type JobLog = Schemas["JobLog"];
export type JobResultDetail = Schemas["JobResultDetail"];
export type JobResultRow = Schemas["JobResultRow"];
export type JobState = Schemas["JobState"];
export type JobVariable = Schemas["Variable"];
export type LastRun = Schemas["LastRun"];
export type ModelManifest = Schemas["ModelManifest"];
/** What somebody wrote about an object. */
export interface Note {
  readonly id: string;
  readonly note: string;
  readonly user_name: string;
  readonly created: string;
}
export type ObjectChange = Schemas["ObjectChange"];
export type PhaseProgress = Schemas["PhaseProgress"];
export type ReferenceValue = Schemas["ReferenceValue"];
/** What is ruled on which changes: by their positions, or all that a filter of their list finds. */
export type Ruling = NonNullable<
  paths["/api/ssot/syncs/{id}/decisions"]["post"]["requestBody"]
>["content"]["application/json"];
export type RulingVerdict = Ruling["verdict"];
export type RunRequest = Schemas["RunRequest"];
export type SyncDetail = Schemas["SyncDetail"];
export type SyncHold = Schemas["SyncHold"];
export type SyncLogRow = Schemas["SyncLogRow"];
export type SyncModel = Schemas["SyncModel"];
export type SyncPhase = Schemas["SyncPhase"];
export type SyncRow = Schemas["SyncRow"];
export type TreeNode = Schemas["TreeNode"];

/** One page of a list; `total` counts what matches the filters. */
export interface Page<T> {
  items: T[];
  total: number;
  /** False: there are `total` or more. */
  isTotalExact?: boolean;
  limit: number;
  offset: number;
}
