import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestRunner, type TestRunner } from "../support/runner.ts";

let runner: TestRunner;

beforeAll(async () => {
  runner = await createTestRunner({
    "plumbline.config.ts": `
      import { folder } from "@plumbline/integrations/folder";
      import { Namespace, Tenant } from "@plumbline/models";
      export default {
        connections: { estate: folder({ path: "estate", models: [Tenant, Namespace] }) },
      };
    `,
    "estate/tenants.yaml": "- name: Acme\n",
    "estate/namespaces.yaml": "- name: Lab\n  tenant: Acme\n",
  });
  await runner.work();
});

beforeEach(async () => {
  await runner.query("delete from namespaces");
  await runner.query("delete from tenants");
  await runner.query("insert into tenants (name) values ('Acme')");
});

afterAll(() => runner.close());

const applied = async (syncId: string) => {
  const { jobResultId } = await runner.startApply(syncId);
  return runner.ended(jobResultId);
};
const planLab = () => runner.run({ jobId: "folder-estate-source" });
const namespaces = () => runner.query("select from namespaces");

it("a plan is applied while what it refers to is as it was", async () => {
  const dry = await planLab();

  expect(dry).toMatchObject({ status: "planned", counts: { create: 1 } });
  const run = await applied(dry.syncId);

  expect(run).toMatchObject({ status: "applied", counts: { created: 1 } });
});

it("a plan is stale once another object took the name of one that it refers to", async () => {
  const dry = await planLab();
  await runner.query("update tenants set name = 'Acme Ltd', version = version + 1");
  await runner.query("insert into tenants (name) values ('Acme')");

  const run = await applied(dry.syncId);

  expect(run).toMatchObject({ status: "stale", counts: { created: 0 } });
  expect(run.reason).toContain(
    "Tenant Acme (the plan refers to it, and it was renamed or moved since)",
  );
  expect(await namespaces()).toEqual([]);
});

it("a plan is stale, not failed, once an object that it refers to is gone", async () => {
  const dry = await planLab();
  await runner.query("delete from tenants");

  const run = await applied(dry.syncId);

  expect(run).toMatchObject({ status: "stale", counts: { created: 0, failed: 0 } });
  expect(run.reason).toContain("Tenant Acme (the plan refers to it, and it is no longer there)");
});

it("a plan for files is stale once an object that it refers to is gone from them", async () => {
  const place = join(runner.installation.dataDirectory, "example-target");
  await rm(place, { recursive: true, force: true });
  await runner.run({ jobId: "example-data-target", isDryRun: false });
  await runner.query(
    "insert into namespaces (name, tenant_id) select 'Lab', id from tenants where name = 'Acme'",
  );
  const dry = await runner.run({ jobId: "example-data-target" });
  const file = join(place, "tenants.yaml");
  await writeFile(file, (await readFile(file, "utf8")).replace("Acme", "Globex"));

  const run = await applied(dry.syncId);

  expect(run).toMatchObject({ status: "stale", counts: { created: 0 } });
  expect(run.reason).toContain("Tenant Acme");
});
