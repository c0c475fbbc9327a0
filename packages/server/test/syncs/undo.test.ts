import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { decide } from "../../src/syncs/decisions/decide.ts";
import {
  createEstateRunner,
  estateAtFirst,
  estateChanged,
  type EstateRunner,
  readHub,
  writeHub,
} from "../support/estate.ts";

let runner: EstateRunner;
const ada = { id: null, name: "ada" };

beforeAll(async () => {
  runner = await createEstateRunner();
  await runner.work();
});

afterAll(() => runner.close());

beforeEach(async () => {
  await runner.query(
    "truncate statuses, tags, tenant_groups, tenants, location_types, locations, identity, object_change, hub_claim, sync cascade",
  );
});

type Estate = Parameters<EstateRunner["estate"]>[0];

const sync = async (estate: Estate, jobId = "estate") =>
  runner.run({
    jobId,
    variables: await runner.estate(estate),
    isDryRun: false,
    asksDeletes: true,
  });

const undo = async (syncId: string) =>
  runner.ended((await runner.carryOut(syncId, "undo")).jobResultId);
const apply = async (syncId: string) => runner.ended((await runner.startApply(syncId)).jobResultId);

const holds = (syncId: string) =>
  runner.query<{ label: string; guard: string; reason: string }>(
    `select c.label, d.guard, d.reason from sync_decision d
       join sync_change c on c.sync_id = d.sync_id and c.position = d.position
      where d.sync_id = $1 and d.verdict = 'hold' order by c.label`,
    [syncId],
  );

const rollBack = async (syncId: string) =>
  runner.ended((await runner.carryOut(syncId, "rollback")).jobResultId);

const group = (id: string, name = id, more: object = {}) => ({ id, name, parent: null, ...more });
const groups = () => runner.query("select name, description from tenant_groups order by name");

/** Changes the hub as a person does, with a row of its history. */
const byHand = (model: string, changes: Parameters<typeof writeHub>[2]) =>
  writeHub(runner.database, model, changes);

it("an undo plans the way back for review, and applied it restores ids, values, sets and owners", async () => {
  await sync(estateAtFirst());
  const start = await readHub(runner);
  const changed = await sync(estateChanged());
  expect(changed.status).toBe("applied");
  const applied = await readHub(runner);
  expect(applied).not.toEqual(start);

  const way = await undo(changed.syncId);

  expect(way.reason).toBeNull();
  expect(way.status).toBe("planned");
  expect(way.syncId).not.toBe(changed.syncId);
  expect(way.counts).toMatchObject({
    create: changed.counts.deleted,
    delete: changed.counts.created,
    update: changed.counts.updated,
    held: 0,
    created: 0,
  });
  expect(await readHub(runner)).toEqual(applied);

  expect(await apply(way.syncId)).toMatchObject({ status: "applied", reason: null });
  expect(await readHub(runner)).toEqual(start);

  // Nothing is left to take back; and the way back can be taken back itself.
  expect(await undo(changed.syncId)).toMatchObject({ status: "in-agreement" });
  const again = await undo(way.syncId);
  expect(await apply(again.syncId)).toMatchObject({ status: "applied", reason: null });
  expect(await readHub(runner)).toEqual(applied);
});

it("what somebody changed since the sync is held and named, and nothing is written over", async () => {
  const describe = (description: string) => ({ description });
  await sync({ tenant_group: ["a", "b", "c"].map((id) => group(id, id, describe("first"))) });
  const run = await sync({
    tenant_group: [
      group("a", "a", describe("second")),
      group("b", "b", describe("second")),
      group("new", "new", describe("made")),
      group("new too", "new too", describe("made")),
    ],
  });
  expect(run.counts).toMatchObject({ created: 2, updated: 2, deleted: 1 });
  await byHand("tenant_group", [
    { action: "update", key: '["a"]', after: { description: "bo's" } },
    { action: "update", key: '["new"]', after: { description: "bo's too" } },
  ]);

  const way = await undo(run.syncId);

  expect(way.counts).toMatchObject({ create: 1, update: 2, delete: 2, held: 2 });
  const held = await holds(way.syncId);
  expect(held).toMatchObject([
    { label: "a", guard: "changed-since" },
    { label: "new", guard: "changed-since" },
  ]);
  expect(held[0]!.reason).toMatch(
    /^Tenant group a was changed since by bo at .* UTC, and is left as it is\. Release it/,
  );
  expect(await apply(way.syncId)).toMatchObject({
    status: "held",
    counts: { created: 1, updated: 1, deleted: 1 },
  });
  expect(await groups()).toEqual([
    { name: "a", description: "bo's" },
    { name: "b", description: "first" },
    { name: "c", description: "first" },
    { name: "new", description: "bo's too" },
  ]);
});

it("a person may release what was changed since; its other fields stay", async () => {
  await sync({
    tenant_group: [group("a", "a", { description: "first", parent: null }), group("b")],
  });
  const run = await sync({
    tenant_group: [group("a", "a", { description: "second" }), group("b")],
  });
  await byHand("tenant_group", [{ action: "update", key: '["a"]', after: { parent: '["b"]' } }]);

  const way = await undo(run.syncId);
  expect(way.counts).toMatchObject({ update: 1, held: 1 });
  await decide(runner.database, way.syncId, { verdict: "release", filter: {} }, ada);
  expect(await apply(way.syncId)).toMatchObject({ status: "applied" });

  expect(
    await runner.query(
      "select a.description, b.name as parent from tenant_groups a join tenant_groups b on b.id = a.parent_id",
    ),
  ).toEqual([{ description: "first", parent: "b" }]);
});

