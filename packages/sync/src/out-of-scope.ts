import { throwIfCancelled } from "./cancel.ts";
import { InvalidInputError } from "./errors.ts";
import type { SideName } from "./finding.ts";
import type { Identity } from "./identity.ts";
import { keyLabel } from "./key-label.ts";
import type { LoadSummary } from "./load-side.ts";
import type { Model } from "./model.ts";
import type { Canonical, SideRecord, Values } from "./record.ts";
import { mapReferences } from "./references.ts";
import type { Schema } from "./schema.ts";
import {
  type CheckedCondition,
  type CheckedScope,
  meetsField,
  type Tree,
  type TreeCondition,
  type UpReference,
} from "./scope.ts";
import type { KeySet, Store } from "./store.ts";

interface Context {
  readonly schema: Schema;
  readonly store: Store;
  readonly identity: Identity;
  readonly scope: CheckedScope;
  /** Models of the run. */
  readonly models: readonly Model[];
  readonly source: LoadSummary;
  readonly target: LoadSummary;
  readonly signal: AbortSignal | undefined;
}

/** What of a model is out of scope. */
export interface OutOfScope {
  readonly objects: number;
  /** Of these, those the target has. */
  readonly inTarget: number;
}

/**
 * Takes what is out of scope out of the comparison; to be called model by model in the order of
 * dependency. An object is in scope when its source record is, without one when its target record is: so
 * an object that left the scope in the source is never taken for one that was deleted there.
 */
export interface ScopeJudge {
  exclude(model: Model): Promise<OutOfScope>;
}

const batchSize = 1000;

/** @throws InvalidInputError for a scope that the sides of this run cannot answer. */
export async function createScopeJudge(context: Context): Promise<ScopeJudge> {
  const { store, identity, scope, signal } = context;
  const inRun = new Set(context.models.map(({ name }) => name));
  checkAnswerable(context, inRun);
  await checkRoots(context, inRun);
  const trees = {
    source: createTreeReader(context, "source", inRun),
    target: createTreeReader(context, "target", inRun),
  };

  /** How many records of a side are out of scope, and how many of these have a counterpart. */
  async function excludeSide(
    side: SideName,
    model: Model,
  ): Promise<{ readonly all: number; readonly paired: number }> {
    const { name } = model;
    const conditions = conditionsOn(context, side, name);
    const needsValues = conditions.some(({ kind }) => kind === "match");
    const up = scope.upReferences(name);
    /** Of a tree: who is below a record whose own verdict is not out. */
    const below = new Map<string, string[]>();
    const out: string[] = [];
    const isOwnTree = up.some(({ target }) => target === name);
    let all = 0;
    let paired = 0;

    for await (const records of store.read(side, name)) {
      throwIfCancelled(signal);
      const counterparts = side === "target" ? await findCounterparts(name, records) : null;
      const above = await askAbove(side, name, up, records);
      await trees[side].prepare(conditions, records);
      const batch: string[] = [];
      for (const record of records) {
        const { key, values } = record;
        const counterpart = counterparts?.get(key);
        if (counterpart !== undefined) {
          if (!counterpart.isOut) continue;
          batch.push(key);
          paired += 1;
          if (identity.isActive(name)) identity.keep(name, counterpart.key, key);
          continue;
        }
        const named = needsValues ? valuesByName(model, values) : {};
        const isIn =
          conditions.every((condition) => meets(condition, record, named, trees[side])) &&
          up.every(({ index, target }) => {
            const value = values[index];
            return target === name || typeof value !== "string" || !above(target, value);
          });
        if (!isIn) batch.push(key);
        else if (isOwnTree) noteBelow(below, up, name, record);
      }
      await store.exclude(side, name, batch);
      if (isOwnTree) for (const key of batch) out.push(key);
      all += batch.length;
    }
    if (isOwnTree) all += await excludeBelow(side, name, out, below);
    return { all, paired };
  }

  /** Down the tree, and from what is not there as far as its key tells. */
  async function excludeBelow(
    side: SideName,
    model: string,
    out: readonly string[],
    below: Map<string, string[]>,
  ): Promise<number> {
    const parents = [...below.keys()];
    const starts = [...out];
    for (let start = 0; start < parents.length; start += batchSize) {
      const keys = parents.slice(start, start + batchSize);
      const there = await store.which(side, model, keys);
      for (const key of keys) {
        if (!there.has(key) && !scope.includesKey(model, key)) starts.push(key);
      }
    }
    const found = new Set<string>();
    for (let key = starts.pop(); key !== undefined; key = starts.pop()) {
      for (const child of below.get(key) ?? []) {
        if (found.has(child)) continue;
        found.add(child);
        starts.push(child);
      }
      below.delete(key);
    }
    const keys = [...found];
    for (let start = 0; start < keys.length; start += batchSize) {
      await store.exclude(side, model, keys.slice(start, start + batchSize));
    }
    return keys.length;
  }

  /** Asks the store once for all that a batch has above it in other models. */
  async function askAbove(
    side: SideName,
    model: string,
    up: readonly UpReference[],
    records: readonly SideRecord[],
  ): Promise<(target: string, key: string) => boolean> {
    const asked = new Map<string, Set<string>>();
    for (const { index, target } of up) {
      if (target === model) continue;
      let keys = asked.get(target);
      if (!keys) asked.set(target, (keys = new Set()));
      for (const { values } of records) {
        const value = values[index];
        if (typeof value === "string") keys.add(value);
      }
    }
    const answers = new Map<string, { readonly there: KeySet; readonly out: KeySet }>();
    for (const [target, keys] of asked) {
      const list = [...keys];
      answers.set(target, {
        there: await store.which(side, target, list),
        out: await store.excluded(side, target, list),
      });
    }
    return (target, key) => {
      const answer = answers.get(target);
      if (answer?.there.has(key) === true) return answer.out.has(key);
      return !scope.includesKey(target, key);
    };
  }

  async function findCounterparts(
    model: string,
    records: readonly SideRecord[],
  ): Promise<ReadonlyMap<string, { readonly key: string; readonly isOut: boolean }>> {
    const sourceKeys = records.map(({ key }) => identity.toSource(model, key));
    const there = await store.which("source", model, sourceKeys);
    const out = await store.excluded("source", model, sourceKeys);
    const found = new Map<string, { key: string; isOut: boolean }>();
    for (const [index, { key }] of records.entries()) {
      const sourceKey = sourceKeys[index] ?? key;
      if (!there.has(sourceKey) || identity.toTarget(model, sourceKey) !== key) continue;
      found.set(key, { key: sourceKey, isOut: out.has(sourceKey) });
    }
    return found;
  }

  return {
    async exclude(model) {
      if (!scope.reaches(model.name)) return { objects: 0, inTarget: 0 };
      const inSource = await excludeSide("source", model);
      const inTarget = await excludeSide("target", model);
      return { objects: inSource.all + inTarget.all - inTarget.paired, inTarget: inTarget.all };
    },
  };
}

