import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { describeNativeCases } from "../../../sync/conformance/describe-native-cases.ts";
import { createStagingStore } from "../../src/staging/staging-store.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

await describeNativeCases(
  "in PostgreSQL",
  async (schema) => {
    const store = await createStagingStore({ pool: database.pool, schema, runId: randomUUID() });
    return { store, close: () => store.close() };
  },
  join(import.meta.dirname, "../../../sync/conformance/cases"),
);
