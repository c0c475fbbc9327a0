import type { OutcomeCounts } from "./event.ts";
import type { Outcome, OutcomeStatus } from "./outcome.ts";

/** Counts objects by what became of them, as outcomes come in. */
export interface OutcomeCounter {
  readonly counts: OutcomeCounts;
  add(outcome: Outcome): void;
}

/** An object counts once, however many rows it has: by the first that was not applied. */
export function createOutcomeCounter(): OutcomeCounter {
  const counts: Record<OutcomeStatus, number> = {
    applied: 0,
    failed: 0,
    skipped: 0,
    stale: 0,
    cancelled: 0,
  };
  const notApplied = new Set<string>();
  return {
    counts,
    add({ change: { model, key, step }, status }) {
      if (status === "applied") {
        if (step === undefined) counts.applied += 1;
        return;
      }
      const object = `${model} ${key}`;
      if (notApplied.has(object)) return;
      notApplied.add(object);
      counts[status] += 1;
      // Its first step was counted as applied.
      if (step === 2) counts.applied -= 1;
    },
  };
}
