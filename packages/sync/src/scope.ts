import { equalCanonical, isList } from "./canonical.ts";
import { InvalidInputError } from "./errors.ts";
import type { Field, ReferenceInput } from "./field.ts";
import { keyLabel } from "./key-label.ts";
import { parseKey, partValue } from "./key.ts";
import type { Model } from "./model.ts";
import type { Canonical, Values } from "./record.ts";
import type { Schema } from "./schema.ts";
import { valueText } from "./report/field-changes.ts";

/**
 * Which records a run is about, by model name: those for which every condition of their model holds.
 * Models without conditions are in scope as a whole. What has a record out of scope in its key, or as its
 * parent, is out of scope too.
 */
export type Scope = Readonly<Record<string, readonly ScopeCondition[]>>;

/** One condition; of a set or list it is enough that one member meets it. */
export type ScopeCondition =
  | { readonly field: string; readonly is: unknown }
  | { readonly field: string; readonly isOneOf: readonly unknown[] }
  /** The field refers to this record of a tree, or to one below it. */
  | { readonly field: string; readonly isUnder: ReferenceInput }
  | { readonly field: string; readonly isUnderOneOf: readonly ReferenceInput[] }
  /** The record is this one of its tree, or lies below it. */
  | { readonly isUnder: ReferenceInput }
  | { readonly isUnderOneOf: readonly ReferenceInput[] }
  /** The last resort: told of canonical values by name, and never pushed down. */
  | { readonly matches: (values: Values) => boolean; readonly description: string };

/** A condition whose values are canonical. */
export type CheckedCondition = FieldCondition | TreeCondition | MatchCondition;

export interface FieldCondition {
  readonly kind: "field";
  readonly index: number;
  readonly field: Field<unknown, unknown>;
  readonly name: string;
  readonly values: readonly Canonical[];
}

export interface TreeCondition {
  readonly kind: "tree";
  /** Place of the reference to the tree; null where the record itself is of it. */
  readonly index: number | null;
  readonly name: string | null;
  readonly tree: Tree;
  /** Key strings. */
  readonly roots: ReadonlySet<string>;
}

interface MatchCondition {
  readonly kind: "match";
  readonly matches: (values: Values) => boolean;
  readonly description: string;
}

/** A model whose records lie below each other. */
export interface Tree {
  readonly model: Model;
  /** Name and place of the reference to what is above. */
  readonly parent: string;
  readonly index: number;
  readonly isInKey: boolean;
}

/** A reference by which what is out of scope takes others with it: key part or parent. */
export interface UpReference {
  readonly index: number;
  readonly target: string;
}

/** A scope that fits its schema. */
export interface CheckedScope {
  /** Whether records of the model may be out of scope. */
  reaches(model: string): boolean;
  conditions(model: string): readonly CheckedCondition[];
  /** To models that the scope reaches, the model itself included. */
  upReferences(model: string): readonly UpReference[];
  /** False where the key alone says that what it names is out of scope. */
  includesKey(model: string, key: string): boolean;
}

/**
 * What a load may leave out. It speaks of keys alone: an object has the same key on both sides, so that
 * what one side leaves out the other does not take for new or gone.
 */
export interface LoadScope {
  /** What the keys of a model's records must meet; empty where nothing can be left out by key. */
  conditions(model: Model): readonly KeyCondition[];
  /** False where the key string says that the record may be left out. */
  includes(model: Model, key: string): boolean;
}

/** A condition as data, for a system's own query. */
export interface KeyCondition {
  /** Name of the key part; null where it is about the record itself. */
  readonly field: string | null;
  readonly test: "is-one-of" | "is-under-one-of";
  /** Canonical values; key strings where they are references or places in a tree. */
  readonly values: readonly Canonical[];
}

