import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createLabRunner, tenants, type LabRunner } from "../support/lab.ts";

let runner: LabRunner;

beforeAll(async () => {
  runner = await createLabRunner();
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

const guards = (syncId: string) =>
  runner.query(
    `select c.label, d.guard from sync_decision d join sync_change c using (sync_id, position)
     where sync_id = $1 order by c.label`,
    [syncId],
  );

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

  expect(less).toMatchObject({ status: "held", counts: { delete: 3, held: 2, deleted: 1 } });
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
