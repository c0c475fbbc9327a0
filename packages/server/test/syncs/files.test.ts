import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestRunner, type TestRunner } from "../support/runner.ts";

let runner: TestRunner;

beforeAll(async () => {
  runner = await createTestRunner({
    "plumbline.config.ts": `
      import { folder } from "@plumbline/integrations/folder";
      export default { connections: { estate: folder({ path: "estate" }) } };
    `,
  });
  await runner.work();
});

afterAll(() => runner.close());

it("what is written into files is noted before it is, so that a run that dies there leaves no doubt unnamed", async () => {
  await runner.query("insert into tenants (name) values ('Acme'), ('Globex')");

  const run = await runner.run({ jobId: "example-data-target", isDryRun: false });

  expect(run).toMatchObject({ status: "applied", counts: { created: 2 } });
  expect(
    await runner.query("select position from sync_sent where sync_id = $1", [run.syncId]),
  ).toHaveLength(2);
});

it("the Example Data Target leaves a folder alone that somebody else's file is in, through a symbolic link too", async () => {
  await runner.query("insert into tenants (name) values ('Initech')");
  const place = join(runner.installation.dataDirectory, "example-target");
  const theirs = join(runner.installation.dataDirectory, "theirs");
  await rm(place, { recursive: true, force: true });
  await mkdir(theirs);
  await writeFile(join(theirs, "tenants.yaml"), "- name: Precious\n");
  await symlink(theirs, place);
  const run = { jobId: "example-data-target", isDryRun: false, asksDeletes: true };

  const refused = await runner.run(run);

  expect(refused).toMatchObject({ status: "failed", counts: { created: 0, deleted: 0 } });
  expect(refused.reason).toMatch(/was not made by Plumbline and is not empty/);
  expect(await readdir(theirs)).toEqual(["tenants.yaml"]);
  expect(await readFile(join(theirs, "tenants.yaml"), "utf8")).toBe("- name: Precious\n");
});

it("two runs into one folder come one after the other, and the second finds nothing to do", async () => {
  const place = join(runner.installation.dataDirectory, "example-target");
  await rm(place, { recursive: true, force: true });
  const request = { jobId: "example-data-target", isDryRun: false };

  const started = await Promise.all([runner.start(request), runner.start(request)]);
  const ended = await Promise.all(started.map(({ jobResultId }) => runner.ended(jobResultId)));

  expect(ended.map(({ status }) => status).sort()).toEqual(["applied", "in-agreement"]);
});

it("a plan for files is refused whole once a person has changed one of its objects", async () => {
  const place = join(runner.installation.dataDirectory, "example-target");
  await rm(place, { recursive: true, force: true });
  await runner.run({ jobId: "example-data-target", isDryRun: false });
  await runner.query("update tenants set description = 'from the hub', version = version + 1");
  const dry = await runner.run({ jobId: "example-data-target" });
  const file = join(place, "tenants.yaml");
  const edited = (await readFile(file, "utf8")).replace(
    "- name: Acme\n",
    "- name: Acme\n  description: by hand\n",
  );
  await writeFile(file, edited);

  const { jobResultId } = await runner.startApply(dry.syncId);
  const run = await runner.ended(jobResultId);

  expect(run).toMatchObject({ status: "stale", counts: { updated: 0 } });
  expect(await readFile(file, "utf8")).toBe(edited);
});

it("a run reads a folder connection's relative path from the configuration's folder", async () => {
  await runner.installation.write("estate/tenants.yaml", "- name: Hooli\n");

  const run = await runner.run({ jobId: "folder-estate-source" });

  expect(run).toMatchObject({ status: "planned", counts: { create: 1 } });
});
