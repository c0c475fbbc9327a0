import { hubModels } from "@plumbline/models";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestApp, json, type TestApp } from "../app.ts";
import { knownFilters } from "./known-filters.ts";

interface Row {
  readonly id: string;
  readonly display: string;
}

let app: TestApp;
const made = new Map<string, string>();

/** Makes an object; "@name" in a value stands for the id of one made before. */
async function make(name: string, path: string, body: Record<string, unknown>): Promise<void> {
  const text = JSON.stringify(body).replaceAll(/"@([^"]+)"/g, (_, of: string) => `"${idOf(of)}"`);
  const answer = await app.request(`/api/${path}/`, json(JSON.parse(text)));
  const row = (await answer.json()) as Row;
  if (answer.status !== 201) throw new Error(`${name}: ${JSON.stringify(row)}`);
  made.set(name, row.id);
}

function idOf(name: string): string {
  const id = made.get(name);
  if (id === undefined) throw new Error(`Nothing is called ${name}.`);
  return id;
}

/** The names of the objects of a list that the query finds. */
async function found(path: string, query: string): Promise<string[]> {
  const filled = query.replaceAll(/@([\w .-]+)/g, (_, name: string) => idOf(name));
  const { results } = await app.read<{ results: Row[] }>(`/api/${path}/?${filled}`);
  const names = new Map([...made].map(([name, id]) => [id, name]));
  return results.map(({ id, display }) => names.get(id) ?? display).sort();
}

const everywhere = { content_types: hubModels.map(({ contentType }) => contentType) };

