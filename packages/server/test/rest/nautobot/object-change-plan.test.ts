import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createInventory, type Queryable } from "../../../src/inventory/inventory.ts";
import { hubResources } from "../../../src/rest/nautobot/hub-resources.ts";
import { filtersOf } from "../../../src/inventory/lists/filters.ts";
import { readListRequest } from "../../../src/rest/nautobot/list-request.ts";
import { readObjects, readPage } from "../../../src/rest/nautobot/read-objects.ts";
import { recordResources } from "../../../src/rest/nautobot/record-resources.ts";
import { collectLists } from "../../../src/inventory/lists/list.ts";
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

/** The plans of the statements that `read` makes, beside what they give. */
async function plansOf(read: (client: Queryable) => Promise<unknown>): Promise<string> {
  const plans: string[] = [];
  const query = async (text: string, values?: unknown[]) => {
    const { rows } = await database.pool.query<{ "QUERY PLAN": string }>(`explain ${text}`, values);
    plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
    return database.pool.query(text, values);
  };
  await read({ query } as unknown as Queryable);
  return plans.join("\n");
}

const inventory = createInventory();
const resources = collectLists([...hubResources(inventory), ...recordResources(inventory)]);

it("one change among many is found through an index", async () => {
  const id = "00000000-0000-4000-8000-0000000003e8";
  const plans = await plansOf(async (client) => {
    const found = await readObjects(client, resources, resources.get("object_change"), [id]);
    expect(found.map((change) => change.id)).toEqual([id]);
  });
  expect(plans).toMatch("object_change_uuid");
  expect(plans).not.toMatch("Seq Scan on object_change");
});

it("the changes of one object are found through an index", async () => {
  const { rows } = await database.pool.query<{ id: string }>(
    "select object_id as id from object_change where label = 'tag 1000'",
  );
  const id = rows[0]?.id ?? "";
  const resource = resources.get("object_change");
  const query = new URLSearchParams({ changed_object_id: id });
  const request = readListRequest(query, filtersOf(resources, resource, { descends: true }));
  const plans = await plansOf(async (client) => {
    const { count } = await readPage(client as pg.Pool, resources, resource, request);
    expect(count).toBe(1);
  });
  expect(plans).toMatch("object_change_object");
  expect(plans).not.toMatch("Seq Scan on object_change");
});
