import { InvalidDeclarationError, InvalidInputError } from "../errors.ts";
import type { Field, InputOf, ValueOf } from "../field.ts";
import { copyValue, equalValues, type Value } from "./value.ts";

/** A field that takes any value as it is: nothing is converted or checked. */
export interface PlainField<V = Value, Input = V> {
  readonly kind: "plain";
  readonly isRequired: boolean;
  readonly default: Value;
  readonly _value?: V;
  readonly _input?: Input;
}

/** A field that holds the unique ids of a record's children of one type. */
export interface ChildrenField {
  readonly kind: "children";
}

/** What a field may be declared with: a field type of the kernel, `value()` or `childUids()`. */
export type FieldDeclaration =
  Field<unknown, unknown> | PlainField<unknown, unknown> | ChildrenField;

/** Declarations of fields by their names. */
export type FieldDeclarations = Readonly<Record<string, FieldDeclaration>>;

/** The value a record holds in a field. */
export type FieldValue<F> = F extends ChildrenField
  ? string[]
  : F extends PlainField<infer V, infer _I>
    ? V
    : ValueOf<F>;

/** What may be given for a field. */
export type FieldInput<F> = F extends ChildrenField
  ? readonly string[] | undefined
  : F extends PlainField<infer _V, infer I>
    ? I
    : InputOf<F>;

/** A field of any value; required unless it has a default. The values of two sides are compared as given. */
export function value<V = Value>(): PlainField<V>;
export function value<V = Value>(options: { readonly default: V }): PlainField<V, V | undefined>;
export function value<V>(options?: { readonly default: V }): PlainField<V, V | undefined> {
  return {
    kind: "plain",
    isRequired: options === undefined,
    default: options?.default ?? null,
  };
}

/** A list of the unique ids of children, empty at first. */
export function childUids(): ChildrenField {
  return { kind: "children" };
}

/** A declared field, compiled. */
export interface FieldReader {
  readonly name: string;
  readonly isChildren: boolean;
  /** Whether values need no reading: a plain field with a value given. */
  readonly isPlain: boolean;
  /** The value to hold. @throws InvalidInputError where the field refuses it */
  read(input: unknown): Value;
  /** Whether a record that does not give the field would hold this value. */
  isDefault(value: Value): boolean;
}

export function compileField(model: string, name: string, field: FieldDeclaration): FieldReader {
  if (field.kind === "children") {
    return {
      name,
      isChildren: true,
      isPlain: false,
      read: readUids,
      isDefault: (uids) => Array.isArray(uids) && uids.length === 0,
    };
  }
  if (field.kind === "plain") return compilePlain(name, field);
  if (field.kind === "reference") {
    throw new InvalidDeclarationError(
      `Model ${model}: field ${name} is a reference. Here a record names its children by their unique ids; declare it with text() or value().`,
    );
  }
  const read = shareTexts((input) => field.normalise(input, refuseReference));
  return { name, isChildren: false, isPlain: false, read, isDefault: defaultTest(field, read) };
}

function compilePlain(name: string, field: PlainField<unknown, unknown>): FieldReader {
  const { isRequired, default: fallback } = field;
  return {
    name,
    isChildren: false,
    isPlain: true,
    read(input) {
      if (input !== undefined) return input as Value;
      if (isRequired) throw new InvalidInputError("a value is required");
      // A default list or object is not shared between records.
      return copyValue(fallback);
    },
    isDefault: (given) => !isRequired && equalValues(given, fallback),
  };
}

const mostShared = 4096;

/** Reads the same few texts (roles, sites) as one and the same text each; gives up where most are different. */
function shareTexts(read: (input: unknown) => Value): (input: unknown) => Value {
  const known = new Map<string, string>();
  let isSharing = true;
  return (input) => {
    const text = read(input);
    if (!isSharing || typeof text !== "string") return text;
    const shared = known.get(text);
    if (shared !== undefined) return shared;
    if (known.size === mostShared) {
      isSharing = false;
      known.clear();
    } else known.set(text, text);
    return text;
  };
}

function defaultTest(
  field: Field<unknown, unknown>,
  read: (input: unknown) => Value,
): (value: Value) => boolean {
  if (!field.isNullable && field.facts.default === undefined) return () => false;
  const fallback = read(undefined);
  return (given) => equalValues(given, fallback);
}

function readUids(input: unknown): Value {
  if (input === undefined) return [];
  if (!Array.isArray(input) || !input.every((uid) => typeof uid === "string")) {
    throw new InvalidInputError("expected a list of unique ids, each of them text");
  }
  return [...(input as readonly string[])];
}

function refuseReference(): never {
  throw new InvalidInputError("expected no reference");
}
