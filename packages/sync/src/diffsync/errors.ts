import { ConflictError, InvalidInputError, NotFoundError, PlumblineError } from "../errors.ts";
import type { DiffElement } from "./diff-element.ts";
import type { DiffSyncModel } from "./model.ts";

/** A create, update or delete that failed: with `SyncFlags.continueOnFailure` the sync goes on after it. */
export class ObjectCrudError extends PlumblineError {
  constructor(message: string, options?: { cause?: unknown; details?: Record<string, unknown> }) {
    super("remote-system", message, options);
  }
}

/** Thrown by a `create` that failed. */
export class ObjectNotCreated extends ObjectCrudError {}

/** Thrown by an `update` that failed. */
export class ObjectNotUpdated extends ObjectCrudError {}

/** Thrown by a `delete` that failed. */
export class ObjectNotDeleted extends ObjectCrudError {}

/** A record or element of that name is there already. */
export class ObjectAlreadyExists extends ConflictError {
  /** The one that could not be added. */
  readonly existingObject: DiffSyncModel | DiffElement;

  constructor(message: string, existingObject: DiffSyncModel | DiffElement) {
    super(message);
    this.existingObject = existingObject;
  }
}

/** The store, or a record's list of children, has no such record. */
export class ObjectNotFound extends NotFoundError {}

/** A record of a type that the parent has no list for. */
export class ObjectStoreWrongType extends InvalidInputError {}

/** A ready diff was given that is not of the class asked for. */
export class DiffClassMismatch extends InvalidInputError {}

/** Two records with one unique id cannot be compared: their types, short names or identifiers differ. */
export class MismatchError extends InvalidInputError {}

/** A value that its field refuses, or a required one that is missing. */
export class RecordValueError extends InvalidInputError {}

/** A unique id was asked for without all of its parts. */
export class MissingIdentifierError extends InvalidInputError {}

/** A record was asked for by its identifiers, but its type is unknown to the adapter, so they make no unique id. */
export class UnknownTypeError extends InvalidInputError {}

/** A record has no such field, or an adapter no such model. */
export class UnknownMemberError extends NotFoundError {
  readonly access: "read" | "write";

  constructor(message: string, access: "read" | "write") {
    super(message);
    this.access = access;
  }
}
