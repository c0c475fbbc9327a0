/**
 * How a run stands or ended.
 *
 * | status | meaning |
 * |---|---|
 * | pending | queued |
 * | waiting | another run holds the target |
 * | running | its process is at work |
 * | planned | a dry run found differences |
 * | in-agreement | nothing to do |
 * | applied | everything that could be applied was |
 * | not-converged | everything was applied, and something did not read back as written |
 * | partial | something failed, was skipped or stale, or a record could not be used |
 * | held | guards withheld changes, and nothing failed |
 * | failed | ended by an error, or nothing was applied and at least one change failed |
 * | cancelled | ended by a person or the soft time limit |
 * | stale | the plan no longer fits the target; nothing was written |
 * | lost | its process or worker vanished |
 */
export type SyncStatus =
  | "pending"
  | "waiting"
  | "running"
  | "planned"
  | "in-agreement"
  | "applied"
  | "not-converged"
  | "partial"
  | "held"
  | "failed"
  | "cancelled"
  | "stale"
  | "lost";

/** Counts of a plan and of what became of it; every change is in one of the outcomes, held, rejected or pending. */
export interface SyncCounts {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  /** Changes whose latest outcome is `applied`, by action. */
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly failed: number;
  readonly skipped: number;
  readonly stale: number;
  readonly cancelled: number;
  /** Changes held by any guard. */
  readonly held: number;
  /** Held only because the run did not ask for deletes. */
  readonly heldDeletes: number;
  /** Changes that a person rejected, held or not. */
  readonly rejected: number;
  /** Of those that leave something out that was to be synced; a field that the hub lacks is none of them. */
  readonly findings: number;
}

const open: readonly SyncStatus[] = ["pending", "waiting", "running"];

/** Whether nothing more will happen to a run with this status. */
export function isFinal(status: SyncStatus): boolean {
  return !open.includes(status);
}

/** What a run that came to its end is called, from what it did. */
export function statusOf(counts: SyncCounts, isDryRun: boolean): SyncStatus {
  const planned = counts.create + counts.update + counts.delete;
  if (isDryRun) {
    if (planned > 0) return "planned";
    return counts.findings > 0 ? "partial" : "in-agreement";
  }
  const applied = counts.created + counts.updated + counts.deleted;
  if (counts.cancelled > 0) return "cancelled";
  const unsuccessful = counts.failed + counts.skipped + counts.stale;
  if (unsuccessful > 0) {
    return applied === 0 && counts.failed > 0 ? "failed" : "partial";
  }
  if (counts.findings > 0) return "partial";
  if (counts.held > counts.heldDeletes) return "held";
  if (applied > 0) return "applied";
  return counts.held + counts.rejected > 0 ? "held" : "in-agreement";
}
