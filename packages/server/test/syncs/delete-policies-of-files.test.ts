import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestRunner, type TestRunner } from "../support/runner.ts";

let runner: TestRunner;

beforeAll(async () => {
  runner = await createTestRunner({
    "plumbline.config.ts": `export default { hideExampleJobs: true };\n`,
    "jobs/shelf.ts": `
      import { createFolderAdapter } from "@plumbline/integrations/folder";
      import { Location, LocationType, Status } from "@plumbline/models";
      import { defineDataTarget } from "@plumbline/plugin-kit";
      import { join } from "node:path";
      const models = [LocationType, Status, Location];
      const shelf = (id, location) => defineDataTarget({
        id, title: id, system: "Shelf", models, deletePolicy: { location },
        target: () => createFolderAdapter({ path: join(import.meta.dirname, "..", id), models, isTarget: true }),
      });
      export default [shelf("marks", { setStatus: "Gone" }), shelf("waits", { afterDays: 7 })];`,
  });
  await runner.work();
});

afterAll(() => runner.close());

beforeEach(async () => {
  await runner.query("truncate locations, location_types, statuses, missing_object cascade");
  await runner.query("insert into location_types (name) values ('Site')");
  await runner.query("insert into statuses (name) values ('Active'), ('Gone')");
  await runner.query(
    `insert into locations (name, location_type_id, status_id)
     select named, t.id, s.id from unnest(array['a', 'b', 'c']) named, location_types t, statuses s
      where s.name = 'Active'`,
  );
});

const run = (jobId: string) => runner.run({ jobId, isDryRun: false, asksDeletes: true });
const written = (jobId: string) =>
  readFile(join(runner.installation.folder, jobId, "locations.yaml"), "utf8");
const lose = (name: string) => runner.query("delete from locations where name = $1", [name]);

it("a type that is marked keeps its objects in files too, with the status in the place of a delete, once", async () => {
  expect(await run("marks")).toMatchObject({ status: "applied", counts: { created: 6 } });
  await lose("c");

  expect(await run("marks")).toMatchObject({
    status: "applied",
    counts: { updated: 1, deleted: 0 },
  });

  expect(await written("marks")).toMatch(/name: c\n[^-]*status: Gone/);
  expect((await written("marks")).match(/status: Active/g)).toHaveLength(2);
  expect(await run("marks")).toMatchObject({ status: "in-agreement" });
});

it("a type that is deleted after days is kept in files until the source has lacked it for so long", async () => {
  await run("waits");
  await lose("c");
  expect(await run("waits")).toMatchObject({ status: "held", counts: { deleted: 0, held: 1 } });
  const later = () =>
    runner.query("update missing_object set since = since - interval '3 days 13 hours'");
  await later();
  await lose("b");
  expect(await run("waits")).toMatchObject({ status: "held", counts: { deleted: 0, held: 2 } });
  await later();

  expect(await run("waits")).toMatchObject({ counts: { deleted: 1, held: 1 } });

  expect(await written("waits")).not.toContain("name: c");
  expect(await written("waits")).toContain("name: b");
  expect(await runner.query("select key from missing_object")).toHaveLength(1);
});

it("what comes back in the source within the days starts anew, and a dry run starts nothing", async () => {
  await run("waits");
  await lose("c");
  await runner.run({ jobId: "waits", isDryRun: true, asksDeletes: true });
  expect(await runner.query("select key from missing_object")).toEqual([]);
  await run("waits");
  expect(await runner.query("select key from missing_object")).toHaveLength(1);
  await runner.query(
    `insert into locations (name, location_type_id, status_id)
     select 'c', t.id, s.id from location_types t, statuses s where s.name = 'Active'`,
  );
  await run("waits");

  expect(await runner.query("select key from missing_object")).toEqual([]);
});