/** @throws InvalidInputError for a scope that does not fit the schema. */
export function checkScope(schema: Schema, scope: Scope | null | undefined): CheckedScope | null {
  if (!scope || Object.keys(scope).length === 0) return null;
  const conditions = new Map<string, readonly CheckedCondition[]>();
  for (const [name, declared] of Object.entries(scope)) {
    if (!schema.has(name)) {
      throw new InvalidInputError(
        `The scope names ${name}, which is no model of this run. It has: ${schema.models.map((each) => each.name).join(", ")}.`,
      );
    }
    const model = schema.model(name);
    conditions.set(
      name,
      declared.map((condition) => checkCondition(schema, model, condition)),
    );
  }
  const up = new Map<string, readonly UpReference[]>();
  const reached = new Set<string>();
  for (const model of schema.order) {
    const references = schema
      .referenceFields(model)
      .flatMap(({ index, isKey, isDerived, name, targets: [target] }) =>
        target !== undefined && !isDerived && (isKey || name === model.parent)
          ? [{ index, target }]
          : [],
      );
    const isBelow = references.some(({ target }) => reached.has(target));
    if (isBelow || (conditions.get(model.name)?.length ?? 0) > 0) reached.add(model.name);
    up.set(
      model.name,
      references.filter(({ target }) => reached.has(target)),
    );
  }

  const checked: CheckedScope = {
    reaches: (model) => reached.has(model),
    conditions: (model) => conditions.get(model) ?? [],
    upReferences: (model) => up.get(model) ?? [],
    includesKey(name, key) {
      if (!reached.has(name)) return true;
      const model = schema.model(name);
      const parts = parseKey(key);
      const valueAt = (index: number): Canonical | undefined => {
        const part = index < model.keyNames.length ? parts[index] : undefined;
        return part === undefined ? undefined : partValue(part);
      };
      return (
        checked.conditions(name).every((condition) => {
          if (condition.kind === "match") return true;
          const value = condition.index === null ? key : valueAt(condition.index);
          if (value === undefined) return true;
          if (condition.kind === "field") return meetsField(condition, value);
          return typeof value === "string" && mayLieUnder(schema, condition, value);
        }) &&
        checked.upReferences(name).every(({ index, target }) => {
          const value = valueAt(index);
          return typeof value !== "string" || checked.includesKey(target, value);
        })
      );
    },
  };
  return checked;
}

/** What an adapter may know of a scope. */
export function loadScopeOf(schema: Schema, scope: CheckedScope): LoadScope {
  // Where the parent is no part of the key, what lies under what is known from the whole tree alone.
  const neededWhole = new Set(
    schema.models.flatMap(({ name }) =>
      scope
        .conditions(name)
        .flatMap((each) =>
          each.kind === "tree" && !each.tree.isInKey ? each.tree.model.name : [],
        ),
    ),
  );
  return {
    conditions({ name: model, keyNames }) {
      if (neededWhole.has(model)) return [];
      return scope.conditions(model).flatMap((condition): KeyCondition[] => {
        if (condition.kind === "match") return [];
        const { index, name } = condition;
        if (index !== null && index >= keyNames.length) return [];
        if (condition.kind === "field") {
          return [{ field: name, test: "is-one-of", values: condition.values }];
        }
        if (!condition.tree.isInKey) return [];
        return [{ field: name, test: "is-under-one-of", values: [...condition.roots] }];
      });
    },
    includes: ({ name }, key) => neededWhole.has(name) || scope.includesKey(name, key),
  };
}

/** A line for people on each condition, in the order declared. @throws InvalidInputError as a run would */
export function describeScope(
  schema: Schema,
  scope: Scope | null | undefined,
): readonly { readonly model: string; readonly text: string }[] {
  const checked = checkScope(schema, scope);
  if (checked === null) return [];
  return Object.keys(scope ?? {}).flatMap((model) =>
    checked.conditions(model).map((each) => ({ model, text: conditionText(schema, each) })),
  );
}

