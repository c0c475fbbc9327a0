import type { Finding, SideName } from "./finding.ts";
import { keyLabel } from "./key-label.ts";
import type { Model } from "./model.ts";
import { mapKeyReferences, someKeyReference } from "./references.ts";
import type { Schema } from "./schema.ts";
import { matchBySecondKeys, type SecondKeyRules } from "./second-keys.ts";
import type { KeyPair, Pair, Store } from "./store.ts";

/** The remembered pairs of a model; may be asked more than once. */
export type Pairs = (model: Model) => AsyncIterable<Pair> | Iterable<Pair>;

/**
 * Which target object a source record is. Pairs come first; without one it is the object of the same
 * key, once the references in the key are those of their own counterparts: under a renamed parent
 * nothing is new. Where there is none, a second key may tell. Only pairs that say more than the keys do
 * are kept: as many as there are renames.
 */
export interface Identity {
  /** Whether a record of the model may have a counterpart of another key. */
  readonly isActive: (model: string) => boolean;
  /** The pairs of a model that say more than its keys do. */
  readonly renames: (model: string) => readonly KeyPair[];
  /** The target key of the rename that a source key is in. */
  readonly pairedTarget: (model: string, sourceKey: string) => string | undefined;
  /** The source key of the rename that a target key is in. */
  readonly pairedSource: (model: string, targetKey: string) => string | undefined;
  /** The target key a source key stands for, its own pair left aside. */
  readonly keyUnderMatchedParent: (model: string, sourceKey: string) => string;
  /** The source key that stands for a target key, its own pair left aside. */
  readonly sourceKeyUnderMatchedParent: (model: string, targetKey: string) => string;
  /** The source key that stands for a target key. */
  readonly toSource: (model: string, targetKey: string) => string;
  /**
   * The target key a source key stands for, as the target is before the run; where the object of that
   * key is by a pair another record, a key that no object has.
   */
  readonly toTarget: (model: string, sourceKey: string) => string;
  /** The key that what a source key stands for has in the target after the run. */
  readonly toFinal: (model: string, sourceKey: string) => string;
  /**
   * Whether that key counts on a rename that passes the test, by its source key: of what an object that keeps its
   * own stands below in the target.
   */
  readonly countsOn: (
    model: string,
    sourceKey: string,
    passes: (model: string, sourceKey: string) => boolean,
  ) => boolean;
  /** Says that a matched object keeps its key, because its rename is held. */
  readonly keep: (model: string, sourceKey: string, targetKey: string) => void;
}

/** A key that no object has: an empty list is never the key of what a part refers to. */
function nobody(key: string): string {
  return JSON.stringify([[], key]);
}

interface Options {
  readonly schema: Schema;
  readonly store: Store;
  readonly models: readonly Model[];
  readonly pairs: Pairs | undefined;
  readonly secondKeys: SecondKeyRules;
  /** Told of records that could be more than one: none of them is changed. */
  readonly onAmbiguous: (
    finding: Finding,
    keys: Readonly<Record<SideName, readonly string[]>>,
  ) => void;
}

type KeyMap = Map<string, string>;

const mostRecent = 10_000;

