import {
  Device,
  DeviceType,
  hubModels,
  Interface,
  InterfaceTemplate,
  IPAddress,
  IPAddressToInterface,
  Location,
  LocationType,
  Manufacturer,
  Namespace,
  Prefix,
  Role,
  Status,
  Tag,
  Tenant,
  VLAN,
  VRF,
  syncedModels,
} from "@plumbline/models";
import { Secret } from "@plumbline/plugin-kit";
import {
  type Adapter,
  apply,
  type Change,
  createSchema,
  type Model,
  type Outcome,
  type RawRecord,
  silentLogger,
  sync,
  type SyncResult,
} from "@plumbline/sync";
import { createMemoryAdapter, describeAdapter } from "@plumbline/sync/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type Interference,
  startWritableNautobot,
  type WritableNautobot,
  type WriteRequest,
} from "../../test/support/writable-nautobot.ts";
import { nautobot } from "./connection.ts";
import { openNautobot } from "./nautobot-adapter.ts";

// Each opens every list of a server, some of them several times.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const models = syncedModels;
const schema = createSchema(models);
const everything = hubModels.map(({ contentType }) => contentType);
const token = new Secret("environment variable NAUTOBOT_TOKEN", () => "right");

let server: WritableNautobot | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const site = { name: "Berlin", parent: { name: "Europe" } };
const device = { name: "sw1", tenant: "acme", location: site };
const port = (name: string) => ({ device, name });

/** Something of most models, with what Nautobot takes in ways of its own. */
const estate: readonly RawRecord[] = [
  Status.record({ name: "Active", content_types: everything }),
  Status.record({ name: "Planned", content_types: everything }),
  Role.record({ name: "Access", content_types: everything }),
  Tag.record({ name: "pci", content_types: everything }),
  Tag.record({ name: "lab", content_types: everything }),
  Tenant.record({ name: "acme", description: null, tags: ["pci"] }),
  LocationType.record({ name: "Region", nestable: true, content_types: everything }),
  Location.record({ name: "Europe", location_type: "Region", status: "Active" }),
  Location.record({ ...site, location_type: "Region", status: "Active", latitude: "52.52" }),
  Location.record({ name: "Oslo", location_type: "Region", status: "Active" }),
  Manufacturer.record({ name: "Cisco" }),
  DeviceType.record({ manufacturer: "Cisco", model: "C9300" }),
  InterfaceTemplate.record({
    device_type: { manufacturer: "Cisco", model: "C9300" },
    name: "Gi1",
    type: "1000base-t",
  }),
  Namespace.record({ name: "Global" }),
  Prefix.record({ prefix: "10.0.0.0/8", status: "Active", locations: [site] }),
  Prefix.record({ prefix: "10.1.0.0/16", status: "Active", locations: [site, { name: "Oslo" }] }),
  VLAN.record({ vlan_group: null, vid: 10, name: "office", status: "Active", locations: [site] }),
  Device.record({
    ...device,
    device_type: { manufacturer: "Cisco", model: "C9300" },
    status: "Active",
    role: "Access",
    local_config_context_data: { ntp: ["10.0.0.1"] },
    tags: ["pci", "lab"],
  }),
  VRF.record({ name: "blue", rd: "65000:1", devices: [device] }),
  Interface.record({
    ...port("Gi1"),
    type: "1000base-t",
    status: "Active",
    mac_address: "00:11:22:aa:bb:cc",
    mode: "tagged",
    tagged_vlans: [{ vlan_group: null, vid: 10, name: "office" }],
    description: "uplink",
  }),
  Interface.record({ ...port("Po1"), type: "lag", status: "Active" }),
  IPAddress.record({ namespace: "Global", host: "10.1.0.1", mask_length: 24, status: "Active" }),
  IPAddressToInterface.record({
    ip_address: { namespace: "Global", host: "10.1.0.1" },
    interface: port("Gi1"),
    is_primary: true,
  }),
];

const isOf = (record: RawRecord, model: unknown, name: string): boolean =>
  record.model === model && record.values["name"] === name;

/** The estate after a day of work: renamed, moved, emptied, given more, taken away. */
const later: readonly RawRecord[] = [
  ...estate.filter(
    (record) =>
      !(
        isOf(record, VLAN, "office") ||
        isOf(record, Tag, "lab") ||
        isOf(record, Device, "sw1") ||
        isOf(record, Interface, "Gi1") ||
        record.model === IPAddress ||
        record.model === IPAddressToInterface ||
        (record.model === Prefix && record.values["prefix"] === "10.1.0.0/16")
      ),
  ),
  Prefix.record({ prefix: "10.1.0.0/16", status: "Planned", locations: [{ name: "Oslo" }] }),
  Device.record({
    ...device,
    device_type: { manufacturer: "Cisco", model: "C9300" },
    status: "Planned",
    role: "Access",
    tags: [],
  }),
  Interface.record({ ...port("Gi1"), type: "1000base-t", status: "Active", lag: port("Po1") }),
  IPAddress.record({ namespace: "Global", host: "10.1.0.1", mask_length: 16, status: "Active" }),
  Tenant.record({ name: "globex" }),
];

