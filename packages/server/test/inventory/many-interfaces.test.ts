import { afterAll, beforeAll, expect, it } from "vitest";
import type pg from "pg";
import { findAnywhere } from "../../src/inventory/find-anywhere.ts";
import { createInventory } from "../../src/inventory/inventory.ts";
import { filtersOf } from "../../src/inventory/lists/filters.ts";
import { collectLists } from "../../src/inventory/lists/list.ts";
import { listRecords } from "../../src/inventory/queries.ts";
import { hubResources } from "../../src/rest/nautobot/hub-resources.ts";
import { readListRequest } from "../../src/rest/nautobot/list-request.ts";
import { readPage } from "../../src/rest/nautobot/read-objects.ts";
import { recordResources } from "../../src/rest/nautobot/record-resources.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { plansOf } from "../support/plans.ts";
import { interfaceRequests, searches, seedInterfaces } from "./many-interfaces.ts";

const inventory = createInventory();
const resources = collectLists([...hubResources(inventory), ...recordResources(inventory)]);
const interfaces = 20_000;
let database: TestDatabase;
let requests: Awaited<ReturnType<typeof interfaceRequests>>;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedInterfaces(database.pool, interfaces);
  requests = await interfaceRequests(database.pool, interfaces);
}, 120_000);
afterAll(() => database.drop());

function list(pool: pg.Pool, query: string) {
  const {
    q: search,
    sort,
    offset = "0",
    ...filter
  } = Object.fromEntries(new URLSearchParams(query));
  return listRecords({ pool }, inventory, "interface", {
    ...{ search, sort, filter, offset: Number(offset) },
  });
}

const scan = "Seq Scan on interfaces t";

// Up to a bound, what holds a text is counted in the rows as they stand, which ends early where most hold it.
const endsEarly = (name: string) => name === "search: what most have";

it("no page, filter or search of a long list reads the whole table", async () => {
  const scanning: string[] = [];
  for (const [name, query] of requests) {
    if (endsEarly(name)) continue;
    const plans = await plansOf(database.pool, () => list(database.pool, query));
    if (plans.some((plan) => plan.includes(scan))) scanning.push(name);
  }
  expect(scanning).toEqual([]);
});

it("none of the API that Nautobot's clients know does", async () => {
  const scanning: string[] = [];
  const resource = resources.get("interface");
  const filters = filtersOf(resources, resource, { descends: true });
  for (const [name, query] of requests) {
    // Its filters ask nothing of what a reference names.
    if (endsEarly(name) || query.includes("device__name")) continue;
    const request = readListRequest(new URLSearchParams(query), filters);
    const plans = await plansOf(database.pool, () =>
      readPage(database.pool, resources, resource, request),
    );
    if (plans.some((plan) => plan.includes(scan))) scanning.push(name);
  }
  expect(scanning).toEqual([]);
});

it("a search over everything does not either", async () => {
  for (const [name, text] of searches) {
    const plans = await plansOf(database.pool, () => findAnywhere(database, inventory, text, 10));
    expect([name, plans.filter((plan) => plan.includes(scan))]).toEqual([name, []]);
  }
});

it("a page read from the end has what it has from the beginning", async () => {
  const { rows } = await database.pool.query<{ id: string }>(
    "select id from interfaces order by device_id, name_order, id offset 19985",
  );
  for (const [offset, length] of [
    [19_985, 15],
    [19_950, 50],
    [20_000, 0],
  ] as const) {
    const { items, total } = await list(database.pool, `offset=${offset}`);
    expect([items.length, total]).toEqual([length, interfaces]);
    if (length === 15) expect(items.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  }
});

it("a count that was kept is made anew once the hub has changed", async () => {
  const total = async () => (await list(database.pool, "q=ethernet")).total;
  const before = await total();
  expect(await total()).toBe(before);
  await database.pool.query(`
    with gone as (delete from interfaces where id in
                    (select id from interfaces where name = 'Ethernet2' limit 1) returning id)
    insert into object_change (model, object_id, action, label) select 'interface', id, 'delete', 'x' from gone`);
  expect(await total()).toBe(before - 1);
});

it("where names repeat, those that hold a text are counted name by name, and come to the same", async () => {
  const { rows } = await database.pool.query<{ few: number }>(
    "select n_distinct as few from pg_stats where tablename = 'interfaces' and attname = 'name'",
  );
  expect(rows[0]?.few).toBe(50);
  const holding = (columns: readonly string[], text: string) =>
    columns.map((column) => `${column} ilike '%${text}%'`).join(" or ");
  const cases: [query: string, condition: string][] = [
    ["name__ic=thernet", holding(["name"], "thernet")],
    ["name__nic=thernet", `not (${holding(["name"], "thernet")})`],
    ["name__ic=none", "false"],
    ["name__re=%5EEthernet[12]", "name ~ '^Ethernet[12]'"],
    ["type__ic=1000", holding(["type"], "1000")],
    // Few values, and none in most rows.
    ["duplex__ic=ul", holding(["duplex"], "ul")],
    ["duplex__nic=ul", "duplex is null or not duplex ilike '%ul%'"],
    ["q=ethernet", holding(["name", "label", "description"], "ethernet")],
    // In names, labels and descriptions of different rows.
    ["q=a", holding(["name", "label", "description"], "a")],
    ["q=Management", holding(["name", "label", "description"], "management")],
    ["name__ic=thernet&enabled=false", `${holding(["name"], "thernet")} and not enabled`],
  ];
  for (const [query, condition] of cases) {
    const counted = await database.pool.query<{ count: number }>(
      `select count(*)::integer as count from interfaces where ${condition}`,
    );
    expect([query, (await list(database.pool, query)).total]).toEqual([
      query,
      counted.rows[0]?.count,
    ]);
  }
  const plans = await plansOf(database.pool, () => list(database.pool, "q=ethernet"));
  expect(plans.filter((plan) => plan.includes("Group Key: t.name"))).toHaveLength(1);
});
