import { readFile } from "node:fs/promises";
import type { OpenStore } from "@plumbline/sync/testing";
import { describe, expect, it } from "vitest";
import type { ConformanceCase } from "./case-format.ts";
import { parseCaseJson } from "./case-json.ts";
import { expressNatively, recordedActions, runNatively } from "./native-case.ts";
import { caseFiles } from "./run-cases.ts";

/** Where DiffSync sees changes that canonical values do not show: empty text beside null, two ways to write é. */
const seenAsOne: ReadonlySet<string> = new Set(["flat-1000", "null-empty-string", "unicode"]);

/** The recorded cases of DiffSync that the kernel has words for, through a store of its own. */
export async function describeNativeCases(
  name: string,
  open: OpenStore,
  directory: string,
): Promise<void> {
  const cases: ConformanceCase[] = [];
  for (const path of await caseFiles(directory)) {
    cases.push(...(parseCaseJson(await readFile(path, "utf8")) as unknown as ConformanceCase[]));
  }
  const native = cases.flatMap((given) => {
    const expressed = expressNatively(given);
    return expressed === null ? [] : [{ given, expressed }];
  });

  describe(`${name}: the recorded cases of DiffSync, natively`, { timeout: 120_000 }, () => {
    it.each(native.map((each) => [each.given.name, each] as const))(
      "makes the same changes, and leaves as little: %s",
      async (_, { given, expressed }) => {
        const done = await runNatively(expressed, () => open(expressed.schema));
        const recorded = recordedActions(given);
        expect(done.left).toBe(recorded.left);
        if (seenAsOne.has(given.name)) {
          expect(recorded.actions).toEqual(expect.arrayContaining([...done.actions]));
          expect(done.actions.length).toBeLessThan(recorded.actions.length);
        } else expect(done.actions).toEqual(recorded.actions);
      },
    );

    it("are 88 of all, 3 of which show less", () => {
      const less = native.filter(({ given }) => seenAsOne.has(given.name)).length;
      expect([native.length, less, cases.length]).toEqual([88, 3, 437]);
    });
  });
}
