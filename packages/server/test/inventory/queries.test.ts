import { setTimeout as sleep } from "node:timers/promises";
import { hubModels } from "@plumbline/models";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InvalidInputError, NotFoundError } from "@plumbline/sync";
import { createInventory } from "../../src/inventory/inventory.ts";
import type { ListOptions } from "../../src/inventory/list-options.ts";
import type { Bounds } from "../../src/inventory/lists/page-text.ts";
import { getRecord, listRecords } from "../../src/inventory/queries.ts";
import { streamValues } from "../../src/inventory/stream-values.ts";
import { recordName } from "../../src/inventory/record-name.ts";
import { creates, openHub, smallEstate, type TestHub } from "./hub-support.ts";

let hub: TestHub;
const inventory = createInventory();

beforeAll(async () => {
  hub = await openHub();
  await hub.fill(
    ...smallEstate,
    creates("prefix", {
      namespace: "Lab",
      prefix: "10.1.0.0/16",
      status: "Active",
      tenant: "Acme",
    }),
    creates("prefix", { prefix: "2001:db8::/32", status: "Active", description: "100% ours" }),
    creates("ip_address", {
      namespace: "Global",
      host: "10.1.20.3",
      mask_length: 32,
      status: "Active",
    }),
    creates("ip_address", {
      namespace: "Lab",
      host: "10.1.9.1",
      mask_length: 24,
      status: "Active",
    }),
    creates("ip_address", {
      namespace: "Global",
      host: "2001:db8::1",
      mask_length: 64,
      status: "Active",
    }),
  );
});
afterAll(() => hub.drop());

const list = (model: string, options: ListOptions & Partial<Bounds> = {}) =>
  listRecords(hub.database, inventory, model, options);

async function labels(model: string, options: ListOptions = {}): Promise<string[]> {
  return (await list(model, options)).items.map(({ label }) => label);
}

