import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Change } from "@plumbline/sync";
import { createHubAdapter } from "../../src/inventory/hub-adapter.ts";
import { getRecord } from "../../src/inventory/queries.ts";
import type { ReferenceItem } from "../../src/inventory/record-items.ts";
import { createInventory } from "../../src/inventory/inventory.ts";
import {
  applyContext,
  collect,
  creates,
  deletes,
  openHub,
  schema,
  type TestHub,
  updates,
} from "./hub-support.ts";

let hub: TestHub;
const inventory = createInventory();

beforeAll(async () => {
  hub = await openHub();
});
beforeEach(() => hub.reset());
afterAll(() => hub.drop());

async function refusal(change: Change): Promise<string | undefined> {
  const [outcome] = await hub.apply(change);
  expect(outcome?.status).toBe("failed");
  return outcome?.error?.message;
}

const location = (values: object) => creates("location", { status: "Active", ...values });
const prefix = (network: string, values: object = {}) =>
  creates("prefix", { prefix: network, status: "Active", ...values });
const address = (host: string, values: object = {}) =>
  creates("ip_address", {
    namespace: "Global",
    host,
    mask_length: 24,
    status: "Active",
    ...values,
  });

/** What a prefix or address hangs under, by name. */
async function parentOf(model: string, label: string): Promise<string | null> {
  const { id } = await hub.find(model, label);
  const { values } = await getRecord(hub.database, inventory, model, id);
  const parent = values["parent"];
  if (parent === null || typeof parent !== "object" || !("label" in parent)) return null;
  return (parent as ReferenceItem).label;
}

describe("locations", () => {
  it("sit under the type that their own type asks for", async () => {
    expect(await refusal(location({ name: "Loose", location_type: "Site" }))).toBe(
      "A location of type Site must have a parent location of type Country. Give it one.",
    );
    expect(
      await refusal(location({ name: "France", parent: ["Germany"], location_type: "Country" })),
    ).toBe(
      "A location of type Country is a root and cannot be under Germany. Leave its parent empty.",
    );
    expect(
      await refusal(
        location({ name: "Annex", parent: ["Berlin", ["Germany"]], location_type: "Site" }),
      ),
    ).toBe(
      "A location of type Site must be under one of type Country, and Berlin is of type Site. Choose another parent.",
    );
  });

  it("of a nestable type sit under each other", async () => {
    await hub.fill(
      location({ name: "North", location_type: "Zone" }),
      location({ name: "Inner", parent: ["North"], location_type: "Zone" }),
    );
    expect(
      await refusal(updates(await hub.find("location_type", "Zone"), { nestable: false })),
    ).toMatch("Location type Zone must stay nestable");
  });

  it("keep their type", async () => {
    const change = updates(await hub.find("location", "Germany"), { location_type: "Zone" });
    expect(await refusal(change)).toMatch("location_type of Location Germany cannot change.");
  });

  it("cannot be below themselves", async () => {
    await hub.fill(
      location({ name: "North", location_type: "Zone" }),
      location({ name: "Inner", parent: ["North"], location_type: "Zone" }),
    );
    const north = await hub.find("location", "North");
    expect(await refusal(updates(north, { parent: ["Inner", ["North"]] }))).toMatch("below itself");
    expect(await refusal(updates(north, { parent: ["North"] }))).toMatch("below itself");
  });

  it("may share a name under different parents only", async () => {
    await hub.fill(
      location({ name: "France", location_type: "Country" }),
      location({ name: "Berlin", parent: ["France"], location_type: "Site" }),
    );
    const france = await hub.find("location", "France → Berlin");
    expect(await refusal(updates(france, { parent: ["Germany"] }))).toMatch(
      "Another Location has this",
    );
  });
});

describe("location types", () => {
  it("are not named like a rack group", async () => {
    expect(await refusal(creates("location_type", { name: "Rack Groups" }))).toMatch(
      "Choose another name",
    );
  });

  it("keep their parent while there are locations of them", async () => {
    const site = await hub.find("location_type", "Site");
    expect(await refusal(updates(site, { parent: null }))).toMatch(
      "cannot change while there are locations",
    );
  });

  it("cannot be below themselves", async () => {
    await hub.fill(
      creates("location_type", { name: "A" }),
      creates("location_type", { name: "B", parent: "A" }),
    );
    expect(await refusal(updates(await hub.find("location_type", "A"), { parent: "B" }))).toMatch(
      "below itself",
    );
  });
});

