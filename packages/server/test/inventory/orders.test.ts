import { afterAll, beforeAll, expect, it } from "vitest";
import { createInventory } from "../../src/inventory/inventory.ts";
import { listOrder } from "../../src/inventory/lists/list-order.ts";
import { both, pageText } from "../../src/inventory/lists/page-text.ts";
import { readRows } from "../../src/inventory/lists/select.ts";
import { listsOf } from "../../src/inventory/lists/table-list.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { plansOf } from "../support/plans.ts";
import { seedInterfaces } from "./many-interfaces.ts";

const lists = listsOf(createInventory());
const list = lists.get("interface");
const fields = list.fields.filter(({ join }) => join === null).map(({ name }) => name);
const orders = ["id", ...fields].flatMap((name) => [name, `-${name}`]);
const interfaces = 12_000;
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedInterfaces(database.pool, interfaces);
  // Some devices have no name, and some share one.
  await database.pool.query(`
    update devices set name = null where name in ('device-000000', 'device-000001');
    update devices set name = 'device-x' where name in ('device-000111', 'device-000112')`);
  await database.pool.query("vacuum analyze");
}, 120_000);
afterAll(() => database.drop());

async function ids(text: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>(text);
  return rows.map(({ id }) => id);
}

it.each(orders)("pages sorted by %s follow one another, wherever they begin", async (sort) => {
  for (const emptiesLast of [true, false]) {
    const order = { sort: [sort], emptiesLast };
    const { joins, orderBy } = listOrder(lists, list, order);
    const all = await ids(`select t.id from interfaces t ${joins} order by ${orderBy}`);
    for (const offset of [0, 48, 2_998, 6_100, 10_558, 11_998]) {
      const { rows, count } = await readRows(
        database.pool,
        lists,
        list,
        { search: "", filters: [], ...order },
        { limit: 7, offset },
        { columns: "t.id", isJson: false },
      );
      const page = rows.map(({ id }) => id);
      expect([offset, page, count]).toEqual([offset, all.slice(offset, offset + 7), interfaces]);
    }
  }
});

it.each(orders)("few rows or many, those sorted by %s come alike", async (sort) => {
  const reads: string[] = [];
  for (const emptiesLast of [true, false]) {
    for (const part of listOrder(lists, list, { sort: [sort], emptiesLast }).parts) {
      for (const where of ["", "where t.enabled"]) {
        for (const offset of [0, 700]) {
          for (const isFromEnd of [true, false]) {
            const text = (areFew: boolean) =>
              pageText(
                { list, part, where: both(where, part.condition), columns: "t.id", areFew },
                { limit: 5, offset, isFromEnd },
              );
            expect(await ids(text(false))).toEqual(await ids(text(true)));
            if (where === "") reads.push(text(false));
          }
        }
      }
    }
  }
  const plans = await plansOf(database.pool, () => Promise.all(reads.map(ids)));
  expect(plans.filter((plan) => plan.includes("Seq Scan on interfaces t"))).toEqual([]);
});
