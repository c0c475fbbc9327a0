import { hubModels } from "@plumbline/models";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createInventory } from "../../src/inventory/inventory.ts";
import { idsByKey } from "../../src/inventory/key-lookup.ts";
import { listRecords } from "../../src/inventory/queries.ts";
import { findCoveringPrefixes } from "../../src/inventory/rules/covering-prefix.ts";
import type { Table } from "../../src/inventory/table.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { plansOf } from "../support/plans.ts";

const inventory = createInventory();
let database: TestDatabase;

/** What their parents hold, and no two alike. */
const handFilled: readonly string[] = ["prefixes", "ip_addresses"];

/** 2,000 records with what each must have: texts and numbers count up, references go round. */
function fill({ name, columns }: Table): string {
  const given = columns.filter(
    ({ field, target, isKey }) =>
      !field.isDerived &&
      (!field.isNullable || (isKey && target === null)) &&
      (field.facts.default === undefined || target !== null),
  );
  const sources = ["generate_series(1, 2000) i"];
  const values = given.map(({ target, type, field }) => {
    if (target !== null) {
      const source = `r${sources.length}`;
      const ids = `select id from ${inventory.table(target).name} order by id limit 2000`;
      sources.push(`(select array(${ids}) as ids) ${source}`);
      return `${source}.ids[i]`;
    }
    if (field.facts.choices) return `'${field.facts.choices[0]!}'`;
    return type === "integer" ? "i" : `'${name} ' || i`;
  });
  return `insert into ${name} (${given.map(({ column }) => column).join(", ")})
    select ${values.join(", ")} from ${sources.join(", ")}`;
}

beforeAll(async () => {
  database = await createTestDatabase();
  for (const table of inventory.tables) {
    if (!handFilled.includes(table.name)) await database.pool.query(fill(table));
    if (table.name !== "namespaces") continue;
    await database.pool.query(`
    insert into prefixes (namespace_id, prefix, status_id, ip_version)
      select n.id, set_masklen('10.0.0.0'::inet + i * 256, 24)::cidr, (select id from statuses limit 1), 4
        from (select id from namespaces order by name limit 20) n, generate_series(0, 999) i;
    insert into ip_addresses (namespace_id, host, mask_length, status_id, parent_id, ip_version)
      select p.namespace_id, host(p.prefix)::inet + i, 24, p.status_id, p.id, 4
        from prefixes p cross join generate_series(1, 1) i;
`);
  }
  await database.pool.query("analyze");
});
afterAll(() => database.drop());

it.each(hubModels.map(({ model }) => [model.pluralLabel, model]))(
  "%s come in their own order from an index",
  async (_label, { name, plural }) => {
    const plans = await plansOf(database.pool, () =>
      listRecords(database, inventory, name, { limit: 50 }),
    );
    const list = plans.find((plan) => plan.includes("Limit"));
    expect(list).toMatch(new RegExp(`Index (Only )?Scan using ${plural}_\\w+ on ${plural}`));
    expect(list).not.toMatch(new RegExp(`Seq Scan on ${plural}\\b`));
  },
);

it.each([
  ["interface", "", "interfaces_sort"],
  ["interface", "name", "interfaces_name_order"],
  ["interface", "-name", "interfaces_name_order"],
  ["interface_template", "", "interface_templates_sort"],
  ["rack", "", "racks_sort"],
  ["rack", "-name", "racks_name_order"],
  ["location", "", "locations_sort"],
  ["device", "", "devices_sort"],
  ["device", "name", "devices_sort"],
])("pages of %s in natural order, sorted by %j, are read from %s", async (name, sort, index) => {
  const plans = await plansOf(database.pool, () =>
    listRecords(database, inventory, name, { limit: 50, offset: 100, sort }),
  );
  const list = plans.find((plan) => plan.includes("Limit"));
  expect(list).toMatch(new RegExp(`Index Only Scan( Backward)? using ${index} on`));
  expect(list?.slice(list.indexOf("WindowAgg"))).not.toMatch("Sort");
});

it("interfaces go along their devices in natural order, and each device's own, by an index", async () => {
  for (const sort of ["device", "-device"]) {
    const plans = await plansOf(database.pool, () =>
      listRecords(database, inventory, "interface", { limit: 50, offset: 100, sort }),
    );
    const list = plans.find((plan) => plan.includes("Limit"));
    // From the end those without a name come last too, as no index has them: devices are sorted.
    if (sort === "device") expect(list).toMatch("Index Only Scan using devices_sort on devices");
    expect(list).toMatch(/Index Only Scan( Backward)? using interfaces_sort on interfaces/);
    expect(list).not.toMatch("Seq Scan on interfaces t");
  }
});

it("records are found by their keys through an index", async () => {
  const keys = {
    ip_address: '[["namespaces 1"],"10.0.0.1"]',
    prefix: '[["namespaces 1"],"10.0.0.0/24"]',
  };
  for (const [model, key] of Object.entries(keys)) {
    const plans = await plansOf(database.pool, () =>
      idsByKey(database.pool, inventory, model, [key]),
    );
    const plan = plans.join("\n");
    expect(plan).toMatch(`Index Scan using ${inventory.table(model).name}_`);
    expect(plan).not.toMatch(`Seq Scan on ${inventory.table(model).name} t`);
  }
});

it("the prefix of an address is found through an index", async () => {
  const { rows } = await database.pool.query<{ id: string }>(
    "select namespace_id as id from prefixes limit 1",
  );
  const plans = await plansOf(database.pool, () =>
    findCoveringPrefixes(database.pool, [{ namespaceId: rows[0]?.id, host: "10.0.7.9" }]),
  );
  const plan = plans.join("\n");
  expect(plan).toMatch(/Index Scan( Backward)? using prefixes_key/);
  expect(plan).not.toMatch("Seq Scan on prefixes");
});
