import type { Hold, PlannedChange } from "./change.ts";
import { keyLabel } from "./key-label.ts";
import { measureDepths, settleDepths } from "./depth.ts";
import { type ModelState, pin, type PlanState } from "./plan-state.ts";
import type { Canonical, SideRecord, Values } from "./record.ts";
import { mapReferences, visitReferences } from "./references.ts";
import type { KeySet } from "./store.ts";

interface Write {
  readonly source: SideRecord;
  readonly target: SideRecord | null;
  /** Places in `model.names` of the values to write. */
  readonly indexes: readonly number[];
  depth: number;
  readonly isCircular: boolean;
}

const batchSize = 1000;

/** The creates and updates of a model in the order of applying, ruled on; `base` is the first free rank. */
export async function* planWrites(
  state: PlanState,
  current: ModelState,
  base: number,
): AsyncGenerator<PlannedChange[], number> {
  const pinning = createPinning(state, current);
  let next = base;
  for await (const writes of current.isTree ? sortByDepth(state, current) : inOrder(current)) {
    const presence = await askPresence(state, current, writes);
    const batch: PlannedChange[] = [];
    for (const write of writes) {
      const hold = ruleOnWrite(state, current, write, presence);
      if (hold) noteHeld(state, current, write);
      else pinning.note(write);
      const rank = base + write.depth;
      next = rank + 1;
      batch.push(
        write.target
          ? updateOf(state, current, write, write.target, rank, hold, presence)
          : createOf(state, current, write, rank, hold, presence),
      );
    }
    yield batch;
  }
  await pinning.finish();
  return next;
}

async function* readWrites(
  { matching, indexes, counts }: ModelState,
  toWrite: (source: SideRecord, target: SideRecord | null, indexes: readonly number[]) => Write,
): AsyncGenerator<readonly Write[]> {
  for await (const batch of matching?.readUpdates() ?? []) {
    counts.update += batch.length;
    counts.unchanged -= batch.length;
    yield batch.map((each) => toWrite(each.source, each.target, each.indexes));
  }
  for await (const batch of matching?.readCreates() ?? []) {
    yield batch.map((source) => toWrite(source, null, indexes));
  }
}

/** As the store gives them: updates first, each by key. */
function inOrder(current: ModelState): AsyncGenerator<readonly Write[]> {
  return readWrites(current, (source, target, indexes) => ({
    source,
    target,
    indexes,
    depth: 0,
    isCircular: false,
  }));
}

async function* sortByDepth(
  { schema, store }: PlanState,
  current: ModelState,
): AsyncGenerator<readonly Write[]> {
  const found: Omit<Write, "depth" | "isCircular">[] = [];
  for await (const batch of readWrites(current, (source, target, indexes) => ({
    source,
    target,
    indexes,
    depth: 0,
    isCircular: false,
  }))) {
    for (const write of batch) found.push(write);
  }
  const records = found.map(({ source }) => source);
  const depthOf = await measureDepths(schema, store, "source", current.model, records);
  const writes = found.map((write): Write => {
    const depth = depthOf(write.source);
    const isCircular = depth === Infinity;
    // Which of a circle comes first cannot be said, so the whole of it is known not to be created.
    if (isCircular && !write.target) current.missing.add(write.source.key);
    return { ...write, depth, isCircular };
  });
  settleDepths(writes);
  // Sorting keeps the order within a depth.
  writes.sort((a, b) => a.depth - b.depth);
  for (let start = 0; start < writes.length; start += batchSize) {
    yield writes.slice(start, start + batchSize);
  }
}

/** Which of the objects that some writes refer to are there. */
interface Presence {
  isInSource(model: string, key: string): boolean;
  isInTarget(model: string, key: string): boolean;
  /** Whether the source has it out of scope: then it is not created. */
  isOutOfScope(model: string, key: string): boolean;
}

