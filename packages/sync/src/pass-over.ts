import type { ModelState, PlanState } from "./plan-state.ts";
import type { Matching } from "./store.ts";

/** What is left of a matching where the run ignores some actions: what they would do is counted alone. */
export async function passOver(
  { identity }: PlanState,
  { model, ignores, counts }: ModelState,
  matching: Matching,
): Promise<Matching> {
  if (ignores.size === 0) return matching;
  let left = matching;
  if (ignores.has("create")) {
    counts.ignored += matching.creates;
    left = { ...left, creates: 0, readCreates: () => [] };
  }
  if (ignores.has("delete")) {
    counts.ignored += matching.deletes;
    left = { ...left, deletes: 0, readDeletes: () => [] };
  }
  if (ignores.has("update")) {
    let updates = 0;
    for await (const batch of matching.readUpdates()) {
      updates += batch.length;
      if (!identity.isActive(model.name)) continue;
      // A rename that is passed over leaves the object its name.
      for (const { source, target } of batch) identity.keep(model.name, source.key, target.key);
    }
    counts.ignored += updates;
    left = { ...left, matched: matching.matched - updates, readUpdates: () => [] };
  }
  return left;
}
