import type { Hold, PlannedChange } from "./change.ts";
import { keyLabel } from "./key-label.ts";
import { createPinning } from "./pinning.ts";
import type { ModelState, PlanState } from "./plan-state.ts";
import { askPresence, parentFieldOf, type Presence } from "./presence.ts";
import type { Canonical, SideRecord, Values } from "./record.ts";
import { emptyValue, mapReferences, someReference } from "./references.ts";
import { ruleOnSecondStep, ruleOnWrite } from "./rule-on-writes.ts";
import type { ReferenceFieldFacts } from "./schema.ts";
import { inOrder, sortByDepth, type Write } from "./writes-in-order.ts";

/**
 * The creates and updates of a model in the order of applying, ruled on, without what waits for a second step;
 * `base` is the first free rank.
 */
export async function* planWrites(
  state: PlanState,
  current: ModelState,
  base: number,
): AsyncGenerator<PlannedChange[], number> {
  const { counts } = current;
  const pinning = createPinning(state, current);
  current.pinning = pinning;
  const whatWaits = await createWhatWaits(state, current);
  let next = base;
  for await (const writes of current.isTree ? sortByDepth(state, current) : inOrder(current)) {
    const presence = await askPresence(state, current, writes);
    const batch: PlannedChange[] = [];
    for (const write of writes) {
      const { source, target, depth } = write;
      if (target) {
        counts.update += 1;
        counts.unchanged -= 1;
      }
      const waiting = whatWaits(write, presence);
      const hold = ruleOnWrite(state, current, write, waiting, presence);
      if (!hold && waiting.length > 0) current.waiting += 1;
      // What is held is shown whole.
      const indexes = hold ? write.indexes : without(write.indexes, waiting);
      if (hold) noteHeld(state, current, write);
      else pinning.note(source, target, indexes);
      if (target && indexes.length === 0) continue;
      const rank = base + depth;
      next = rank + 1;
      batch.push(rowOf(state, current, { source, target, indexes, rank, hold }, presence));
    }
    yield batch;
  }
  if (current.waiting === 0) await pinning.finish();
  return next;
}

/**
 * What the writes of a model left to a second step, once everything else is written: an update of each object,
 * in one rank. Where nothing else of an object changes, it is the change itself. What names something held is held
 * in a row of its own.
 */
export async function* planSecondSteps(
  state: PlanState,
  current: ModelState,
  base: number,
): AsyncGenerator<PlannedChange[], number> {
  const { pinning, missing, heldUpdates, counts } = current;
  if (current.waiting === 0) return base;
  const whatWaits = await createWhatWaits(state, current);
  for await (const all of inOrder(current)) {
    const writes = all.filter(
      ({ source, target }) => !(target ? heldUpdates : missing).has(source.key),
    );
    const presence = await askPresence(state, current, writes);
    const batch: PlannedChange[] = [];
    for (const write of writes) {
      const { source, target } = write;
      const indexes = whatWaits(write, presence);
      if (indexes.length === 0) continue;
      const holds = indexes.map((index) => ruleOnSecondStep(state, current, write, index));
      const ready = indexes.filter((_, place) => holds[place] === null);
      const held = indexes.filter((_, place) => holds[place] !== null);
      const hold = holds.find((each) => each !== null) ?? null;
      let isWhole = target !== null && indexes.length === write.indexes.length;
      for (const [part, ruling] of [
        [ready, null],
        [held, hold],
      ] as const) {
        if (part.length === 0) continue;
        if (ruling) counts.held += 1;
        else pinning?.note(source, target, part);
        const toRow = isWhole ? rowOf : secondStepOf;
        isWhole = false;
        const row = { source, target, indexes: part, rank: base, hold: ruling };
        batch.push(toRow(state, current, row, presence));
      }
    }
    if (batch.length > 0) yield batch;
  }
  await pinning?.finish();
  return base + 1;
}

/** Places in `model.names` of the values of a write that wait for what else the plan does. */
type WhatWaits = (write: Write, presence: Presence) => readonly number[];

/**
 * A value waits where it names what comes about later: what is created or renamed after it, be it of a later
 * model or, round a circle, of its own; or where it needs the records of a later model that are written.
 */
async function createWhatWaits(state: PlanState, current: ModelState): Promise<WhatWaits> {
  const { models, identity } = state;
  const { model, place } = current;
  const candidates: (ReferenceFieldFacts & { readonly isAwaiting: boolean })[] = [];
  for (const reference of current.references) {
    const { mayWait, isLate, targets, after } = reference;
    if (!mayWait || !(isLate || targets.includes(model.name))) continue;
    let isAwaiting = false;
    for (const name of isLate ? after : []) {
      const awaited = models.get(name);
      if (awaited && awaited.place > place) isAwaiting ||= await isWritten(awaited);
    }
    candidates.push({ ...reference, isAwaiting });
  }
  if (candidates.length === 0) return () => none;

  return ({ source, indexes }, presence) => {
    let waiting: number[] | null = null;
    for (const { field, index, isAwaiting } of candidates) {
      if (!indexes.includes(index)) continue;
      const waits = someReference(field, source.values[index], (target, key) => {
        const referred = models.get(target);
        if (!referred) return false;
        if (isAwaiting) return true;
        const isLater =
          referred === current ? current.standing.isRound(source.key, key) : referred.place > place;
        if (!isLater) return false;
        const present = identity.toTarget(target, key);
        return present !== key || !presence.isInTarget(target, present);
      });
      if (waits) (waiting ??= []).push(index);
    }
    return waiting ?? none;
  };
}

