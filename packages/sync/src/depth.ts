import type { SideName } from "./finding.ts";
import type { Model } from "./model.ts";
import type { SideRecord } from "./record.ts";
import { mapKeyReferences, visitReferences } from "./references.ts";
import type { ReferenceFieldFacts, Schema } from "./schema.ts";
import type { KeySet, Store } from "./store.ts";

const batchSize = 1000;
const nothing: KeySet = new Set();

/** How the records of one side stand in their model's own tree. */
export interface Standing {
  /**
   * How far below a root a record stands: 0 for a root; Infinity where following the references comes round in
   * a circle, or leads into one. References that may wait and are part of a circle are passed over.
   */
  depthOf(key: string): number;
  readonly isRound: IsRound;
}

/** Whether references of the one record lead to the other and back: of one that refers to itself to itself. */
export type IsRound = (from: string, to: string) => boolean;

const neverRound: IsRound = () => false;

/** How records stand that do not refer to each other. */
export const flat: Standing = { depthOf: () => 0, isRound: neverRound };

/** What a record stands below, and whether the reference that says so may wait. */
interface Above {
  readonly key: string;
  readonly mayWait: boolean;
}

/** Measures how the records that it is given stand in the store's tree of one side. */
export interface DepthMeasure {
  take(records: readonly SideRecord[]): void;
  /** To be called once, when all are taken. */
  finish(): Promise<Standing>;
}

const root: readonly Above[] = [];

/** A function of the records alone: in which order they are taken does not matter. None of them is kept. */
export function measureDepths(
  schema: Schema,
  store: Store,
  side: SideName,
  model: Model,
  isScoped: boolean,
): DepthMeasure {
  const own = ownReferenceFields(schema, model);
  const parents = new Map<string, readonly Above[]>();
  return {
    take(records) {
      for (const record of records) parents.set(record.key, ownReferences(model, own, record));
    },
    async finish() {
      await findAbove(parents, own, { schema, store, side, model, isScoped });
      return measureAbove(parents);
    },
  };
}

/** Adds what the records stand below, up to the roots. */
async function findAbove(
  parents: Map<string, readonly Above[]>,
  own: readonly ReferenceFieldFacts[],
  {
    schema,
    store,
    side,
    model,
    isScoped,
  }: {
    readonly schema: Schema;
    readonly store: Store;
    readonly side: SideName;
    readonly model: Model;
    readonly isScoped: boolean;
  },
): Promise<void> {
  let asked: string[] = [];
  const ask = (above: readonly Above[]): void => {
    for (const { key } of above) if (!parents.has(key)) asked.push(key);
  };
  for (const above of [...parents.values()]) ask(above);
  // Level by level up to the roots, so that a store is asked as often as the tree is deep.
  while (asked.length > 0) {
    const keys = [...new Set(asked)];
    asked = [];
    for (let start = 0; start < keys.length; start += batchSize) {
      const batch = keys.slice(start, start + batchSize);
      const found = await store.find(side, model.name, batch);
      // What is out of scope is as if it was not there, which it need not be.
      const excluded = isScoped ? await store.excluded(side, model.name, batch) : nothing;
      for (const key of batch) {
        const record = found.get(key);
        const above =
          record && !excluded.has(key)
            ? ownReferences(model, own, record)
            : ownKeyParts(schema, model, key);
        parents.set(key, above);
        ask(above);
      }
    }
  }
}

function measureAbove(parents: ReadonlyMap<string, readonly Above[]>): Standing {
  const whole = measureAll(parents.keys(), (key) => parents.get(key) ?? []);
  if (whole.circular.size === 0) return standing(whole, neverRound);

  const isRound = createIsRound(findCircles(parents));
  const firm = measureAll(parents.keys(), (key) =>
    (parents.get(key) ?? []).filter((above) => !above.mayWait || !isRound(key, above.key)),
  );
  return standing(firm, isRound);
}

interface Measured {
  readonly depths: ReadonlyMap<string, number>;
  readonly circular: ReadonlySet<string>;
}

function standing({ depths, circular }: Measured, isRound: IsRound): Standing {
  return { depthOf: (key) => (circular.has(key) ? Infinity : (depths.get(key) ?? 0)), isRound };
}

function createIsRound(circles: ReadonlyMap<string, number>): IsRound {
  return (from, to) => {
    const circle = circles.get(from);
    return circle !== undefined && circle === circles.get(to);
  };
}

function measureAll(
  keys: Iterable<string>,
  parentsOf: (key: string) => readonly Above[],
): Measured {
  const depths = new Map<string, number>();
  const circular = new Set<string>();
  for (const key of keys) measure(key, depths, circular, parentsOf);
  return { depths, circular };
}

/**
 * Which circle a record is part of, by key: the largest sets within which each leads to each (Tarjan). Records
 * that are in none are absent. Without recursion: a chain may be longer than the call stack.
 */
function findCircles(parents: ReadonlyMap<string, readonly Above[]>): ReadonlyMap<string, number> {
  const circles = new Map<string, number>();
  const places = new Map<string, number>();
  const settled = new Set<string>();
  const open: string[] = [];
  let circle = 0;
  for (const start of parents.keys()) {
    if (places.has(start)) continue;
    const path: { key: string; next: number; lowest: number }[] = [];
    const enter = (key: string): void => {
      path.push({ key, next: 0, lowest: places.size });
      places.set(key, places.size);
      open.push(key);
    };
    enter(start);
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const above = parents.get(step.key)?.[step.next];
      if (above !== undefined) {
        step.next += 1;
        const place = places.get(above.key);
        if (place === undefined) enter(above.key);
        else if (!settled.has(above.key)) step.lowest = Math.min(step.lowest, place);
        continue;
      }
      path.pop();
      const below = path.at(-1);
      if (below) below.lowest = Math.min(below.lowest, step.lowest);
      if (step.lowest !== places.get(step.key)) continue;
      const members = open.splice(open.lastIndexOf(step.key));
      const { key } = step;
      const isCircle =
        members.length > 1 || parents.get(key)?.some((each) => each.key === key) === true;
      if (isCircle) circle += 1;
      for (const member of members) {
        settled.add(member);
        if (isCircle) circles.set(member, circle);
      }
    }
  }
  return circles;
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
function ownKeyParts(schema: Schema, model: Model, key: string): readonly Above[] {
  const parents: Above[] = [];
  mapKeyReferences(schema, model.name, key, (target, part) => {
    if (target === model.name) parents.push({ key: part, mayWait: false });
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
): readonly Above[] {
  const above: Above[] = [];
  for (const { field, index, mayWait } of own) {
    visitReferences(field, record.values[index], (target, key) => {
      if (target === model.name) above.push({ key, mayWait });
    });
  }
  return above.length > 0 ? above : root;
}

/** One more than the deepest parent. Without recursion: a chain may be longer than the call stack. */
function measure(
  start: string,
  depths: Map<string, number>,
  circular: Set<string>,
  parentsOf: (key: string) => readonly Above[],
): void {
  if (depths.has(start)) return;
  const path: {
    key: string;
    parents: readonly Above[];
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
    const parent = step.parents[step.next]?.key;
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
}