beforeAll(async () => {
  app = await createTestApp();
  const rows: [name: string, path: string, body: Record<string, unknown>][] = [
    ["status", "extras/statuses", { name: "Active", ...everywhere }],
    ["role", "extras/roles", { name: "Leaf", description: "which spreads", ...everywhere }],
    ["group", "tenancy/tenant-groups", { name: "group" }],
    ["subgroup", "tenancy/tenant-groups", { name: "subgroup", parent: "@group" }],
    ["tenant", "tenancy/tenants", { name: "tenant", tenant_group: "@subgroup" }],
    ["loner", "tenancy/tenants", { name: "loner" }],
    ["Region", "dcim/location-types", { name: "Region", ...everywhere, nestable: true }],
    ["Site", "dcim/location-types", { name: "Site", parent: "@Region", ...everywhere }],
    [
      "Room",
      "dcim/location-types",
      { name: "Room", parent: "@Site", content_types: ["dcim.rack"] },
    ],
    [
      "region",
      "dcim/locations",
      {
        ...{ name: "region", location_type: "@Region", status: "@status" },
        ...{ physical_address: "1 Main Street", asn: 65010 },
      },
    ],
    [
      "site",
      "dcim/locations",
      {
        ...{ name: "site", location_type: "@Site", parent: "@region", status: "@status" },
        tenant: "@tenant",
      },
    ],
    [
      "room",
      "dcim/locations",
      { name: "room", location_type: "@Room", parent: "@site", status: "@status" },
    ],
    [
      "elsewhere",
      "dcim/locations",
      { name: "elsewhere", location_type: "@Region", status: "@status" },
    ],
    ["hall", "dcim/rack-groups", { name: "hall", location: "@site" }],
    ["row", "dcim/rack-groups", { name: "row", location: "@site", parent: "@hall" }],
    [
      "rack",
      "dcim/racks",
      {
        ...{ name: "rack", location: "@site", rack_group: "@row", status: "@status" },
        tenant: "@tenant",
      },
    ],
    ["Acme", "dcim/manufacturers", { name: "Acme" }],
    ["Borealis", "dcim/manufacturers", { name: "Borealis" }],
    ["deep", "dcim/device-types", { manufacturer: "@Acme", model: "A-1" }],
    [
      "flat",
      "dcim/device-types",
      { manufacturer: "@Borealis", model: "B-1", is_full_depth: false },
    ],
    [
      "leaf",
      "dcim/devices",
      {
        ...{ name: "leaf", device_type: "@deep", location: "@site", role: "@role" },
        ...{ status: "@status", rack: "@rack", tenant: "@tenant" },
      },
    ],
    [
      "spare",
      "dcim/devices",
      {
        ...{ name: "spare", device_type: "@flat", location: "@elsewhere", role: "@role" },
        ...{ status: "@status", tenant: "@loner" },
      },
    ],
    // After the devices, which would get an interface of it.
    [
      "template",
      "dcim/interface-templates",
      { device_type: "@flat", name: "mgmt", type: "1000base-t" },
    ],
    ["Global", "ipam/namespaces", { name: "Global", tenant: "@tenant" }],
    [
      "servers",
      "ipam/vlans",
      { vid: 10, name: "servers", status: "@status", locations: ["@region"] },
    ],
    ["guests", "ipam/vlans", { vid: 20, name: "guests", status: "@status", tenant: "@tenant" }],
    ["far", "ipam/vlans", { vid: 30, name: "far", status: "@status", locations: ["@elsewhere"] }],
    ["bundle", "dcim/interfaces", { device: "@leaf", name: "ae0", type: "lag", status: "@status" }],
    [
      "uplink",
      "dcim/interfaces",
      {
        ...{ device: "@leaf", name: "xe-0", type: "10gbase-x-sfpp", status: "@status" },
        ...{ lag: "@bundle", mac_address: "02:00:00:00:00:01", mode: "tagged" },
        ...{ untagged_vlan: "@servers", tagged_vlans: ["@guests"] },
      },
    ],
    [
      "bridge",
      "dcim/interfaces",
      { device: "@leaf", name: "br0", type: "bridge", status: "@status" },
    ],
    [
      "unit",
      "dcim/interfaces",
      {
        ...{ device: "@leaf", name: "xe-0.1", type: "virtual", status: "@status" },
        ...{ parent_interface: "@uplink", bridge: "@bridge" },
      },
    ],
    [
      "radio",
      "dcim/interfaces",
      { device: "@spare", name: "wlan0", type: "ieee802.11ax", status: "@status" },
    ],
    [
      "net",
      "ipam/prefixes",
      { prefix: "10.0.0.0/8", status: "@status", type: "container", namespace: "@Global" },
    ],
    ["lan", "ipam/prefixes", { prefix: "10.1.0.0/16", status: "@status", vlan: "@guests" }],
    ["link", "ipam/prefixes", { prefix: "10.1.1.0/24", status: "@status", tenant: "@tenant" }],
    [
      "used",
      "ipam/ip-addresses",
      { address: "10.1.1.1/24", status: "@status", namespace: "@Global" },
    ],
    [
      "free",
      "ipam/ip-addresses",
      {
        ...{ address: "10.1.2.1/24", status: "@status", namespace: "@Global" },
        ...{ tenant: "@tenant", nat_inside: "@used" },
      },
    ],
    ["assignment", "ipam/ip-address-to-interface", { ip_address: "@used", interface: "@uplink" }],
    [
      "blue",
      "ipam/vrfs",
      {
        ...{ name: "blue", rd: "65000:1", namespace: "@Global", tenant: "@tenant" },
        ...{ devices: ["@leaf"], prefixes: ["@link"] },
      },
    ],
  ];
  for (const row of rows) await make(...row);
  await app.request(
    `/api/dcim/devices/${idOf("leaf")}/`,
    json({ primary_ip4: idOf("used") }, "PATCH"),
  );
}, 60_000);
afterAll(() => app.close());

