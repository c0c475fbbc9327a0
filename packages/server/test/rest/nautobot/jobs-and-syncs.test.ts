import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunCommands } from "../../../src/rest/app-options.ts";
import { createTestApp, json, type TestApp } from "../app.ts";
import { seedHolds, seedOutcomes, seedPlan, seedSync, seedWorker } from "../seed.ts";
import type { Body } from "./examples.ts";

type Page = { count: number; results: Body[] };

const started: unknown[] = [];
let server: TestApp;
let jobResultId = "";

const job = {
  ...{ id: "sites", title: "Sync Sites", description: "Sites.", system: "Sites", plugin: "jobs" },
  ...{ direction: "source", sourceName: "Sites", targetName: "Hub", models: ["location"] },
  ...{ dryRunDefault: true, deletesDefault: false, isExample: false, targetLock: "hub" },
  ...{ deleteRules: [], mappings: [], configuration: [] },
  variables: [
    {
      ...{ name: "site", kind: "text", label: "Site", description: "", isRequired: true },
      ...{ default: null, choices: [] },
    },
  ],
};

beforeAll(async () => {
  server = await createTestApp({
    commands: (): RunCommands => ({
      startSync: (request) => {
        started.push({ ...request, user: request.user.name });
        return Promise.resolve({ jobResultId, syncId: "" });
      },
      carryOut: () => Promise.reject(new Error("not here")),
      cancelRun: () => Promise.reject(new Error("not here")),
    }),
  });
  const { pool } = server.database;
  const manifest = JSON.stringify({ jobs: [job], models: [], errors: [] });
  await pool.query("insert into job_manifest (manifest) values ($1)", [manifest]);
  const sync = await seedSync(pool, { status: "partial", isDryRun: false });
  jobResultId = sync.jobResultId;
  await seedPlan(pool, sync.syncId, 1);
  await seedHolds(pool, sync.syncId, "deletes-not-asked", "position = 2");
  await seedOutcomes(pool, sync, "applied", "position = 1");
  await seedOutcomes(pool, sync, "failed", "position = 3");
  for (const [position, status] of ["skipped", "stale", "cancelled"].entries()) {
    await seedOutcomes(pool, sync, status, `position = ${6 + position}`);
  }
  await seedHolds(pool, sync.syncId, "ceiling", "position in (4, 5)");
  await pool.query(
    `insert into sync_decision (sync_id, position, verdict, reason, user_name)
     values ($1, 4, 'reject', 'Not ours.', 'ada'), ($1, 5, 'release', 'It is meant.', 'ada'),
            ($1, 9, 'reject', 'Not ours.', 'ada'), ($1, 9, 'accept', 'Ours after all.', 'ada'),
            ($1, 10, 'reject', 'Not ours.', null)`,
    [sync.syncId],
  );
  await pool.query(
    "insert into job_log (job_result_id, level, message) values ($1, 'warning', 'Careful.')",
    [jobResultId],
  );
});

afterAll(async () => {
  await server.close();
});

test("a job is found by id and by name, with its variables", async () => {
  const { results } = await server.read<Page>("/api/extras/jobs/?name=Sync Sites");
  expect(results).toMatchObject([{ name: "Sync Sites", job_class_name: "sites", enabled: true }]);
  const byName = await server.read<Body>("/api/extras/jobs/Sync%20Sites/");
  expect(byName).toEqual(results[0]);
  expect(await server.read("/api/extras/jobs/sites/variables/")).toEqual([
    { name: "site", type: "StringVar", label: "Site", required: true },
    expect.objectContaining({ name: "dryrun", type: "DryRunVar", default: true }),
    expect.objectContaining({ name: "asks_deletes", default: false }),
  ]);
});

