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

async function changesOf(syncId: string): Promise<ChangeRow[]> {
  const { items } = await server.read<{ items: ChangeRow[] }>(`/api/ssot/syncs/${syncId}/changes`);
  return items;
}

async function linksOf(syncId: string): Promise<Record<string, SystemObject | null>> {
  const changes = await changesOf(syncId);
  return Object.fromEntries(changes.map(({ label, systemObject }) => [label, systemObject]));
}

/** The hub's page, and the addresses in the systems. */
async function addressesOf(syncId: string): Promise<Record<string, (string | undefined)[]>> {
  const changes = await changesOf(syncId);
  return Object.fromEntries(
    changes.map(({ label, objectUrl, systemObject, otherSystemObject }) => [
      label,
      [objectUrl ?? undefined, systemObject?.url, otherSystemObject?.url],
    ]),
  );
}

const hubPage = async (name: string) => {
  const [tenant] = await runner.query<{ id: string }>("select id from tenants where name = $1", [
    name,
  ]);
  return `/inventory/tenants/${tenant?.id ?? "none"}/`;
};

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

it("a difference between two systems is linked to the object in each that has it", async () => {
  const { lab } = await runner.lab(
    {
      tenants: [
        { name: "Acme", id: "l1", description: "here" },
        { name: "Hooli", id: "l2" },
      ],
    },
    "one",
  );
  const other = await runner.lab(
    {
      tenants: [
        { name: "Acme", id: "a1", description: "there" },
        { name: "Umbrella", id: "a3" },
      ],
    },
    "annex",
  );
  const { syncId } = await runner.run({
    jobId: "two-labs",
    variables: { lab, annex: other.lab },
  });
  expect(await addressesOf(syncId)).toEqual({
    Acme: [undefined, "https://lab.example/tenants/l1/", "https://annex.example/tenants/a1/"],
    Hooli: [undefined, "https://lab.example/tenants/l2/", undefined],
    Umbrella: [undefined, undefined, "https://annex.example/tenants/a3/"],
  });
});

it("a difference from the hub is linked to the hub's page and to the system; a pair is known under another name", async () => {
  const before = await runner.lab({ tenants: [{ name: "Stark", id: "s1" }] }, "before");
  await runner.run({ jobId: "lab", variables: before, isDryRun: false });
  const renamed = await runner.lab({ tenants: [{ name: "Stark Industries", id: "s1" }] }, "after");

  const { syncId } = await runner.run({ jobId: "hub-and-lab", variables: renamed });

  expect(await addressesOf(syncId)).toEqual({
    Acme: [await hubPage("Acme"), undefined, undefined],
    Globex: [await hubPage("Globex"), undefined, undefined],
    "Stark Industries": [await hubPage("Stark"), "https://lab.example/tenants/s1/", undefined],
  });
});

it("what an undo takes back is linked to both sides, as the sync was", async () => {
  const variables = await runner.lab({ tenants: [{ name: "Wayne", id: "w1" }] }, "undone");
  const { syncId } = await runner.run({ jobId: "lab", variables, isDryRun: false });
  const { jobResultId } = await runner.carryOut(syncId, "undo");
  const way = await runner.ended(jobResultId);

  const links = [await hubPage("Wayne"), "https://lab.example/tenants/w1/", undefined];
  expect(await addressesOf(syncId)).toMatchObject({ Wayne: links });
  expect(await addressesOf(way.syncId)).toEqual({ Wayne: links });

  const csv = await server.request(`/api/ssot/syncs/${way.syncId}/changes/export?format=csv`);
  const [head, line] = (await csv.text()).split("\r\n");
  expect(head).toMatch(/,objectUrl,systemObject,otherSystemObject$/);
  expect(line).toContain(links.join(","));
});

it("a job that declares no links gives none", async () => {
  const variables = await runner.lab({ tenants: [{ name: "Initech", id: "crm-2" }] }, "unlinked");
  const { syncId } = await runner.run({ jobId: "lab-own-steps", variables, isDryRun: true });
  expect((await linksOf(syncId))["Initech"]).toBeNull();
});
