import {
  Device,
  hubModels,
  Interface,
  IPAddress,
  Location,
  Prefix,
  Rack,
  Tag,
  Tenant,
  syncedModels,
} from "@plumbline/models";
import { Secret } from "@plumbline/plugin-kit";
import { createSchema, type Model, silentLogger, sync, text } from "@plumbline/sync";
import { createMemoryAdapter, describeAdapter } from "@plumbline/sync/testing";
import { afterEach, describe, expect, it } from "vitest";
import {
  type FakeNautobot,
  type FakeRequest,
  type Fault,
  faults,
  readRecording,
  type Recording,
  startFakeNautobot,
} from "../../test/support/fake-nautobot.ts";
import {
  type Loaded,
  loadNautobot,
  type LoadNautobotOptions,
} from "../../test/support/load-nautobot.ts";
import { nautobot } from "./connection.ts";
import { openNautobot } from "./nautobot-adapter.ts";

const allModels = syncedModels;
let fake: FakeNautobot | undefined;

afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

async function load(
  decide?: (request: FakeRequest, recording: Recording) => Fault | undefined,
  options?: LoadNautobotOptions,
) {
  fake = await startFakeNautobot(decide);
  return loadNautobot(fake, options);
}

const recorded = readRecording();
const counts = Object.fromEntries(
  hubModels
    .filter(({ model }) => allModels.includes(model))
    .map(({ model, restPath }) => [model.name, recorded.rest[restPath]!.length]),
);
const addressesPath = "ipam/ip-addresses";
const siteKey = '["Site 00001",["Region 002",null]]';