function noteBelow(
  below: Map<string, string[]>,
  up: readonly UpReference[],
  model: string,
  { key, values }: SideRecord,
): void {
  for (const { index, target } of up) {
    const parent = values[index];
    if (target !== model || typeof parent !== "string") continue;
    const others = below.get(parent);
    if (others) others.push(key);
    else below.set(parent, [key]);
  }
}

/** What a side's records are asked: the scope is in the source's names, and the target may have others yet. */
function conditionsOn(
  { scope, identity }: Context,
  side: SideName,
  model: string,
): readonly CheckedCondition[] {
  const conditions = scope.conditions(model);
  if (side === "source") return conditions;
  return conditions.map((condition) => {
    if (condition.kind === "match") return condition;
    if (condition.kind === "tree") {
      const { tree, roots } = condition;
      const inTarget = Array.from(roots, (root) => identity.toTarget(tree.model.name, root));
      return { ...condition, roots: new Set(inTarget) };
    }
    const member = condition.field.facts.members ?? condition.field;
    return {
      ...condition,
      values: condition.values.map((value) => mapReferences(member, value, identity.toTarget)),
    };
  });
}

function meets(
  condition: CheckedCondition,
  { key, values }: SideRecord,
  named: Values,
  trees: TreeReader,
): boolean {
  if (condition.kind === "match") return condition.matches(named);
  const value = condition.index === null ? key : values[condition.index];
  // What a side does not say, nobody can hold it to: it is left as it is.
  if (value === undefined) return false;
  return condition.kind === "field"
    ? meetsField(condition, value)
    : keysIn(value).some((each) => trees.isUnder(condition, each));
}

function keysIn(value: Canonical | undefined): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly Canonical[]) : [value];
  return list.filter((each) => typeof each === "string");
}

function valuesByName(model: Model, values: SideRecord["values"]): Values {
  const named: Record<string, Canonical> = {};
  for (const [index, name] of model.names.entries()) {
    const value = values[index];
    if (value !== undefined) named[name] = value;
  }
  return named;
}

/**
 * Knows what lies above what in the trees of a side, as far as it was asked. In the target an object that
 * the source has lies where the source says.
 */
interface TreeReader {
  /** To be called with a batch of records before they are asked about. */
  prepare(conditions: readonly CheckedCondition[], records: readonly SideRecord[]): Promise<void>;
  isUnder(condition: TreeCondition, key: string): boolean;
}

