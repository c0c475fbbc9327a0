import { compareCanonical } from "./canonical.ts";
import { createField, expected } from "./create-field.ts";
import { InvalidInputError } from "./errors.ts";
import type { Field, InputOf, ReferenceEncoder, ValueOf } from "./field.ts";
import type { Canonical } from "./record.ts";

/** Values without order or repeats. */
export function set<V, I>(members: Field<V, I>): Field<readonly V[], readonly I[]> {
  // The same few sets come again and again (tags): sharing one list saves memory and comparing.
  const known = new Map<string, readonly Canonical[]>();
  return createField("set", { members }, (input, encode) => {
    const values = sortUnique(normaliseAll(members, input, encode));
    const text = JSON.stringify(values);
    const shared = known.get(text);
    if (shared) return shared;
    if (known.size < mostShared) known.set(text, Object.freeze(values));
    return values;
  });
}

const mostShared = 10_000;

function sortUnique(values: Canonical[]): Canonical[] {
  if (values.length < 2) return values;
  values.sort(compareCanonical);
  return values.filter(
    (value, index) => index === 0 || compareCanonical(values[index - 1] ?? null, value) !== 0,
  );
}

/** Values in an order that matters. */
export function list<V, I>(members: Field<V, I>): Field<readonly V[], readonly I[]> {
  return createField("list", { members }, (input, encode) => normaliseAll(members, input, encode));
}

type Properties = Readonly<Record<string, Field<unknown, unknown>>>;
type Entry<P extends Properties> = { readonly [N in keyof P]: ValueOf<P[N]> };
type OptionalProperties<P extends Properties> = {
  [N in keyof P]: undefined extends InputOf<P[N]> ? N : never;
}[keyof P];
type EntryInput<P extends Properties> = {
  readonly [N in Exclude<keyof P, OptionalProperties<P>>]: InputOf<P[N]>;
} & { readonly [N in OptionalProperties<P>]?: InputOf<P[N]> | undefined };

/** Entries told apart by one of their properties; their order does not matter. */
export function keyedList<P extends Properties>(
  by: keyof P & string,
  properties: P,
): Field<readonly Entry<P>[], readonly EntryInput<P>[]> {
  const names = Object.keys(properties);
  return createField("keyed-list", { by, properties }, (input, encode) => {
    const entries = readList(input).map((entry) => readEntry(names, properties, entry, encode));
    const identity = (entry: Readonly<Record<string, Canonical>>): Canonical => entry[by] ?? null;
    entries.sort((a, b) => compareCanonical(identity(a), identity(b)));
    for (let index = 1; index < entries.length; index++) {
      const entry = entries[index];
      const previous = entries[index - 1];
      if (entry && previous && compareCanonical(identity(previous), identity(entry)) === 0) {
        throw expected(`entries with different ${by}`, identity(entry));
      }
    }
    return entries;
  });
}

/** Any JSON; the order of an object's names does not matter. */
export function json(): Field<Canonical, unknown> {
  return createField("json", {}, (input) => readJson(input, 0));
}

function readList(input: unknown): readonly unknown[] {
  if (Array.isArray(input)) return input;
  if (input instanceof Set) return [...input];
  throw expected("a list", input);
}

function normaliseAll<V, I>(
  members: Field<V, I>,
  input: unknown,
  encode: ReferenceEncoder,
): Canonical[] {
  return readList(input).map((member) => members.normalise(member, encode));
}

function readEntry(
  names: readonly string[],
  properties: Properties,
  input: unknown,
  encode: ReferenceEncoder,
): Readonly<Record<string, Canonical>> {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw expected("an entry with named values", input);
  }
  const given = input as Readonly<Record<string, unknown>>;
  const entry: Record<string, Canonical> = {};
  for (const name of names) {
    const property = properties[name];
    if (!property) continue;
    try {
      entry[name] = property.normalise(given[name], encode);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      throw new InvalidInputError(`${name}: ${error.message}`, { cause: error });
    }
  }
  return entry;
}

const deepestJson = 100;

function readJson(input: unknown, depth: number): Canonical {
  if (depth > deepestJson) throw expected(`JSON at most ${deepestJson} levels deep`, input);
  if (input === null || typeof input === "string" || typeof input === "boolean") return input;
  if (typeof input === "number") {
    if (!Number.isFinite(input)) throw expected("JSON", input);
    return input === 0 ? 0 : input;
  }
  if (Array.isArray(input)) return input.map((item) => readJson(item, depth + 1));
  if (typeof input !== "object") throw expected("JSON", input);
  const prototype: unknown = Object.getPrototypeOf(input);
  if (prototype !== Object.prototype && prototype !== null) throw expected("JSON", input);
  const entries = Object.entries(input)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, value]) => [name, readJson(value, depth + 1)]));
}