describe("the lists of Nautobot's clients", () => {
  it.each(Object.entries(knownFilters))(
    "%s has every filter that they know",
    async (path, names) => {
      // Empty values filter nothing; names that there are not are all told at once.
      const query = new URLSearchParams(names.map((name): [string, string] => [name, ""]));
      const answer = await app.request(`/api/${path}/?${query.toString()}`);
      expect([answer.status, await answer.json()]).toMatchObject([200, {}]);
    },
  );

  it.each<[path: string, query: string, names: string[]]>([
    ["dcim/devices", "manufacturer=Acme", ["leaf"]],
    ["dcim/devices", "manufacturer=Acme&manufacturer=Borealis", ["leaf", "spare"]],
    ["dcim/devices", "manufacturer=@Borealis", ["spare"]],
    ["dcim/devices", "manufacturer__n=Acme", ["spare"]],
    ["dcim/devices", "is_full_depth=false", ["spare"]],
    ["dcim/devices", "rack_group=hall", ["leaf"]],
    ["dcim/devices", "rack_group=null", ["spare"]],
    ["dcim/devices", "rack_group__n=row", ["spare"]],
    ["dcim/devices", "tenant_group=group", ["leaf"]],
    ["dcim/devices", "tenant_group=null", ["spare"]],
    ["dcim/devices", "mac_address=0200.0000.0001", ["leaf"]],
    ["dcim/devices", "mac_address__n=02:00:00:00:00:01", ["spare"]],
    ["dcim/devices", "mac_address__isw=02:00", ["leaf"]],
    ["dcim/devices", "has_primary_ip=true", ["leaf"]],
    ["dcim/devices", "has_primary_ip=false", ["spare"]],
    ["dcim/devices", "ip_addresses=10.1.1.1/24", ["leaf"]],
    ["dcim/devices", "ip_addresses=10.1.1.1", ["leaf"]],
    ["dcim/devices", "ip_addresses=@used", ["leaf"]],
    ["dcim/devices", "has_ip_addresses=false", ["spare"]],
    ["dcim/interfaces", "kind=virtual", ["bridge", "bundle", "unit"]],
    ["dcim/interfaces", "kind=wireless", ["radio"]],
    ["dcim/interfaces", "kind=physical", ["uplink"]],
    ["dcim/interfaces", "location=region", ["bridge", "bundle", "unit", "uplink"]],
    ["dcim/interfaces", "location=@elsewhere", ["radio"]],
    ["dcim/interfaces", "vlan=10", ["uplink"]],
    ["dcim/interfaces", "vlan=20", ["uplink"]],
    ["dcim/interfaces", "vlan=30", []],
    ["dcim/interfaces", "vlan_id=@guests", ["uplink"]],
    ["dcim/interfaces", "vlan_id=@far", []],
    ["dcim/interfaces", "child_interfaces=xe-0.1", ["uplink"]],
    ["dcim/interfaces", "has_child_interfaces=true", ["uplink"]],
    ["dcim/interfaces", "bridged_interfaces=@unit", ["bridge"]],
    ["dcim/interfaces", "has_bridged_interfaces=true", ["bridge"]],
    ["dcim/interfaces", "member_interfaces=xe-0", ["bundle"]],
    ["dcim/interfaces", "has_member_interfaces=true", ["bundle"]],
    ["dcim/interfaces", "has_tagged_vlans=true", ["uplink"]],
    ["dcim/interfaces", "ip_addresses=10.1.1.1/24", ["uplink"]],
    ["dcim/interfaces", "has_ip_addresses=true", ["uplink"]],
    ["ipam/ip-addresses", "device=leaf", ["used"]],
    ["ipam/ip-addresses", "device_id=@leaf", ["used"]],
    ["ipam/ip-addresses", "device=spare", []],
    ["ipam/ip-addresses", "interfaces=xe-0", ["used"]],
    ["ipam/ip-addresses", "has_interface_assignments=true", ["used"]],
    ["ipam/ip-addresses", "has_interface_assignments=false", ["free"]],
    ["ipam/ip-addresses", "has_nat_inside=true", ["free"]],
    ["ipam/ip-addresses", "prefix_exact=10.1.1.0/24", ["used"]],
    ["ipam/ip-addresses", "vrfs=65000:1", ["used"]],
    ["ipam/ip-addresses", "present_in_vrf=65000:1", ["used"]],
    ["ipam/ip-addresses", "present_in_vrf_id=@blue", ["used"]],
    ["ipam/ip-addresses", "tenant_group=subgroup", ["free"]],
    ["ipam/prefixes", "ancestors=10.1.1.0/24", ["lan", "net"]],
    ["ipam/prefixes", "prefix_and_descendants=@lan", ["lan", "link"]],
    ["ipam/prefixes", "max_depth=1", ["net"]],
    ["ipam/prefixes", "max_depth=2", ["lan", "net"]],
    ["ipam/prefixes", "max_depth=0", ["lan", "link", "net"]],
    ["ipam/prefixes", "vlan_vid=20", ["lan"]],
    ["ipam/prefixes", "vlan_vid__gt=20", []],
    ["ipam/prefixes", "present_in_vrf=65000:1", ["link"]],
    ["ipam/prefixes", "present_in_vrf_id=@blue", ["link"]],
    ["ipam/prefixes", "has_rir=true", []],
    ["ipam/prefixes", "tenant_group=group", ["link"]],
    ["dcim/locations", "content_type=dcim.device", ["elsewhere", "region", "site"]],
    ["dcim/locations", "child_location_type=Room", ["site"]],
    ["dcim/locations", "child_location_type=Region", ["elsewhere", "region"]],
    ["dcim/locations", "child_location_type=Site", ["elsewhere", "region"]],
    ["dcim/locations", "max_depth=1", ["elsewhere", "region"]],
    ["dcim/locations", "max_depth=2", ["elsewhere", "region", "site"]],
    ["dcim/locations", "tenant_group=group", ["site"]],
    ["dcim/racks", "tenant_group=group", ["rack"]],
    ["dcim/racks", "tenant_group__n=group", []],
    ["dcim/rack-groups", "children=row", ["hall"]],
    ["dcim/rack-groups", "has_children=false", ["row"]],
    ["tenancy/tenant-groups", "children=subgroup", ["group"]],
    ["dcim/device-types", "interfaces=true", ["flat"]],
    ["dcim/device-types", "interfaces=false", ["deep"]],
    ["ipam/vlans", "available_on_device=@leaf", ["guests", "servers"]],
    ["ipam/vlans", "available_on_device=@spare", ["far", "guests"]],
    ["ipam/vlans", "available_on_device=00000000-0000-4000-8000-000000000000", []],
    ["ipam/vlans", "interfaces=xe-0", ["guests", "servers"]],
    ["ipam/vlans", "tenant_group=group", ["guests"]],
    ["ipam/vrfs", "device=leaf", ["blue"]],
    ["ipam/vrfs", "device=spare", []],
    ["ipam/vrfs", "prefix=10.1.1.0/24", ["blue"]],
    ["ipam/vrfs", "tenant_group=group", ["blue"]],
    ["ipam/namespaces", "tenant_group=group", ["Global"]],
    ["dcim/devices", "q=acM", ["leaf"]],
    ["dcim/devices", "q=spare", ["spare"]],
    ["dcim/locations", "q=main street", ["region"]],
    ["dcim/locations", "q=65010", ["region"]],
    ["dcim/locations", "q=6501", []],
    ["extras/roles", "q=which spreads", []],
    ["extras/roles", "q=lea", ["role"]],
    ["ipam/vlans", "q=20", ["guests"]],
    ["ipam/vlans", "q=2", []],
  ])("%s?%s finds %j", async (path, query, names) => {
    expect(await found(path, query)).toEqual(names);
  });

  it("refuse what an exact network cannot be, and a kind that there is not", async () => {
    for (const query of [
      "ip-addresses/?prefix_exact=10.1.1.5/24",
      "prefixes/?prefix_exact=10.1.1.5/24",
    ]) {
      expect((await app.request(`/api/ipam/${query}`)).status).toBe(400);
    }
    const answer = await app.request("/api/dcim/interfaces/?kind=odd");
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { kind: ["Select a valid choice. odd is not one of the available choices."] },
    ]);
  });
});
