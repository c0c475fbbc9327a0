import type { Machine } from "./machine.ts";
import type { MeasuredRun } from "./measured-run.ts";
import type { Shape } from "./records.ts";

/** What `npm run bench:postgres` prints. */
export interface StagedRun extends Pick<MeasuredRun, "seconds" | "cpu_seconds" | "rss_mib"> {
  readonly machine: Machine;
  readonly shape: Shape;
  readonly size: number;
  readonly store: "postgres";
  readonly changes: number;
  readonly summary_as_expected: boolean;
}
