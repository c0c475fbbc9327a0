import type { Adapter, DiffClass, ProgressCallback } from "./adapter.ts";
import { Diff } from "./diff.ts";
import { type DiffContext, DiffElement, type KeyLayout, type Snapshot } from "./diff-element.ts";
import { MismatchError } from "./errors.ts";
import { type DiffAction, ModelFlags, SyncFlags } from "./flags.ts";
import type { FieldGroup, Layout } from "./layout.ts";
import { DiffSyncModel } from "./model.ts";
import { layoutSlot, valuesSlot } from "./record-slots.ts";
import {
  compareCodePoints,
  copyValue,
  entriesOf,
  equalValues,
  isContainer,
  isList,
  type ObjectValue,
  type Value,
} from "./value.ts";
import { entriesText } from "./value-text.ts";

export interface DifferOptions {
  readonly source: Adapter;
  readonly destination: Adapter;
  readonly diffClass: DiffClass;
  readonly flags: number;
  readonly callback: ProgressCallback | undefined;
}

type Pair = readonly [source: DiffSyncModel | undefined, destination: DiffSyncModel | undefined];

/** Compares two adapters: top-level models in the destination's order, then what is below them. */
export function calculateDiff(options: DifferOptions): Diff {
  return new Differ(options).run();
}

class Differ {
  readonly #options: DifferOptions;
  readonly #context: DiffContext;
  readonly #total: number;
  #processed = 0;

  constructor(options: DifferOptions) {
    const { source, destination, diffClass } = options;
    this.#options = options;
    this.#context = { sourceName: source.name, destinationName: destination.name, diffClass };
    this.#total = source.size + destination.size;
  }

  run(): Diff {
    const { source, destination, diffClass, flags } = this.#options;
    const logged = { source: source.toString(), destination: destination.toString(), flags };
    destination.logger?.info("Beginning diff calculation", logged);
    const diff = new diffClass();
    this.#countOneSided();
    for (const type of destination.topLevel) {
      if (!source.topLevel.includes(type)) continue;
      attach(diff, this.#diffListings(listAll(source, type), listAll(destination, type)));
    }
    destination.logger?.info("Diff calculation complete", logged);
    diff.modelsProcessed = this.#processed;
    diff.complete();
    return diff;
  }

  /** Types that are top-level on one side only are not compared. */
  #countOneSided(): void {
    const { source, destination } = this.#options;
    const isShared = (type: string): boolean =>
      source.topLevel.includes(type) && destination.topLevel.includes(type);
    const oneSided = new Set(
      [...destination.topLevel, ...source.topLevel].filter((type) => !isShared(type)),
    );
    for (const type of [...oneSided].sort(compareCodePoints)) {
      const side = destination.topLevel.includes(type) ? destination : source;
      this.#count(side.getAll(type).length);
    }
  }

