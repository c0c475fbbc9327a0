import type { SyncCounts, SyncStatus } from "./status.ts";

/**
 * What a run did or would do, for people: "412 created, 38 updated, 0 deleted; 2 failed; 5 deletes
 * withheld". Says nothing of why; that is the status' reason.
 */
export function sentenceOf(
  counts: SyncCounts,
  run: { readonly status: SyncStatus; readonly isDryRun: boolean },
): string {
  if (run.status === "pending") return "Waits for a worker";
  if (run.status === "waiting") return "Waits for another run on the same target";
  const planned = counts.create + counts.update + counts.delete;
  const applied = counts.created + counts.updated + counts.deleted;
  const isPlanOnly = run.isDryRun && !hasOutcomes(counts);
  const parts: string[] = [];
  if (planned === 0) {
    if (run.status === "in-agreement" || run.status === "partial") parts.push("Nothing to change");
  } else if (isPlanOnly) {
    parts.push(
      `${number(counts.create)} to create, ${number(counts.update)} to update, ${number(counts.delete)} to delete`,
    );
  } else {
    parts.push(
      `${number(counts.created)} created, ${number(counts.updated)} updated, ${number(counts.deleted)} deleted`,
    );
  }
  if (counts.failed > 0) parts.push(`${number(counts.failed)} failed`);
  if (counts.skipped > 0) parts.push(`${number(counts.skipped)} skipped`);
  if (counts.stale > 0) parts.push(`${number(counts.stale)} stale`);
  if (counts.heldDeletes > 0) parts.push(`${plural(counts.heldDeletes, "delete")} withheld`);
  const heldOtherwise = counts.held - counts.heldDeletes;
  if (heldOtherwise > 0) parts.push(`${plural(heldOtherwise, "change")} held`);
  if (counts.rejected > 0) parts.push(`${number(counts.rejected)} rejected`);
  const rest =
    planned -
    applied -
    counts.failed -
    counts.skipped -
    counts.stale -
    counts.held -
    counts.rejected;
  if (!isPlanOnly && rest > 0) parts.push(`${number(rest)} not applied`);
  if (counts.findings > 0) parts.push(plural(counts.findings, "finding"));
  return parts.join("; ") || "Nothing was written";
}

function hasOutcomes(counts: SyncCounts): boolean {
  return (
    counts.created +
      counts.updated +
      counts.deleted +
      counts.failed +
      counts.skipped +
      counts.stale +
      counts.cancelled >
    0
  );
}

function plural(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
