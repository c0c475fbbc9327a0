import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { foresee } from "../../src/syncs/decisions/consequences.ts";
import { decide } from "../../src/syncs/decisions/decide.ts";
import type { Ruling } from "../../src/syncs/decisions/ruling.ts";
import { type ChangeRow, listChanges } from "../../src/syncs/queries/change-rows.ts";
import { createLabRunner, tenants, type LabRunner } from "../support/lab.ts";

let runner: LabRunner;
const bo = { id: null, name: "bo" };

beforeAll(async () => {
  runner = await createLabRunner();
  await runner.work();
});

afterAll(() => runner.close());

beforeEach(async () => {
  await runner.query(
    "truncate tenants, tenant_groups, identity, object_change, standing_rejection, hub_claim cascade",
  );
});

async function plan(jobId: string, lab: object, options: { asksDeletes?: boolean } = {}) {
  const variables = await runner.lab(lab, "decided");
  return runner.run({ jobId, variables, isDryRun: true, ...options });
}

const rule = (syncId: string, ruling: Ruling) => decide(runner.database, syncId, ruling, bo);

async function apply(syncId: string) {
  const { jobResultId } = await runner.startApply(syncId);
  return runner.ended(jobResultId);
}

async function changes(syncId: string): Promise<ChangeRow[]> {
  const { kysely } = runner.database;
  const manifest = { jobs: [], models: [] };
  return (await listChanges(kysely, manifest, syncId, {}, { limit: 100, offset: 0 })).items;
}

async function states(syncId: string): Promise<Record<string, string>> {
  const items = await changes(syncId);
  return Object.fromEntries(
    items.map(({ label, state, hold }) => [
      label,
      state === "held" ? `held: ${hold?.guard ?? ""}` : state,
    ]),
  );
}

it("of ten changes three are rejected: seven are written", async () => {
  const { syncId } = await plan("lab", { tenants: tenants(10) });

  const decided = await rule(syncId, { verdict: "reject", positions: [2, 5, 9], reason: "no" });
  const applied = await apply(syncId);

  expect(decided).toMatchObject({ decided: 3, held: 0, decisionsRevision: 1 });
  expect(applied).toMatchObject({
    status: "applied",
    counts: { created: 7, rejected: 3, held: 0 },
  });
  expect(await runner.query("select from object_change")).toHaveLength(7);
  expect(await runner.query("select from tenants")).toHaveLength(7);
});

it("what was rejected comes back marked, and is rejected until somebody accepts it", async () => {
  const lab = { tenants: tenants(10) };
  const first = await plan("lab", lab);
  await rule(first.syncId, { verdict: "reject", positions: [2, 5, 9], reason: "not ours" });
  await apply(first.syncId);

  const second = await plan("lab", lab);

  expect(second).toMatchObject({ counts: { create: 3, rejected: 3 } });
  const { items } = await listChanges(
    runner.database.kysely,
    { jobs: [], models: [] },
    second.syncId,
    { outcome: ["rejected"] },
    { limit: 100, offset: 0 },
  );
  expect(items).toHaveLength(3);
  expect(items[0]).toMatchObject({
    state: "rejected",
    rejection: { by: "bo", reason: "not ours" },
    rejectedBefore: { by: "bo", syncId: first.syncId },
  });
  await expect(runner.startApply(second.syncId)).rejects.toThrow(
    /every change is held or rejected/,
  );

  await rule(second.syncId, { verdict: "accept", positions: [1] });
  expect(await apply(second.syncId)).toMatchObject({ counts: { created: 1, rejected: 2 } });
  expect(await plan("lab", lab)).toMatchObject({ counts: { create: 2, rejected: 2 } });
});

it("other values of a rejected object are a new proposal", async () => {
  const first = await plan("lab", { tenants: tenants(1) });
  await rule(first.syncId, { verdict: "reject", filter: {} });

  const same = await plan("lab", { tenants: tenants(1) });
  const other = await plan("lab", { tenants: tenants(1, "another description") });

  expect([same.counts.rejected, other.counts.rejected]).toEqual([1, 0]);
});

it("a real run passes over what was rejected, and what refers to it", async () => {
  const lab = { groups: [{ name: "G" }], tenants: [{ name: "In G", tenant_group: "G" }] };
  const dry = await plan("lab-groups", lab);
  await rule(dry.syncId, { verdict: "reject", positions: [1] });

  const variables = await runner.lab(lab, "real");
  const real = await runner.run({ jobId: "lab-groups", variables, isDryRun: false });

  expect(real).toMatchObject({ status: "held", counts: { created: 0, rejected: 1, held: 1 } });
});

