export type { Adapter, ApplyContext, LoadContext, Logger, StaleChange, Writer } from "./adapter.ts";
export { apply, staleOutcome } from "./apply.ts";
export type { ApplyOptions } from "./apply.ts";
export { compareCanonical, equalCanonical } from "./canonical.ts";
export { checkCeiling, defaultCeiling } from "./ceiling.ts";
export type { DeleteCeiling } from "./ceiling.ts";
export type { Action, Change, GuardName, Hold, PlannedChange } from "./change.ts";
export { json, keyedList, list, set } from "./collection-fields.ts";
export { defineModel } from "./define-model.ts";
export type { ModelDeclaration } from "./define-model.ts";
export { createDependants, keyAfter } from "./dependants.ts";
export {
  CancelledError,
  ConflictError,
  InterruptedError,
  InvalidDeclarationError,
  InvalidInputError,
  LimitExceededError,
  NotAllowedError,
  NotFoundError,
  PlumblineError,
  RemoteSystemError,
  StalePlanError,
  UnsupportedOperationError,
} from "./errors.ts";
export type { ErrorCode } from "./errors.ts";
export type { OutcomeCounts, SyncEvent, SyncPhase } from "./event.ts";
export type {
  EncodedKey,
  Field,
  FieldFacts,
  FieldKind,
  InputOf,
  ReferenceEncoder,
  ReferenceInput,
  TextOrder,
  ValueOf,
} from "./field.ts";
export type { Finding, FindingKind, SideName } from "./finding.ts";
export type { Pairs } from "./identity.ts";
export { checkIgnore, ignorableModels, ignoreTexts, parseIgnoreRule } from "./ignore.ts";
export type { CheckedIgnore, IgnorableModel, IgnoreRule } from "./ignore.ts";
export { createCompareRecords } from "./compare-records.ts";
export type { CompareRecords } from "./compare-records.ts";
export { keyLabel } from "./key-label.ts";
export { keyOf, parseKey } from "./key.ts";
export type { KeyPart } from "./key.ts";
export { loadSide } from "./load-side.ts";
export type { LoadOptions, LoadProgress, LoadSummary } from "./load-side.ts";
export { silentLogger } from "./logger.ts";
export { createMemoryStore } from "./memory-store.ts";
export type { MemoryStore, SideTable } from "./memory-store.ts";
export type { Fields, Model, RecordInput, RecordOf, RecordValues } from "./model.ts";
export { ipAddress, ipInterface, mac, prefix } from "./network-fields.ts";
export type { Outcome, OutcomeError, OutcomeStatus } from "./outcome.ts";
export type { ModelCounts } from "./plan-state.ts";
export { plan } from "./plan.ts";
export type {
  ModelPlanSummary,
  PlanOptions,
  PlanProgress,
  PlanStream,
  PlanSummary,
} from "./plan.ts";
export type { Canonical, RawRecord, RecordOrigin, SideRecord, Values } from "./record.ts";
export { findOversized } from "./record-size.ts";
export { ref } from "./reference-field.ts";
export type { ReferenceField } from "./reference-field.ts";
export { mapKeyReferences, mapReferences, visitReferences } from "./references.ts";
export { boolean, choice, dateTime, decimal, integer, text } from "./scalar-fields.ts";
export type { DecimalOptions, NumberOptions, TextOptions } from "./scalar-fields.ts";
export { createSchema } from "./schema.ts";
export type { ReferenceFieldFacts, Schema } from "./schema.ts";
export { describeScope } from "./scope.ts";
export type { KeyCondition, LoadScope, Scope, ScopeCondition } from "./scope.ts";
export type {
  Batches,
  Difference,
  Duplicates,
  KeyPair,
  KeySet,
  Matching,
  MatchRequest,
  Pair,
  RecordSet,
  Referrer,
  SameValue,
  SameValueRequest,
  Store,
} from "./store.ts";
export { providedFields } from "./provided-fields.ts";
export { sync } from "./sync.ts";
export type { SyncOptions, SyncResult } from "./sync.ts";
export { sentenceOf } from "./sentence.ts";
export { differenceWord, type SideNames } from "./difference-words.ts";
export { isFinal, statusOf } from "./status.ts";
export type { SyncCounts, SyncStatus } from "./status.ts";
export { fieldChanges, valueText } from "./report/field-changes.ts";
export type { FieldChange, MemberChanges } from "./report/field-changes.ts";
export { reportJson } from "./report/json.ts";
export { reportMarkdown } from "./report/markdown.ts";
export type { ReportedChange, ReportedChanges, ReportOptions } from "./report/report.ts";
export { reportText } from "./report/text.ts";
export type { ReportStyle, TextReportOptions } from "./report/text.ts";
