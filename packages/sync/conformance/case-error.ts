import {
  DiffClassMismatch,
  InvalidDeclarationError,
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
  type Value,
} from "@plumbline/sync/diffsync";

/** What a case calls `raiseOther`: an error that is no ObjectCrudError. */
export class OtherError extends Error {}

const classes: readonly (readonly [new (...args: never[]) => Error, string])[] = [
  [InvalidDeclarationError, "AttributeError"],
  [ObjectNotCreated, "ObjectNotCreated"],
  [ObjectNotUpdated, "ObjectNotUpdated"],
  [ObjectNotDeleted, "ObjectNotDeleted"],
  [ObjectCrudError, "ObjectCrudException"],
  [ObjectAlreadyExists, "ObjectAlreadyExists"],
  [ObjectNotFound, "ObjectNotFound"],
  [ObjectStoreWrongType, "ObjectStoreWrongType"],
  [DiffClassMismatch, "DiffClassMismatch"],
  [RecordValueError, "ValidationError"],
  [MissingIdentifierError, "KeyError"],
  [UnknownTypeError, "ValueError"],
  [OtherError, "RuntimeError"],
];

/**
 * An error in the words of the cases. Everything but a refusal of the library is thrown on: it would be a fault
 * of the library or of this runner.
 */
export function describeError(
  where: string,
  error: unknown,
  more: Readonly<Record<string, Value>> = {},
): Record<string, Value> {
  if (!(error instanceof Error)) throw error;
  const name = classNameOf(error);
  if (name === undefined) throw error;
  return { where, class: name, message: error.message, ...more };
}

function classNameOf(error: Error): string | undefined {
  if (error instanceof MismatchError) {
    return error.message.startsWith("Type") ? "TypeError" : "ValueError";
  }
  if (error instanceof UnknownMemberError) {
    return error.access === "read" ? "AttributeError" : "ValueError";
  }
  return classes.find(([type]) => error instanceof type)?.[1];
}