describe("a Nautobot as a source", () => {
  it("is read whole: counts, ids, links, values, references joined", async () => {
    const { summary, findings, warnings, records, value } = await load();

    expect(summary.counts).toEqual(counts);
    expect(summary.incomplete).toEqual({});
    expect(findings).toEqual([]);
    expect(warnings).toEqual([]);
    const site = records(Location).get(siteKey)!;
    const { id } = recorded.graphql["locations"]!.find(({ name }) => name === "Site 00001")!;
    expect(site.id).toBe(id);
    expect(site.origin).toBe(`${fake!.url}/dcim/locations/${String(id)}/`);
    expect(value(Location, siteKey, "location_type")).toBe('["Site"]');
    expect(value(Location, siteKey, "latitude")).toBe("-59.93");
    expect(value(Prefix, '[["Global"],"10.0.0.0/8"]', "type")).toBe("container");
    expect(value(Prefix, '[["Global"],"10.0.1.0/24"]', "locations")).toHaveLength(1);
    const address = '[["Namespace 2"],"10.0.0.1"]';
    expect(value(IPAddress, address, "status")).toBe('["Active"]');
    expect(value(IPAddress, address, "mask_length")).toBe(24);
    const device = '["sw1",null,["Site 00001",["Region 002",null]]]';
    expect(value(Device, device, "platform")).toBe('["IOS"]');
    expect(value(Device, device, "primary_ip4")).toBe(address);
    expect(value(Rack, `["R1",["Row 1",${siteKey}],${siteKey}]`, "width")).toBe("19");
    const port = `[${device},"Gi1/0/1"]`;
    expect(value(Interface, port, "type")).toBe("1000base-t");
    expect(value(Interface, port, "lag")).toBe(`[${device},"Po1"]`);
    expect(value(Interface, `[${device},"Vlan10"]`, "mac_address")).toBe("00:11:22:aa:bb:cc");
    expect(value(Tag, '["pci"]', "content_types")).toContain("ipam.ipaddress");
  });

  it("is read to the same records over REST when GraphQL is refused", async () => {
    const overGraphql = await load();
    await fake!.close();
    const overRest = await load(({ path }) =>
      path === "graphql" ? faults.status(403) : undefined,
    );

    expect(overRest.warnings.join()).toMatch(/GraphQL is refused \(403\).*over REST/);
    for (const model of allModels) {
      const values = (loaded: Loaded) =>
        [...loaded.records(model)]
          .map(([key, { id, values }]) => ({ key, id, values }))
          .sort(byKey);
      expect(values(overRest)).toEqual(values(overGraphql));
    }
    const list = fake!.requests.find(
      ({ path, offset, isCount }) => path === "ipam/prefixes" && offset > 0 && !isCount,
    )!;
    expect(list.query.get("exclude_m2m")).toBe("false");
    expect(list.query.get("sort")).toBe("id");
  });

  it.each([
    ["429", faults.status(429, { "retry-after": "0" })],
    ["500", faults.status(500)],
    ["a cut connection", faults.cut],
    ["truncated JSON", faults.truncated],
  ])("survives %s in the middle of page 3", async (_, fault) => {
    const { summary, findings, warnings } = await load(({ root, offset, attempt }) =>
      root === "ip_addresses" && offset === 8 && attempt === 1 ? fault : undefined,
    );

    expect(summary.counts).toEqual(counts);
    expect(findings).toEqual([]);
    expect(warnings.join()).toMatch(/attempt 2 follows/);
  });

  it("ends the load when it stops answering for good", async () => {
    const loading = load(({ root, offset }) =>
      root === "ip_addresses" && offset >= 8 ? faults.cut : undefined,
    );

    await expect(loading).rejects.toThrow(/connection to .*graphql\/ broke .*5 attempts/);
  });

  it("reads a list again when its total changes on the way", async () => {
    let isDone = false;
    const { summary, records, findings, warnings } = await load(({ root, offset }, recording) => {
      if (root !== "ip_addresses" || offset !== 16 || isDone) return undefined;
      isDone = true;
      // A deletion moves the rest up by one: the first of the next page is on the last one now.
      recording.graphql["ip_addresses"]!.shift();
      recording.rest["ipam/ip-addresses"]!.shift();
      return undefined;
    });

    expect(warnings.join()).toMatch(
      /IP addresses changed while it was read \(32 at first, 31 now\)/,
    );
    expect(summary.incomplete).toEqual({});
    expect(findings).toEqual([]);
    const ids = new Set([...records(IPAddress).values()].map(({ id }) => id));
    for (const { id } of fake!.recording.graphql["ip_addresses"]!) expect(ids).toContain(id);
  });

  it.each(["GraphQL", "REST"])(
    "misses nothing over %s when one object goes and another comes while the list is read",
    async (api) => {
      let isDone = false;
      const { summary, records, findings } = await load(
        ({ path, root, offset, isCount }, recording) => {
          if (api === "REST" && path === "graphql") return faults.status(403);
          const isAddresses = root === "ip_addresses" || (api === "REST" && path === addressesPath);
          if (!isAddresses || isCount || offset < 16 || isDone) return undefined;
          isDone = true;
          replaceFirstAddress(recording, 1);
          return undefined;
        },
      );

      expect(isDone).toBe(true);
      expect(summary.incomplete).toEqual({});
      expect(findings).toEqual([]);
      const ids = new Set([...records(IPAddress).values()].map(({ id }) => id));
      for (const { id } of fake!.recording.graphql["ip_addresses"]!) expect(ids).toContain(id);
    },
  );

  it.each(["GraphQL", "REST"])(
    "calls a list incomplete that changes each time it is read over %s",
    async (api) => {
      let turns = 0;
      const { summary } = await load(({ path, query, isCount }, recording) => {
        if (api === "REST" && path === "graphql") return faults.status(403);
        if (path !== addressesPath || !isCount || query.has("tags__isnull")) return undefined;
        turns += 1;
        recording.graphql["ip_addresses"]!.shift();
        recording.rest[addressesPath]!.shift();
        return undefined;
      });

      expect(turns).toBe(3);
      expect(Object.keys(summary.incomplete)).toEqual(["ip_address"]);
      expect(summary.incomplete["ip_address"]).toMatch(
        /list of IP addresses changed in Nautobot each of the 3 times it was read.*Run again/,
      );
    },
  );

  it("reads what an order with ties gave twice or not at all by its ids", async () => {
    const { summary, records, warnings } = await load(({ root, offset }, recording) => {
      if (root !== "ip_addresses" || offset !== 16) return undefined;
      // Nothing comes or goes: the two at the seam merely change places between two pages.
      const list = recording.graphql["ip_addresses"]!;
      [list[16], list[17]] = [list[17]!, list[16]!];
      return undefined;
    });

    expect(warnings.join()).toMatch(/IP addresses/);
    expect(summary.incomplete).toEqual({});
    expect(records(IPAddress).size).toBe(counts["ip_address"]);
    const restPages = fake!.requests.filter(
      ({ path, query, isCount }) => path === addressesPath && query.has("offset") && !isCount,
    );
    expect(restPages).toEqual([]);
  });

  it("reads tags apart where few objects have any, and locations of prefixes always", async () => {
    const whole = await load();
    await fake!.close();
    const { summary, records, findings } = await load((_, recording) => {
      recording.graphql["prefix_location_assignments"] = assignmentsOf(recording);
      recording.rest["ipam/prefix-location-assignments"] = assignmentsOf(recording);
      return undefined;
    });

    expect(findings).toEqual([]);
    expect(summary.incomplete).toEqual({});
    for (const model of allModels) {
      const values = (loaded: Pick<Loaded, "records">) =>
        [...loaded.records(model)]
          .map(([key, record]) => ({ key, values: record.values }))
          .sort(byKey);
      expect(values({ records })).toEqual(values(whole));
    }
    const prefixes = fake!.requests.filter(
      ({ root, query }) => root === "prefixes" && query.has("selection"),
    );
    expect(prefixes.length).toBeGreaterThan(0);
    for (const { query } of prefixes) expect(query.get("selection")).not.toContain("locations");
    const addresses = fake!.requests.filter(({ root }) => root === "ip_addresses");
    for (const { query } of addresses) expect(query.get("selection")).not.toContain("tags");
  });

  it("reads the locations of prefixes with them where their list may not be read", async () => {
    const { summary, value } = await load(({ root }, recording) => {
      recording.rest["ipam/prefix-location-assignments"] = assignmentsOf(recording);
      return root === "prefix_location_assignments" ? faults.status(400) : undefined;
    });

    expect(summary.counts).toEqual(counts);
    expect(value(Prefix, '[["Global"],"10.0.1.0/24"]', "locations")).toHaveLength(1);
    expect(fake!.requests.some(({ root }) => root === "ip_addresses")).toBe(true);
  });

  it("asks only for what it syncs and what that refers to", async () => {
    const { summary } = await load(undefined, { models: [Tenant] });

    expect(summary.counts).toEqual({ tenant: counts["tenant"] });
    const asked = new Set(fake!.requests.map(({ path, root }) => root ?? path));
    expect([...asked].sort()).toEqual(
      [
        "extras/custom-fields",
        "extras/tags",
        "status",
        "tags",
        "tenancy/tenant-groups",
        "tenancy/tenants",
        "tenant_groups",
        "tenants",
      ].sort(),
    );
  });

  it("reads the custom fields that the run knows, over GraphQL, and reports those that it does not", async () => {
    const contracted = withContract(Tenant);
    const [tenant] = recorded.graphql["tenants"]!;
    const { findings, value } = await load(
      (_, recording) => {
        recording.rest["extras/custom-fields"] = ["contract", "colour"].map((key) => ({
          id: key,
          key,
          content_types: ["dcim.device", "tenancy.tenant"],
        }));
        for (const [index, object] of recording.graphql["tenants"]!.entries()) {
          object["_custom_field_data"] = index === 0 ? { contract: "C-1", colour: "red" } : {};
        }
        return undefined;
      },
      { models: [contracted] },
    );

    expect(value(contracted, JSON.stringify([tenant!["name"]]), "cf_contract")).toBe("C-1");
    expect(findings).toMatchObject([
      { kind: "unknown-field", model: "tenant", field: "cf_colour", key: null },
    ]);
    expect(fake!.requests.some(({ path }) => path === "tenancy/tenants/")).toBe(false);
  });

  it("says that it may not read custom fields, and leaves them be", async () => {
    const contracted = withContract(Tenant);
    const { summary, warnings } = await load(
      ({ path }) => (path === "extras/custom-fields" ? faults.status(403) : undefined),
      { models: [contracted] },
    );

    expect(summary.provides["tenant"]).not.toContain("cf_contract");
    expect(warnings).toEqual([
      expect.stringMatching(/grant the permission extras.view_customfield/),
    ]);
  });

  it("reports what refers to an object it may not see, and gives the rest", async () => {
    const hidden = recorded.graphql["tenants"]![0]!;
    const { findings, summary } = await load((_, recording) => {
      for (const list of [recording.graphql["tenants"]!, recording.rest["tenancy/tenants"]!]) {
        const index = list.findIndex(({ id }) => id === hidden["id"]);
        if (index >= 0) list.splice(index, 1);
      }
      return undefined;
    });

    const unresolved = findings.filter(({ kind }) => kind === "unresolved-reference");
    expect(unresolved.length).toBeGreaterThan(0);
    expect(unresolved[0]).toMatchObject({ field: "tenant", value: hidden["id"] });
    expect(unresolved.every(({ key }) => key !== null)).toBe(true);
    expect(summary.counts["prefix"]).toBeGreaterThan(0);
  });

  it("works with a 2.x that lacks parameters and fields of later versions", async () => {
    const { summary, findings } = await load(({ query, path }, recording) => {
      recording.status["nautobot-version"] = "2.1.4";
      for (const list of [recording.graphql["prefixes"]!, recording.rest["ipam/prefixes"]!]) {
        for (const object of list) delete object["locations"];
      }
      return path !== "status" && query.has("exclude_m2m")
        ? faults.status(400, {}, '{"exclude_m2m":["Unknown filter field"]}')
        : undefined;
    });

    expect(summary.counts).toEqual(counts);
    expect(findings.filter(({ kind }) => kind !== "incomplete-read")).toEqual([]);
    expect(summary.provides["prefix"]).not.toContain("locations");
    expect(summary.provides["prefix"]).toContain("date_allocated");
  });
});

