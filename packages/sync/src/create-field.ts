import { InvalidInputError } from "./errors.ts";
import type { Field, FieldFacts, FieldKind, ReferenceEncoder } from "./field.ts";
import type { Canonical } from "./record.ts";

/** The canonical form of an input that is not null; throws InvalidInputError. */
export type NormaliseValue = (input: unknown, encodeReference: ReferenceEncoder) => Canonical;

interface Flags {
  readonly isNullable: boolean;
  readonly isDerived: boolean;
}

/** Builds a field of any kind from what it does with a value that is there. */
export function createField<Value, Input>(
  kind: FieldKind,
  facts: FieldFacts,
  normaliseValue: NormaliseValue,
  flags: Flags = { isNullable: false, isDerived: false },
): Field<Value, Input> {
  const { isNullable, isDerived } = flags;
  const nothing = isNullable ? null : facts.default;
  const emptyIsNull = isNullable && kind === "text";

  function normalise(input: unknown, encodeReference: ReferenceEncoder): Canonical {
    if (input === undefined && facts.default !== undefined) return facts.default;
    if (input === null || input === undefined) {
      if (nothing === undefined) throw expected(describeField(kind, facts), input);
      return nothing;
    }
    if (isNullable && input === "") return null;
    const value = normaliseValue(input, encodeReference);
    return emptyIsNull && value === "" ? null : value;
  }

  function rebuild<V, I>(moreFacts: Partial<FieldFacts>, moreFlags: Partial<Flags>): Field<V, I> {
    return createField<V, I>(kind, { ...facts, ...moreFacts }, normaliseValue, {
      ...flags,
      ...moreFlags,
    });
  }

  return {
    kind,
    isNullable,
    isDerived,
    facts,
    normalise,
    nullable: () => rebuild({}, { isNullable: true }),
    default: (value) => rebuild({ default: value as Canonical }, {}),
    derived: () => rebuild({}, { isDerived: true }),
    after: (model) => rebuild({ after: [...(facts.after ?? []), model] }, {}),
    describe: (description) => rebuild({ description }, {}),
    label: (label) => rebuild({ label }, {}),
  };
}

/** "expected …, got …": the caller names record and field. */
export function expected(what: string, input: unknown): InvalidInputError {
  return new InvalidInputError(`expected ${what}, got ${describeInput(input)}`);
}

/** An input as a person would write it, shortened to 200 characters. */
export function describeInput(input: unknown): string {
  if (input === null || input === undefined || input === "") return "nothing";
  if (typeof input === "string") return JSON.stringify(shorten(input));
  if (typeof input === "number" || typeof input === "boolean" || typeof input === "bigint") {
    return String(input);
  }
  if (input instanceof Date) return "a date";
  if (Array.isArray(input)) return `a list of ${input.length}`;
  return typeof input === "object" ? "an object" : `a ${typeof input}`;
}

export function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

const articles: Readonly<Record<FieldKind, string>> = {
  text: "text",
  integer: "a whole number",
  decimal: "a decimal number",
  boolean: "true or false",
  choice: "a choice",
  "date-time": "a date and time with a zone",
  mac: "a MAC address",
  "ip-address": "an IP address",
  "ip-interface": "an IP address with a mask length",
  prefix: "a network prefix",
  reference: "a reference",
  set: "a list",
  list: "a list",
  "keyed-list": "a list of entries",
  json: "JSON",
};

function describeField(kind: FieldKind, facts: FieldFacts): string {
  if (kind === "choice" && facts.choices) return `one of ${facts.choices.join(", ")}`;
  if (kind === "reference" && facts.target) return `a reference to a ${facts.target}`;
  return articles[kind];
}
