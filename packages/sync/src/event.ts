import type { Finding, SideName } from "./finding.ts";
import type { LoadProgress, LoadSummary } from "./load-side.ts";
import type { Outcome, OutcomeStatus } from "./outcome.ts";
import type { PlanSummary } from "./plan.ts";

/** The steps of a run, in the order of doing; both loads run side by side. */
export type SyncPhase = "load-source" | "load-target" | "plan" | "apply";

/** What happens in a run, for logs, pages and terminals. */
export type SyncEvent =
  | { readonly type: "phase-started"; readonly phase: SyncPhase }
  | {
      readonly type: "phase-progress";
      readonly phase: SyncPhase;
      /** Model name; null where the phase counts over all models. */
      readonly model: string | null;
      readonly done: number;
      readonly total: number | null;
    }
  | { readonly type: "phase-finished"; readonly phase: SyncPhase; readonly durationMs: number }
  | { readonly type: "loaded"; readonly side: SideName; readonly summary: LoadSummary }
  | { readonly type: "finding"; readonly finding: Finding }
  | {
      readonly type: "log";
      readonly level: "debug" | "info" | "warning" | "error";
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>> | null;
    }
  | { readonly type: "planned"; readonly summary: PlanSummary }
  | {
      readonly type: "outcomes";
      readonly outcomes: readonly Outcome[];
      readonly counts: OutcomeCounts;
    };

/** Objects with an outcome so far, by status; one with a second step once. */
export type OutcomeCounts = Readonly<Record<OutcomeStatus, number>>;

/** The phase in which a side is loaded. */
export function loadPhase(side: LoadProgress["side"]): SyncPhase {
  return side === "source" ? "load-source" : "load-target";
}
