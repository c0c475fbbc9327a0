import { differenceWord, type SideNames } from "./difference-words.ts";
import type { SyncCounts, SyncStatus } from "./status.ts";

interface SentenceRun {
  readonly status: SyncStatus;
  readonly isDryRun: boolean;
  /** The sides of a comparison, which writes to neither. */
  readonly compares?: SideNames | null;
}

/**
 * What a run did or would do, for people: "412 created, 38 updated, 0 deleted; 2 failed; 5 deletes
 * withheld"; of a comparison how its sides differ. Says nothing of why; that is the status' reason.
 */
export function sentenceOf(counts: SyncCounts, run: SentenceRun): string {
  if (run.status === "pending") return "Waits for a worker";
  if (run.status === "waiting") return "Waits for another run on the same target";
  const planned = counts.create + counts.update + counts.delete;
  const applied = counts.created + counts.updated + counts.deleted;
  const isPlanOnly = run.isDryRun && !hasOutcomes(counts);
  const compares = run.compares ?? null;
  const parts: string[] = [];
  if (planned === 0) {
    if (run.status === "in-agreement" || run.status === "partial") {
      parts.push(compares === null ? "Nothing to change" : "No differences");
    }
  } else if (compares !== null) {
    parts.push(differencesText(counts, compares));
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
  return parts.join("; ") || (compares === null ? "Nothing was written" : "Nothing was compared");
}

function differencesText(counts: SyncCounts, sides: SideNames): string {
  return (["create", "update", "delete"] as const)
    .map((action) => `${number(counts[action])} ${differenceWord(action, sides, counts[action])}`)
    .join(", ");
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
