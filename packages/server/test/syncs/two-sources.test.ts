import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { ownersOf } from "../../src/inventory/claims.ts";
import { deleteSync } from "../../src/syncs/delete-syncs.ts";
import { createTestApp, type TestApp } from "../rest/app.ts";
import { writeHub } from "../support/estate.ts";
import { createLabRunner, tenants, type LabRunner } from "../support/lab.ts";

let runner: LabRunner;
let app: TestApp;

beforeAll(async () => {
  runner = await createLabRunner();
  app = await createTestApp({ database: runner.database });
  await runner.work();
});

afterAll(async () => {
  await app.close();
  await runner.close();
});

beforeEach(async () => {
  await runner.query("truncate tenants, identity, object_change, hub_claim cascade");
});

const names = async (): Promise<string[]> =>
  (await runner.query<{ name: string }>("select name from tenants order by name")).map(
    ({ name }) => name,
  );

const guards = (syncId: string) =>
  runner.query(
    `select distinct on (c.label) c.label, d.guard
       from sync_decision d join sync_change c using (sync_id, position)
      where sync_id = $1 order by c.label, d.id desc`,
    [syncId],
  );

const claims = async (name: string) =>
  (
    await runner.query<{ owner: string }>(
      "select owner from hub_claim h join tenants t on t.id = h.object_id where t.name = $1 order by 1",
      [name],
    )
  ).map(({ owner }) => owner);

const idOf = async (name: string): Promise<string> => {
  const [row] = await runner.query<{ id: string }>("select id from tenants where name = $1", [
    name,
  ]);
  return row!.id;
};

/** Who keeps it, as its record over HTTP says. */
async function shownOwners(name: string): Promise<unknown> {
  const record = await app.read<{ owners: unknown }>(`/api/inventory/tenants/${await idOf(name)}`);
  return record.owners;
}

async function run(jobId: string, list: object[], name: string) {
  const variables = await runner.lab({ tenants: list }, name);
  return runner.run({ jobId, variables, isDryRun: false, asksDeletes: true });
}

it("a source deletes what it made itself, and neither what another source made nor what a person did", async () => {
  await run("lab-own-steps", [{ name: "Other's" }], "other");
  await runner.query("insert into tenants (name) values ('By hand')");
  const all = await run("lab", [{ name: "Mine" }, ...tenants(30)], "mine-1");
  expect(all.counts).toMatchObject({ delete: 2, held: 2, deleted: 0 });

  const less = await run("lab", tenants(30), "mine-2");

  expect(less).toMatchObject({ status: "applied", counts: { delete: 3, held: 2, deleted: 1 } });
  expect(await guards(less.syncId)).toEqual([
    { label: "By hand", guard: "not-owner" },
    { label: "Other's", guard: "not-owner" },
  ]);
  expect(await names()).toEqual(expect.arrayContaining(["By hand", "Other's"]));
  expect(await names()).toHaveLength(32);
});

it("a source leaves what it made once another source has written it too", async () => {
  await run("lab", [{ name: "Shared" }, ...tenants(30)], "shared-1");
  await run("lab-own-steps", [{ name: "Shared", description: "ours as well" }], "shared-2");

  const gone = await run("lab", tenants(30), "shared-3");

  expect(await guards(gone.syncId)).toEqual([{ label: "Shared", guard: "not-owner" }]);
  expect(await names()).toContain("Shared");
});

it("a source that is empty all at once is held, however much others keep in the hub", async () => {
  await run("lab-own-steps", tenants(200), "full");
  await run("lab", [...tenants(200), { name: "Mine 1" }, { name: "Mine 2" }], "two");

  const empty = await run("lab", [], "empty");

  expect(empty).toMatchObject({ status: "held", counts: { delete: 202, held: 202, deleted: 0 } });
  expect((await guards(empty.syncId)).slice(0, 2)).toEqual([
    { label: "Mine 1", guard: "too-many-deletes" },
    { label: "Mine 2", guard: "too-many-deletes" },
  ]);
});

