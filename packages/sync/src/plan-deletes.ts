import type { Hold, PlannedChange } from "./change.ts";
import { flat, type IsRound, measureDepths, settleDepths } from "./depth.ts";
import { keyLabel } from "./key-label.ts";
import { lookUp } from "./look-up.ts";
import type { Model } from "./model.ts";
import { type ModelState, pin, type PlanState, type SortedRemovals } from "./plan-state.ts";
import { valuesOf } from "./plan-writes.ts";
import type { SideRecord } from "./record.ts";
import { emptyValue, someReference, visitReferences } from "./references.ts";

const batchSize = 1000;

/** A record of the target to delete. */
interface Removal {
  readonly record: SideRecord;
  /** Ranks after the first. */
  readonly offset: number;
  /** Places of the references that are emptied before, because they would keep others from being deleted. */
  readonly emptied: readonly number[];
}

/**
 * Spreads the holds on deletes: what stays keeps what it refers to, round circles too. To be called once, when
 * all writes are planned.
 */
export async function spreadPins(state: PlanState): Promise<void> {
  const { store } = state;
  const states = [...state.models.values()].reverse();
  const refers = states.filter(({ references }) =>
    references.some(({ targets }) =>
      targets.some((target) => (state.models.get(target)?.deletable.size ?? 0) > 0),
    ),
  );
  for (const { model, references, deleteHold, matching } of refers) {
    if (deleteHold === null) continue;
    for await (const batch of matching?.readDeletes() ?? []) {
      for (const record of batch) pinReferred(state, model, references, record, () => undefined);
    }
  }
  let pinned = new Map(states.map(({ model, pins }) => [model.name, [...pins.keys()]]));
  for (let isDone = false; !isDone;) {
    const more = new Map<string, string[]>(states.map(({ model }) => [model.name, []]));
    isDone = true;
    for (const { model, references } of refers) {
      const keys = pinned.get(model.name) ?? [];
      for (let start = 0; start < keys.length; start += batchSize) {
        const batch = keys.slice(start, start + batchSize);
        const records = await store.find("target", model.name, batch);
        for (const key of batch) {
          const record = records.get(key);
          if (!record) continue;
          pinReferred(state, model, references, record, (target, referred) => {
            more.get(target)?.push(referred);
            isDone = false;
          });
        }
      }
    }
    pinned = more;
  }
}

/** Keeps what a record of the target refers to; tells what nothing kept until now. */
function pinReferred(
  state: PlanState,
  model: Model,
  references: ModelState["references"],
  record: SideRecord,
  onPinned: (target: string, key: string) => void,
): void {
  const by = { model: model.name, key: record.key };
  for (const { field, index } of references) {
    visitReferences(field, record.values[index], (target, key) => {
      if (pin(state, target, key, by)) onPinned(target, key);
    });
  }
}

/**
 * Empties the references of what is to be deleted that would keep others from being deleted before it, in one
 * rank; to be called model by model before the first delete.
 */
export async function* planEmptying(
  state: PlanState,
  current: ModelState,
  base: number,
): AsyncGenerator<PlannedChange[], number> {
  let next = base;
  const mayKeep = current.references.some(({ mayWait, isLate, targets }) => {
    return mayWait && (isLate || targets.includes(current.model.name));
  });
  if (!mayKeep || current.deleteHold !== null) return next;
  for await (const removals of removalsOf(state, current)) {
    const batch = removals
      .filter(({ record, emptied }) => emptied.length > 0 && !current.pins.has(record.key))
      .map(({ record, emptied }) => emptyingOf(state, current, record, emptied, base));
    if (batch.length === 0) continue;
    next = base + 1;
    yield batch;
  }
  return next;
}

/** The deletes of a model, deepest first, ruled on; to be called model by model against the order of dependency. */
export async function* planDeletes(
  state: PlanState,
  current: ModelState,
  base: number,
): AsyncGenerator<PlannedChange[], number> {
  let next = base;
  for await (const removals of removalsOf(state, current)) {
    const batch: PlannedChange[] = [];
    for (const { record, offset, emptied } of removals) {
      const hold = current.deleteHold ?? stillReferenced(state, current, record.key);
      if (hold) current.counts.held += 1;
      batch.push(deleteOf(state, current, record, hold ? [] : emptied, base + offset, hold));
      next = base + offset + 1;
    }
    yield batch;
  }
  current.removals = null;
  return next;
}

