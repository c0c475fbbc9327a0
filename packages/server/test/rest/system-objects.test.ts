// Links to the objects of the other system: runs of real jobs, read over REST.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ChangeRow } from "../../src/syncs/queries/change-rows.ts";
import type { SystemObject } from "../../src/syncs/queries/system-objects.ts";
import { createLabRunner, type LabRunner } from "../support/lab.ts";
import { createTestApp, type TestApp } from "./app.ts";

let runner: LabRunner;
let server: TestApp;

beforeAll(async () => {
  runner = await createLabRunner();
  await runner.work();
  server = await createTestApp({ database: runner.database });
});

afterAll(async () => {
  await server.close();
  await runner.close();
});

async function linksOf(syncId: string): Promise<Record<string, SystemObject | null>> {
  const { items } = await server.read<{ items: ChangeRow[] }>(`/api/ssot/syncs/${syncId}/changes`);
  return Object.fromEntries(items.map(({ label, systemObject }) => [label, systemObject]));
}

async function pageOf(name: string): Promise<{ systemObjects: SystemObject[] }> {
  const [tenant] = await runner.query<{ id: string }>("select id from tenants where name = $1", [
    name,
  ]);
  return server.read(`/api/inventory/tenants/${tenant?.id}`);
}

it("a change is linked to the source's object before and after it is applied; what has no id there is not", async () => {
  const variables = await runner.lab({
    tenants: [{ name: "Acme", id: "crm 1" }, { name: "Globex" }],
  });
  const links = {
    Acme: { system: "Lab", url: "https://lab.example/tenants/crm%201/" },
    Globex: null,
  };

  const { syncId } = await runner.run({ jobId: "lab", variables, isDryRun: true });
  expect(await linksOf(syncId)).toEqual(links);

  const { jobResultId } = await runner.startApply(syncId);
  expect(await runner.ended(jobResultId)).toMatchObject({ status: "applied" });
  expect(await linksOf(syncId)).toEqual(links);
  expect((await pageOf("Acme")).systemObjects).toEqual([links.Acme]);
  expect((await pageOf("Globex")).systemObjects).toEqual([]);
});

it("what the source lacks is not linked to it", async () => {
  const variables = await runner.lab({ tenants: [{ name: "Acme", id: "crm 1" }] }, "fewer");
  const { syncId } = await runner.run({ jobId: "lab", variables, asksDeletes: true });
  expect(await linksOf(syncId)).toEqual({ Globex: null });
});

it("a difference that a comparison found is linked to the system that the links are declared for", async () => {
  const variables = await runner.lab({ tenants: [{ name: "Acme", id: "crm-1" }] }, "compared");
  const { syncId } = await runner.run({ jobId: "lab-and-ledger", variables });
  expect(await linksOf(syncId)).toEqual({
    Acme: { system: "Lab", url: "https://lab.example/tenants/crm-1/" },
  });
});

it("a job that declares no links gives none", async () => {
  const variables = await runner.lab({ tenants: [{ name: "Initech", id: "crm-2" }] }, "unlinked");
  const { syncId } = await runner.run({ jobId: "lab-own-steps", variables, isDryRun: true });
  expect((await linksOf(syncId))["Initech"]).toBeNull();
});
