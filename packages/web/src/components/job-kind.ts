import type { JobResultRow } from "../api/shapes.ts";

const names: Record<JobResultRow["kind"], string> = {
  run: "Run",
  apply: "Apply of a record",
  resume: "Resume of a record",
  retry: "Retry of what failed",
  undo: "Undo of a sync",
  rollback: "Roll back of a sync",
};

/** Whether the run loads, compares and plans; others apply what is recorded. */
export function makesPlan(kind: JobResultRow["kind"]): boolean {
  return kind === "run" || kind === "undo" || kind === "rollback";
}

/** What a run is called in lists and above its log. */
export function kindName(kind: JobResultRow["kind"]): string {
  return names[kind];
}
