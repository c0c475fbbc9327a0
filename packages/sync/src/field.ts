import type { Canonical } from "./record.ts";

/** What a field holds, as data: read by tables, forms, filters and documents. */
export type FieldKind =
  | "text"
  | "integer"
  | "decimal"
  | "boolean"
  | "choice"
  | "date-time"
  | "mac"
  | "ip-address"
  | "ip-interface"
  | "prefix"
  | "reference"
  | "set"
  | "list"
  | "keyed-list"
  | "json";

/**
 * How texts are ordered, where not by code point: runs of digits as the numbers they are, "Port 2" before "Port 10"; or
 * as names of interfaces, by the numbers of slots first, then by what stands before them, then by port.
 */
export type TextOrder = "natural" | "interface";

/** Facts about a field beyond its kind; which ones matter depends on the kind. */
export interface FieldFacts {
  readonly label?: string;
  readonly description?: string;
  /** Most characters of a text. */
  readonly maxLength?: number;
  /** A text must match it, whole. */
  readonly pattern?: RegExp;
  /** Letter case does not matter: the canonical form is lower case. */
  readonly fold?: "lower";
  /** How lists order its texts; by code point where absent. */
  readonly order?: TextOrder;
  /** Bounds of an integer or decimal, inclusive. */
  readonly min?: number;
  readonly max?: number;
  /** Digits after the point of a decimal. */
  readonly scale?: number;
  readonly choices?: readonly string[];
  /** Model name a reference points to. */
  readonly target?: string;
  /** What a set, list or keyed list holds. */
  readonly members?: Field<unknown, unknown>;
  /** The member name that identifies an entry of a keyed list. */
  readonly by?: string;
  readonly properties?: Readonly<Record<string, Field<unknown, unknown>>>;
  /** Used where a record does not give the field. */
  readonly default?: Canonical;
  /** A key part read from this reference field's key when the record does not give it. */
  readonly through?: string;
  /** Model names whose records must be there before a reference can be written. */
  readonly after?: readonly string[];
}

/** Turns the key a record gives for a reference into the key string of the model referred to. */
export type ReferenceEncoder = (target: string, input: unknown) => string;

/**
 * A field's type: one canonical form, normalised on the way in.
 * `Value` is what records hold after normalising, `Input` what an author may give.
 */
export interface Field<Value = unknown, Input = Value> {
  readonly kind: FieldKind;
  readonly isNullable: boolean;
  /** Derived fields are computed by the hub: shown, never compared or written. */
  readonly isDerived: boolean;
  readonly facts: FieldFacts;
  /**
   * The canonical form of `input`. Null only where nullable; empty text is null where nullable.
   * @throws InvalidInputError that says what was expected; the caller adds record and field.
   */
  normalise(input: unknown, encodeReference: ReferenceEncoder): Canonical;
  nullable(): Field<Value | null, Input | null | undefined>;
  default(value: Value): Field<Value, Input | undefined>;
  derived(): Field<Value, Input | undefined>;
  /**
   * Says that the references it holds can only be written once the records of that model are there, too: a
   * system may ask more than what they name. A schema that leaves the model out says so.
   */
  after(model: string): Field<Value, Input>;
  describe(description: string): Field<Value, Input>;
  label(label: string): Field<Value, Input>;
  /** Phantom, for inference only. */
  readonly _value?: Value;
  readonly _input?: Input;
}

/** The canonical value that a field gives. */
export type ValueOf<F> = F extends Field<infer Value, infer _Input> ? Value : never;
/** What a field accepts from an adapter. */
export type InputOf<F> = F extends Field<infer _Value, infer Input> ? Input : never;

/**
 * How a record names what it refers to: the key's parts by name, or in order, or the only part itself.
 * `keyOf(...)` passes a key string that is already encoded.
 */
export type ReferenceInput =
  string | number | EncodedKey | readonly unknown[] | { readonly [part: string]: unknown };

/** A key string that needs no encoding. */
export interface EncodedKey {
  readonly encodedKey: string;
}
