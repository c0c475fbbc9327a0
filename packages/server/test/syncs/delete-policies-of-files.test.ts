import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
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
      export default defineDataTarget({
        id: "shelf", title: "Shelf", system: "Shelf", models,
        deletePolicy: { location: { setStatus: "Gone" } },
        target: () => createFolderAdapter({ path: join(import.meta.dirname, "../shelf"), models, isTarget: true }),
      });`,
  });
  await runner.work();
  await runner.query("insert into location_types (name) values ('Site')");
  await runner.query("insert into statuses (name) values ('Active'), ('Gone')");
  await runner.query(
    `insert into locations (name, location_type_id, status_id)
     select named, t.id, s.id from unnest(array['a', 'b', 'c']) named, location_types t, statuses s
      where s.name = 'Active'`,
  );
});

afterAll(() => runner.close());

it("a type that is marked keeps its objects in files too, with the status in the place of a delete, once", async () => {
  const run = () => runner.run({ jobId: "shelf", isDryRun: false, asksDeletes: true });
  const shelf = () => readFile(join(runner.installation.folder, "shelf/locations.yaml"), "utf8");
  expect(await run()).toMatchObject({ status: "applied", counts: { created: 6 } });
  await runner.query("delete from locations where name = 'c'");

  expect(await run()).toMatchObject({ status: "applied", counts: { updated: 1, deleted: 0 } });

  expect(await shelf()).toMatch(/name: c\n[^-]*status: Gone/);
  expect((await shelf()).match(/status: Active/g)).toHaveLength(2);
  expect(await run()).toMatchObject({ status: "in-agreement" });
});
