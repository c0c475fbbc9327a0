import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { differences } from "../../conformance/differences.ts";
import { caseFiles, runCases } from "../../conformance/run-cases.ts";

const cases = join(import.meta.dirname, "../../conformance/cases");
const files = (await caseFiles(cases)).map((path) => [basename(path), path] as const);
const document = join(import.meta.dirname, "../../../../docs/diffsync-differences.md");

describe("the recorded cases of DiffSync", { timeout: 60_000 }, () => {
  const counts = { passed: 0, failed: 0, "differs on purpose": 0 };

  it.each(files)("come out as recorded, or as our documents say: %s", async (_, path) => {
    const failures: unknown[] = [];
    for await (const result of runCases(path)) {
      counts[result.verdict] += 1;
      if (result.verdict === "failed") failures.push(result);
    }
    expect(failures).toEqual([]);
  });

  it("are as many as were recorded", () => {
    expect(counts).toEqual({ passed: 436, failed: 0, "differs on purpose": 1 });
  });

  it("differ only in what docs/diffsync-differences.md lists", async () => {
    const text = await readFile(document, "utf8");
    const listed = [...text.matchAll(/^### `([a-z-]+)`$/gm)].map(([, code]) => code);
    expect(listed.sort()).toEqual(Object.keys(differences).sort());
  });
});

describe("the runner of the cases", () => {
  const models = [{ name: "device", identifiers: ["name"], attributes: ["role"], children: {} }];
  const store = { kind: "store", adapterName: "Lab", models, topLevel: ["device"] };
  const count = { op: "count" };

  async function judge(...given: readonly object[]): Promise<readonly (readonly string[])[]> {
    const folder = await mkdtemp(join(tmpdir(), "conformance-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "cases.json"), JSON.stringify(given));
    const results = [];
    for await (const { verdict, details } of runCases(join(folder, "cases.json"))) {
      results.push([verdict, ...details]);
    }
    return results;
  }

  it("fails a case that expects something else, and says what", async () => {
    const operations = [count];
    const right = { ...store, name: "right", operations, expect: { results: [{ ok: 0 }] } };
    const wrong = { ...store, name: "wrong", operations, expect: { results: [{ ok: 1 }] } };
    expect(await judge(right, wrong)).toEqual([
      ["passed"],
      ["failed", "results[0].ok: expected 1, observed 0"],
    ]);
  });

  it.each([
    ['The operation "fly" is unknown.', { operations: [{ op: "fly" }] }],
    ['The kind "dance" is unknown.', { kind: "dance" }],
    ['A case has "weather", which is unknown.', { weather: "fine" }],
    ['A model has "colour", which is unknown.', { models: [{ ...models[0], colour: "red" }] }],
    ['The case requires "time-travel", which is unknown.', { requires: ["time-travel"] }],
    ['The flag "FLY" is unknown.', { models: [{ ...models[0], modelFlags: ["FLY"] }] }],
    [
      'expectations: expected "passed", observed nothing',
      { expect: { results: [], expectations: "passed" } },
    ],
  ])("fails what it cannot do: %s", async (problem, part) => {
    const given = { ...store, name: "odd", operations: [], expect: { results: [] }, ...part };
    const [[verdict, detail] = []] = await judge(given);
    expect(verdict).toBe("failed");
    expect(detail).toContain(problem.replaceAll('expected "passed"', "expected 'passed'"));
  });
});