describe("statuses and tags", () => {
  it("are only for the models they name", async () => {
    await hub.fill(
      creates("status", { name: "Planned", content_types: ["dcim.location"] }),
      creates("tag", { name: "people", content_types: ["tenancy.tenant"] }),
    );
    expect(await refusal(prefix("10.9.0.0/16", { status: "Planned" }))).toBe(
      "The status Planned is not for Prefixes. Add ipam.prefix to its content types, or choose another.",
    );
    expect(await refusal(address("10.1.9.9", { tags: ["edge", "people"] }))).toMatch(
      "The tag people is not for IP addresses.",
    );
  });

  it("stay for the models whose objects have them", async () => {
    await hub.fill(
      creates("tag", { name: "lab", content_types: ["dcim.location", "ipam.prefix"] }),
      prefix("10.9.0.0/16", { tags: ["lab"] }),
    );
    const [status, tag] = [await hub.find("status", "Active"), await hub.find("tag", "lab")];
    const withoutPrefixes = { content_types: ["dcim.location", "ipam.ipaddress"] };
    expect(await refusal(updates(status, withoutPrefixes))).toBe(
      "Status Active is used by Prefixes. Give those another first, or keep ipam.prefix among its content types.",
    );
    expect(await refusal(updates(tag, withoutPrefixes))).toMatch("Tag lab is used by Prefixes.");
    await hub.fill(updates(tag, { content_types: ["ipam.prefix"] }));
  });

  it("are for fewer models when a sync says so: its source let it happen", async () => {
    const run = { userName: null, jobResultId: null, syncId: randomUUID() };
    const adapter = createHubAdapter(hub.database, schema.models, { run });
    const writer = await adapter.writer!(applyContext);
    const status = updates(await hub.find("status", "Active"), { content_types: [] });
    const outcomes = await collect(writer.apply([status], applyContext));
    expect(outcomes).toMatchObject([{ status: "applied" }]);
  });
});

