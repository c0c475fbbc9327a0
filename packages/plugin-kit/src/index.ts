export { defineConfig, definePlugin } from "./config.ts";
export type { Config, ConfiguredIgnore, Connection, History, Plugin, RunLimits } from "./config.ts";
export { ruleDeletes } from "./deletes.ts";
export type {
  DeclaredDeletes,
  DeleteCeilings,
  DeletePolicies,
  DeletePolicy,
  DeleteRules,
} from "./deletes.ts";
export { createHttpClient } from "./http-client.ts";
export type {
  HttpClient,
  HttpClientOptions,
  JsonAnswer,
  QueryParameters,
  TlsOptions,
} from "./http-client.ts";
export { defineComparison, defineDataSource, defineDataTarget } from "./job.ts";
export type {
  DataMapping,
  DataSyncDeclaration,
  ComparisonDeclaration,
  DataSyncJob,
  Direction,
  Hub,
  OpenContext,
  SyncRun,
} from "./job.ts";
export { fromEnvironment, fromFile, redact, Secret } from "./secret.ts";
export { variable } from "./variable.ts";
export type { Variable, Variables, VariableValues } from "./variable.ts";
export { project, projectionOf } from "./projection.ts";
export type {
  HubLookup,
  Projection,
  ProjectionDeclaration,
  ProjectionFacts,
} from "./projection.ts";
export { setWriteGate } from "./write-gate.ts";
export type { WriteGate } from "./write-gate.ts";
