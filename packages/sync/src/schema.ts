import { expected } from "./create-field.ts";
import { InvalidDeclarationError, InvalidInputError, NotFoundError } from "./errors.ts";
import type { Field, ReferenceEncoder } from "./field.ts";
import { encodePart, joinParts, parseKey, partValue } from "./key.ts";
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
}

/** Models that refer to each other, in one place. */
export interface Schema {
  readonly models: readonly Model[];
  /** Every model after those it refers to (references to itself do not count). */
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

/** @throws InvalidDeclarationError for a reference to a model that is not among them, or a cycle. */
export function createSchema(models: readonly Model[]): Schema {
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
  const references = new Map(unique.map((model) => [model.name, findReferences(model)]));
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

function findReferences(model: Model): readonly ReferenceFieldFacts[] {
  const found: ReferenceFieldFacts[] = [];
  model.names.forEach((name, index) => {
    const field = model.field(name);
    const targets = [...new Set(targetsOf(field))];
    if (targets.length === 0) return;
    const isKey = index < model.keyNames.length;
    found.push({ name, index, isKey, isDerived: field.isDerived, field, targets });
  });
  return found;
}

function targetsOf(field: Field<unknown, unknown>): readonly string[] {
  const { target, members, properties } = field.facts;
  if (target !== undefined) return [target];
  if (members) return targetsOf(members);
  return properties ? Object.values(properties).flatMap(targetsOf) : [];
}

function sortByDependency(
  models: readonly Model[],
  byName: ReadonlyMap<string, Model>,
  references: ReadonlyMap<string, readonly ReferenceFieldFacts[]>,
): readonly Model[] {
  const order: Model[] = [];
  const state = new Map<string, "open" | "done">();

  function visit(model: Model, path: readonly string[]): void {
    if (state.get(model.name) === "done") return;
    if (state.get(model.name) === "open") {
      const cycle = [...path.slice(path.indexOf(model.name)), model.name].join(" → ");
      throw new InvalidDeclarationError(
        `Models refer to each other in a circle: ${cycle}. Drop one reference, or make it derived.`,
      );
    }
    state.set(model.name, "open");
    for (const reference of references.get(model.name) ?? []) {
      for (const name of reference.targets) {
        const target = byName.get(name);
        if (!target) {
          throw new InvalidDeclarationError(
            `${model.name}.${reference.name} refers to model ${name}, which is not among ` +
              `${[...byName.keys()].join(", ")}. Add it to the schema.`,
          );
        }
        // What the hub derives is never written, so it asks for no order.
        if (target !== model && !reference.isDerived) visit(target, [...path, model.name]);
      }
    }
    state.set(model.name, "done");
    order.push(model);
  }

  for (const model of models) visit(model, []);
  return order;
}
