import type { Diff } from "./diff.ts";
import type { DiffAction, DiffSummary } from "./flags.ts";
import type { FieldGroup } from "./layout.ts";
import { equalValues, type Value } from "./value.ts";
import { entriesText, textOf } from "./value-text.ts";

/** What the elements of one diff have in common. */
export interface DiffContext {
  readonly sourceName: string;
  readonly destinationName: string;
  readonly diffClass: new () => Diff;
}

/** How an object is told apart: its identifiers as texts show them, and in the order of the unique id. */
export interface KeyLayout {
  readonly identifiers: FieldGroup;
  readonly uniqueId: FieldGroup;
}

/** Some values of a record as they were when they were compared. */
export interface Snapshot {
  readonly group: FieldGroup;
  readonly values: readonly Value[];
}

/** Attributes that differ: `-` what the destination has, `+` what the source has. */
export interface AttributeDiffs {
  "-"?: Record<string, Value>;
  "+"?: Record<string, Value>;
}

/** An element as nested plain objects: the attributes that differ, and children by type and name. */
export interface DiffElementDict {
  [part: string]: Record<string, Value> | Record<string, DiffElementDict> | undefined;
  "-"?: Record<string, Value>;
  "+"?: Record<string, Value>;
}

/** What an element of a diff is made with. */
export interface DiffElementOptions {
  readonly type: string;
  /** Unique among its siblings of the type. */
  readonly name: string;
  readonly keys: Readonly<Record<string, Value>>;
  readonly sourceName?: string;
  readonly destinationName?: string;
  readonly diffClass: new () => Diff;
}

/**
 * One object in a diff, whether it differs or not. Kept small, as a diff has one for each object: values stay
 * in the arrays of the records they were read from, which are never changed in place.
 */
export class DiffElement {
  readonly type: string;
  readonly name: string;
  /** Unique id of the object on the side it was read from. */
  readonly uniqueId: string;
  readonly #context: DiffContext;
  readonly #keys: KeyLayout;
  readonly #keyValues: readonly Value[];
  #sourceGroup: FieldGroup | null = null;
  #sourceValues: readonly Value[] | null = null;
  #destinationGroup: FieldGroup | null = null;
  #destinationValues: readonly Value[] | null = null;
  #children: Diff | null = null;
  #action: DiffAction | undefined = undefined;

  private constructor(
    context: DiffContext,
    type: string,
    name: string,
    uniqueId: string,
    keys: KeyLayout,
    keyValues: readonly Value[],
  ) {
    this.#context = context;
    this.type = type;
    this.name = name;
    this.uniqueId = uniqueId;
    this.#keys = keys;
    this.#keyValues = keyValues;
  }

  /** An element made by hand; `addAttrs` gives it its attributes. */
  static of(options: DiffElementOptions): DiffElement {
    const { sourceName = "source", destinationName = "dest", diffClass, keys } = options;
    const { group, values } = snapshotOf(keys);
    const uniqueId = values.map(textOf).join("__");
    const context = { sourceName, destinationName, diffClass };
    const layout = { identifiers: group, uniqueId: group };
    return new DiffElement(context, options.type, options.name, uniqueId, layout, values);
  }

  /** An element of compared records: its values are not copied. */
  static ofRecords(
    context: DiffContext,
    identity: { readonly type: string; readonly name: string; readonly uniqueId: string },
    keys: KeyLayout,
    keyValues: readonly Value[],
  ): DiffElement {
    const { type, name, uniqueId } = identity;
    return new DiffElement(context, type, name, uniqueId, keys, keyValues);
  }

  get sourceName(): string {
    return this.#context.sourceName;
  }

  get destinationName(): string {
    return this.#context.destinationName;
  }