/** Asks the store once for all that a batch refers to. */
async function askPresence(
  { store, models, identity }: PlanState,
  { model, references }: ModelState,
  writes: readonly Write[],
): Promise<Presence> {
  const asked = new Map<string, { source: Set<string>; target: Set<string> }>();
  const ask = (target: string, key: string): void => {
    if (!models.has(target)) return;
    let keys = asked.get(target);
    if (!keys) asked.set(target, (keys = { source: new Set(), target: new Set() }));
    if (keys.source.has(key)) return;
    keys.source.add(key);
    keys.target.add(identity.toTarget(target, key));
  };
  const parent = model.parent === null ? null : parentFieldOf(model, model.parent);
  for (const { source, indexes } of writes) {
    for (const { field, index } of references) {
      if (indexes.includes(index)) visitReferences(field, source.values[index], ask);
    }
    const above = parent === null ? null : source.values[parent.index];
    if (parent !== null && typeof above === "string") ask(parent.target, above);
  }
  const sources = new Map<string, KeySet>();
  const targets = new Map<string, KeySet>();
  const excluded = new Map<string, KeySet>();
  for (const [name, keys] of asked) {
    if (models.get(name)?.isScoped === true) {
      excluded.set(name, await store.excluded("source", name, [...keys.source]));
    }
    sources.set(name, await store.which("source", name, [...keys.source]));
    targets.set(name, await store.which("target", name, [...keys.target]));
  }
  return {
    isInSource: (name, key) => sources.get(name)?.has(key) === true,
    isInTarget: (name, key) => targets.get(name)?.has(key) === true,
    isOutOfScope: (name, key) => excluded.get(name)?.has(key) === true,
  };
}

function ruleOnWrite(
  state: PlanState,
  current: ModelState,
  write: Write,
  presence: Presence,
): Hold | null {
  const { model } = current;
  let hold: Hold | null = null;
  for (const { field, index, name } of current.references) {
    if (!write.indexes.includes(index)) continue;
    visitReferences(field, write.source.values[index], (target, key) => {
      const referred = state.models.get(target);
      if (!referred) return;
      const isInTarget = (): boolean =>
        presence.isInTarget(target, state.identity.toTarget(target, key));
      if (!presence.isInSource(target, key) && !isInTarget()) {
        hold = unresolved(state, current, write, name, target, key);
      } else if (referred.missing.has(key)) hold ??= needsHeld(state, target, key);
      else if (presence.isOutOfScope(target, key) && !isInTarget()) {
        hold ??= needsOutOfScope(state, target, key);
      }
    });
  }
  if (!write.target && write.isCircular) hold = circular(state, current, write);
  if (hold || write.target || current.targetIncomplete === null) return hold;
  return {
    guard: "incomplete-read",
    reason:
      `The target's ${model.pluralLabel} were not read completely, so this one may be there already: ` +
      current.targetIncomplete,
  };
}

function noteHeld({ identity }: PlanState, current: ModelState, write: Write): void {
  const { model, missing, counts } = current;
  counts.held += 1;
  if (!write.target) missing.add(write.source.key);
  else if (identity.isActive(model.name)) {
    identity.keep(model.name, write.source.key, write.target.key);
  }
}

function createOf(
  state: PlanState,
  { model }: ModelState,
  { source, indexes }: Write,
  rank: number,
  hold: Hold | null,
  presence: Presence,
): PlannedChange {
  const key = state.identity.toFinal(model.name, source.key);
  const parent = parentOf(state, model, source, source, presence);
  return {
    model: model.name,
    action: "create",
    key,
    label: keyLabel(state.schema, model, key),
    parentModel: parent?.model ?? null,
    parentKey: parent?.key ?? null,
    before: null,
    after: valuesAfter(state, model, source, indexes),
    fields: [],
    rank,
    targetId: null,
    targetVersion: null,
    sourceId: source.id ?? null,
    hold,
  };
}