it("two claims on one object are shown, and the last one that lets go deletes it", async () => {
  const both = [{ name: "Shared" }, ...tenants(30)];
  const { syncId: one } = await run("lab", both, "a-1");
  const { syncId: other } = await run("lab-own-steps", both, "b-1");
  expect(await claims("Shared")).toEqual(["lab", "lab-own-steps"]);
  const since = expect.stringMatching(/Z$/) as string;
  expect(await shownOwners("Shared")).toEqual([
    { owner: "lab", jobId: "lab", syncId: one, since, unseenSince: null },
    { owner: "lab-own-steps", jobId: "lab-own-steps", syncId: other, since, unseenSince: null },
  ]);

  const first = await run("lab", tenants(30), "a-2");

  expect(first).toMatchObject({ counts: { deleted: 0, held: 1 } });
  const [hold] = await runner.query<{ reason: string }>(
    "select reason from sync_decision where sync_id = $1 and guard = 'not-owner'",
    [first.syncId],
  );
  expect(hold?.reason).toBe(
    "The source lacks Shared, which is kept by lab-own-steps too. This source lets go of it; the last one that keeps it deletes it.",
  );
  expect(await claims("Shared")).toEqual(["lab-own-steps"]);
  expect(await shownOwners("Shared")).toMatchObject([{ owner: "lab-own-steps" }]);

  expect(await run("lab-own-steps", tenants(30), "b-2")).toMatchObject({ counts: { deleted: 1 } });
  expect(await names()).not.toContain("Shared");
});

it("a dry run whose plan nobody applies claims nothing and lets go of nothing", async () => {
  await run("lab-own-steps", tenants(30), "b-3");
  const variables = await runner.lab({ tenants: tenants(30) }, "a-3");
  const dry = await runner.run({ jobId: "lab", variables, isDryRun: true });

  expect(await claims("Tenant 000001")).toEqual(["lab-own-steps"]);
  expect(dry.status).toBe("in-agreement");
});

it("a run that changes nothing writes no claims a second time", async () => {
  await run("lab", tenants(30), "same-1");
  const before = await runner.query("select * from hub_claim order by object_id");

  const again = await run("lab", tenants(30), "same-2");

  expect(await runner.query("select * from hub_claim order by object_id")).toEqual(before);
  expect(await runner.query("select from sync_claim where sync_id = $1", [again.syncId])).toEqual(
    [],
  );
});

const owned = () => runner.query("select owner from hub_claim order by owner");

it("what a sync deleted is kept by whoever kept it until its record is deleted", async () => {
  await run("lab", tenants(12), "all");
  const less = await run("lab", tenants(11), "less");
  expect(less.counts).toMatchObject({ deleted: 1 });
  expect(await owned()).toHaveLength(12);

  await deleteSync(runner.database, less.syncId);

  expect(await names()).toHaveLength(11);
  expect(await owned()).toHaveLength(11);
});

it("what a person deletes is nobody's at once, and stays so when what a sync noted of it is taken back", async () => {
  await run("lab", [{ name: "A" }, { name: "B" }], "first");
  const variables = await runner.lab({ tenants: [{ name: "B" }, { name: "C" }] }, "second");
  const second = await runner.run({ jobId: "lab", variables, isDryRun: false });
  expect(second.counts).toMatchObject({ created: 1, heldDeletes: 1 });
  const id = await idOf("A");
  expect(await ownersOf(runner.database, id)).toHaveLength(1);

  await writeHub(runner.database, "tenant", [{ action: "delete", key: '["A"]', targetId: id }]);

  expect(await ownersOf(runner.database, id)).toEqual([]);
  await runner.ended((await runner.carryOut(second.syncId, "rollback")).jobResultId);
  expect(await names()).toEqual(["B"]);
  expect(await ownersOf(runner.database, id)).toEqual([]);
});
