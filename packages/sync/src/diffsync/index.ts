export type { Logger } from "../adapter.ts";
export { InvalidDeclarationError, PlumblineError } from "../errors.ts";
export { Adapter } from "./adapter.ts";
export type {
  AdapterClass,
  AdapterData,
  AdapterDeclaration,
  AdapterDict,
  AdapterModels,
  AdapterOptions,
  DiffClass,
  DiffOptions,
  ProgressCallback,
  SyncFromOptions,
} from "./adapter.ts";
export { createConsoleLogger } from "./console-logger.ts";
export { compareElements, Diff } from "./diff.ts";
export type { DiffDict } from "./diff.ts";
export { DiffElement } from "./diff-element.ts";
export type { AttributeDiffs, DiffElementDict, DiffElementOptions } from "./diff-element.ts";
export {
  DiffClassMismatch,
  MismatchError,
  MissingIdentifierError,
  ObjectAlreadyExists,
  ObjectCrudError,
  ObjectNotCreated,
  ObjectNotDeleted,
  ObjectNotFound,
  ObjectNotUpdated,
  ObjectStoreWrongType,
  RecordValueError,
  UnknownMemberError,
  UnknownTypeError,
} from "./errors.ts";
export { childUids, value } from "./fields.ts";
export type {
  ChildrenField,
  FieldDeclaration,
  FieldDeclarations,
  FieldInput,
  FieldValue,
  PlainField,
} from "./fields.ts";
export { ModelFlags, SyncFlags } from "./flags.ts";
export type { DiffAction, DiffSummary, SyncStatus } from "./flags.ts";
export { DiffSyncModel } from "./model.ts";
export type { DictOptions, MaybePromise, ValueMap } from "./model.ts";
export type {
  AnyModelClass,
  Attributes,
  Identifiers,
  ModelClass,
  ModelDeclaration,
  ModelInput,
  ModelRecord,
} from "./model-class.ts";
export type { ModelTree } from "./model-tree.ts";
export { SqliteStore } from "./sqlite-store.ts";
export type { SqliteDatabase, SqliteStatement, SqliteStoreOptions } from "./sqlite-store.ts";
export { LocalStore, RecordStore } from "./store.ts";
export type { Ensured, ModelLike, RecordId } from "./store.ts";
export { compareCodePoints, equalValues, float, isFloat } from "./value.ts";
export type { Float, Value } from "./value.ts";
export { quotedTextOf, textOf } from "./value-text.ts";
