import { readManifest } from "../../src/plugins/manifest-store.ts";
import { getSync } from "../../src/syncs/queries/sync-detail.ts";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createLabRunner, tenants, type LabRunner } from "../support/lab.ts";

let runner: LabRunner;

beforeAll(async () => {
  runner = await createLabRunner(
    'ignore: [{ model: "tenant", fields: ["comments"], jobs: ["lab-scoped"] }]',
  );
  await runner.work();
});

afterAll(() => runner.close());

beforeEach(async () => {
  await runner.query("truncate tenants, identity, object_change cascade");
});

const names = async (): Promise<string[]> =>
  (await runner.query<{ name: string }>("select name from tenants order by name")).map(
    ({ name }) => name,
  );

const record = (syncId: string) => getSync(runner.database, [], syncId);

it("a scope from a run's inputs keeps what it leaves out, also from the delete that the source asks for", async () => {
  const all = await runner.lab({
    tenants: [...tenants(30, "gold"), { name: "Z", description: "tin" }],
  });
  await runner.run({ jobId: "lab-scoped", variables: all, isDryRun: false });

  const variables = { ...(await runner.lab({ tenants: tenants(29, "gold") })), described: "gold" };
  const run = await runner.run({
    jobId: "lab-scoped",
    variables,
    isDryRun: false,
    asksDeletes: true,
  });

  expect(run).toMatchObject({ status: "applied", counts: { delete: 1, deleted: 1 } });
  expect(await names()).toContain("Z");
  expect(await names()).toHaveLength(30);
  const { scope, ignored, models } = await record(run.syncId);
  expect(scope).toEqual(["Tenants: description is gold"]);
  expect(ignored).toEqual(["tenant.comments"]);
  expect(models).toMatchObject([{ outOfScope: 1, ignored: 0, unchanged: 29 }]);
});

it("the ceiling of deletes counts what is in scope alone", async () => {
  const mine = [{ name: "A", description: "tin" }];
  const all = await runner.lab({ tenants: [...tenants(30, "gold"), ...mine] });
  await runner.run({ jobId: "lab-scoped", variables: all, isDryRun: false });

  const variables = { ...(await runner.lab({ tenants: tenants(30, "gold") })), described: "tin" };
  const run = await runner.run({
    jobId: "lab-scoped",
    variables,
    isDryRun: false,
    asksDeletes: true,
  });

  expect(run).toMatchObject({ counts: { delete: 1, held: 1, deleted: 0 } });
});

it("a run passes over what it is asked to, and says so", async () => {
  await runner.run({
    jobId: "lab",
    variables: await runner.lab({ tenants: tenants(3) }),
    isDryRun: false,
  });

  const run = await runner.run({
    jobId: "lab",
    variables: await runner.lab({ tenants: tenants(4, "another") }),
    isDryRun: false,
    ignore: ["tenant.description", "tenant:create"],
  });

  expect(run).toMatchObject({ status: "in-agreement", counts: { create: 0, update: 0 } });
  const { ignored, models } = await record(run.syncId);
  expect(ignored).toEqual(["tenant.description", "tenant:create"]);
  expect(models).toMatchObject([{ ignored: 1, unchanged: 3 }]);
});

it("what cannot be ignored is refused", async () => {
  const variables = await runner.lab({ tenants: tenants(1) });
  const start = (ignore: string) => runner.start({ jobId: "lab", variables, ignore: [ignore] });
  await expect(start("device.role")).rejects.toThrow(/the job lab syncs tenant/);
  await expect(start("tenant")).rejects.toThrow(/nothing to ignore/);

  const run = await runner.run({ jobId: "lab", variables, ignore: ["tenant.name"] });

  expect(run).toMatchObject({ status: "failed" });
  expect(run.reason).toMatch(/tenant\.name, which is part of the key/);
});

it("a job's page can show its scope and what it ignores", async () => {
  const { jobs } = await readManifest(runner.database.pool);
  expect(jobs.find(({ id }) => id === "lab-scoped")).toMatchObject({
    scope: ["Everything, unless the inputs of a run narrow it"],
    ignored: ["tenant.comments"],
  });
  expect(jobs.find(({ id }) => id === "lab")).toMatchObject({ scope: [], ignored: [] });
});