describe("prefixes", () => {
  it("hang under the longest prefix of their namespace that contains them", async () => {
    await hub.fill(
      prefix("10.1.2.0/24"),
      prefix("10.0.0.0/8", { namespace: "Lab" }),
      prefix("2001:db8::/32"),
      prefix("2001:db8:1::/48"),
    );
    expect(await parentOf("prefix", "10.1.2.0/24 (Global)")).toBe("10.1.0.0/16 (Global)");
    expect(await parentOf("prefix", "10.1.0.0/16 (Global)")).toBe("10.0.0.0/8 (Global)");
    expect(await parentOf("prefix", "10.0.0.0/8 (Lab)")).toBeNull();
    expect(await parentOf("prefix", "2001:db8:1::/48 (Global)")).toBe("2001:db8::/32 (Global)");
  });

  it("created between others gather what they contain, in whatever order they come", async () => {
    await hub.apply(
      prefix("10.1.2.0/25"),
      prefix("10.1.0.0/20"),
      prefix("10.1.2.0/24"),
      prefix("0.0.0.0/0"),
    );
    expect(await parentOf("prefix", "10.0.0.0/8 (Global)")).toBe("0.0.0.0/0 (Global)");
    expect(await parentOf("prefix", "10.1.0.0/20 (Global)")).toBe("10.1.0.0/16 (Global)");
    expect(await parentOf("prefix", "10.1.2.0/24 (Global)")).toBe("10.1.0.0/20 (Global)");
    expect(await parentOf("prefix", "10.1.2.0/25 (Global)")).toBe("10.1.2.0/24 (Global)");
    expect(await parentOf("ip_address", "10.1.2.3 (Global)")).toBe("10.1.2.0/25 (Global)");
  });

  it("leave the versions of what they gather alone", async () => {
    await hub.fill(prefix("10.1.2.0/24"));
    expect((await hub.find("ip_address", "10.1.2.3 (Global)")).version).toBe("1");
  });

  it("when deleted hand over what they contain to the prefix above", async () => {
    await hub.fill(prefix("10.1.2.0/24"), prefix("10.1.2.0/25"));
    const outcomes = await hub.apply(
      deletes(await hub.find("prefix", "10.1.0.0/16 (Global)")),
      deletes(await hub.find("prefix", "10.1.2.0/24 (Global)")),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(["applied", "applied"]);
    expect(await parentOf("prefix", "10.1.2.0/25 (Global)")).toBe("10.0.0.0/8 (Global)");
    expect(await parentOf("ip_address", "10.1.2.3 (Global)")).toBe("10.1.2.0/25 (Global)");
  });

  it("are not deleted while addresses would be left without one", async () => {
    const [all, one] = [
      await hub.find("prefix", "10.0.0.0/8 (Global)"),
      await hub.find("prefix", "10.1.0.0/16 (Global)"),
    ];
    const outcomes = await hub.apply(deletes(all), deletes(one));
    expect(outcomes.map(({ change, status }) => [change.label, status]).sort()).toEqual([
      ["10.0.0.0/8 (Global)", "applied"],
      ["10.1.0.0/16 (Global)", "failed"],
    ]);
    expect(outcomes.find(({ error }) => error)?.error?.message).toMatch(
      "still contains 1 address (10.1.2.3), and there is no prefix above it",
    );
    expect(await parentOf("prefix", "10.1.0.0/16 (Global)")).toBeNull();
  });

  it("moved to another network leave behind what is not theirs any more", async () => {
    await hub.fill(prefix("10.1.2.0/24"), prefix("10.2.2.0/24"));
    await hub.fill(
      updates(await hub.find("prefix", "10.1.0.0/16 (Global)"), { prefix: "10.2.0.0/16" }),
    );
    expect(await parentOf("prefix", "10.1.2.0/24 (Global)")).toBe("10.0.0.0/8 (Global)");
    expect(await parentOf("prefix", "10.2.2.0/24 (Global)")).toBe("10.2.0.0/16 (Global)");
    expect(await parentOf("ip_address", "10.1.2.3 (Global)")).toBe("10.1.2.0/24 (Global)");
  });

  it("are not moved away from addresses that nothing else contains", async () => {
    await hub.fill(deletes(await hub.find("prefix", "10.0.0.0/8 (Global)")));
    const change = updates(await hub.find("prefix", "10.1.0.0/16 (Global)"), {
      prefix: "10.2.0.0/16",
    });
    expect(await refusal(change)).toMatch("would contain 1 address (10.1.2.3)");
  });

  it("attach to locations only where the location's type allows it", async () => {
    expect(await refusal(prefix("10.7.0.0/16", { locations: [["Germany"]] }))).toMatch(
      "Prefixes cannot be attached to Germany, a location of type Country.",
    );
  });
});

describe("addresses", () => {
  it("need a prefix of their namespace that contains them", async () => {
    expect(await refusal(address("192.0.2.1"))).toBe(
      "No prefix of namespace Global contains 192.0.2.1. Create one first, or correct the address.",
    );
    expect(await refusal(address("10.1.2.3", { namespace: "Lab" }))).toMatch(
      "namespace Lab contains 10.1.2.3",
    );
    expect(await refusal(address("2001:db8::1"))).toMatch("contains 2001:db8::1");
  });

  it("may be the first and the last of their prefix", async () => {
    await hub.fill(address("10.1.0.0"), address("10.1.255.255"), address("10.255.255.255"));
    expect(await parentOf("ip_address", "10.1.0.0 (Global)")).toBe("10.1.0.0/16 (Global)");
    expect(await parentOf("ip_address", "10.1.255.255 (Global)")).toBe("10.1.0.0/16 (Global)");
    expect(await parentOf("ip_address", "10.255.255.255 (Global)")).toBe("10.0.0.0/8 (Global)");
  });

  it("stand once in a namespace, whatever their mask", async () => {
    const [outcome] = await hub.apply(address("10.1.2.3", { mask_length: 32 }));
    expect(outcome?.status).toBe("stale");
  });

  it("keep their host, and may change their mask", async () => {
    const found = await hub.find("ip_address", "10.1.2.3 (Global)");
    expect(await refusal(updates(found, { host: "10.1.2.4" }))).toMatch(
      "Delete the address and create the other",
    );
    await hub.fill(updates(found, { mask_length: 28 }));
  });

  it("are not both IPv4 and SLAAC, nor masked by more than 32 bits", async () => {
    expect(await refusal(address("10.1.2.4", { type: "slaac" }))).toMatch("SLAAC is for IPv6");
    expect(await refusal(address("10.1.2.4", { mask_length: 64 }))).toMatch("at most 32");
    await hub.fill(
      prefix("2001:db8::/32"),
      address("2001:db8::5", { type: "slaac", mask_length: 64 }),
    );
  });

  it("may be translated to another one, or to themselves", async () => {
    await hub.fill(
      address("10.1.2.4", { nat_inside: ["Global", "10.1.2.3"] }),
      address("10.1.2.5", { nat_inside: ["Global", "10.1.2.5"] }),
    );
    const [inside] = [await hub.find("ip_address", "10.1.2.3 (Global)")];
    expect(await refusal(deletes(inside))).toMatch("still used by 1 IP address (nat_inside)");
    await hub.fill(deletes(await hub.find("ip_address", "10.1.2.5 (Global)")));
  });

  it("move to another namespace that has a prefix for them", async () => {
    const found = await hub.find("ip_address", "10.1.2.3 (Global)");
    expect(await refusal(updates(found, { namespace: "Lab" }))).toMatch(
      "No prefix of namespace Lab contains 10.1.2.3.",
    );
    await hub.fill(
      prefix("10.1.2.0/24", { namespace: "Lab" }),
      updates(found, { namespace: "Lab" }),
    );
    expect(await parentOf("ip_address", "10.1.2.3 (Lab)")).toBe("10.1.2.0/24 (Lab)");
  });
});
