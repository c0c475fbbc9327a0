// The example of a projection as a job file of an installation: run against the hub, both ways.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestRunner, type TestRunner } from "../packages/server/test/support/runner.ts";

const example = join(import.meta.dirname, "../examples/03-projection/jobs.ts");

interface Row {
  id: number;
  code: string;
  name: string;
  remark: string | null;
}

let runner: TestRunner;
beforeAll(async () => {
  runner = await createTestRunner({
    "jobs/jobs.ts": await readFile(example, "utf8"),
    "buildings.json": "[]",
  });
  await runner.work();
  await runner.query(
    "insert into statuses (name, content_types) values ('Active', '{dcim.location}')",
  );
  await runner.query("insert into location_types (name) values ('Site')");
});
afterAll(() => runner.close());

const pathOf = (name: string): string => join(runner.installation.folder, name);

async function run(jobId: string, file: string): Promise<object> {
  const variables = { file: pathOf(file) };
  const ended = await runner.run({ jobId, variables, isDryRun: false, asksDeletes: true });
  const { create, update, delete: deleted } = ended.counts;
  return { status: ended.status, create, update, delete: deleted };
}

async function fillHubFrom(rows: readonly Row[]): Promise<object> {
  await writeFile(pathOf("buildings.json"), JSON.stringify(rows));
  return run("buildings", "buildings.json");
}

async function list(): Promise<(string | null)[][]> {
  const rows = JSON.parse(await readFile(pathOf("list.json"), "utf8")) as Row[];
  return rows.map(({ code, name, remark }) => [code, name, remark]).sort();
}

const applied = { status: "applied", create: 0, update: 0, delete: 0 };
const one = { id: 1, code: "B1", name: "Berlin", remark: "head office" };
const two = { id: 2, code: "B2", name: "Bonn", remark: null };
const three = { id: 3, code: "B3", name: "Bremen", remark: null };

it("the example creates, updates, renames and deletes by its own key, into the hub and out of it", async () => {
  expect(await fillHubFrom([one, two, three])).toEqual({ ...applied, create: 3 });
  expect(await fillHubFrom([one, two, three])).toMatchObject({ create: 0, update: 0, delete: 0 });

  // The department's number tells that B2 is now B9; its name stays.
  const renamed = { ...two, code: "B9" };
  const better = { ...one, name: "Berlin Mitte" };
  expect(await fillHubFrom([better, renamed])).toEqual({ ...applied, update: 2, delete: 1 });
  expect(await fillHubFrom([better, renamed])).toMatchObject({ create: 0, update: 0, delete: 0 });
  const sites = await runner.query(
    "select facility, name from locations where location_type_id is not null order by facility",
  );
  expect(sites).toEqual([
    { facility: "B1", name: "Berlin Mitte" },
    { facility: "B9", name: "Bonn" },
  ]);

  // As the hub has it, whatever the list had: B7 is nowhere, B9 is new.
  await writeFile(pathOf("list.json"), JSON.stringify([one, { ...two, code: "B7" }]));
  const toList = () => run("buildings-list", "list.json");
  expect(await toList()).toEqual({ ...applied, create: 1, update: 1, delete: 1 });
  await fillHubFrom([better, { ...two, code: "B10" }]);
  expect(await toList()).toEqual({ ...applied, update: 1 });
  expect(await list()).toEqual([
    ["B1", "Berlin Mitte", "head office"],
    ["B10", "Bonn", null],
  ]);
  expect(await toList()).toMatchObject({ create: 0, update: 0, delete: 0 });

  const objects = await runner.query<{ model: string }>(
    "select distinct model from object_change where job_result_id is not null",
  );
  expect(objects).toEqual([{ model: "location" }]);
});

it("a dry run of it can be applied later, and is refused when the hub moved on", async () => {
  const [berlin] = await runner.query<{ name: string }>(
    "select name from locations where facility = 'B1'",
  );
  await writeFile(
    pathOf("buildings.json"),
    JSON.stringify([
      { ...one, name: `${berlin?.name ?? ""}!` },
      { ...two, code: "B9" },
    ]),
  );
  const variables = { file: pathOf("buildings.json") };
  const plan = () => runner.run({ jobId: "buildings", variables, isDryRun: true });
  const dry = await plan();
  const other = await plan();

  const { jobResultId } = await runner.startApply(dry.syncId);
  expect(await runner.ended(jobResultId)).toMatchObject({ status: "applied" });
  const late = await runner.startApply(other.syncId);
  expect(await runner.ended(late.jobResultId)).toMatchObject({ status: "stale" });
});