test("a run is refused while no worker could take it, and started with the data given", async () => {
  const early = await server.request("/api/extras/jobs/sites/run/", json({}));
  expect([early.status, await early.text()]).toEqual([
    503,
    expect.stringContaining("plumbline worker"),
  ]);
  await seedWorker(server.database.pool);
  const body = { data: { site: "Berlin", dryrun: false }, job_name: "Sync Sites" };
  const answer = await server.request("/api/extras/jobs/Sync%20Sites/run/", json(body));
  expect(answer.status).toBe(201);
  expect(await answer.json()).toMatchObject({
    scheduled_job: null,
    job_result: {
      ...{ id: jobResultId, status: { value: "FAILURE", label: "FAILURE" } },
      ...{ job_model: { object_type: "extras.job" }, warning_log_count: 1 },
    },
  });
  expect(started).toEqual([
    {
      ...{ jobId: "sites", isDryRun: false, asksDeletes: undefined },
      ...{ variables: { site: "Berlin" }, user: "ada" },
    },
  ]);
  const missing = await server.request("/api/extras/jobs/nothing/run/", json({}));
  expect(missing.status).toBe(404);
  const wrong = await server.request(
    "/api/extras/jobs/sites/run/",
    json({ data: { dryrun: "so" } }),
  );
  expect([wrong.status, await wrong.json()]).toEqual([
    400,
    { errors: { dryrun: ["Must be a valid boolean."] } },
  ]);
});

test("runs, their lines, syncs and what became of objects are listed", async () => {
  const results = await server.read<Page>("/api/extras/job-results/?status=FAILURE&depth=1");
  expect(results.results).toMatchObject([{ id: jobResultId, job_model: { name: "Sync Sites" } }]);
  const logs = await server.read<Body[]>(`/api/extras/job-results/${jobResultId}/logs/`);
  expect(logs).toMatchObject([{ log_level: "warning", message: "Careful." }]);
  const history = await server.read<Page>("/api/plugins/ssot/history/?dry_run=false");
  expect(history.results).toMatchObject([
    {
      ...{ source: "Sites", target: "Hub", job_result: { id: jobResultId } },
      summary: { create: 11, update: 0, delete: 0 },
    },
  ]);
  const failed = await server.read<Page>("/api/plugins/ssot/logs/?status=error");
  expect(failed.results).toMatchObject([{ position: 3, synced_object_type: "ipam.ipaddress" }]);
  expect((await server.request("/api/extras/job-results/", json({}))).status).toBe(405);
});

test("what was not written is a failure that says why, what is only planned is none", async () => {
  const { results } = await server.read<Page>("/api/plugins/ssot/logs/?sort=position");
  const told = results.map(({ position, status, message }) => {
    const { value = status } = status as { value?: unknown };
    return [position, value, message];
  });
  expect(told).toEqual([
    [1, "success", ""],
    [2, "failure", "Held: Deletes were not asked for; run again with them."],
    [3, "error", "No prefix contains it; create one first."],
    [4, "failure", "Rejected by ada"],
    [5, "success", ""],
    [6, "failure", "Not tried: something it needs failed"],
    [7, "failure", "Not written: the object is no longer as planned"],
    [8, "failure", "Not tried: the run ended before"],
    [9, "success", ""],
    [10, "failure", "Rejected by somebody"],
    [11, "success", ""],
  ]);
  const failures = await server.read<Page>("/api/plugins/ssot/logs/?status=failure");
  expect(failures.count).toBe(6);
});

test("what became of objects is searched by why it was not written, and by the values that differ", async () => {
  const find = async (q: string) => {
    const path = `/api/plugins/ssot/logs/?q=${encodeURIComponent(q)}`;
    return (await server.read<Page>(path)).results.map(({ position }) => position);
  };
  expect(await find("run again with")).toEqual([2]);
  expect(await find("REJECTED by")).toEqual([4, 10]);
  expect(await find("a prefix")).toEqual([1]);
  expect(await find("mask_length")).toHaveLength(10);
  expect(await find("no such text")).toEqual([]);
});
