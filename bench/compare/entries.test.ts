import { describe, expect, test } from "vitest";
import { runDiffSyncEntry } from "./diffsync.ts";
import { runNative } from "./native.ts";
import type { Profile, Shape } from "./records.ts";

const entries = { native: runNative, diffsync: runDiffSyncEntry };
const phases = ["load_source", "load_destination", "diff", "summary", "dict", "sync"];
const shapes: readonly Shape[] = ["flat", "tree"];
const profiles: readonly Profile[] = ["canonical", "mixed"];

for (const [entry, run] of Object.entries(entries)) {
  describe(`the entry ${entry}`, () => {
    for (const shape of shapes) {
      for (const profile of profiles) {
        test(`measures the peer's phases on ${shape} ${profile} records, and finds what differs`, async () => {
          const measured = await run({ shape, size: 2200, profile, verifies: true });
          expect(Object.keys(measured.seconds)).toEqual(phases);
          expect(Object.keys(measured.cpu_seconds)).toEqual(phases);
          expect(measured).toMatchObject({
            summary_as_expected: true,
            converged_after_sync: true,
          });
          expect(measured.dict_top_level_entries).toBeGreaterThan(0);
        });
      }
    }
  });
}