async function* removalsOf(
  state: PlanState,
  current: ModelState,
): AsyncGenerator<readonly Removal[]> {
  if (!current.isTree) {
    for await (const records of current.matching?.readDeletes() ?? []) {
      yield records.map((record) => {
        return { record, offset: 0, emptied: whatKeeps(state, current, record, flat.isRound) };
      });
    }
    return;
  }
  const { places, isRound } = (current.removals ??= await sortByDepth(state, current));
  for (let start = 0; start < places.length; start += batchSize) {
    const batch = places.slice(start, start + batchSize);
    const keys = batch.map(({ key }) => key);
    const recordOf = await lookUp(state.store, "target", current.model.name, keys);
    yield batch.map(({ key, offset }) => {
      const record = recordOf(key);
      return { record, offset, emptied: whatKeeps(state, current, record, isRound) };
    });
  }
}

async function sortByDepth(
  { schema, store }: PlanState,
  { matching, model, isScoped }: ModelState,
): Promise<SortedRemovals> {
  const measure = measureDepths(schema, store, "target", model, isScoped);
  const keys: string[] = [];
  for await (const batch of matching?.readDeletes() ?? []) {
    measure.take(batch);
    for (const { key } of batch) keys.push(key);
  }
  const standing = await measure.finish();
  const deletes = keys.map((key) => ({ key, depth: standing.depthOf(key) }));
  const deepest = settleDepths(deletes);
  // Sorting keeps the order of the keys within a depth.
  deletes.sort((a, b) => b.depth - a.depth);
  const places = deletes.map(({ key, depth }) => ({ key, offset: deepest - depth }));
  return { places, isRound: standing.isRound };
}

/** Places of the references of a record to delete that name what is deleted before it, or with it in a circle. */
function whatKeeps(
  state: PlanState,
  { model, place, references }: ModelState,
  record: SideRecord,
  isRound: IsRound,
): readonly number[] {
  let keeping: number[] | null = null;
  for (const { field, index, mayWait, isLate, targets } of references) {
    if (!mayWait || !(isLate || targets.includes(model.name))) continue;
    const keeps = someReference(field, record.values[index], (target, key) => {
      const referred = state.models.get(target);
      // What stays need not be let go.
      if (!referred?.deletable.has(key) || referred.pins.has(key)) return false;
      if (target !== model.name) return referred.place > place;
      return key !== record.key && isRound(record.key, key);
    });
    if (keeps) (keeping ??= []).push(index);
  }
  return keeping ?? none;
}

const none: readonly number[] = [];

function stillReferenced({ schema }: PlanState, { pins }: ModelState, key: string): Hold | null {
  const by = pins.get(key);
  if (!by) return null;
  return {
    guard: "still-referenced",
    reason:
      `${schema.model(by.model).label} ${keyLabel(schema, by.model, by.key)} stays and refers to it. ` +
      "Delete or change that one first.",
  };
}

function deleteOf(
  state: PlanState,
  { model }: ModelState,
  record: SideRecord,
  emptied: readonly number[],
  rank: number,
  hold: Hold | null,
): PlannedChange {
  const indexes = [...model.names.keys()].filter((index) => !emptied.includes(index));
  return {
    ...placeOf(state, model, record),
    action: "delete",
    before: valuesOf(model, record, indexes),
    after: null,
    fields: [],
    rank,
    targetVersion: emptied.length === 0 ? (record.version ?? null) : null,
    hold,
  };
}

function emptyingOf(
  state: PlanState,
  { model }: ModelState,
  record: SideRecord,
  emptied: readonly number[],
  rank: number,
): PlannedChange {
  const fields = emptied.map((index) => model.names[index] ?? "");
  return {
    ...placeOf(state, model, record),
    action: "update",
    before: valuesOf(model, record, emptied),
    after: Object.fromEntries(fields.map((name) => [name, emptyValue(model.field(name))])),
    fields,
    rank,
    step: 0,
    targetVersion: record.version ?? null,
    hold: null,
  };
}

/** Which object a row is about, and where people see it. */
function placeOf({ schema }: PlanState, model: Model, record: SideRecord) {
  const parentModel = model.parent === null ? undefined : model.field(model.parent).facts.target;
  const parentKey = model.parent === null ? null : record.values[model.names.indexOf(model.parent)];
  const hasParent = parentModel !== undefined && typeof parentKey === "string";
  return {
    model: model.name,
    key: record.key,
    label: keyLabel(schema, model, record.key),
    parentModel: hasParent ? parentModel : null,
    parentKey: hasParent ? parentKey : null,
    targetId: record.id ?? null,
    sourceId: null,
  };
}
