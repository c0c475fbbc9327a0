import type { JobResultRow } from "../api/shapes.ts";

const names: Record<JobResultRow["kind"], string> = {
  run: "Run",
  apply: "Apply of a record",
  resume: "Resume of a record",
  retry: "Retry of what failed",
  rollback: "Roll back",
};

/** What a run is called in lists and above its log. */
export function kindName(kind: JobResultRow["kind"]): string {
  return names[kind];
}
