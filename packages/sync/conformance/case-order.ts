import { compareCodePoints, Diff, type DiffElement } from "@plumbline/sync/diffsync";
import type { CaseOrder } from "./case-format.ts";
import { named } from "./case-models.ts";

/** The class of diffs that orders elements as a case says; plain `Diff` where it says nothing. */
export function declareDiffClass(order: CaseOrder | undefined): new () => Diff {
  if (!order) return Diff;
  const ordered = class extends Diff {
    override orderChildren(type: string, children: readonly DiffElement[]): Iterable<DiffElement> {
      const mode = order[type] ?? order["default"] ?? "insertion";
      const elements = [...children];
      if (mode === "insertion") return elements;
      if (mode === "reverse") return elements.reverse();
      if (mode === "name") return elements.sort(byName);
      if (mode === "nameDescending") return elements.sort((a, b) => byName(b, a));
      if (typeof mode === "string") throw new Error(`The order "${mode}" is unknown.`);
      const { actions } = mode;
      return elements.sort((a, b) => actions.indexOf(a.action) - actions.indexOf(b.action));
    }
  };
  return named(ordered, "OrderedDiff");
}

function byName(a: DiffElement, b: DiffElement): number {
  return compareCodePoints(a.name, b.name);
}