it("a rejected create holds all that is below it, with the reason, until it is accepted", async () => {
  const { syncId } = await plan("lab-groups", {
    groups: [{ name: "G" }, { name: "G1", parent: "G" }, { name: "Other" }],
    tenants: [
      { name: "In G1", tenant_group: "G1" },
      { name: "In Other", tenant_group: "Other" },
    ],
  });

  const rejected = await rule(syncId, {
    verdict: "reject",
    filter: { key: '["G"]', model: "tenant_group" },
  });

  expect(rejected).toMatchObject({ decided: 1, held: 2 });
  expect(await states(syncId)).toEqual({
    G: "rejected",
    G1: "held: parent-rejected",
    "In G1": "held: parent-rejected",
    Other: "open",
    "In Other": "open",
  });
  const [reason] = await runner.query<{ reason: string }>(
    "select d.reason from sync_decision d join sync_change c using (sync_id, position) where sync_id = $1 and label = 'G1'",
    [syncId],
  );
  expect(reason?.reason).toBe(
    "It refers to G, which is rejected. Accept or release that one first.",
  );
  expect(await rule(syncId, { verdict: "release", filter: { outcome: ["held"] } })).toMatchObject({
    decided: 0,
    refused: [{ guard: "parent-rejected", count: 2 }],
  });

  const accepted = await rule(syncId, { verdict: "accept", filter: { outcome: ["rejected"] } });

  expect(accepted).toMatchObject({ decided: 1, freed: 2 });
  expect(new Set(Object.values(await states(syncId)))).toEqual(new Set(["open"]));
});

it("deletes that are released take what must go with them, and say so before", async () => {
  const groups = [{ name: "G" }, { name: "Other" }];
  const inside = tenants(4).map((tenant) => ({ ...tenant, tenant_group: "G" }));
  await apply((await plan("lab-groups", { groups, tenants: inside })).syncId);
  const { syncId } = await plan("lab-groups", { groups: [{ name: "Other" }], tenants: [] });
  const ruling: Ruling = { verdict: "release", filter: { model: "tenant_group" } };
  const models = [
    { name: "tenant_group", label: "Tenant group", pluralLabel: "Tenant groups" },
    { name: "tenant", label: "Tenant", pluralLabel: "Tenants" },
  ] as unknown as Parameters<typeof foresee>[1];

  const foreseen = await foresee(runner.database, models, syncId, ruling, bo);

  expect(foreseen).toMatchObject({
    decided: 1,
    freed: [{ model: "tenant", action: "delete", count: 4 }],
    sentence: "This tenant group takes 4 tenants with it: to be applied.",
  });
  expect((await states(syncId))["G"]).toMatch(/^held/);
  await rule(syncId, ruling);
  expect(await apply(syncId)).toMatchObject({ status: "applied", counts: { deleted: 5 } });
});

it("what was released says by whom, and is held again as it was", async () => {
  const lab = { groups: [{ name: "G" }, { name: "H" }], tenants: [] };
  await apply((await plan("lab-groups", lab)).syncId);
  const { syncId } = await plan("lab-groups", { groups: [{ name: "H" }], tenants: [] });
  const before = await states(syncId);
  expect(before["G"]).toMatch(/^held/);

  await rule(syncId, { verdict: "release", filter: {}, reason: "It is gone." });

  const [released] = await changes(syncId);
  expect(released).toMatchObject({
    ...{ state: "open", hold: null },
    release: { by: "bo", reason: "It is gone." },
  });
  expect(await rule(syncId, { verdict: "hold-again", filter: {} })).toMatchObject({ decided: 1 });
  expect(await states(syncId)).toEqual(before);
});

it("a rejected delete keeps what it refers to", async () => {
  const lab = { groups: [{ name: "G" }], tenants: [{ name: "In G", tenant_group: "G" }] };
  await apply((await plan("lab-groups", lab)).syncId);
  const { syncId } = await plan("lab-groups", { groups: [], tenants: [] });
  await rule(syncId, { verdict: "release", filter: {} });

  expect(await rule(syncId, { verdict: "reject", filter: { model: "tenant" } })).toMatchObject({
    held: 1,
  });

  expect(await states(syncId)).toEqual({ "In G": "rejected", G: "held: still-referenced" });
  expect(await rule(syncId, { verdict: "accept", filter: {} })).toMatchObject({ freed: 1 });
});

it("nothing can be decided once the plan is being applied", async () => {
  const { syncId } = await plan("lab", { tenants: tenants(2) });
  await apply(syncId);

  await expect(rule(syncId, { verdict: "reject", filter: {} })).rejects.toThrow(/applied already/);
});

it("an approval is of one plan and of what was decided until then", async () => {
  const { syncId } = await plan("lab", { tenants: tenants(10) });
  const [sync] = await runner.query<{ plan_digest: string }>(
    "select plan_digest from sync where id = $1",
    [syncId],
  );
  const planDigest = sync!.plan_digest;
  await rule(syncId, { verdict: "reject", positions: [1, 2] });

  await expect(runner.startApply(syncId, { planDigest, decisionsRevision: 0 })).rejects.toThrow(
    /changed since you looked: bo rejected 2 changes/,
  );
  await expect(runner.startApply(syncId, { planDigest: "another" })).rejects.toThrow(
    /another plan/,
  );
  const { jobResultId } = await runner.startApply(syncId, { planDigest, decisionsRevision: 1 });
  expect(await runner.ended(jobResultId)).toMatchObject({ counts: { created: 8 } });
});