it("what another source keeps by now is not deleted with the undo", async () => {
  const estate = { tenant_group: [group("shared"), group("own")] };
  const run = await sync(estate);
  await sync({ tenant_group: [group("shared")] }, "lab-keeps");

  const way = await rollBack(run.syncId);

  expect(way).toMatchObject({ status: "applied", counts: { delete: 2, deleted: 1, held: 1 } });
  expect(await holds(way.syncId)).toEqual([
    {
      label: "shared",
      guard: "not-owner",
      reason: "shared is kept by lab-keeps too by now. Release it to delete it all the same.",
    },
  ]);
  expect(await groups()).toMatchObject([{ name: "shared" }]);
});

it("what refers to what was made since keeps it, with the reason", async () => {
  const run = await sync({ tenant_group: [group("made")] });
  await byHand("tenant", [
    { action: "create", key: '["By hand"]', after: { name: "By hand", tenant_group: '["made"]' } },
  ]);

  const way = await rollBack(run.syncId);

  expect(way.counts).toMatchObject({ delete: 1, deleted: 0, held: 1 });
  expect(await holds(way.syncId)).toMatchObject([{ label: "made", guard: "still-referenced" }]);
});

it("references go to what they meant, though somebody has renamed it since", async () => {
  const tenant = (tenantGroup: string) => ({ id: "t", name: "T", tenant_group: tenantGroup });
  const both = [group("a"), group("b")];
  await sync({ tenant_group: both, tenant: [tenant("a")] });
  const run = await sync({ tenant_group: both, tenant: [tenant("b")] });
  await byHand("tenant_group", [
    { action: "update", key: '["a"]', before: { name: "a" }, after: { name: "a, renamed" } },
    { action: "create", key: '["a"]', after: { name: "a", parent: null } },
  ]);

  expect(await rollBack(run.syncId)).toMatchObject({ status: "applied", counts: { updated: 1 } });

  expect(
    await runner.query(
      "select g.name from tenants t join tenant_groups g on g.id = t.tenant_group_id",
    ),
  ).toEqual([{ name: "a, renamed" }]);
});

it("what is no longer there is a finding, and the rest is taken back", async () => {
  await sync({ tenant_group: [group("a", "a", { description: "first" }), group("b")] });
  const run = await sync({
    tenant_group: [group("a", "a", { description: "second" }), group("c")],
  });
  await byHand("tenant_group", [{ action: "delete", key: '["a"]', after: null }]);

  const way = await rollBack(run.syncId);

  expect(way).toMatchObject({ status: "partial", counts: { created: 1, deleted: 1, updated: 0 } });
  expect(
    await runner.query("select kind, label, message from sync_finding where sync_id = $1", [
      way.syncId,
    ]),
  ).toEqual([
    {
      kind: "gone-since",
      label: "a",
      message:
        "Tenant group a is no longer there, so what the sync changed of it cannot be taken back. Make it anew if it is needed.",
    },
  ]);
  expect(await groups()).toMatchObject([{ name: "b" }]);
});

it("claims that the sync settled are as they were, so that the source may be run again", async () => {
  await sync({ tenant_group: [group("a"), group("b")] }, "lab-keeps");
  const owners = () =>
    runner.query("select model, owner, unseen_since from hub_claim order by owner, object_id");
  const before = await owners();
  const run = await sync({ tenant_group: [group("a"), group("b"), group("c")] });
  expect(await owners()).toHaveLength(5);

  await rollBack(run.syncId);

  const [gone] = await runner.query<{ count: number }>(
    "select count(*) from hub_claim h where not exists (select from tenant_groups g where g.id = h.object_id)",
  );
  expect(gone).toEqual({ count: 1 });
  expect(
    await runner.query(
      `select model, owner, unseen_since from hub_claim h
        where exists (select from tenant_groups g where g.id = h.object_id) order by owner, object_id`,
    ),
  ).toEqual(before);
  expect(await sync({ tenant_group: [group("a"), group("b"), group("c")] })).toMatchObject({
    status: "applied",
    counts: { created: 1, update: 0, delete: 0 },
  });
});

it("a sync of which nothing was applied cannot be undone, and one that was undone cannot be resumed", async () => {
  const dry = await runner.run({
    jobId: "estate",
    variables: await runner.estate({ tenant_group: [group("a")] }),
  });
  await expect(runner.carryOut(dry.syncId, "undo")).rejects.toThrow(/nothing to take back/);
  const run = await apply(dry.syncId);
  expect(run.status).toBe("applied");

  await rollBack(run.syncId);

  await expect(runner.carryOut(run.syncId, "resume")).rejects.toThrow(/was taken back at/);
});

it("what comes back has its custom fields", async () => {
  await runner.query(
    `insert into custom_fields (key, label, type, content_types) values ('cost', 'Cost', 'integer', '{tenancy.tenantgroup}')`,
  );
  await sync({ tenant_group: [group("a"), group("b")] });
  await byHand("tenant_group", [
    { action: "update", key: '["a"]', before: {}, after: { custom_fields: { cost: 7 } } },
  ]);
  const fields = () => runner.query("select id, custom_fields from tenant_groups where name = 'a'");
  const before = await fields();
  expect(before).toMatchObject([{ custom_fields: { cost: 7 } }]);
  const run = await sync({ tenant_group: [group("b")] });
  const [first] = await holds(run.syncId);
  expect([first, run.counts.deleted]).toEqual([undefined, 1]);

  await rollBack(run.syncId);

  expect(await fields()).toEqual(before);
});
