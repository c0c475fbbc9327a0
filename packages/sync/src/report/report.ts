import type { Action, PlannedChange } from "../change.ts";
import type { Outcome } from "../outcome.ts";
import type { Schema } from "../schema.ts";

/** A planned change, with what became of it when it was tried. */
export interface ReportedChange {
  readonly change: PlannedChange;
  readonly outcome: Pick<Outcome, "status" | "error"> | null;
}

/** Batches of changes, in memory or as they come. */
export type ReportedChanges =
  AsyncIterable<readonly ReportedChange[]> | Iterable<readonly ReportedChange[]>;

/** What a report needs to know beside the changes. */
export interface ReportOptions {
  readonly schema: Schema;
}

export const signs: Readonly<Record<Action, string>> = { create: "+", update: "~", delete: "-" };

/** What is said of a row beside its object's change. */
export function stepText({ step }: Pick<PlannedChange, "step">): string {
  if (step === undefined) return "";
  return step === 2 ? " (in a second step)" : " (emptied first)";
}

/** Why a change is not in the target: a hold's reason, an outcome's error; null where it is or may still be. */
export function obstacleOf({ change, outcome }: ReportedChange): string | null {
  if (outcome !== null && outcome.status !== "applied") {
    return `${outcome.status}: ${outcome.error?.message ?? "no reason was given"}`;
  }
  return outcome === null && change.hold !== null ? `held: ${change.hold.reason}` : null;
}