  /** The identifiers by name. */
  get keys(): Record<string, Value> {
    return pick(this.#keys.identifiers, this.#keyValues);
  }

  /** The names of the identifiers in the order in which they make `uniqueId`. */
  get uniqueIdNames(): readonly string[] {
    return this.#keys.uniqueId.names;
  }

  /** Null where the object is not in the source. */
  get sourceAttrs(): Record<string, Value> | null {
    return this.#sourceGroup && pick(this.#sourceGroup, this.#sourceValues ?? []);
  }

  /** Null where the object is not in the destination. */
  get destinationAttrs(): Record<string, Value> | null {
    return this.#destinationGroup && pick(this.#destinationGroup, this.#destinationValues ?? []);
  }

  /** The children's diff; empty where there are none. */
  get childDiff(): Diff {
    return (this.#children ??= new this.#context.diffClass());
  }

  /** What a sync does about the object itself; null where nothing is needed. */
  get action(): DiffAction {
    if (this.#action === undefined) this.#action = this.#findAction();
    return this.#action;
  }

  get hasChildren(): boolean {
    return (this.#children?.groups().length ?? 0) > 0;
  }

  /** Number of elements: this one and all below. */
  get size(): number {
    return 1 + (this.#children?.size ?? 0);
  }

  #findAction(): DiffAction {
    if (!this.#destinationGroup) return this.#sourceGroup ? "create" : null;
    if (!this.#sourceGroup) return "delete";
    return this.#differing().next().done === true ? null : "update";
  }

  /** The attributes that both sides have and that differ, in the destination's order. */
  *#differing(): Generator<readonly [name: string, source: Value, destination: Value]> {
    const source = this.#sourceGroup;
    const destination = this.#destinationGroup;
    if (!source || !destination) return;
    for (const [index, name] of destination.names.entries()) {
      const other = source === destination ? index : source.names.indexOf(name);
      if (other < 0) continue;
      const from = this.#sourceValues?.[source.places[other] ?? 0] ?? null;
      const to = this.#destinationValues?.[destination.places[index] ?? 0] ?? null;
      if (!equalValues(from, to)) yield [name, from, to];
    }
  }

  /** Gives the attributes of one side or both; a side that is left out keeps what it has. */
  addAttrs(attrs: {
    readonly source?: Readonly<Record<string, Value>>;
    readonly destination?: Readonly<Record<string, Value>>;
  }): void {
    this.setSnapshots(
      attrs.source ? snapshotOf(attrs.source) : null,
      attrs.destination ? snapshotOf(attrs.destination) : null,
    );
  }

  /** As `addAttrs`, without copying. With `action` it is not worked out again. */
  setSnapshots(source: Snapshot | null, destination: Snapshot | null, action?: DiffAction): void {
    if (source) {
      this.#sourceGroup = source.group;
      this.#sourceValues = source.values;
    }
    if (destination) {
      this.#destinationGroup = destination.group;
      this.#destinationValues = destination.values;
    }
    this.#action = action;
  }

  /** Names of the attributes both sides have; of the one side where there is only one. */
  getAttrsKeys(): readonly string[] {
    const source = this.#sourceGroup?.names;
    const destination = this.#destinationGroup?.names;
    if (source && destination) return destination.filter((name) => source.includes(name));
    return destination ?? source ?? [];
  }

  getAttrsDiffs(): AttributeDiffs {
    if (this.#sourceGroup && this.#destinationGroup) {
      const diffs = { "-": {} as Record<string, Value>, "+": {} as Record<string, Value> };
      if (this.action === null) return diffs;
      for (const [name, source, destination] of this.#differing()) {
        diffs["-"][name] = destination;
        diffs["+"][name] = source;
      }
      return diffs;
    }
    const { sourceAttrs, destinationAttrs } = this;
    if (destinationAttrs) return { "-": destinationAttrs };
    return sourceAttrs ? { "+": sourceAttrs } : {};
  }

  /** @throws ObjectAlreadyExists where a child of that type and name is there */
  addChild(element: DiffElement): void {
    this.childDiff.add(element);
  }

  /** The children, in the order their diff gives them. */
  getChildren(): Iterable<DiffElement> {
    return this.#children ? this.#children.getChildren() : [];
  }

  hasDiffs(options: { readonly includeChildren?: boolean } = {}): boolean {
    if (this.action !== null) return true;
    return options.includeChildren !== false && this.#hasChildDiffs();
  }

  #hasChildDiffs(): boolean {
    return this.#children?.hasDiffs() ?? false;
  }

  /** Counts of this element and all below. */
  summary(): Omit<DiffSummary, "skip"> {
    const summary = { create: 0, update: 0, delete: 0, "no-change": 0 };
    this.addToSummary(summary);
    return summary;
  }

  /** Adds the counts of this element and all below to others. */
  addToSummary(summary: Omit<DiffSummary, "skip">): void {
    summary[this.action ?? "no-change"] += 1;
    for (const child of this.getChildren()) child.addToSummary(summary);
  }

  /** This element and what differs below it, as indented text. */
  str(options: { readonly indent?: number } = {}): string {
    const indent = options.indent ?? 0;
    const margin = " ".repeat(indent);
    const { sourceName, destinationName } = this;
    let text = `${margin}${this.type}: ${this.name}`;
    if (this.#sourceGroup && this.#destinationGroup) {
      for (const [name, source, destination] of this.#differing()) {
        text += `\n${margin}  ${name}    ${sourceName}(${textOf(source)})    ${destinationName}(${textOf(destination)})`;
      }
    } else if (this.#destinationGroup) {
      text += ` MISSING in ${sourceName}`;
    } else if (this.#sourceGroup) {
      text += ` MISSING in ${destinationName}`;
    }
    if (this.#hasChildDiffs()) text += `\n${this.childDiff.str({ indent: indent + 2 })}`;
    else if (!this.#sourceGroup && !this.#destinationGroup) text += " (no diffs)";
    return text;
  }

  /** This element and what differs below it, as plain objects. */
  dict(): DiffElementDict {
    const { "-": before, "+": after } = this.getAttrsDiffs();
    return {
      ...(before && { "-": before }),
      ...(after && { "+": after }),
      ...(this.#hasChildDiffs() && this.childDiff.dict()),
    };
  }

  toString(): string {
    const diffs = Object.entries(this.getAttrsDiffs()) as [string, Value][];
    return `${this.type} "${this.name}" : ${entriesText(Object.entries(this.keys))} : ${this.sourceName} → ${this.destinationName} : ${entriesText(diffs)}`;
  }
}

function snapshotOf(values: Readonly<Record<string, Value>>): Snapshot {
  const names = Object.keys(values);
  return {
    group: { names, places: names.map((_, index) => index) },
    values: Object.values(values),
  };
}

function pick({ names, places }: FieldGroup, values: readonly Value[]): Record<string, Value> {
  const picked: Record<string, Value> = {};
  names.forEach((name, index) => {
    picked[name] = values[places[index] ?? 0] ?? null;
  });
  return picked;
}