function createTreeReader(
  { schema, store, identity }: Context,
  side: SideName,
  inRun: ReadonlySet<string>,
): TreeReader {
  const above = new Map<string, Map<string, string | null>>();

  function parentsIn(tree: Tree): Map<string, string | null> {
    let parents = above.get(tree.model.name);
    if (!parents) above.set(tree.model.name, (parents = new Map<string, string | null>()));
    return parents;
  }

  function parentInKey(tree: Tree, key: string): string | null {
    const parent = tree.isInKey ? schema.keyPart(tree.model, key, tree.parent) : null;
    return typeof parent === "string" ? parent : null;
  }

  async function read(tree: Tree, start: readonly string[]): Promise<void> {
    const parents = parentsIn(tree);
    const { name } = tree.model;
    // Level by level, so that a store is asked as often as the tree is deep.
    for (let keys = [...new Set(start)].filter((key) => !parents.has(key)); keys.length > 0;) {
      const next = new Set<string>();
      for (let from = 0; from < keys.length; from += batchSize) {
        const batch = keys.slice(from, from + batchSize);
        const isLoaded = inRun.has(name);
        const found = isLoaded ? await store.find(side, name, batch) : null;
        const sourceKeys =
          isLoaded && side === "target" ? batch.map((key) => identity.toSource(name, key)) : [];
        const sources = sourceKeys.length > 0 ? await store.find("source", name, sourceKeys) : null;
        for (const [place, key] of batch.entries()) {
          const source = sources?.get(sourceKeys[place] ?? key);
          const isSame = source !== undefined && identity.toTarget(name, source.key) === key;
          const record = isSame ? source : found?.get(key);
          const value = record?.values[tree.index];
          if (record === undefined) parents.set(key, parentInKey(tree, key));
          else if (typeof value !== "string") parents.set(key, null);
          else parents.set(key, isSame ? identity.toTarget(name, value) : value);
        }
        for (const key of batch) {
          const parent = parents.get(key);
          if (typeof parent === "string" && !parents.has(parent)) next.add(parent);
        }
      }
      keys = [...next];
    }
  }

  return {
    async prepare(conditions, records) {
      for (const condition of conditions) {
        if (condition.kind !== "tree") continue;
        const { index, tree } = condition;
        await read(
          tree,
          records.flatMap(({ key, values }) => (index === null ? [key] : keysIn(values[index]))),
        );
      }
    },
    isUnder({ tree, roots }, start) {
      const parents = parentsIn(tree);
      const seen = new Set<string>();
      for (let key: string | null = start; key !== null; key = parents.get(key) ?? null) {
        if (roots.has(key)) return true;
        // References that lead round in a circle lie under nothing.
        if (seen.has(key)) return false;
        seen.add(key);
      }
      return false;
    },
  };
}

/** A condition that the source's records do not answer would leave everything out, without a word. */
function checkAnswerable({ schema, scope, source }: Context, inRun: ReadonlySet<string>): void {
  for (const model of schema.models) {
    for (const condition of scope.conditions(model.name)) {
      const isByKey =
        condition.kind !== "match" &&
        (condition.index === null || condition.index < model.keyNames.length);
      if (!inRun.has(model.name) && !isByKey) {
        throw new InvalidInputError(
          `The scope asks ${model.pluralLabel} for more than their key, and the run does not load them. Add ${model.name} to its models.`,
        );
      }
      if (condition.kind === "match") continue;
      const { index, name } = condition;
      if (inRun.has(model.name) && index !== null) assertProvided(source, model, name ?? "");
      if (condition.kind !== "tree" || condition.tree.isInKey) continue;
      const { tree } = condition;
      if (!inRun.has(tree.model.name)) {
        throw new InvalidInputError(
          `The scope asks what ${model.pluralLabel} lie under, and the run does not load ${tree.model.pluralLabel}. Add ${tree.model.name} to its models.`,
        );
      }
      assertProvided(source, tree.model, tree.parent);
    }
  }
}

function assertProvided({ provides }: LoadSummary, { name, label }: Model, field: string): void {
  if (provides[name]?.includes(field) === true) return;
  throw new InvalidInputError(
    `The scope asks ${name}.${field}, which the source does not give of a ${label}. Ask for another field.`,
  );
}

/** A root that nobody has would leave everything out as well: most often it is misspelt. */
async function checkRoots(
  { schema, store, identity, scope }: Context,
  inRun: ReadonlySet<string>,
): Promise<void> {
  for (const model of schema.models) {
    for (const condition of scope.conditions(model.name)) {
      if (condition.kind !== "tree" || !inRun.has(condition.tree.model.name)) continue;
      const { name, label } = condition.tree.model;
      const roots = [...condition.roots];
      const inSource = await store.which("source", name, roots);
      const targetKeys = roots.map((root) => identity.toTarget(name, root));
      const inTarget = await store.which("target", name, targetKeys);
      for (const [index, root] of roots.entries()) {
        // What another condition leaves out a load may have left out.
        if (!scope.includesKey(name, root)) continue;
        if (inSource.has(root) || inTarget.has(targetKeys[index] ?? root)) continue;
        const what = `The scope names the ${label} ${keyLabel(schema, name, root)}, which`;
        const now = identity.pairedSource(name, root);
        throw new InvalidInputError(
          now === undefined
            ? `${what} neither side has. Correct the scope.`
            : `${what} the source calls ${keyLabel(schema, name, now)} now. Name it so in the scope.`,
        );
      }
    }
  }
}
