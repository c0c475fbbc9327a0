import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestRunner, type TestRunner } from "../support/runner.ts";

let runner: TestRunner;

beforeAll(async () => {
  runner = await createTestRunner({
    "plumbline.config.ts": `
      import { defineConfig } from "@plumbline/plugin-kit";
      import { folder } from "@plumbline/integrations/folder";
      const path = new URL("./data/example-target", import.meta.url).pathname;
      export default defineConfig({ connections: { written: folder({ path }) } });
    `,
  });
  await runner.work();
});

afterAll(() => runner.close());

it("the sample estate is shown by a dry run, applied from its record, and then in agreement", async () => {
  const dry = await runner.run({ jobId: "example-data-source", isDryRun: true });

  expect(dry).toMatchObject({ status: "planned", reason: null });
  expect(dry.counts.create).toBeGreaterThan(100);
  expect(await runner.query("select from tenants")).toHaveLength(0);

  const { jobResultId } = await runner.startApply(dry.syncId);
  const applied = await runner.ended(jobResultId);

  expect(applied).toMatchObject({ status: "applied", reason: null });
  expect(applied.counts.created).toBe(dry.counts.create);

  const again = await runner.run({ jobId: "example-data-source", isDryRun: false });

  expect(again).toMatchObject({ status: "in-agreement", reason: null });
  await expect(runner.startApply(dry.syncId)).rejects.toThrow(/already applied by ada/);
});

it("the hub goes into a folder by the Example Data Target, and that folder finds the hub in agreement", async () => {
  const first = await runner.run({ jobId: "example-data-source", isDryRun: false });
  expect(["applied", "in-agreement"]).toContain(first.status);

  const out = await runner.run({ jobId: "example-data-target", isDryRun: false });
  expect(out).toMatchObject({ status: "applied", reason: null });
  const again = await runner.run({ jobId: "example-data-target", isDryRun: false });
  expect(again).toMatchObject({ status: "in-agreement", reason: null });

  const back = await runner.run({
    jobId: "folder-written-source",
    isDryRun: true,
    asksDeletes: true,
  });
  expect(back).toMatchObject({ status: "in-agreement", counts: { findings: 0 } });
});