/** Whether a value meets a condition that is not about a tree. */
export function meetsField({ field, values }: FieldCondition, value: Canonical): boolean {
  const candidates = field.facts.members && isList(value) ? value : [value];
  return candidates.some((candidate) => values.some((each) => equalCanonical(candidate, each)));
}

/** As far as the key tells: true where it does not. */
function mayLieUnder(schema: Schema, { tree, roots }: TreeCondition, key: string): boolean {
  for (let at: Canonical = key; typeof at === "string";) {
    if (roots.has(at)) return true;
    if (!tree.isInKey) return true;
    at = schema.keyPart(tree.model, at, tree.parent);
  }
  return false;
}

function checkCondition(schema: Schema, model: Model, condition: ScopeCondition): CheckedCondition {
  if ("matches" in condition) {
    return { kind: "match", matches: condition.matches, description: condition.description };
  }
  const name = "field" in condition ? condition.field : null;
  const field = name === null ? null : fieldOf(model, name);
  const what = name === null ? model.name : `${model.name}.${name}`;
  const read = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      throw new InvalidInputError(`The scope asks ${what}: ${error.message}`, { cause: error });
    }
  };
  if ("isUnder" in condition || "isUnderOneOf" in condition) {
    const target = field === null ? model.name : (field.facts.members ?? field).facts.target;
    const tree = target === undefined ? null : treeOf(schema.model(target));
    if (tree === null) {
      throw new InvalidInputError(
        `The scope asks what ${what} lies under, and ${target ?? "it"} is no tree: its parent is not of its own type. Use is or isOneOf.`,
      );
    }
    const roots = "isUnder" in condition ? [condition.isUnder] : condition.isUnderOneOf;
    return {
      kind: "tree",
      index: name === null ? null : model.names.indexOf(name),
      name,
      tree,
      roots: new Set(read(() => roots.map((root) => schema.encodeKey(tree.model, root)))),
    };
  }
  if (field === null || name === null) {
    throw new InvalidInputError(`The scope has a condition on ${model.name} that names no field.`);
  }
  const values = "is" in condition ? [condition.is] : condition.isOneOf;
  const member = field.facts.members ?? field;
  return {
    kind: "field",
    index: model.names.indexOf(name),
    name,
    field,
    values: read(() => values.map((value) => member.normalise(value, schema.encodeReference))),
  };
}

function fieldOf(model: Model, name: string): Field<unknown, unknown> {
  if (!model.names.includes(name)) {
    throw new InvalidInputError(
      `The scope asks ${model.name}.${name}, which there is not. ${model.label} has: ${model.names.join(", ")}.`,
    );
  }
  const field = model.field(name);
  if (field.isDerived) {
    throw new InvalidInputError(
      `The scope asks ${model.name}.${name}, which the hub derives and no side gives. Use another field.`,
    );
  }
  return field;
}

function treeOf(model: Model): Tree | null {
  const { parent } = model;
  if (parent === null) return null;
  const { facts, isDerived } = model.field(parent);
  if (facts.target !== model.name || isDerived) return null;
  const index = model.names.indexOf(parent);
  return { model, parent, index, isInKey: index < model.keyNames.length };
}

function conditionText(schema: Schema, condition: CheckedCondition): string {
  if (condition.kind === "match") return condition.description;
  const list = (texts: readonly string[]): string =>
    texts.length === 1 ? (texts[0] ?? "") : `one of ${texts.join(", ")}`;
  if (condition.kind === "tree") {
    const { tree, roots, name } = condition;
    const under = list(Array.from(roots, (root) => keyLabel(schema, tree.model, root)));
    return name === null ? `is or lies under ${under}` : `${name} is or lies under ${under}`;
  }
  const { field, name, values } = condition;
  const member = field.facts.members ?? field;
  const verb = field.facts.members ? "has" : "is";
  return `${name} ${verb} ${list(values.map((value) => valueText(schema, member, value)))}`;
}
