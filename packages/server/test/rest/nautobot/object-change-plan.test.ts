import { afterAll, beforeAll, expect, it } from "vitest";
import { createInventory, type Queryable } from "../../../src/inventory/inventory.ts";
import { hubResources } from "../../../src/rest/nautobot/hub-resources.ts";
import { readObjects } from "../../../src/rest/nautobot/read-objects.ts";
import { recordResources } from "../../../src/rest/nautobot/record-resources.ts";
import { collectResources } from "../../../src/rest/nautobot/resource.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`
    insert into object_change (model, object_id, action, label, after)
    select 'tag', gen_random_uuid(), 'create', 'tag ' || i, '{}' from generate_series(1, 5000) i`);
  await database.pool.query("analyze object_change");
});
afterAll(() => database.drop());

it("one change among many is found through an index", async () => {
  const resources = collectResources([...hubResources(createInventory()), ...recordResources()]);
  const plans: string[] = [];
  const client = {
    async query(text: string, values?: unknown[]) {
      const { rows } = await database.pool.query<{ "QUERY PLAN": string }>(
        `explain ${text}`,
        values,
      );
      plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
      return database.pool.query(text, values);
    },
  } as unknown as Queryable;

  const id = "00000000-0000-4000-8000-0000000003e8";
  const found = await readObjects(client, resources, resources.get("object_change"), [id]);

  expect(found.map((change) => change.id)).toEqual([id]);
  expect(plans.join("\n")).toMatch("object_change_uuid");
  expect(plans.join("\n")).not.toMatch("Seq Scan on object_change");
});
