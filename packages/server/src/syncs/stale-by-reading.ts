import {
  type Adapter,
  type ApplyContext,
  type Change,
  createMemoryStore,
  equalCanonical,
  loadSide,
  type Model,
  type Schema,
  type SideRecord,
  type StaleChange,
} from "@plumbline/sync";
import { type FindStaleReferences, gone } from "./stale-references.ts";

export type FindStale = (changes: readonly Change[]) => Promise<readonly StaleChange[]>;

export interface StaleFinders {
  readonly ofChanges: FindStale;
  readonly ofReferences: FindStaleReferences;
}

/**
 * For a target whose writer cannot tell which objects are no longer as planned: reads the target again and
 * compares. What its writer overwrites would otherwise be whatever is there by now.
 */
export async function readForStale(
  target: Adapter,
  schema: Schema,
  { signal, logger }: ApplyContext,
): Promise<StaleFinders> {
  const store = createMemoryStore(schema);
  const { incomplete } = await loadSide(target, { side: "target", schema, store, signal, logger });

  const ofReferences: FindStaleReferences = async (references) => {
    const [first] = references;
    // What was not read whole says nothing of what is gone, nor does what is not the job's to read.
    if (first === undefined || incomplete[first.model] !== undefined) return [];
    if (!target.models.some(({ name }) => name === first.model)) return [];
    const keys = references.flatMap(({ key, plannedKey }) => [key, plannedKey]);
    const present = await store.find("target", first.model, keys);
    return references.flatMap((reference) => {
      const { key, plannedKey, targetId } = reference;
      const now = [present.get(key), present.get(plannedKey)].filter((one) => one !== undefined);
      if (now.length === 0) return [{ reference, reason: gone }];
      const isSame = now.some(({ id }) => id === undefined || targetId === null || id === targetId);
      const reason = "the plan refers to it, and another object has its place by now";
      return isSame ? [] : [{ reference, reason }];
    });
  };

  const ofChanges: FindStale = async (changes) => {
    const stale: StaleChange[] = [];
    // A second step's object is as its first step leaves it.
    const first = changes.filter(({ step }) => step !== 2);
    for (const [name, group] of Map.groupBy(first, ({ model }) => model)) {
      const present = await store.find(
        "target",
        name,
        group.map(({ key }) => key),
      );
      for (const change of group) {
        const reason =
          incomplete[name] === undefined
            ? staleness(schema.model(name), change, present.get(change.key))
            : `it is not known whether it is as planned: ${incomplete[name]}`;
        if (reason !== null) stale.push({ change, reason });
      }
    }
    return stale;
  };
  return { ofChanges, ofReferences };
}

function staleness(model: Model, change: Change, record: SideRecord | undefined): string | null {
  if (change.action === "create") return record === undefined ? null : "it is there by now";
  if (record === undefined) return "it is no longer there";
  if (change.targetId !== null && record.id !== undefined && record.id !== change.targetId) {
    return "another object has its place by now";
  }
  if (change.targetVersion !== null && record.version !== undefined) {
    return record.version === change.targetVersion ? null : "it was changed since";
  }
  for (const [name, before] of Object.entries(change.before ?? {})) {
    const now = record.values[model.names.indexOf(name)];
    if (now !== undefined && !equalCanonical(now, before)) return `its ${name} is another by now`;
  }
  return null;
}