  #count(records: number): void {
    if (records === 0) return;
    this.#processed += records;
    this.#options.callback?.("diff", this.#processed, this.#total);
  }

  #diffListings(source: Listing, destination: Listing): DiffElement[] {
    const { records: from } = source;
    const { records: to } = destination;
    if (from.length < source.length || to.length < destination.length) {
      const all = from.length + to.filter((record) => !source.find(record.getUniqueId())).length;
      this.#count(Math.max(source.length - all, 0) + Math.max(destination.length - all, 0));
    }
    for (const record of from) {
      const other = destination.find(record.getUniqueId());
      if (other) requireComparable(record, other);
    }
    const elements: DiffElement[] = [];
    for (const record of from) {
      const uid = record.getUniqueId();
      const element = this.#diffPair(uid, record, destination.find(uid));
      if (element) elements.push(element);
    }
    for (const record of to) {
      const uid = record.getUniqueId();
      const element = source.find(uid) ? undefined : this.#diffPair(uid, undefined, record);
      if (element) elements.push(element);
    }
    return elements;
  }

  #diffPair(uid: string, from: Pair[0], to: Pair[1]): DiffElement | undefined {
    const record = from ?? to;
    if (!record) return undefined;
    if (this.#isSkipped(from, to)) {
      this.#count(1);
      return undefined;
    }
    const layout = record[layoutSlot];
    const element = createElement(this.#context, record, layout, uid);
    addAttributes(element, from, to);
    this.#count(from && to ? 2 : 1);
    const children =
      layout.children.size > 0 || (to?.[layoutSlot].children.size ?? 0) > 0
        ? this.#childFields(from, to)
        : [];
    for (const [type, field] of children) {
      const { source, destination } = this.#options;
      const sourceRecords = from ? source.getByUids(readUids(from, field), type) : [];
      const destinationRecords = to ? destination.getByUids(readUids(to, field), type) : [];
      const found = this.#diffListings(listSome(sourceRecords), listSome(destinationRecords));
      if (found.length > 0) attach(element.childDiff, found);
    }
    return element;
  }

  #isSkipped(from: Pair[0], to: Pair[1]): boolean {
    const { flags } = this.#options;
    if (!to && (flags & SyncFlags.skipUnmatchedSource) !== 0) return true;
    if (!from && (flags & SyncFlags.skipUnmatchedDestination) !== 0) return true;
    const source = from?.modelFlags ?? 0;
    const destination = to?.modelFlags ?? 0;
    if (!to && (source & ModelFlags.skipUnmatchedSource) !== 0) return true;
    if (!from && (destination & ModelFlags.skipUnmatchedDestination) !== 0) return true;
    return ((source | destination) & ModelFlags.ignore) !== 0;
  }

  /** Child types to compare below a pair, with the field that lists them; the source's where both sides are there. */
  #childFields(from: Pair[0], to: Pair[1]): readonly (readonly [type: string, field: string])[] {
    const source = from?.[layoutSlot].children;
    const destination = to?.[layoutSlot].children;
    const one = source ?? destination ?? new Map<string, { readonly field: string }>();
    if (!from || !to || !source || !destination || source === destination) {
      return Array.from(one, ([type, { field }]) => [type, field] as const);
    }
    const fields: (readonly [string, string])[] = [];
    for (const [type, { field }] of source) {
      if (destination.has(type)) fields.push([type, field]);
      else this.#count(readUids(from, field).length);
    }
    for (const [type, { field }] of destination) {
      if (!source.has(type)) this.#count(readUids(to, field).length);
    }
    return fields;
  }
}

/** Records of one side: of those with one unique id the last, in the place of the first. */
interface Listing {
  /** How many there were. */
  readonly length: number;
  readonly records: readonly DiffSyncModel[];
  readonly find: (uniqueId: string) => DiffSyncModel | undefined;
}

/** All records of a type, found through the store where it has them under the unique ids they have now. */
function listAll({ store }: Adapter, type: string): Listing {
  const records = store.list(type);
  const isIndexed = records.every((record) => store.find(type, record.getUniqueId()) === record);
  if (!isIndexed) return listSome(records);
  return { length: records.length, records, find: (uid) => store.find(type, uid) };
}

function listSome(records: readonly DiffSyncModel[]): Listing {
  if (records.length === 0) return nothing;
  const found = new Map<string, DiffSyncModel>();
  for (const record of records) found.set(record.getUniqueId(), record);
  return { length: records.length, records: [...found.values()], find: (uid) => found.get(uid) };
}

const nothing: Listing = { length: 0, records: [], find: () => undefined };

/** Adds elements of one type to a diff. Names are looked up only where they are not unique ids. */
function attach(diff: Diff, elements: readonly DiffElement[]): void {
  const [first] = elements;
  if (!first) return;
  const isPlain = Reflect.get(diff, "add") === Reflect.get(Diff.prototype, "add");
  const isDistinct = isPlain && elements.every(({ name, uniqueId }) => name === uniqueId);
  if (isDistinct) diff.addDistinct(first.type, elements);
  else for (const element of elements) diff.add(element);
}

/** @throws MismatchError where records with one unique id are not of one type, short name and identifiers */
function requireComparable(from: DiffSyncModel, to: DiffSyncModel): void {
  if (from.getType() !== to.getType()) {
    throw new MismatchError(`Type mismatch: ${from.getType()} vs ${to.getType()}`);
  }
  const [source, destination] = [from[layoutSlot], to[layoutSlot]];
  if (hasShortName(from) || hasShortName(to)) {
    const [name, other] = [from.getShortName(), to.getShortName()];
    if (name !== other) throw new MismatchError(`Shortname mismatch: ${name} vs ${other}`);
  }
  if (hasEqualIdentifiers(source, from[valuesSlot], destination, to[valuesSlot])) return;
  const text = (record: DiffSyncModel): string =>
    entriesText(Object.entries(record.getIdentifiers()));
  throw new MismatchError(`Keys mismatch: ${text(from)} vs ${text(to)}`);
}

