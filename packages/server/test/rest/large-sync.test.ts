import { afterAll, beforeAll, expect, test } from "vitest";
import { tablesReadWhole } from "../support/plans.ts";
import { createTestApp } from "./app.ts";
import type { TestApp } from "./app.ts";
import { largeSyncPages, wideParentPages } from "./large-sync-pages.ts";
import { seedHolds, seedOutcomes, seedPlan, seedSync, seedWideParent } from "./seed.ts";
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
  // As a run leaves a large plan, and as it is after a while by itself.
  await pool.query("analyze");
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

/** What grows with every sync that is kept. */
const growing = ["sync_change", "sync_decision", "sync_outcome", "sync_finding", "job_log"];

test("no page of a sync reads what is kept of all of them", async () => {
  const found: Record<string, string[]> = {};
  for (const [name, path] of largeSyncPages(sync.syncId)) {
    // The log over all syncs counts up to ten thousand rows of each kind, whatever sync they are of. The log of this
    // one is found in the order of all, where nearly all there is is of this one.
    if (name.startsWith("the log")) continue;
    const whole = await tablesReadWhole(server.database.pool, () => server.request(path));
    const tables = whole.filter((table) => growing.includes(table));
    if (tables.length > 0) found[name] = tables;
  }
  expect(found).toEqual({});
});

test("below one parent with 50,000 changed children every page is small, and the last one is as good as the first", async () => {
  const { pool } = server.database;
  const { syncId } = await seedSync(pool, { status: "planned", isDryRun: true });
  await seedPlan(pool, syncId, 4_545);
  await seedWideParent(pool, syncId, 50_000);
  await pool.query("analyze sync_change");
  for (const [name, path] of wideParentPages(syncId)) {
    const response = await server.request(path);
    const body = await response.text();

    expect(response.status, `${name}: ${body.slice(0, 500)}`).toBe(200);
    expect(Buffer.byteLength(body), name).toBeLessThan(200_000);
  }
  const wide = `parentModel=prefix&parentKey=${encodeURIComponent('[["Global"],"11.0.0.0/8"]')}`;
  const base = `/api/ssot/syncs/${syncId}`;
  const end = await server.read<{ total: number; items: { label: string }[] }>(
    `${base}/changes?${wide}&limit=100&offset=49900`,
  );
  expect(end.total).toBe(50_000);
  expect(end.items).toHaveLength(100);
  expect(end.items.at(-1)?.label).toBe("11.0.195.80");
  const level = await server.read<{ total: number; nodes: unknown[] }>(
    `${base}/tree?${wide}&limit=200&offset=49800`,
  );
  expect(level.total).toBe(50_000);
  expect(level.nodes).toHaveLength(200);

  const { rows } = await pool.query<{ bytes: number }>(
    "select max(pg_column_size(c.*)) as bytes from sync_change c where sync_id = $1",
    [syncId],
  );
  expect(rows[0]?.bytes).toBeLessThan(1_000_000);
});