describe("a Nautobot and a hub", () => {
  it("agree after one sync, and a location renamed there is one update, not a new subtree", async () => {
    fake = await startFakeNautobot();
    const open = () =>
      openNautobot({
        name: "Nautobot (lab)",
        url: fake!.url,
        token: new Secret("environment variable NAUTOBOT_TOKEN", () => "right"),
        models: allModels,
        logger: silentLogger,
        signal: new AbortController().signal,
      });
    const schema = createSchema(allModels);
    const target = createMemoryAdapter("hub", schema);
    const run = { schema, target, isDryRun: false, asksDeletes: true, ceiling: null };

    const first = await sync({ ...run, source: await open() });
    const second = await sync({ ...run, source: await open() });
    for (const list of [
      fake.recording.graphql["locations"]!,
      fake.recording.rest["dcim/locations"]!,
    ]) {
      const region = list.find(({ name }) => name === "Region 001")!;
      region["name"] = "North";
    }
    const pairs = (model: Model) =>
      first.outcomes
        .filter(({ change }) => change.model === model.name)
        .map(({ change, targetId }) => ({ sourceId: change.sourceId!, targetId: targetId! }));
    const third = await sync({ ...run, source: await open(), pairs });

    expect(first.outcomeCounts.applied).toBe(
      first.changes.filter(({ step }) => step === undefined).length,
    );
    expect(second.changes).toEqual([]);
    expect(third.changes).toMatchObject([
      { action: "update", model: "location", fields: ["name"], after: { name: "North" } },
    ]);
  });
});

