import { afterAll, beforeAll, expect, it } from "vitest";
import { createQueue, type Queue } from "../../src/database/queue.ts";
import { carryOut } from "../../src/syncs/carry-out.ts";
import { startSync } from "../../src/syncs/start.ts";
import { quiet } from "../support/quiet-logger.ts";
import type { SyncLogRow } from "../../src/syncs/queries/sync-log-rows.ts";
import { createTestApp, json, type TestApp } from "./app.ts";
import { seedPlan, seedSync } from "./seed.ts";

let server: TestApp;
let queue: Queue;

beforeAll(async () => {
  server = await createTestApp({
    commands: (database) => {
      queue = createQueue(database, { logger: quiet });
      return {
        startSync: (request) => startSync({ database, queue }, request),
        carryOut: (request) => carryOut({ database, queue }, request),
        cancelRun: () => Promise.reject(new Error("nothing is cancelled here")),
      };
    },
  });
  await queue.start();
  const job = {
    ...{ id: "sites", title: "Sites", direction: "comparison", sourceName: "Sites" },
    ...{ targetName: "Register", targetLock: "job:sites", dryRunDefault: true },
    ...{ deletesDefault: true, variables: [], models: [] },
  };
  await server.database.pool.query("insert into job_manifest (manifest) values ($1)", [
    JSON.stringify({ models: [], errors: [], jobs: [job] }),
  ]);
});

afterAll(async () => {
  await queue.stop({ waitMs: 1000 });
  await server.close();
});

const send = async (path: string, body: object) => {
  const response = await server.request(`/api/ssot/${path}`, json(body));
  return [response.status, await response.text()];
};
const saying = (text: string): string => expect.stringContaining(text) as string;

it("a comparison is started as a dry run, whatever is said of deletes, and refused as anything else", async () => {
  expect(await send("jobs/sites/run", { isDryRun: false })).toEqual([
    400,
    saying("The job sites compares two systems and writes to neither."),
  ]);
  const [status] = await send("jobs/sites/run", { asksDeletes: false });

  expect(status).toBe(202);
  const { rows } = await server.database.pool.query<object>(
    "select direction, is_dry_run, asks_deletes from sync",
  );
  expect(rows).toEqual([{ direction: "comparison", is_dry_run: true, asks_deletes: true }]);
});

it("its record is neither applied nor decided on", async () => {
  const { syncId } = await seedSync(server.database.pool, { direction: "comparison" });
  await seedPlan(server.database.pool, syncId, 1);
  const refused = [409, saying("The job sites compares two systems and writes to neither.")];

  expect(
    await send(`syncs/${syncId}/apply`, { planDigest: "digest", decisionsRevision: 0 }),
  ).toEqual(refused);
  expect(await send(`syncs/${syncId}/undo`, {})).toEqual(refused);
  const ruling = { verdict: "reject", positions: [1] };
  expect(await send(`syncs/${syncId}/decisions`, ruling)).toEqual(refused);
});

it("the log over all syncs is narrowed by job and by direction, and says of a comparison where an object is", async () => {
  const { pool } = server.database;
  await pool.query("delete from sync");
  const compared = await seedSync(pool, { direction: "comparison" });
  await seedPlan(pool, compared.syncId, 1);
  const synced = await seedSync(pool, { jobId: "people" });
  await seedPlan(pool, synced.syncId, 2);
  const logs = async (query: string) => {
    const { items, total } = await server.read<{ items: SyncLogRow[]; total: number }>(
      `/api/ssot/logs?limit=100&${query}`,
    );
    return [total, items.length, [...new Set(items.map(({ message }) => message))]];
  };

  expect(await logs("jobId=sites")).toEqual([11, 11, ["Only in Sites"]]);
  expect(await logs("jobId=sites&model=prefix")).toEqual([1, 1, ["Only in Sites"]]);
  expect(await logs("direction=source")).toEqual([22, 22, ["To be created"]]);
  expect(await logs("direction=comparison&jobId=people")).toEqual([0, 0, []]);
  const csv = await server.request("/api/ssot/logs/export?format=csv&jobId=sites");
  expect((await csv.text()).trim().split("\r\n")).toHaveLength(12);
});
