import { expected } from "./create-field.ts";
import { InvalidDeclarationError, InvalidInputError, NotFoundError } from "./errors.ts";
import type { Field, ReferenceEncoder } from "./field.ts";
import { encodePart, joinParts, parseKey, partValue } from "./key.ts";
import { compareKeys } from "./key-order.ts";
import type { Model } from "./model.ts";
import type { Canonical } from "./record.ts";

/** A field of a model that holds references: itself, or in its members or properties. */
export interface ReferenceFieldFacts {
  readonly name: string;
  /** Place in `model.names`. */
  readonly index: number;
  readonly isKey: boolean;
  readonly isDerived: boolean;
  readonly field: Field<unknown, unknown>;
  /** Names of the models it refers to. */
  readonly targets: readonly string[];
  /** Names of the models of the schema whose records must be there before it can be written, beside these. */
  readonly after: readonly string[];
  /** Whether an object can do without it at first: no key part, and empty where it is not given. */
  readonly mayWait: boolean;
  /** Whether the order of the models passes it over, because it closes a circle of them. */
  readonly isLate: boolean;
}

/** Models that refer to each other, in one place. */
export interface Schema {
  readonly models: readonly Model[];
  /** Every model after those it refers to, save by late references (those to itself do not count). */
  readonly order: readonly Model[];
  has(name: string): boolean;
  /** @throws NotFoundError */
  model(name: string): Model;
  /**
   * The key string of what `input` names: the parts by name, in order, or the only (or first) part itself.
   * Parts left out are null, or their default. @throws InvalidInputError
   */
  encodeKey(model: Model | string, input: unknown): string;
  readonly encodeReference: ReferenceEncoder;
  /** The fields of a model that hold references, derived ones included. */
  referenceFields(model: Model | string): readonly ReferenceFieldFacts[];
  /** The part of a key string by its name, as the canonical value of that key part. */
  keyPart(model: Model | string, key: string, name: string): Canonical;
}

const mostShared = 20_000;

/**
 * Models may refer to each other in a circle where a reference of it may wait: then one of it is late. First
 * every reference that cannot wait gives the order, then parents, then the others, those with `after` last, each
 * by model name and declared order: one that closes a circle with the ones before it is late.
 * @param leftOut names of models that are not among them on purpose: nothing waits for these
 * @throws InvalidDeclarationError for a reference to a model that is not among them, `after` a model that is
 * neither among them nor left out, or a circle in which no reference may wait
 */
export function createSchema(models: readonly Model[], leftOut: Iterable<string> = []): Schema {
  const byName = new Map<string, Model>();
  for (const model of models) {
    const known = byName.get(model.name);
    if (known && known !== model) {
      throw new InvalidDeclarationError(
        `Two models are named ${model.name}. Rename one, or import the first where the second is declared.`,
      );
    }
    byName.set(model.name, model);
  }
  const unique = [...byName.values()];
  const absent = new Set(leftOut);
  const references = orderReferences(
    unique,
    new Map(unique.map((model) => [model.name, findReferences(model, byName, absent)])),
  );
  const order = sortByDependency(unique, byName, references);
  const encoded = new Map<string, Map<string, string>>();
  const shared = new Map<string, string>();

  function resolve(model: Model | string): Model {
    const name = typeof model === "string" ? model : model.name;
    const found = byName.get(name);
    if (!found) {
      throw new NotFoundError(
        `There is no model ${name} here. Known: ${[...byName.keys()].join(", ")}.`,
      );
    }
    return found;
  }

  function share(key: string): string {
    const known = shared.get(key);
    if (known !== undefined) return known;
    if (shared.size < mostShared) shared.set(key, key);
    return key;
  }

  const encodeReference: ReferenceEncoder = (target, input) => {
    // Most references name one of few records: their key strings are shared, within bounds.
    if (typeof input !== "string") return share(encodeKeyOf(resolve(target), input));
    let cache = encoded.get(target);
    if (!cache) encoded.set(target, (cache = new Map<string, string>()));
    let key = cache.get(input);
    if (key === undefined) {
      key = share(encodeKeyOf(resolve(target), input));
      if (cache.size < mostShared) cache.set(input, key);
    }
    return key;
  };

  function encodeKeyOf(model: Model, input: unknown): string {
    if (isEncodedKey(input)) return input.encodedKey;
    const given = readParts(model, input);
    const parts: string[] = [];
    for (const name of model.keyNames) {
      const field = model.field(name);
      let value: Canonical;
      try {
        value = field.normalise(given[name], encodeReference);
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error;
        throw new InvalidInputError(`${model.name} ${name}: ${error.message}`, { cause: error });
      }
      parts.push(encodePart(value, field.kind === "reference"));
    }
    return joinParts(parts);
  }

  return {
    models: unique,
    order,
    has: (name) => byName.has(name),
    model: resolve,
    encodeKey: (model, input) => encodeKeyOf(resolve(model), input),
    encodeReference,
    referenceFields: (model) => references.get(resolve(model).name) ?? [],
    keyPart(model, key, name) {
      const index = resolve(model).keyNames.indexOf(name);
      const part = parseKey(key)[index];
      if (index < 0 || part === undefined) {
        throw new InvalidInputError(`The key ${key} has no part "${name}".`);
      }
      return partValue(part);
    },
  };
}