describe("a list", () => {
  it("that is slow to count does not keep its page waiting, unless its total is asked for", async () => {
    const { pool } = hub.database;
    const slowToCount = Object.create(pool, {
      query: {
        value: async (text: string, values: unknown[]) => {
          if (text.includes("count(*)")) await sleep(400);
          return pool.query(text, values);
        },
      },
    }) as typeof pool;
    const ask = (needsTotal: boolean, limit = 2) =>
      listRecords({ pool: slowToCount }, inventory, "ip_address", { limit, needsTotal });
    const all = await list("ip_address");
    const first = await ask(false);
    expect(first).toMatchObject({ total: 2, isTotalExact: false });
    expect(first.items).toEqual(all.items.slice(0, 2));
    expect(await ask(true)).toMatchObject({ total: all.total, isTotalExact: true });
    // A page that is not full tells how many there are.
    expect(await ask(false, 50)).toMatchObject({ total: all.total, isTotalExact: true });
  });

  it("shows values, and references by name with their ids", async () => {
    const page = await list("location", { filter: { name: "Berlin" } });
    const tenant = await hub.find("tenant", "Acme");
    expect(page).toMatchObject({ total: 1, limit: 50, offset: 0 });
    expect(page.items[0]).toMatchObject({
      name: "Berlin",
      label: "Germany → Berlin",
      values: {
        name: "Berlin",
        parent: { model: "location", label: "Germany" },
        tenant: { id: tenant.id, model: "tenant", name: "Acme", label: "Acme" },
        tags: [{ label: "core" }, { label: "edge" }],
        latitude: "52.52",
        asn: 4_200_000_001,
        facility: null,
      },
    });
  });

  it("shows derived fields", async () => {
    const [item] = (await list("ip_address", { filter: { host: "10.1.2.3" } })).items;
    expect(item?.values).toMatchObject({
      ip_version: 4,
      parent: { model: "prefix", name: "10.1.0.0/16", label: "10.1.0.0/16 (Global)" },
    });
  });

  it("comes in the model's own order, networks as networks", async () => {
    expect(await labels("ip_address")).toEqual([
      "10.1.2.3 (Global)",
      "10.1.9.1 (Lab)",
      "10.1.20.3 (Global)",
      "2001:db8::1 (Global)",
    ]);
  });

  it("sorts by any column, by the name of a reference too, either way", async () => {
    for (const { model, listFields } of hubModels) {
      for (const field of listFields) {
        if (inventory.table(model.name).joins.some(({ name }) => name === field)) continue;
        for (const sort of [field, `-${field}`]) {
          const { items, total } = await list(model.name, { sort });
          expect(items).toHaveLength(total);
        }
      }
    }
    expect((await labels("prefix", { sort: "-namespace" }))[0]).toBe("10.1.0.0/16 (Lab)");
    expect((await labels("prefix", { sort: "-tenant" }))[0]).toBe("10.1.0.0/16 (Lab)");
  });

  it("pages, and counts all", async () => {
    const page = await list("ip_address", { limit: 2, offset: 2 });
    expect(page.items.map(({ label }) => label)).toEqual([
      "10.1.20.3 (Global)",
      "2001:db8::1 (Global)",
    ]);
    expect(page.total).toBe(4);
  });

  it("filters by value, by name or id of a reference, by members of sets and by nothing", async () => {
    expect(await labels("prefix", { filter: { namespace: "Lab" } })).toEqual(["10.1.0.0/16 (Lab)"]);
    const acme = await hub.find("tenant", "Acme");
    expect(await labels("prefix", { filter: { tenant: acme.id } })).toEqual(["10.1.0.0/16 (Lab)"]);
    expect(await labels("location", { filter: { tags: "edge" } })).toEqual(["Germany → Berlin"]);
    expect(await labels("location", { filter: { tags: "null" } })).toEqual(["Germany"]);
    expect(await labels("location", { filter: { parent: "null" } })).toEqual(["Germany"]);
    expect(await labels("location", { filter: { name: ["Berlin", "Germany"] } })).toHaveLength(2);
    expect(await labels("location_type", { filter: { content_types: "ipam.prefix" } })).toEqual([
      "Site",
    ]);
    expect(await labels("location_type", { filter: { nestable: "true" } })).toEqual(["Zone"]);
    expect(
      await labels("ip_address", { filter: { host: "10.1.0.0/20", namespace: "Global" } }),
    ).toEqual(["10.1.2.3 (Global)"]);
    expect(await labels("ip_address", { filter: { ip_version: "6" } })).toEqual([
      "2001:db8::1 (Global)",
    ]);
    expect(await labels("prefix", { filter: { tenant: "Nobody" } })).toEqual([]);
  });

  it("filters by what the record has that a reference names", async () => {
    expect(await labels("location", { filter: { parent__name: "Germany" } })).toEqual([
      "Germany → Berlin",
    ]);
    expect(await labels("ip_address", { filter: { parent__namespace__name__ic: "LA" } })).toEqual([
      "10.1.9.1 (Lab)",
    ]);
    expect(await labels("location", { filter: { parent__tags: "edge" } })).toEqual([]);
    await expect(list("location", { filter: { parent__colour: "red" } })).rejects.toThrow(
      /Locations cannot be filtered by "colour"/,
    );
  });

  it("searches in texts, and in networks by address, network or beginning", async () => {
    expect(await labels("ip_address", { search: "GATEWAY" })).toEqual(["10.1.2.3 (Global)"]);
    expect(await labels("ip_address", { search: "10.1.2." })).toEqual(["10.1.2.3 (Global)"]);
    expect(await labels("ip_address", { search: "10.1.2" })).toHaveLength(2);
    expect(await labels("ip_address", { search: "2001:db8::/64" })).toEqual([
      "2001:db8::1 (Global)",
    ]);
    expect(await labels("prefix", { search: "10.1.0.0/16" })).toHaveLength(2);
    expect(await labels("prefix", { search: "100%" })).toEqual(["2001:db8::/32 (Global)"]);
    expect(await labels("prefix", { search: "1_0" })).toEqual([]);
  });

  it("says what it can be filtered and sorted by, and what a value must be", async () => {
    await expect(list("prefix", { filter: { colour: "red" } })).rejects.toThrow(
      /cannot be filtered by "colour"\. They can by: namespace, prefix/,
    );
    await expect(list("prefix", { sort: "tags" })).rejects.toThrow(/cannot be sorted by "tags"/);
    await expect(list("prefix", { filter: { prefix: "10.0.0" } })).rejects.toThrow(
      InvalidInputError,
    );
    await expect(list("ip_address", { filter: { mask_length: "x" } })).rejects.toThrow(
      "IP address mask_length: Enter a whole number.",
    );
    await expect(list("ip_address", { filter: { host: "10.0.0.0/99" } })).rejects.toThrow(
      InvalidInputError,
    );
    await expect(list("prefix", { limit: 5000 })).rejects.toThrow("limit must be 1 to 1000");
    await expect(list("circuit")).rejects.toThrow(NotFoundError);
  });
});