export async function readIdentity(options: Options): Promise<Identity> {
  const { schema, models } = options;
  const forward = new Map<string, KeyMap>();
  const backward = new Map<string, KeyMap>();
  const active = new Set<string>();
  const kept = new Map<string, KeyMap>();
  const finalMemo = new Map<string, KeyMap>();
  /** Of each model the keys asked for last: many records refer to few. */
  const recent = new Map<string, KeyMap>();

  function memoised(memo: Map<string, KeyMap>, model: string, key: string, make: () => string) {
    const keys = mapOf(memo, model);
    let found = keys.get(key);
    if (found !== undefined) return found;
    // Held moves can leave a circle of keys; this ends the walk round it.
    keys.set(key, key);
    found = make();
    keys.set(key, found);
    return found;
  }

  /** The key that an object of the target has after the run. */
  function finalOfTarget(model: string, key: string): string {
    const source = backward.get(model)?.get(key);
    if (source !== undefined && kept.get(model)?.has(source) !== true) {
      return identity.toFinal(model, source);
    }
    return mapKeyReferences(schema, model, key, finalOfTarget);
  }

  const identity: Identity = {
    isActive: (model) => active.has(model),
    renames: (model) =>
      Array.from(forward.get(model) ?? [], ([source, target]) => ({ source, target })),
    pairedTarget: (model, key) => forward.get(model)?.get(key),
    pairedSource: (model, key) => backward.get(model)?.get(key),
    keyUnderMatchedParent: (model, key) =>
      active.has(model) ? mapKeyReferences(schema, model, key, identity.toTarget) : key,
    sourceKeyUnderMatchedParent: (model, key) =>
      active.has(model) ? mapKeyReferences(schema, model, key, identity.toSource) : key,
    toSource: (model, key) =>
      active.has(model)
        ? (identity.pairedSource(model, key) ?? identity.sourceKeyUnderMatchedParent(model, key))
        : key,
    toTarget(model, key) {
      if (!active.has(model)) return key;
      const paired = identity.pairedTarget(model, key);
      if (paired !== undefined) return paired;
      const keys = mapOf(recent, model);
      let found = keys.get(key);
      if (found !== undefined) return found;
      const sameKey = identity.keyUnderMatchedParent(model, key);
      found = identity.pairedSource(model, sameKey) === undefined ? sameKey : nobody(key);
      if (keys.size >= mostRecent) keys.clear();
      keys.set(key, found);
      return found;
    },
    toFinal(model, key) {
      if (kept.size === 0) return key;
      return memoised(finalMemo, model, key, () => {
        const target = kept.get(model)?.get(key);
        return target === undefined
          ? mapKeyReferences(schema, model, key, identity.toFinal)
          : mapKeyReferences(schema, model, target, finalOfTarget);
      });
    },
    countsOn(model, sourceKey, passes) {
      const seen = new Set<string>();
      const isNew = (...at: readonly string[]): boolean => {
        const { size } = seen;
        return seen.add(at.join(" ")).size > size;
      };
      // The ways that toFinal and finalOfTarget go.
      const ofSource = (name: string, key: string): boolean => {
        if (!isNew("source", name, key)) return false;
        const target = kept.get(name)?.get(key);
        return target === undefined
          ? someKeyReference(schema, name, key, ofSource)
          : someKeyReference(schema, name, target, ofTarget);
      };
      const ofTarget = (name: string, key: string): boolean => {
        if (!isNew("target", name, key)) return false;
        const source = backward.get(name)?.get(key);
        return source === undefined || kept.get(name)?.has(source) === true
          ? someKeyReference(schema, name, key, ofTarget)
          : passes(name, source) || ofSource(name, source);
      };
      return kept.size > 0 && ofSource(model, sourceKey);
    },
    keep(model, sourceKey, targetKey) {
      mapOf(kept, model).set(sourceKey, targetKey);
      finalMemo.clear();
    },
  };

  function remember(model: string, { source, target }: KeyPair): void {
    active.add(model);
    mapOf(forward, model).set(source, target);
    mapOf(backward, model).set(target, source);
  }

  const inRun = new Set(models);
  const isAsked =
    options.pairs !== undefined || models.some((model) => model.secondKeys.length > 0);
  for (const model of isAsked ? schema.order : []) {
    const isReached = schema
      .referenceFields(model)
      .some(({ isKey, targets }) => isKey && targets.some((target) => active.has(target)));
    // Before its own pairs are read: the keys of a model's own parents are in them.
    if (isReached) active.add(model.name);
    if (!inRun.has(model)) continue;
    const matched = await readRenames(model, options, isReached, identity.keyUnderMatchedParent);
    for (const [source, target] of matched) remember(model.name, { source, target });
    recent.clear();
    await matchBySecondKeys(options, identity, model, (found) => {
      for (const pair of found) remember(model.name, pair);
      recent.clear();
    });
  }
  return identity;
}

function mapOf(maps: Map<string, KeyMap>, model: string): KeyMap {
  let found = maps.get(model);
  if (!found) maps.set(model, (found = new Map<string, string>()));
  return found;
}

/**
 * Source key to target key of the pairs that say more than the keys do, and of those that share a record
 * with one of these; no record is in two.
 */
async function readRenames(
  model: Model,
  options: Options,
  isReached: boolean,
  keyUnderMatchedParent: Identity["keyUnderMatchedParent"],
): Promise<KeyMap> {
  const { schema, store, onAmbiguous } = options;
  const pairs = (): ReturnType<Pairs> => options.pairs?.(model) ?? [];
  const matched: KeyMap = new Map();
  const claimed: KeyMap = new Map();

  function contradict(sourceKey: string, targetKey: string, other: string): void {
    const label = keyLabel(schema, model, sourceKey);
    const finding: Finding = {
      kind: "ambiguous",
      side: "source",
      model: model.name,
      key: sourceKey,
      label,
      field: null,
      value: null,
      message:
        `${model.label} ${label} could be ${keyLabel(schema, model, targetKey)} or, by another remembered ` +
        `pair, ${keyLabel(schema, model, other)}. Neither is changed. Forget the wrong pair.`,
      origin: null,
    };
    onAmbiguous(finding, { source: [sourceKey], target: [targetKey] });
  }

  const sources = new Set<string>();
  const targets = new Set<string>();
  const isOwnTree = schema
    .referenceFields(model)
    .some(({ isKey, targets }) => isKey && targets.includes(model.name));

  /** Whether a key of a tree has a renamed one above it. */
  function isBelow(key: string): boolean {
    return someKeyReference(
      schema,
      model.name,
      key,
      (target, part) => target === model.name && (sources.has(part) || isBelow(part)),
    );
  }

  for await (const batch of store.pairKeys(model.name, pairs, isReached ? "all" : "differing")) {
    for (const { source, target } of batch) {
      // A tree's own renames are not known yet, so its translated keys say nothing here.
      const saysNothing = keyUnderMatchedParent(model.name, source) === target;
      if (saysNothing && (!isOwnTree || source === target)) continue;
      sources.add(source);
      targets.add(target);
    }
  }
  if (sources.size === 0) return matched;

  for await (const batch of store.pairKeys(model.name, pairs, "all")) {
    for (const { source, target } of batch) {
      const isRename = sources.has(source) || targets.has(target);
      if (!isRename && !(isOwnTree && isBelow(source))) continue;
      const otherTarget = matched.get(source);
      const otherSource = claimed.get(target);
      if (otherTarget !== undefined && otherTarget !== target) {
        contradict(source, target, otherTarget);
      } else if (otherSource !== undefined && otherSource !== source) {
        contradict(source, target, otherSource);
        contradict(otherSource, target, source);
      } else {
        matched.set(source, target);
        claimed.set(target, source);
      }
    }
  }
  return matched;
}
