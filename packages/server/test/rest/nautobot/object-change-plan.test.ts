import { afterAll, beforeAll, expect, it } from "vitest";
import { createInventory } from "../../../src/inventory/inventory.ts";
import { hubResources } from "../../../src/rest/nautobot/hub-resources.ts";
import { filtersOf } from "../../../src/inventory/lists/filters.ts";
import { readListRequest } from "../../../src/rest/nautobot/list-request.ts";
import { readObjects, readPage } from "../../../src/rest/nautobot/read-objects.ts";
import { recordResources } from "../../../src/rest/nautobot/record-resources.ts";
import { collectLists } from "../../../src/inventory/lists/list.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database.ts";
import { plansOf } from "../../support/plans.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`
    insert into object_change (model, object_id, action, label, after)
    select 'tag', gen_random_uuid(), 'create', 'tag ' || i, '{}' from generate_series(1, 5000) i`);
  await database.pool.query("analyze object_change");
});
afterAll(() => database.drop());

const inventory = createInventory();
const resources = collectLists([...hubResources(inventory), ...recordResources(inventory)]);

it("one change among many is found through an index", async () => {
  const id = "00000000-0000-4000-8000-0000000003e8";
  const plans = await plansOf(database.pool, async () => {
    const found = await readObjects(database.pool, resources, resources.get("object_change"), [id]);
    expect(found.map((change) => change.id)).toEqual([id]);
  });
  expect(plans.join("\n")).toMatch("object_change_uuid");
  expect(plans.join("\n")).not.toMatch("Seq Scan on object_change");
});

it("the changes of one object are found through an index", async () => {
  const { rows } = await database.pool.query<{ id: string }>(
    "select object_id as id from object_change where label = 'tag 1000'",
  );
  const id = rows[0]?.id ?? "";
  const resource = resources.get("object_change");
  const query = new URLSearchParams({ changed_object_id: id });
  const request = readListRequest(query, filtersOf(resources, resource, { descends: true }));
  const plans = await plansOf(database.pool, async () => {
    const { count } = await readPage(database.pool, resources, resource, request);
    expect(count).toBe(1);
  });
  expect(plans.join("\n")).toMatch("object_change_object");
  expect(plans.join("\n")).not.toMatch("Seq Scan on object_change");
});