const none: readonly number[] = [];

async function isWritten({ matching }: ModelState): Promise<boolean> {
  if (matching === null) return false;
  if (matching.creates > 0) return true;
  for await (const batch of matching.readUpdates()) if (batch.length > 0) return true;
  return false;
}

function without(indexes: readonly number[], left: readonly number[]): readonly number[] {
  return left.length === 0 ? indexes : indexes.filter((index) => !left.includes(index));
}

function noteHeld({ identity }: PlanState, current: ModelState, write: Write): void {
  const { model, missing, heldUpdates, counts } = current;
  const { source, target } = write;
  counts.held += 1;
  if (!target) {
    missing.add(source.key);
    return;
  }
  heldUpdates.add(source.key);
  if (identity.isActive(model.name)) identity.keep(model.name, source.key, target.key);
}

/** What a row of the plan is made of. */
interface Row {
  readonly source: SideRecord;
  readonly target: SideRecord | null;
  /** Places in `model.names` of the values to write. */
  readonly indexes: readonly number[];
  readonly rank: number;
  readonly hold: Hold | null;
}

function rowOf(
  state: PlanState,
  { model }: ModelState,
  { source, target, indexes, rank, hold }: Row,
  presence: Presence,
): PlannedChange {
  const key = target?.key ?? state.identity.toFinal(model.name, source.key);
  const parent = parentOf(state, model, source, target ?? source, presence);
  return {
    model: model.name,
    action: target ? "update" : "create",
    key,
    label: keyLabel(state.schema, model, key),
    parentModel: parent?.model ?? null,
    parentKey: parent?.key ?? null,
    before: target && valuesOf(model, target, indexes),
    after: valuesAfter(state, model, source, indexes),
    fields: target ? namesOf(model, indexes) : [],
    rank,
    targetId: target?.id ?? null,
    targetVersion: target?.version ?? null,
    sourceId: source.id ?? null,
    hold,
  };
}

/** The row beside the object's first. */
function secondStepOf(
  state: PlanState,
  current: ModelState,
  row: Row,
  presence: Presence,
): PlannedChange {
  const { model } = current;
  const fields = namesOf(model, row.indexes);
  const first = rowOf(state, current, row, presence);
  return {
    ...first,
    action: "update",
    before:
      first.before ??
      Object.fromEntries(fields.map((name) => [name, emptyValue(model.field(name))])),
    fields,
    step: 2,
    targetVersion: null,
  };
}

function namesOf({ names }: ModelState["model"], indexes: readonly number[]): readonly string[] {
  return indexes.map((index) => names[index] ?? "");
}

/** The values of a record by name, as they are. */
export function valuesOf(
  { names }: ModelState["model"],
  record: SideRecord,
  indexes: readonly number[],
): Values {
  const values: Record<string, Canonical> = {};
  for (const index of indexes) {
    const value = record.values[index];
    if (value !== undefined) values[names[index] ?? ""] = value;
  }
  return values;
}

function valuesAfter(
  { identity }: PlanState,
  model: ModelState["model"],
  source: SideRecord,
  indexes: readonly number[],
): Values {
  const values: Record<string, Canonical> = {};
  for (const index of indexes) {
    const name = model.names[index] ?? "";
    const value = source.values[index];
    if (value === undefined) continue;
    values[name] = mapReferences(model.field(name), value, identity.toFinal);
  }
  return values;
}

/**
 * The parent an object has after the change, by the key its own row in the plan has: the target's
 * present key where the parent is there, the key it will have where it is created.
 */
function parentOf(
  { identity, models }: PlanState,
  model: ModelState["model"],
  source: SideRecord,
  otherwise: SideRecord,
  presence: Presence,
): { readonly model: string; readonly key: string } | null {
  if (model.parent === null) return null;
  const parent = parentFieldOf(model, model.parent);
  if (parent === null) return null;
  const given = source.values[parent.index];
  const key = given === undefined ? otherwise.values[parent.index] : given;
  if (typeof key !== "string") return null;
  if (given === undefined) return { model: parent.target, key };
  const present = identity.toTarget(parent.target, key);
  const isPresent = !models.has(parent.target) || presence.isInTarget(parent.target, present);
  return { model: parent.target, key: isPresent ? present : identity.toFinal(parent.target, key) };
}