/** Whether a record's short name is another than its unique id. */
function hasShortName(record: DiffSyncModel): boolean {
  return (
    record[layoutSlot].shortName.places.length > 0 ||
    record.getShortName !== DiffSyncModel.prototype.getShortName
  );
}

function hasEqualIdentifiers(
  source: Layout,
  from: readonly Value[],
  destination: Layout,
  to: readonly Value[],
): boolean {
  const { names, places } = source.identifiers;
  const others = destination.identifiers;
  if (names.length !== others.names.length) return false;
  for (let index = 0; index < names.length; index++) {
    const isSame = names[index] === others.names[index];
    const other = isSame ? index : others.names.indexOf(names[index] ?? "");
    if (other < 0) return false;
    const a = from[places[index] ?? 0] ?? null;
    const b = to[others.places[other] ?? 0] ?? null;
    if (a !== b && !equalValues(a, b)) return false;
  }
  return true;
}

function createElement(
  context: DiffContext,
  record: DiffSyncModel,
  layout: Layout,
  uniqueId: string,
): DiffElement {
  const name = hasShortName(record) ? record.getShortName() : uniqueId;
  const identity = { type: layout.model, name, uniqueId };
  const keyValues = steady(layout.identifiers, record[valuesSlot]);
  return DiffElement.ofRecords(context, identity, keyLayoutOf(record, layout), keyValues);
}

const noNames: FieldGroup = { names: [], places: [] };

/** A unique id that a model makes in its own way says nothing to the other side. */
function keyLayoutOf(record: DiffSyncModel, layout: Layout): KeyLayout {
  const made = record.constructor as typeof DiffSyncModel;
  const isUsual =
    made.createUniqueId === DiffSyncModel.createUniqueId &&
    record.getUniqueId === DiffSyncModel.prototype.getUniqueId;
  return isUsual ? layout : { identifiers: layout.identifiers, uniqueId: noNames };
}

function addAttributes(element: DiffElement, from: Pair[0], to: Pair[1]): void {
  const source = from ? snapshot(from) : null;
  const destination = to ? snapshot(to) : null;
  const action =
    source && destination ? compare(source, destination) : source ? "create" : "delete";
  element.setSnapshots(source, destination, action);
}

function snapshot(record: DiffSyncModel): Snapshot {
  if (record.getAttrs !== DiffSyncModel.prototype.getAttrs) {
    const attrs = record.getAttrs();
    const names = Object.keys(attrs);
    return { group: { names, places: names.map((_, at) => at) }, values: Object.values(attrs) };
  }
  const group = record[layoutSlot].attributes;
  return { group, values: steady(group, record[valuesSlot]) };
}

/** A record's values as they are now: its own array, which is never changed, unless something in it can be. */
function steady({ places }: FieldGroup, values: readonly Value[]): readonly Value[] {
  for (const place of places) if (isContainer(values[place])) return values.map(copyValue);
  return values;
}

function compare(source: Snapshot, destination: Snapshot): DiffAction {
  const { names, places } = destination.group;
  const others = source.group;
  for (let index = 0; index < names.length; index++) {
    const isSame = names[index] === others.names[index];
    const other = isSame ? index : others.names.indexOf(names[index] ?? "");
    if (other < 0) continue;
    const from = source.values[others.places[other] ?? 0] ?? null;
    const to = destination.values[places[index] ?? 0] ?? null;
    if (from !== to && !equalValues(from, to)) return "update";
  }
  return null;
}

/** The unique ids a record's field lists; of the destination's record it may be another field that is called so. */
function readUids(record: DiffSyncModel, field: string): readonly string[] {
  const uids = record.getField(field);
  if (isList(uids)) return uids as readonly string[];
  if (typeof uids === "string") return Array.from(uids);
  if (isContainer(uids)) return entriesOf(uids as ObjectValue).map(([name]) => name);
  throw new MismatchError(
    `Type mismatch: ${record.describe()} is asked for children in its field ${field}, which lists none. Give the field one name on both sides.`,
  );
}