function updateOf(
  state: PlanState,
  { model }: ModelState,
  { source, indexes }: Write,
  target: SideRecord,
  rank: number,
  hold: Hold | null,
  presence: Presence,
): PlannedChange {
  const parent = parentOf(state, model, source, target, presence);
  return {
    model: model.name,
    action: "update",
    key: target.key,
    label: keyLabel(state.schema, model, target.key),
    parentModel: parent?.model ?? null,
    parentKey: parent?.key ?? null,
    before: valuesOf(model, target, indexes),
    after: valuesAfter(state, model, source, indexes),
    fields: indexes.map((index) => model.names[index] ?? ""),
    rank,
    targetId: target.id ?? null,
    targetVersion: target.version ?? null,
    sourceId: source.id ?? null,
    hold,
  };
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

function parentFieldOf(
  model: ModelState["model"],
  name: string,
): { readonly target: string; readonly index: number } | null {
  const { target } = model.field(name).facts;
  return target === undefined ? null : { target, index: model.names.indexOf(name) };
}

/** Marks what the source lacks but something that stays refers to. */
interface Pinning {
  /** Takes in a write that is not held. */
  note(write: Write): void;
  /** To be called once all writes are noted. */
  finish(): Promise<void>;
}

function createPinning(state: PlanState, { model, references, matching }: ModelState): Pinning {
  const keys = new Map<string, ReadonlySet<string>>();
  for (const [name, referred] of state.models) {
    if (referred.deletable.size > 0) keys.set(name, referred.deletable);
  }
  const pinning = references.filter(({ targets }) => targets.some((target) => keys.has(target)));
  /** Places that an update gives another value, by target key. */
  const rewritten = new Map<string, readonly number[]>();

  return {
    note({ source, target, indexes }) {
      if (pinning.length === 0) return;
      const by = { model: model.name, key: target === null ? source.key : target.key };
      if (target !== null) rewritten.set(target.key, indexes);
      for (const { field, index } of pinning) {
        if (target !== null && !indexes.includes(index)) continue;
        visitReferences(field, source.values[index], (name, key) =>
          pin(state, name, state.identity.toTarget(name, key), by),
        );
      }
    },
    async finish() {
      if (pinning.length === 0) return;
      // Deletes that are held pin what they refer to when they are ruled on.
      const leaving = new Set<string>();
      for await (const batch of matching?.readDeletes() ?? []) {
        for (const { key } of batch) leaving.add(key);
      }
      for await (const batch of state.store.referrers(model.name, pinning, keys)) {
        for (const { key, index, target, referred } of batch) {
          if (leaving.has(key) || rewritten.get(key)?.includes(index) === true) continue;
          pin(state, target, referred, { model: model.name, key });
        }
      }
    },
  };
}

function unresolved(
  state: PlanState,
  { model }: ModelState,
  { source }: Write,
  field: string,
  target: string,
  key: string,
): Hold {
  const label = keyLabel(state.schema, model, source.key);
  const missing = `${state.schema.model(target).label} ${keyLabel(state.schema, target, key)}`;
  state.onFinding({
    kind: "unresolved-reference",
    side: "source",
    model: model.name,
    key: source.key,
    label,
    field,
    value: key,
    message:
      `${model.label} ${label}: ${field} refers to ${missing}, which neither side has. ` +
      "The change is held. Add it to the source, or correct the reference.",
    origin: source.origin ?? null,
  });
  return {
    guard: "unresolved-reference",
    reason: `It refers to ${missing} (${field}), which neither side has. Add it, or correct the reference.`,
  };
}

function circular(state: PlanState, { model }: ModelState, { source }: Write): Hold {
  const label = keyLabel(state.schema, model, source.key);
  const reason = "Following its references to its own type comes back to it. Break the circle.";
  state.onFinding({
    kind: "unresolved-reference",
    side: "source",
    model: model.name,
    key: source.key,
    label,
    field: null,
    value: null,
    message: `${model.label} ${label} cannot be created. ${reason}`,
    origin: source.origin ?? null,
  });
  return { guard: "unresolved-reference", reason };
}

function needsHeld({ schema }: PlanState, target: string, key: string): Hold {
  return {
    guard: "needs-held",
    reason:
      `It refers to ${schema.model(target).label} ${keyLabel(schema, target, key)}, which is not created ` +
      "in this run. See that one's finding or hold.",
  };
}

function needsOutOfScope({ schema }: PlanState, target: string, key: string): Hold {
  return {
    guard: "needs-held",
    reason:
      `It refers to ${schema.model(target).label} ${keyLabel(schema, target, key)}, which the target lacks and ` +
      "which is out of scope, so that it is not created. Widen the scope, or create that one first.",
  };
}
