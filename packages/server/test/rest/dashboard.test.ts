import { afterAll, beforeAll, expect, test } from "vitest";
import type { Dashboard, JobDetail } from "../../src/syncs/queries/dashboard.ts";
import type { Direction } from "@plumbline/plugin-kit";
import { createTestApp } from "./app.ts";
import type { TestApp } from "./app.ts";
import { seedOutcomes, seedPlan, seedSync } from "./seed.ts";

let server: TestApp;

const job = (id: string, direction: Direction = "source") => ({
  ...{ id, direction, title: `Sites of ${id}`, description: "Sites.", system: "Sites" },
  ...{ sourceName: "Sites", targetName: "Hub", models: ["location"], isExample: false },
  ...{ dryRunDefault: true, deletesDefault: false, deleteRules: [] },
  ...{ variables: [], mappings: [], configuration: [], plugin: "jobs", targetLock: "hub" },
  ...{ scope: [], ignored: [], links: {}, connection: id },
});

beforeAll(async () => {
  server = await createTestApp();
  await server.database.pool.query("insert into job_manifest (manifest) values ($1)", [
    JSON.stringify({
      jobs: [
        ...["agrees", "differs", "fails", "new", "partly", "runs", "cancelled", "given-up"].map(
          (id) => job(id),
        ),
        job("pushes", "target"),
        job("looks", "comparison"),
      ],
      models: [],
      errors: [{ file: "/etc/plumbline/jobs/broken.ts", line: 3, message: "Unexpected token" }],
    }),
  ]);
  const { pool } = server.database;
  for (let run = 0; run < 12; run += 1) {
    const sync = await seedSync(pool, { jobId: "agrees", status: "applied", isDryRun: false });
    await seedPlan(pool, sync.syncId, 1);
    await seedOutcomes(pool, sync, "applied");
  }
  const differs = await seedSync(pool, { jobId: "differs" });
  await seedPlan(pool, differs.syncId, 1);
  await seedSync(pool, { jobId: "fails", status: "failed", reason: "Token refused; renew it." });
  const partly = await seedSync(pool, { jobId: "partly", status: "partial", isDryRun: false });
  await seedPlan(pool, partly.syncId, 1);
  await seedOutcomes(pool, partly, "failed", "position = 1");
  await seedOutcomes(pool, partly, "skipped", "position > 9");
  await seedSync(pool, { jobId: "runs", status: "in-agreement" });
  await seedSync(pool, { jobId: "runs", status: "running" });
  await seedSync(pool, { jobId: "given-up", status: "cancelled" });
  await seedSync(pool, { jobId: "cancelled", status: "in-agreement" });
  await seedSync(pool, { jobId: "cancelled", status: "cancelled" });
});

afterAll(async () => {
  await server.close();
});

test("says how each source, target and comparison stands, and sums it up", async () => {
  const dashboard = await server.read<Dashboard>("/api/ssot/dashboard");
  expect(dashboard.sources.map(({ id, state }) => [id, state.kind, state.text])).toEqual([
    ["agrees", "agree", "in agreement"],
    ["differs", "differ", "11 differences"],
    ["fails", "failing", "failed: Token refused; renew it."],
    ["new", "never-run", "never run"],
    ["partly", "failing", "1 change failed, 2 not written"],
    ["runs", "running", "running"],
    ["cancelled", "agree", "in agreement"],
    ["given-up", "never-run", "never finished"],
  ]);
  expect(dashboard.targets.map(({ id }) => id)).toEqual(["pushes"]);
  expect(dashboard.comparisons.map(({ id }) => id)).toEqual(["looks"]);
  expect(dashboard.summary).toEqual({ agree: 3, differ: 1, failing: 2, neverRun: 4 });
  expect(dashboard.loadErrors).toMatchObject([{ line: 3, message: "Unexpected token" }]);
});

test("shows the last ten runs of a job, newest last, and the ten newest syncs of all", async () => {
  const { sources, recentSyncs } = await server.read<Dashboard>("/api/ssot/dashboard");
  const [agrees] = sources;
  expect(agrees?.total).toBe(12);
  expect(agrees?.lastRuns).toHaveLength(10);
  expect(agrees?.lastRuns.every(({ changes }) => changes === 11)).toBe(true);
  const times = agrees?.lastRuns.map(({ createdAt }) => createdAt) ?? [];
  expect(times).toEqual(times.toSorted());
  expect(recentSyncs).toHaveLength(10);
  expect(recentSyncs[0]?.jobId).toBe("cancelled");
});

test("a job's page has its declaration and what it was last started with", async () => {
  const detail = await server.read<JobDetail>("/api/ssot/jobs/differs");
  expect(detail).toMatchObject({
    id: "differs",
    state: { kind: "differ" },
    lastInput: { isDryRun: true, asksDeletes: false, variables: {} },
  });
  expect(detail).not.toHaveProperty("targetLock");
  const syncs = await server.read<{ total: number }>("/api/ssot/jobs/agrees/syncs?limit=5");
  expect(syncs.total).toBe(12);
  expect((await server.request("/api/ssot/jobs/nothing")).status).toBe(404);
});
