import { type ModelState, pin, type PlanState } from "./plan-state.ts";
import type { SideRecord } from "./record.ts";
import { visitReferences } from "./references.ts";

/** Marks what the source lacks but something that stays refers to. */
export interface Pinning {
  /** Takes in what is written of an object: places of values that are not held. */
  note(source: SideRecord, target: SideRecord | null, indexes: readonly number[]): void;
  /** To be called once all writes are noted. */
  finish(): Promise<void>;
}

export function createPinning(
  state: PlanState,
  { model, references, matching }: ModelState,
): Pinning {
  const keys = new Map<string, ReadonlySet<string>>();
  for (const [name, referred] of state.models) {
    if (referred.deletable.size > 0) keys.set(name, referred.deletable);
  }
  const pinning = references.filter(({ targets }) => targets.some((target) => keys.has(target)));
  /** Places that an update gives another value, by target key. */
  const rewritten = new Map<string, readonly number[]>();

  return {
    note(source, target, indexes) {
      if (pinning.length === 0) return;
      const by = { model: model.name, key: target === null ? source.key : target.key };
      if (target !== null) {
        rewritten.set(target.key, [...(rewritten.get(target.key) ?? []), ...indexes]);
      }
      for (const { field, index } of pinning) {
        if (!indexes.includes(index)) continue;
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
