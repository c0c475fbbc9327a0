import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestRunner, type TestRunner } from "../support/runner.ts";

let runner: TestRunner;

const job = (id: string, options: string) => `
  defineDataSource({
    id: "${id}", title: "${id}", system: "Lab", connection: "lab", models: [LocationType, Status, Location],
    variables: { names: variable.text({ label: "Names" }) }, ${options}
    source: ({ variables: { names } }) => ({
      name: "Lab", models: [LocationType, Status, Location],
      async *load() {
        for (const name of ["Active", "Gone"]) yield Status.record({ name, content_types: ["dcim.location"] });
        yield LocationType.record({ name: "Site", content_types: [] });
        for (const name of String(names).split(",")) {
          yield Location.record({ name, parent: null, location_type: "Site", status: "Active" });
        }
      },
      provides: (model) => model === Location ? ["name", "parent", "location_type", "status"]
        : model === Status ? ["name", "content_types"] : ["name"],
    }),
  })`;

beforeAll(async () => {
  runner = await createTestRunner({
    "plumbline.config.ts": `export default { hideExampleJobs: true };\n`,
    "jobs/policies.ts": `
      import { Location, LocationType, Status } from "@plumbline/models";
      import { defineDataSource, variable } from "@plumbline/plugin-kit";
      export default [
        ${job("keeps", 'deletePolicy: { location: "never" },')},
        ${job("waits", "deletePolicy: { location: { afterDays: 7 } },")},
        ${job("marks", 'deletePolicy: { location: { setStatus: "Gone" } },')},
        ${job("few", "deleteCeiling: { types: { location: { count: 1, percent: 1 } } },")},
        ${job("total", "deleteCeiling: { percent: 100, total: 1 },")},
      ];`,
  });
  await runner.work();
});

afterAll(() => runner.close());

beforeEach(async () => {
  await runner.query("truncate locations, identity, object_change, hub_claim, sync_claim cascade");
});

const run = (jobId: string, names: string) =>
  runner.run({ jobId, variables: { names }, isDryRun: false, asksDeletes: true });

const guards = async (syncId: string) =>
  (
    await runner.query<{ guard: string }>(
      "select distinct guard from sync_decision where sync_id = $1 and verdict = 'hold'",
      [syncId],
    )
  ).map(({ guard }) => guard);

const statuses = () =>
  runner.query(
    "select l.name, s.name as status from locations l join statuses s on s.id = l.status_id order by 1",
  );

it("a type that is never deleted stays, whatever the source lacks", async () => {
  await run("keeps", "a,b,c");

  const gone = await run("keeps", "a,b");

  expect(await guards(gone.syncId)).toEqual(["policy-never"]);
  expect(await statuses()).toHaveLength(3);
});

it("a type that is deleted after days is kept until the source has lacked it for so long", async () => {
  await run("waits", "a,b,c");

  const first = await run("waits", "a,b");
  expect(await guards(first.syncId)).toEqual(["policy-waiting"]);
  expect(await guards((await run("waits", "a,b")).syncId)).toEqual(["policy-waiting"]);
  await runner.query("update hub_claim set unseen_since = unseen_since - interval '7 days 1 hour'");

  expect(await run("waits", "a,b")).toMatchObject({ counts: { deleted: 1 } });
});

it("what comes back within the days starts anew", async () => {
  await run("waits", "a,b,c");
  await run("waits", "a,b");
  await run("waits", "a,b,c");

  expect(await runner.query("select from hub_claim where unseen_since is not null")).toEqual([]);
});

it("a type that is marked gets the status in the place of a delete, once, and its own when it is back", async () => {
  await run("marks", "a,b,c");

  const marked = await run("marks", "a,b");

  expect(marked).toMatchObject({ counts: { update: 1, updated: 1, delete: 0 } });
  expect(await statuses()).toContainEqual({ name: "c", status: "Gone" });
  expect(await run("marks", "a,b")).toMatchObject({ status: "in-agreement" });
  await run("marks", "a,b,c");
  expect(await statuses()).toContainEqual({ name: "c", status: "Active" });
});

it("a type has a ceiling of its own, and a job one of all types together", async () => {
  await run("few", "a,b,c,d");
  expect(await guards((await run("few", "a,b")).syncId)).toEqual(["too-many-deletes"]);
  expect(await guards((await run("total", "a,b")).syncId)).toEqual(["too-many-deletes"]);
  expect(await run("few", "a,b,c")).toMatchObject({ counts: { deleted: 1 } });
});
