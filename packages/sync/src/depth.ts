import type { SideName } from "./finding.ts";
import type { Model } from "./model.ts";
import type { SideRecord } from "./record.ts";
import { mapKeyReferences, visitReferences } from "./references.ts";
import type { ReferenceFieldFacts, Schema } from "./schema.ts";
import type { Store } from "./store.ts";

const batchSize = 1000;

/**
 * How far below a root records of one side stand in their model's own tree: 0 for a root; Infinity where
 * following the references comes round in a circle, or leads into one.
 */
export async function measureDepths(
  schema: Schema,
  store: Store,
  side: SideName,
  model: Model,
  records: readonly SideRecord[],
): Promise<(record: SideRecord) => number> {
  const own = ownReferenceFields(schema, model);
  const parents = new Map<string, readonly string[]>();
  let asked: string[] = [];
  const ask = (keys: readonly string[]): void => {
    for (const key of keys) if (!parents.has(key)) asked.push(key);
  };
  for (const record of records) parents.set(record.key, ownReferences(model, own, record));
  for (const above of [...parents.values()]) ask(above);
  // Level by level up to the roots, so that a store is asked as often as the tree is deep.
  while (asked.length > 0) {
    const keys = [...new Set(asked)];
    asked = [];
    for (let start = 0; start < keys.length; start += batchSize) {
      const batch = keys.slice(start, start + batchSize);
      const found = await store.find(side, model.name, batch);
      for (const key of batch) {
        const record = found.get(key);
        const above = record ? ownReferences(model, own, record) : ownKeyParts(schema, model, key);
        parents.set(key, above);
        ask(above);
      }
    }
  }
  const depths = new Map<string, number>();
  const circular = new Set<string>();
  return ({ key }) => {
    const depth = measure(key, depths, circular, (each) => parents.get(each) ?? []);
    return circular.has(key) ? Infinity : depth;
  };
}

/** Whether records of the model may refer to records of the same model, beside what the hub derives. */
export function isTree(schema: Schema, model: Model): boolean {
  return ownReferenceFields(schema, model).length > 0;
}

function ownReferenceFields(schema: Schema, model: Model): readonly ReferenceFieldFacts[] {
  return schema
    .referenceFields(model)
    .filter(({ isDerived, targets }) => !isDerived && targets.includes(model.name));
}

/** What an object that the side lacks stands below: as far as its key tells. */
function ownKeyParts(schema: Schema, model: Model, key: string): readonly string[] {
  const parents: string[] = [];
  mapKeyReferences(schema, model.name, key, (target, part) => {
    if (target === model.name) parents.push(part);
    return part;
  });
  return parents;
}

/** Gives what has no finite depth the one below all others, and returns the greatest depth; -1 for none. */
export function settleDepths(entries: readonly { depth: number }[]): number {
  let deepest = -1;
  for (const { depth } of entries) if (depth !== Infinity) deepest = Math.max(deepest, depth);
  let hasCircle = false;
  for (const entry of entries) {
    if (entry.depth !== Infinity) continue;
    entry.depth = deepest + 1;
    hasCircle = true;
  }
  return hasCircle ? deepest + 1 : deepest;
}

function ownReferences(
  model: Model,
  own: readonly ReferenceFieldFacts[],
  record: SideRecord,
): string[] {
  const keys: string[] = [];
  for (const { field, index } of own) {
    visitReferences(field, record.values[index], (target, key) => {
      if (target === model.name) keys.push(key);
    });
  }
  return keys;
}

/** One more than the deepest parent. Without recursion: a chain may be longer than the call stack. */
function measure(
  start: string,
  depths: Map<string, number>,
  circular: Set<string>,
  parentsOf: (key: string) => readonly string[],
): number {
  const known = depths.get(start);
  if (known !== undefined) return known;
  const path: {
    key: string;
    parents: readonly string[];
    next: number;
    depth: number;
  }[] = [];
  const open = new Set<string>();
  const enter = (key: string): void => {
    open.add(key);
    path.push({ key, parents: parentsOf(key), next: 0, depth: 0 });
  };
  enter(start);
  for (let step = path.at(-1); step; step = path.at(-1)) {
    const parent = step.parents[step.next];
    if (parent === undefined) {
      depths.set(step.key, step.depth);
      open.delete(step.key);
      path.pop();
      continue;
    }
    const depth = depths.get(parent);
    if (depth !== undefined) {
      step.depth = Math.max(step.depth, depth + 1);
      if (circular.has(parent)) circular.add(step.key);
      step.next += 1;
    } else if (open.has(parent)) {
      // Everything between the two is in the circle.
      for (let index = path.length - 1; index >= 0; index--) {
        const member = path[index];
        if (member) circular.add(member.key);
        if (member?.key === parent) break;
      }
      step.next += 1;
    } else {
      enter(parent);
    }
  }
  return depths.get(start) ?? 0;
}
