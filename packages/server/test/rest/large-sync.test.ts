import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApp } from "./app.ts";
import type { TestApp } from "./app.ts";
import { largeSyncPages } from "./large-sync-pages.ts";
import { seedHolds, seedOutcomes, seedPlan, seedSync } from "./seed.ts";
import type { SeededSync } from "./seed.ts";

const prefixes = 10_000;
const changes = prefixes * 11;

let server: TestApp;
let sync: SeededSync;

beforeAll(async () => {
  server = await createTestApp();
  const { pool } = server.database;
  sync = await seedSync(pool, { status: "partial", isDryRun: false });
  await seedPlan(pool, sync.syncId, prefixes);
  await seedHolds(pool, sync.syncId, "needs-held", "position % 1000 = 7");
  await seedOutcomes(pool, sync, "failed", "position % 5000 = 3");
  await seedOutcomes(pool, sync, "applied", "position % 5000 <> 3 and position % 1000 <> 7");
});

afterAll(async () => {
  await server.close();
});

const parent = `parentModel=prefix&parentKey=${encodeURIComponent('[["Global"],"10.0.1.0/24"]')}`;

test("every page of a sync with 110,000 changes is an answer of less than 200 kB", async () => {
  for (const [name, path] of largeSyncPages(sync.syncId)) {
    const response = await server.request(path);
    const body = await response.text();

    expect(response.status, `${name}: ${body.slice(0, 500)}`).toBe(200);
    expect(Buffer.byteLength(body), name).toBeLessThan(200_000);
  }
});

test("totals are exact: by counts where they are kept, by rows elsewhere", async () => {
  const total = async (query: string): Promise<number> =>
    (
      await server.read<{ total: number }>(
        `/api/ssot/syncs/${sync.syncId}/changes?limit=1&${query}`,
      )
    ).total;
  expect(await total("")).toBe(changes);
  expect(await total("outcome=failed")).toBe(22);
  expect(await total("outcome=held")).toBe(110);
  expect(await total("outcome=failed,held")).toBe(132);
  expect(await total("outcome=pending")).toBe(0);
  expect(await total("outcome=applied&q=10.3.7.")).toBe(await total("q=10.3.7."));
  expect(await total(parent)).toBe(10);
});

test("pages of changes and of the tree are found by index", async () => {
  const plans = [
    `select * from sync_change where sync_id = $1 order by position limit 50`,
    `select * from sync_change where sync_id = $1 and model = 'prefix' and key = '[["Global"],"10.0.1.0/24"]'`,
    `select * from sync_change where sync_id = $1 and parent_model = 'prefix' and parent_key = '[["Global"],"10.0.1.0/24"]' order by position`,
    `select position from sync_outcome where sync_id = $1 and status <> 'applied' and status = 'failed'`,
  ];
  for (const statement of plans) {
    const { rows } = await server.database.pool.query<{ "QUERY PLAN": string }>(
      `explain ${statement.replace("$1", `'${sync.syncId}'`)}`,
    );
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan).toMatch(/Index (Only )?Scan/);
    expect(plan).not.toMatch(/Seq Scan/);
  }
});