const tenants = (names: readonly string[]): RawRecord[] =>
  names.map((name) => Tenant.record({ name, description: `of ${name}` }));

async function start(interfere?: (request: WriteRequest) => Interference | undefined) {
  return (server = await startWritableNautobot(interfere));
}

function open(options: { url?: string; models?: readonly Model[] } = {}): Promise<Adapter> {
  return openNautobot({
    name: "Nautobot (lab)",
    url: server!.url,
    token,
    models,
    mayWrite: true,
    retryDelayMs: 5,
    logger: silentLogger,
    signal: new AbortController().signal,
    ...options,
  });
}

const openTenants = (): Promise<Adapter> => open({ models: [Tenant] });

async function push(
  records: readonly RawRecord[],
  target?: Adapter,
  isDryRun = false,
): Promise<SyncResult> {
  return sync({
    schema,
    source: createMemoryAdapter("hub", schema, records),
    target: target ?? (await open()),
    isDryRun,
    asksDeletes: true,
    ceiling: null,
  });
}

const bad = ({ outcomes }: SyncResult): readonly (readonly [string, string])[] =>
  outcomes
    .filter(({ status }) => status !== "applied")
    .map(({ change, error }) => [change.label, error?.message ?? ""] as const);

const writes = (method: string, path: string): WriteRequest[] =>
  server!.requests.filter((request) => request.method === method && request.path === path);

describeAdapter("a Nautobot over REST", async () => {
  const nautobotServer = await startWritableNautobot();
  const connect = (): Promise<Adapter> => open({ url: nautobotServer.url });
  server = nautobotServer;
  await push(estate);
  return { schema, adapter: await connect(), reopen: connect, desired: later };
});

