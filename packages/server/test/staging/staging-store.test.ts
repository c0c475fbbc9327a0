import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSchema, defineModel, text } from "@plumbline/sync";
import { describeLaws, describeStore, type OpenStore } from "@plumbline/sync/testing";
import { dropLostStaging } from "../../src/staging/drop-staging.ts";
import { createRunStore } from "../../src/staging/run-store.ts";
import { createStagingStore } from "../../src/staging/staging-store.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
});

const given = process.env["PLUMBLINE_LAW_RUNS"];
const numRuns = given === undefined ? undefined : Number(given);

const openStaging: OpenStore = async (schema) => {
  const store = await createStagingStore({ pool: database.pool, schema, runId: randomUUID() });
  return { store, close: () => store.close() };
};

const openMoving: OpenStore = (schema) => {
  const limit = 3;
  const store = createRunStore({ pool: database.pool, schema, runId: randomUUID() }, limit);
  return Promise.resolve({ store, close: () => store.close() });
};

describeStore("in PostgreSQL", openStaging, { numRuns: numRuns ?? 20 });
describeLaws("in PostgreSQL", openStaging, { cases: 240, numRuns });

const moving = "in memory until it moves to PostgreSQL";
describeStore(moving, openMoving, { numRuns: numRuns ?? 20 });
describeLaws(moving, openMoving, { cases: 240, numRuns });

async function stagedTables(): Promise<number> {
  const { rows } = await database.pool.query<{ count: string }>(
    "select count(*)::text as count from pg_tables where schemaname = 'staging'",
  );
  return Number(rows[0]?.count);
}

describe("what a run stages", () => {
  const schema = createSchema([defineModel("site", { key: { name: text() }, fields: {} })]);

  it("is dropped when the store is closed", async () => {
    const runId = randomUUID();
    const store = await createStagingStore({ pool: database.pool, schema, runId });
    expect(await stagedTables()).toBe(2);
    await store.close();
    expect(await stagedTables()).toBe(0);
  });

  it("is dropped once its run is not under way", async () => {
    await createStagingStore({ pool: database.pool, schema, runId: randomUUID() });
    expect(await stagedTables()).toBe(2);
    await dropLostStaging(database.pool);
    expect(await stagedTables()).toBe(0);
  });
});