describeAdapter("a Nautobot", async () => {
  const server = await startFakeNautobot();
  const adapter = await openNautobot({
    name: "Nautobot (lab)",
    url: server.url,
    token: new Secret("environment variable NAUTOBOT_TOKEN", () => "right"),
    models: allModels,
    pageSize: 5,
    logger: silentLogger,
    signal: new AbortController().signal,
  });
  return { schema: createSchema(allModels), adapter, close: () => server.close() };
});

describe("a Nautobot connection", () => {
  it("declares a read-only job that shows no secret", () => {
    const token = new Secret("environment variable NAUTOBOT_TOKEN", () => "hush");
    const [job, ...others] = nautobot({ url: "https://nautobot.example/api/", token }).jobs("lab");

    expect(others).toEqual([]);
    expect(job).toMatchObject({
      id: "nautobot-lab",
      direction: "source",
      system: "Nautobot (lab)",
      connection: "nautobot-lab",
      openOther: null,
    });
    expect(job!.configuration).toContainEqual({ label: "URL", value: "https://nautobot.example" });
    expect(job!.mappings[0]!.sourceUrl).toBe("https://nautobot.example/extras/statuses/");
    expect(job!.links["device"]).toBe("https://nautobot.example/dcim/devices/{id}/");
    expect(job!.links["interface_template"]).toBeUndefined();
    expect(JSON.stringify(job)).not.toContain("hush");
  });
});

/** A model with a custom field, as a run has it. */
function withContract(model: Model): Model {
  const contract = text().nullable();
  return {
    ...model,
    names: [...model.names, "cf_contract"],
    field: (name) => (name === "cf_contract" ? contract : model.field(name)),
  };
}

function assignmentsOf(recording: Recording): Record<string, unknown>[] {
  return recording.graphql["prefixes"]!.flatMap(({ id: prefix, locations }) =>
    (locations as { id: string }[]).map(({ id }) => ({
      id: `${String(prefix)}-${id}`,
      prefix: { id: prefix },
      location: { id },
    })),
  );
}

/** The first address goes, another comes at the end: the number stays, every page moves by one. */
function replaceFirstAddress(recording: Recording, suffix: number): void {
  for (const list of [recording.graphql["ip_addresses"]!, recording.rest[addressesPath]!]) {
    const gone = list.shift()!;
    list.push({
      ...gone,
      id: `00000000-0000-4000-8000-${String(suffix).padStart(12, "0")}`,
      host: `10.0.0.${200 + suffix}`,
    });
  }
}

function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : 1;
}