describe("a Nautobot as a target", () => {
  it("takes an estate, and agrees with it after", async () => {
    await start();

    const first = await push(estate);
    const second = await push(estate);

    expect(bad(first)).toEqual([]);
    expect(second.changes).toEqual([]);
    expect(second.summary.totals.unchanged).toBe(estate.length);
  });

  it("is a target of the connection only where that may be written", () => {
    const jobs = (mayWrite?: boolean) =>
      nautobot({ url: "http://nautobot.example", token, ...(mayWrite && { mayWrite }) })
        .jobs("lab")
        .map(({ id, direction, connection }) => ({ id, direction, connection }));

    expect(jobs()).toEqual([
      { id: "nautobot-lab", direction: "source", connection: "nautobot-lab" },
    ]);
    expect(jobs(true).at(-1)).toEqual({
      id: "nautobot-lab-target",
      direction: "target",
      connection: "nautobot-lab",
    });
  });

  it("is sent many objects in a request, and no more than three requests at once", async () => {
    let underWay = 0;
    let most = 0;
    await start(({ method, path }) => {
      if (method !== "POST" || path !== "tenancy/tenants") return undefined;
      return (response, act) => {
        most = Math.max(most, ++underWay);
        setTimeout(() => {
          underWay -= 1;
          response.writeHead(201).end(JSON.stringify(act().body));
        }, 30);
      };
    });

    const result = await push(
      tenants(Array.from({ length: 1000 }, (_, at) => `t${at}`)),
      await openTenants(),
    );

    expect(result.outcomeCounts.applied).toBe(1000);
    expect(writes("POST", "tenancy/tenants")).toHaveLength(20);
    expect(most).toBe(3);
  });

  it("has bad rows singled out where it names them, and takes the others", async () => {
    await start();
    const names = Array.from({ length: 100 }, (_, at) => `t${at}`);
    const records = [
      ...tenants(names),
      Location.record({ name: "Nowhere", location_type: "Room", status: "Active" }),
      LocationType.record({ name: "Room" }),
      Status.record({ name: "Active", content_types: ["dcim.rack"] }),
    ];

    const result = await push(records);

    expect(result.outcomeCounts.applied).toBe(102);
    expect(bad(result)).toEqual([["Nowhere", expect.stringContaining("status")]]);
    expect(bad(result)[0]![1]).toMatch(/not for Locations: check its content types/);
    const refused = result.outcomes.find(({ status }) => status === "failed");
    expect(refused?.error).toMatchObject({ field: "status", code: "invalid-input" });
  });

  it("has a bad row found by halves where the answer does not name it", async () => {
    await start(({ method, path, body }) => {
      if (method !== "POST" || path !== "tenancy/tenants") return undefined;
      const isBad = (body as { name: string }[]).some(({ name }) => name === "t37");
      if (!isBad) return undefined;
      return (response) =>
        void response.writeHead(500).end('{"error":"value too long","exception":"DataError"}');
    });

    const result = await push(
      tenants(Array.from({ length: 100 }, (_, at) => `t${at}`)),
      await openTenants(),
    );

    expect(result.outcomeCounts.applied).toBe(99);
    expect(bad(result)).toEqual([["t37", expect.stringContaining("value too long")]]);
    expect(writes("POST", "tenancy/tenants").length).toBeLessThan(16);
  });

  it("waits as it is asked to, and sends again what was not taken", async () => {
    await start(({ method, attempt }) =>
      method === "POST" && attempt === 1
        ? (response) => void response.writeHead(429, { "retry-after": "0" }).end("{}")
        : undefined,
    );

    const result = await push(tenants(["a", "b"]), await openTenants());

    expect(result.outcomeCounts.applied).toBe(2);
    expect(writes("POST", "tenancy/tenants")).toHaveLength(2);
  });

  it("is read back where the answer to a write was lost, and nothing is written twice", async () => {
    const lost: string[] = [];
    await start(({ method, path, attempt }) => {
      if (!["POST", "PATCH", "DELETE"].includes(method) || attempt > 1) return undefined;
      return (response, act) => {
        act();
        lost.push(`${method} ${path}`);
        response.destroy();
      };
    });

    const first = await push(estate);
    const second = await push(later);
    const third = await push(later);

    expect([...bad(first), ...bad(second)]).toEqual([]);
    expect(third.changes).toEqual([]);
    expect(lost).toEqual(
      expect.arrayContaining(["POST dcim/devices", "PATCH dcim/devices", "DELETE extras/tags"]),
    );
    expect(writes("POST", "dcim/devices")).toHaveLength(1);
    expect(writes("PATCH", "dcim/devices")).toHaveLength(1);
  });

  it("is sent a write again that had not come through", async () => {
    await start(({ method, attempt }) =>
      method === "POST" && attempt === 1 ? (response) => void response.destroy() : undefined,
    );

    const result = await push(tenants(["a", "b"]), await openTenants());

    expect(result.outcomeCounts.applied).toBe(2);
    expect(server!.objects("tenancy/tenants")).toHaveLength(2);
  });

  it("gets no second object where a write comes through long after its answer was given up", async () => {
    await start(({ method, attempt }) => {
      if (method !== "POST") return undefined;
      // The first one is carried out only after the second was sent.
      if (attempt === 1) {
        return (response, act) => {
          response.destroy();
          setTimeout(act, 120);
        };
      }
      return (response, act) => {
        setTimeout(() => {
          const { status, body } = act();
          response.writeHead(status).end(JSON.stringify(body));
        }, 200);
      };
    });

    const result = await push(tenants(["a", "b"]), await openTenants());

    expect(bad(result)).toEqual([]);
    expect(server!.objects("tenancy/tenants")).toHaveLength(2);
  });

  it("says of a write whose fate nobody can tell that it is not known", async () => {
    let isDown = false;
    await start(({ method, path }) => {
      if (method === "POST" && path === "tenancy/tenants") isDown = true;
      return isDown ? (response) => void response.destroy() : undefined;
    });

    const result = await push(tenants(["a"]), await openTenants());

    expect(bad(result)).toEqual([["a", expect.stringContaining("is not known")]]);
  });

  it("names the permission that is missing, once it is refused", async () => {
    await start(({ method }) =>
      method === "POST"
        ? (response) =>
            void response
              .writeHead(403)
              .end('{"detail":"You do not have permission to perform this action."}')
        : undefined,
    );

    const result = await push(tenants(["a", "b"]), await openTenants());

    expect(bad(result)).toHaveLength(2);
    expect(bad(result)[0]![1]).toContain("tenancy.add_tenant");
    expect(writes("POST", "tenancy/tenants")).toHaveLength(1);
  });

  it("keeps what others there need, says who, and deletes the rest", async () => {
    await start();
    await push([...estate, ...tenants(["a", "b", "c"])]);
    const device = server!.objects("dcim/devices")[0]!;
    const needed = server!.objects("tenancy/tenants").find(({ name }) => name === "b")!;
    const without = await push(estate, await open(), true);
    server!.touch("dcim/devices", device.id, { tenant: { id: needed.id } });

    const outcomes = await applyTo(await open(), without);

    expect(outcomes.map(({ change, status }) => `${change.label} ${status}`).sort()).toEqual([
      "a applied",
      "b failed",
      "c applied",
    ]);
    const { error } = outcomes.find(({ status }) => status === "failed")!;
    expect(error?.message).toMatch(/because 1 others there need it: sw1\. Delete or move/);
  });

  it("refuses only the objects that were touched since the plan was made", async () => {
    await start();
    await push([...estate, ...tenants(["a", "b", "c"])]);
    const wanted = [
      ...estate,
      Tenant.record({ name: "a", description: "new" }),
      Tenant.record({ name: "b", description: "new" }),
      Tenant.record({ name: "d" }),
    ];
    const plan = await push(wanted, await open(), true);
    const [a, b, c] = ["a", "b", "c"].map((name) =>
      server!.objects("tenancy/tenants").find((one) => one["name"] === name)!,
    );
    server!.touch("tenancy/tenants", a!.id, { description: "touched" });
    server!.touch("tenancy/tenants", b!.id, { comments: "of no concern to the plan" });
    server!.touch("tenancy/tenants", c!.id, { comments: "of concern to who deletes it" });
    server!.create("tenancy/tenants", [{ name: "d" }]);

    const adapter = await open();
    const context = { signal: new AbortController().signal, logger: silentLogger };
    const writer = await adapter.writer!(context);
    const stale = await writer.findStale!(plan.changes, context);

    expect(writer.isolatesStale).toBe(true);
    expect(stale.map(({ change, reason }) => `${change.label}: ${reason}`).sort()).toEqual([
      "a: its description is another by now",
      "c: its comments is another by now",
      "d: it is there by now",
    ]);
  });

  it("finds nothing stale in a plan of every kind of change where nothing was touched", async () => {
    await start();
    await push(estate);
    const plan = await push(later, await open(), true);
    const context = { signal: new AbortController().signal, logger: silentLogger };
    const writer = await (await open()).writer!(context);

    expect(plan.changes.length).toBeGreaterThan(5);
    expect(await writer.findStale!(plan.changes, context)).toEqual([]);
  });

  it("has an object renamed and moved by its id", async () => {
    await start();
    await push(estate);
    const places = new Map(
      server!.objects("dcim/locations").map(({ name, id }) => [String(name), id]),
    );
    const id = places.get("Berlin")!;
    const context = { signal: new AbortController().signal, logger: silentLogger };
    const writer = await (await open()).writer!(context);
    const change: Change = {
      ...{ model: "location", action: "update" as const, label: "Berlin", rank: 0, targetId: id },
      ...{ parentModel: null, parentKey: null, targetVersion: null, sourceId: null },
      key: schema.encodeKey(Location, site),
      before: { name: "Berlin", parent: schema.encodeKey(Location, "Europe") },
      after: { name: "Berlin West", parent: schema.encodeKey(Location, "Oslo") },
      fields: ["name", "parent"],
    };

    const outcomes: Outcome[] = [];
    for await (const outcome of writer.apply([change], context)) outcomes.push(outcome);

    expect(outcomes).toMatchObject([{ status: "applied", targetId: id }]);
    expect(server!.objects("dcim/locations").find((one) => one.id === id)).toMatchObject({
      name: "Berlin West",
      parent: { id: places.get("Oslo") },
    });
  });

  it("has the interfaces that it makes of templates changed to what the plan says", async () => {
    await start();

    await push(estate);

    const made = server!.objects("dcim/interfaces").filter(({ name }) => name === "Gi1");
    expect(made).toMatchObject([{ description: "uplink", mode: { value: "tagged" } }]);
  });

  it("starts no write once the run is cancelled, and says what became of those under way", async () => {
    const controller = new AbortController();
    await start(({ method, path, attempt }) => {
      if (method !== "POST" || path !== "tenancy/tenants") return undefined;
      return (response, act) => {
        if (attempt === 2) controller.abort();
        setTimeout(() => response.writeHead(201).end(JSON.stringify(act().body)), 20);
      };
    });
    const plan = await push(
      tenants(Array.from({ length: 1000 }, (_, at) => `t${at}`)),
      await openTenants(),
      true,
    );

    const outcomes = await applyTo(await openTenants(), plan, controller.signal);

    const made = server!.objects("tenancy/tenants").length;
    expect(outcomes).toHaveLength(1000);
    expect(outcomes.filter(({ status }) => status === "applied")).toHaveLength(made);
    expect(made).toBeLessThan(500);
    expect(outcomes.filter(({ status }) => status === "cancelled")).toHaveLength(1000 - made);
  });
});

async function applyTo(
  adapter: Adapter,
  { changes }: SyncResult,
  signal = new AbortController().signal,
): Promise<Outcome[]> {
  const writer = await adapter.writer!({ signal, logger: silentLogger });
  const outcomes: Outcome[] = [];
  for await (const batch of apply([changes], writer, { schema, signal })) outcomes.push(...batch);
  return outcomes;
}
