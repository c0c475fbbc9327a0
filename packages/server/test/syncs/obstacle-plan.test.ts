import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findObstacles } from "../../src/syncs/obstacle.ts";
import { seedHolds, seedOutcomes, seedPlan, seedSync, type SeededSync } from "../rest/seed.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
/** Applied in part, and among the last. */
let sync: SeededSync;

beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  for (let count = 0; count < 60; count += 1) {
    sync = await seedSync(pool, { status: "partial", isDryRun: true });
    await seedPlan(pool, sync.syncId, 100);
    await seedHolds(pool, sync.syncId, "needs-held", "position % 100 = 7");
    await seedOutcomes(pool, sync, "cancelled", "position <= 20");
    await seedOutcomes(pool, sync, "failed", "position % 50 = 3");
    await seedOutcomes(pool, sync, "applied", "position % 50 <> 3 and position % 100 <> 7");
  }
  await pool.query("analyze");
});
afterAll(() => database.drop());

/** The plans of the statements that ask how a sync stands. */
async function plansOf(syncId: string): Promise<string> {
  const plans: string[] = [];
  const query = async (text: string, values?: unknown[]) => {
    const { rows } = await database.pool.query<{ "QUERY PLAN": string }>(`explain ${text}`, values);
    plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
    return database.pool.query(text, values);
  };
  const obstacles = await findObstacles({ query } as unknown as pg.Pool, syncId);
  expect(obstacles.apply?.reason).toMatch("was already applied by ada");
  expect(obstacles.retry).toBeNull();
  return plans.join("\n\n");
}

it("how a sync stands among many old ones is found through indexes, its first attempt and its outcomes included", async () => {
  const plans = await plansOf(sync.syncId);
  expect(plans).toMatch("sync_outcome_change");
  // By its primary key, or as the table comes, outcomes of all older syncs would be passed by first.
  expect(plans).not.toMatch("sync_outcome_pkey");
  expect(plans).not.toMatch(/Seq Scan on sync_(outcome|change|decision)/);
});
