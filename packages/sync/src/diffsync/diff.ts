import type { DiffElement, DiffElementDict } from "./diff-element.ts";
import { ObjectAlreadyExists } from "./errors.ts";
import type { DiffSummary } from "./flags.ts";
import { compareCodePoints } from "./value.ts";

/** A diff as plain objects: type, then name, then what differs. */
export type DiffDict = Record<string, Record<string, DiffElementDict>>;

/**
 * The elements of a comparison, in groups by type. Extend it to give elements another order
 * (`orderChildren`) or to do something with a finished diff (`complete`).
 */
export class Diff {
  /** Records that were looked at, on both sides. Nothing but the diff at the top counts them. */
  modelsProcessed = 0;
  readonly #groups = new Map<string, DiffElement[]>();
  /** The names of a group's elements, once something asked for them. */
  readonly #names = new Map<string, Map<string, DiffElement>>();

  /** Number of elements, on all levels, unchanged ones included. */
  get size(): number {
    let total = 0;
    for (const child of this.getChildren()) total += child.size;
    return total;
  }

  /** Elements by type and name. */
  get children(): ReadonlyMap<string, ReadonlyMap<string, DiffElement>> {
    return new Map(Array.from(this.#groups.keys(), (type) => [type, this.#byName(type)]));
  }

  /** The types there are elements of. */
  groups(): readonly string[] {
    return [...this.#groups.keys()];
  }

  /** Called once the diff is made. */
  complete(): void {
    return undefined;
  }

  /** @throws ObjectAlreadyExists where an element of that type and name is there */
  add(element: DiffElement): void {
    const names = this.#byName(element.type);
    if (names.has(element.name)) {
      throw new ObjectAlreadyExists(
        `Already storing a ${element.type} named ${element.name}`,
        element,
      );
    }
    names.set(element.name, element);
    this.#group(element.type).push(element);
  }

  /** Adds elements of one type, the first of it, whose names are known to be different: nothing is looked up. */
  addDistinct(type: string, elements: readonly DiffElement[]): void {
    if (this.#groups.has(type)) for (const element of elements) this.add(element);
    else if (elements.length > 0) this.#groups.set(type, [...elements]);
  }

  #group(type: string): DiffElement[] {
    let group = this.#groups.get(type);
    if (!group) {
      group = [];
      this.#groups.set(type, group);
    }
    return group;
  }

  #byName(type: string): Map<string, DiffElement> {
    let names = this.#names.get(type);
    if (!names) {
      names = new Map(this.#groups.get(type)?.map((element) => [element.name, element]));
      this.#names.set(type, names);
    }
    return names;
  }

  hasDiffs(): boolean {
    for (const group of this.#groups.values()) {
      if (group.some((element) => element.hasDiffs())) return true;
    }
    return false;
  }

  /** The order of the elements of one type: as they were found, unless overridden. */
  orderChildren(_type: string, elements: readonly DiffElement[]): Iterable<DiffElement> {
    return elements;
  }

  /** The elements of the first level, group by group, each in the order `orderChildren` gives. */
  *getChildren(): Generator<DiffElement> {
    for (const [type, group] of this.#groups) yield* this.orderChildren(type, group);
  }

  summary(): DiffSummary {
    const summary = { create: 0, update: 0, delete: 0, "no-change": 0 };
    for (const child of this.getChildren()) child.addToSummary(summary);
    // What is on both sides was looked at twice.
    const both = summary.update + summary["no-change"];
    const skip = this.modelsProcessed - summary.create - summary.delete - 2 * both;
    return { ...summary, skip };
  }

  /** What differs, as indented text. */
  str(options: { readonly indent?: number } = {}): string {
    const indent = options.indent ?? 0;
    const lines: string[] = [];
    for (const [type, group] of this.#groups) {
      const differing = group.filter((element) => element.hasDiffs());
      if (differing.length === 0) continue;
      lines.push(`${" ".repeat(indent)}${type}`);
      for (const element of differing) lines.push(element.str({ indent: indent + 2 }));
    }
    return lines.length > 0 ? lines.join("\n") : "(no diffs)";
  }

  /** What differs, as plain objects. */
  dict(): DiffDict {
    const types = new Map<string, [string, DiffElementDict][]>();
    for (const element of this.getChildren()) {
      if (!element.hasDiffs()) continue;
      const entries = types.get(element.type) ?? [];
      types.set(element.type, entries);
      entries.push([element.name, element.dict()]);
    }
    return Object.fromEntries(
      Array.from(types, ([type, entries]) => [type, Object.fromEntries(entries)]),
    );
  }
}

/** Orders elements by type, then name. */
export function compareElements(a: DiffElement, b: DiffElement): number {
  return compareCodePoints(a.type, b.type) || compareCodePoints(a.name, b.name);
}
