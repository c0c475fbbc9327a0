import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UnsupportedOperationError, defineModel, text } from "@plumbline/sync";
import { createHubAdapter } from "../../src/inventory/hub-adapter.ts";
import {
  type Loaded,
  loadContext,
  openHub,
  schema,
  smallEstate,
  type TestHub,
} from "./hub-support.ts";

let hub: TestHub;

beforeAll(async () => {
  hub = await openHub();
  await hub.fill(...smallEstate);
});
afterAll(() => hub.drop());

describe("what the hub holds", () => {
  it("reads back as it was written, in canonical form", async () => {
    const records = await hub.load();
    expect(records).toHaveLength(smallEstate.length);
    for (const change of smallEstate) {
      const record = records.find(({ model, key }) => model === change.model && key === change.key);
      expect(record?.values).toMatchObject(change.after ?? {});
    }
  });

  it("holds canonical values only: normalising changes nothing", async () => {
    for (const { model: name, values } of await hub.load()) {
      const model = schema.model(name);
      for (const [field, value] of Object.entries(values)) {
        const again = model
          .field(field)
          .normalise(
            model.field(field).kind === "reference" && value !== null
              ? { encodedKey: value }
              : model.field(field).facts.members?.kind === "reference"
                ? (value as string[]).map((key) => ({ encodedKey: key }))
                : value,
            schema.encodeReference,
          );
        expect([name, field, again]).toEqual([name, field, value]);
      }
    }
  });

  it("keeps numbers, moments, names of hosts and sets exactly", async () => {
    const berlin = await hub.find("location", "Germany → Berlin");
    expect(berlin.values).toMatchObject({
      latitude: "52.52",
      longitude: "13.405",
      asn: 4_200_000_001,
      tags: ['["core"]', '["edge"]'],
      description: null,
    });
    const prefix = await hub.find("prefix", "10.1.0.0/16 (Global)");
    expect(prefix.values).toMatchObject({
      date_allocated: "2024-02-03T04:05:06.789Z",
      locations: ['["Berlin",["Germany",null]]'],
    });
    const address = await hub.find("ip_address", "10.1.2.3 (Global)");
    expect(address.values["dns_name"]).toBe("gateway.example.net");
  });

  it("leaves derived fields out", async () => {
    expect(await hub.find("prefix", "10.1.0.0/16 (Global)")).not.toHaveProperty("values.parent");
    expect(hub.adapter.provides?.(schema.model("ip_address"))).not.toContain("ip_version");
  });

  it("gives each record its id and version", async () => {
    const records: Loaded[] = await hub.load();
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    expect(records.every(({ version }) => version === "1")).toBe(true);
  });
});

it("writes IPv6 in the same form as the kernel", async () => {
  const hosts = [
    "2001:db8::1",
    "::1",
    "::ffff:192.0.2.1",
    "2001:db8:0:1:0:0:0:1",
    "1:0:2:3:4:5:6:7",
    "fe80::",
  ];
  const { rows } = await hub.database.pool.query<{ host: string }>(
    "select host::inet as host from unnest($1::text[]) as host",
    [hosts],
  );
  const field = schema.model("ip_address").field("host");
  expect(rows.map(({ host }) => host)).toEqual(
    hosts.map((host) => field.normalise(host, schema.encodeReference)),
  );
});

it("refuses a model that is not the hub's", () => {
  const Rack = defineModel("rack", { key: { name: text() }, fields: {} });
  expect(() => createHubAdapter(hub.database, [Rack])).toThrow(UnsupportedOperationError);
});

it("stops reading when cancelled, and gives the connection back", async () => {
  const controller = new AbortController();
  controller.abort();
  const before = hub.database.pool.idleCount;
  await expect(async () => {
    for await (const _records of hub.adapter.load(loadContext(controller.signal))) continue;
  }).rejects.toThrow();
  expect(hub.database.pool.idleCount).toBeGreaterThanOrEqual(before);
  expect(hub.database.pool.waitingCount).toBe(0);
});

it("reads everything as of one moment", async () => {
  const seen: number[] = [];
  for await (const records of hub.adapter.load(loadContext())) {
    if (seen.length === 0) {
      await hub.database.pool.query("update ip_addresses set description = 'later'");
    }
    seen.push([records].flat().length);
    for (const record of [records].flat()) {
      if ("model" in record && record.model.name === "ip_address") {
        expect(record.values["description"]).toBeNull();
      }
    }
  }
  expect(seen.reduce((sum, count) => sum + count, 0)).toBe(smallEstate.length);
});
