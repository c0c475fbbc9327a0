import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../support/database.ts";
import type { TestDatabase } from "../support/database.ts";
import { schemaSource } from "../support/schema-source.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
});

test("the table types are those of the migrated database", async () => {
  await expect(await schemaSource(database.pool)).toMatchFileSnapshot(
    "../../src/database/schema.ts",
  );
});