it("a stream gives every record of a list, in its order", async () => {
  const seen: unknown[] = [];
  const options = { filter: { namespace: "Global" }, sort: "-host" };
  for await (const batch of streamValues(hub.database, inventory, "ip_address", options)) {
    seen.push(...batch.map(({ host }) => host));
  }
  const { items } = await list("ip_address", options);
  expect(seen).toEqual(items.map(({ values }) => values["host"]));
  expect(seen).toHaveLength(3);
});

it("a record has its times; one that is not there is said not to be", async () => {
  const { id } = await hub.find("tenant", "Acme");
  const record = await getRecord(hub.database, inventory, "tenant", id);
  expect(record).toMatchObject({ id, model: "tenant", label: "Acme", version: "1" });
  expect(record.path).toEqual([]);
  expect(record.created).toBeInstanceOf(Date);
  for (const other of ["00000000-0000-4000-8000-000000000000", "nonsense"]) {
    await expect(getRecord(hub.database, inventory, "tenant", other)).rejects.toThrow(
      NotFoundError,
    );
  }
});

it("a record has the places it is in, outermost first", async () => {
  const names = async (model: string, name: string, value: string) => {
    const [item] = (await list(model, { filter: { [name]: value } })).items;
    const { path } = await getRecord(hub.database, inventory, model, item?.id ?? "");
    return path.map((place) => place.name);
  };
  expect(await names("location", "name", "Berlin")).toEqual(["Germany"]);
  expect(await names("ip_address", "host", "10.1.9.1")).toEqual(["Lab"]);
});

it("a record is called by its own name, and after what its model says", () => {
  const device = '["leaf1",["Acme"],["Berlin",["Germany",null]]]';
  expect(recordName(inventory, "device", device)).toBe("leaf1");
  expect(recordName(inventory, "interface", `[${device},"Ethernet1"]`)).toBe("leaf1 Ethernet1");
  expect(
    recordName(
      inventory,
      "ip_address_to_interface",
      `[[["Global"],"10.1.2.3"],[${device},"Ethernet1"]]`,
    ),
  ).toBe("10.1.2.3, leaf1 Ethernet1");
  // A device without a name is where it is, and whose.
  expect(recordName(inventory, "device", '[null,null,["Berlin",["Germany",null]]]')).toBe(
    "Germany → Berlin",
  );
});

it("the tables of a model's page name records that refer to it", () => {
  for (const { model, tables = [] } of hubModels) {
    for (const { model: name, field, columns, linked } of tables) {
      const { model: shown } = inventory.table(name);
      expect(
        shown.field(field).facts.target ?? shown.field(field).facts.members?.facts.target,
      ).toBe(model.name);
      for (const column of columns) expect(shown.names).toContain(column);
      if (!linked) continue;
      const { model: link } = inventory.table(linked.model);
      expect(link.field(linked.field).facts.target).toBe(name);
      expect(link.field(linked.shows).kind).toBe("reference");
    }
  }
});