function isEncodedKey(input: unknown): input is { encodedKey: string } {
  return (
    typeof input === "object" &&
    input !== null &&
    "encodedKey" in input &&
    typeof input.encodedKey === "string"
  );
}

function readParts(model: Model, input: unknown): Readonly<Record<string, unknown>> {
  const { keyNames } = model;
  if (Array.isArray(input)) {
    if (input.length > keyNames.length) {
      throw expected(`at most ${keyNames.length} parts (${keyNames.join(", ")})`, input);
    }
    return Object.fromEntries(keyNames.map((name, index) => [name, input[index] as unknown]));
  }
  if (typeof input === "object" && input !== null && !(input instanceof Date)) {
    const unknown = Object.keys(input).find((name) => !keyNames.includes(name));
    if (unknown !== undefined) {
      throw new InvalidInputError(
        `expected the key of a ${model.name} (${keyNames.join(", ")}), got "${unknown}"`,
      );
    }
    return input as Readonly<Record<string, unknown>>;
  }
  if (input === null || input === undefined) throw expected(`the key of a ${model.name}`, input);
  return { [keyNames[0] ?? ""]: input };
}

function findReferences(
  model: Model,
  known: ReadonlyMap<string, Model>,
  leftOut: ReadonlySet<string>,
): readonly ReferenceFieldFacts[] {
  const found: ReferenceFieldFacts[] = [];
  model.names.forEach((name, index) => {
    const field = model.field(name);
    const targets = [...new Set(targetsOf(field))];
    if (targets.length === 0) return;
    const missing = targets.find((target) => !known.has(target));
    if (missing !== undefined) {
      throw new InvalidDeclarationError(
        `${model.name}.${name} refers to model ${missing}, which is not among ` +
          `${[...known.keys()].join(", ")}. Add it to the schema.`,
      );
    }
    const after = [...new Set([...afterOf(field), ...throughOf(model, field)])];
    const unknown = after.find((each) => !known.has(each) && !leftOut.has(each));
    if (unknown !== undefined) {
      throw new InvalidDeclarationError(
        `${model.name}.${name} is written after model ${unknown}, which is not among ` +
          `${[...known.keys()].join(", ")}. Add it to the schema, or name it among those left out.`,
      );
    }
    const isKey = index < model.keyNames.length;
    found.push({
      name,
      index,
      isKey,
      isDerived: field.isDerived,
      field,
      targets,
      after: after.filter((each) => known.has(each)),
      mayWait: !isKey && !field.isDerived && mayBeEmpty(field),
      isLate: false,
    });
  });
  return found;
}

/** Whether a record that does not give the field has nothing there. */
function mayBeEmpty({ kind, isNullable, facts }: Field<unknown, unknown>): boolean {
  const { default: given } = facts;
  if (kind === "reference") return isNullable && (given === undefined || given === null);
  return given === undefined || given === null || (Array.isArray(given) && given.length === 0);
}

