import type { Direction } from "@plumbline/plugin-kit";
import type { SideNames } from "@plumbline/sync";

export interface ComparedFacts {
  readonly direction: Direction;
  readonly source_name: string;
  readonly target_name: string;
}

/** The names of the sides that a comparison compares; null for a sync, whose words are others. */
export function comparedSides(sync: ComparedFacts): SideNames | null {
  return sync.direction === "comparison"
    ? { sourceName: sync.source_name, targetName: sync.target_name }
    : null;
}

/** Why nothing of a comparison is applied: thing, fact. */
export function comparesOnly(jobId: string): string {
  return `The job ${jobId} compares two systems and writes to neither.`;
}
