import type { Change } from "./change.ts";

/**
 * What became of a change at an attempt to apply it.
 * - `applied`: the target has it.
 * - `failed`: the target refused it; the error says why.
 * - `skipped`: not tried, because something it needs failed.
 * - `stale`: the object is no longer as planned; nothing was written.
 * - `cancelled`: not tried, because the run was cancelled or ended before.
 */
export type OutcomeStatus = "applied" | "failed" | "skipped" | "stale" | "cancelled";

/** Why a change was not applied. */
export interface OutcomeError {
  readonly code: string;
  /** Thing, fact, next step; never a secret. */
  readonly message: string;
  readonly field: string | null;
  /** The refused value as text. */
  readonly value: string | null;
}

/** What became of one change at an attempt. */
export interface Outcome<C extends Change = Change> {
  readonly change: C;
  readonly status: OutcomeStatus;
  /** The target's id of the object after a create. */
  readonly targetId: string | null;
  readonly error: OutcomeError | null;
}
