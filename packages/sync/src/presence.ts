import type { ModelState, PlanState } from "./plan-state.ts";
import { visitReferences } from "./references.ts";
import type { KeySet } from "./store.ts";
import type { Write } from "./writes-in-order.ts";

/** Which of the objects that some writes refer to are there. */
export interface Presence {
  isInSource(model: string, key: string): boolean;
  isInTarget(model: string, key: string): boolean;
  /** Whether the source has it out of scope: then it is not created. */
  isOutOfScope(model: string, key: string): boolean;
}

/** Asks the store once for all that a batch refers to. */
export async function askPresence(
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

/** The field that names an object's parent: the model it is of, and its place in `model.names`. */
export function parentFieldOf(
  model: ModelState["model"],
  name: string,
): { readonly target: string; readonly index: number } | null {
  const { target } = model.field(name).facts;
  return target === undefined ? null : { target, index: model.names.indexOf(name) };
}