function targetsOf(field: Field<unknown, unknown>): readonly string[] {
  const { target, members, properties } = field.facts;
  if (target !== undefined) return [target];
  if (members) return targetsOf(members);
  return properties ? Object.values(properties).flatMap(targetsOf) : [];
}

function afterOf({ facts }: Field<unknown, unknown>): readonly string[] {
  const { after = [], members, properties } = facts;
  if (members) return [...after, ...afterOf(members)];
  return properties ? [...after, ...Object.values(properties).flatMap(afterOf)] : after;
}

/** What a key part goes through must be there first, a derived reference too: an address's prefix. */
function throughOf(
  model: Model,
  { facts: { through } }: Field<unknown, unknown>,
): readonly string[] {
  return through === undefined ? [] : targetsOf(model.field(through));
}

type References = ReadonlyMap<string, readonly ReferenceFieldFacts[]>;

/** Says which references are late: see `createSchema`. */
function orderReferences(models: readonly Model[], references: References): References {
  const before = new Map<string, Set<string>>();
  const late = new Set<ReferenceFieldFacts>();
  const inOrder = [...models]
    .sort((a, b) => compareKeys(a.name, b.name))
    .flatMap(({ name, parent }) =>
      (references.get(name) ?? [])
        .filter(({ isDerived }) => !isDerived)
        .map((reference) => ({
          model: name,
          reference,
          urgency: urgencyOf(reference, reference.name === parent),
        })),
    )
    .sort((a, b) => a.urgency - b.urgency);

  for (const { model, reference } of inOrder) {
    // What it must come after; a model's references to itself are ordered record by record.
    const needed = [...reference.targets, ...reference.after].filter((each) => each !== model);
    const circle = needed
      .map((each) => findPath(before, each, model))
      .find((path) => path !== null);
    if (circle && !reference.mayWait) {
      const cycle = fromTheFirst(circle).join(" → ");
      throw new InvalidDeclarationError(
        `Models refer to each other in a circle: ${cycle}, and no reference of it may be written later. ` +
          "Make one of them nullable and no key part, drop it, or make it derived.",
      );
    }
    if (circle) {
      late.add(reference);
      continue;
    }
    let own = before.get(model);
    if (!own) before.set(model, (own = new Set()));
    for (const each of needed) own.add(each);
  }
  return new Map(
    Array.from(references, ([model, fields]) => [
      model,
      fields.map((reference) => (late.has(reference) ? { ...reference, isLate: true } : reference)),
    ]),
  );
}

/** Least first: what cannot wait, then parents, and last what needs more than it names. */
function urgencyOf({ mayWait, after }: ReferenceFieldFacts, isParent: boolean): number {
  if (!mayWait) return 0;
  if (isParent) return 1;
  return after.length === 0 ? 2 : 3;
}

/** The names round a circle, once each, as a way that begins and ends with the first by name. */
function fromTheFirst(circle: readonly string[]): readonly string[] {
  const [first = ""] = [...circle].sort(compareKeys);
  const start = circle.indexOf(first);
  return [...circle.slice(start), ...circle.slice(0, start), first];
}

/** The names from one model to another along what each must come after, both included; null for none. */
function findPath(
  before: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
  to: string,
): readonly string[] | null {
  const seen = new Set<string>();
  function walk(name: string): readonly string[] | null {
    if (name === to) return [name];
    if (seen.has(name)) return null;
    seen.add(name);
    for (const each of before.get(name) ?? []) {
      const rest = walk(each);
      if (rest) return [name, ...rest];
    }
    return null;
  }
  return walk(from);
}

function sortByDependency(
  models: readonly Model[],
  byName: ReadonlyMap<string, Model>,
  references: References,
): readonly Model[] {
  const order = new Set<Model>();
  const seen = new Set<Model>();

  function visit(model: Model): void {
    if (seen.has(model)) return;
    seen.add(model);
    for (const { isDerived, isLate, targets, after } of references.get(model.name) ?? []) {
      // What the hub derives is never written, so it asks for no order; nor does what is written later.
      if (isDerived || isLate) continue;
      for (const name of [...targets, ...after]) {
        const target = byName.get(name);
        if (target) visit(target);
      }
    }
    order.add(model);
  }

  for (const model of models) visit(model);
  return [...order];
}
