import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Change } from "@plumbline/sync";
import { createHubAdapter } from "../../src/inventory/hub-adapter.ts";
import {
  applyContext,
  collect,
  contentTypes,
  creates,
  openHub,
  schema,
  type TestHub,
  updates,
} from "./hub-support.ts";

let hub: TestHub;
const room = ["Room"];
const cage = ["Cage", room];
const sw1 = { name: "sw1", location: room };
const sw2 = { name: "sw2", location: room };

/** Everything the refused changes below need, and nothing more. */
const estate: readonly Change[] = [
  creates("status", { name: "Active", content_types: contentTypes }),
  creates("role", { name: "Switch", content_types: ["dcim.device"] }),
  creates("role", { name: "Loopback", content_types: ["dcim.interface"] }),
  creates("location_type", { name: "Room", nestable: true, content_types: contentTypes }),
  creates("location_type", { name: "Cellar" }),
  creates("location", { name: "Room", location_type: "Room", status: "Active" }),
  creates("location", { name: "Cage", parent: room, location_type: "Room", status: "Active" }),
  creates("location", { name: "Other", location_type: "Room", status: "Active" }),
  creates("location", { name: "Cellar", location_type: "Cellar", status: "Active" }),
  creates("manufacturer", { name: "Acme" }),
  creates("manufacturer", { name: "Other" }),
  creates("platform", { name: "OtherOS", manufacturer: "Other" }),
  creates("device_type", { manufacturer: "Acme", model: "S2", u_height: 2 }),
  creates("device_type", { manufacturer: "Acme", model: "shallow", is_full_depth: false }),
  creates("device_type", { manufacturer: "Acme", model: "strip", u_height: 0 }),
  creates("device_type", {
    ...{ manufacturer: "Acme", model: "blade", u_height: 0 },
    subdevice_role: "child",
  }),
  creates("rack_group", { name: "Hall", location: room }),
  creates("rack_group", { name: "Row", location: room, parent: ["Hall", room] }),
  creates("rack_group", { name: "Pen", location: cage, parent: ["Row", room] }),
  creates("tenant_group", { name: "World" }),
  creates("tenant_group", { name: "Europe", parent: "World" }),
  creates("tenant_group", { name: "Spain", parent: "Europe" }),
  creates("rack", { name: "R1", location: room, status: "Active", u_height: 10 }),
  creates("vlan_group", { name: "Campus", range: "2-100,200" }),
  creates("vlan", { vlan_group: "Campus", vid: 10, name: "users", status: "Active" }),
  creates("vlan", { vid: 30, name: "elsewhere", status: "Active", locations: [["Other"]] }),
  creates("namespace", { name: "Global" }),
  creates("namespace", { name: "Lab" }),
  creates("prefix", { namespace: "Global", prefix: "10.0.0.0/8", status: "Active" }),
  creates("prefix", { namespace: "Lab", prefix: "10.0.0.0/8", status: "Active" }),
  creates("vrf", { name: "blue", prefixes: [["Global", "10.0.0.0/8"]] }),
];

const device = (values: object) =>
  creates("device", {
    location: room,
    status: "Active",
    role: "Switch",
    device_type: ["Acme", "S2"],
    ...values,
  });
const port = (values: object) =>
  creates("interface", { device: sw1, name: "x", status: "Active", type: "1000base-t", ...values });
const mounted = { rack: ["R1", null, room], face: "front" };
const shallow = { device_type: ["Acme", "shallow"], ...mounted, position: 4 };
const changed = async (model: string, label: string, values: object) =>
  updates(await hub.find(model, label), { ...values });

beforeAll(async () => {
  hub = await openHub();
  await hub.fill(
    ...estate,
    device({ name: "sw1", ...mounted, position: 1, asset_tag: "A1" }),
    port({ name: "eth1" }),
    device({ name: "sw2", ...shallow }),
    device({ name: "sw3", ...shallow, face: "rear" }),
    port({ name: "eth2", device: sw2 }),
  );
});
afterAll(() => hub.drop());

type Refused = readonly [string, () => Change | Promise<Change>, RegExp];

const neighbours = { lag: "LAG", bridge: "bridge", parent_interface: "parent interface" };
const refusedNeighbours = Object.entries(neighbours).flatMap(([field, what]): Refused[] => [
  [
    `an interface made as its own ${what}`,
    () => port({ [field]: { device: sw1, name: "x" } }),
    new RegExp(`^An interface cannot be its own ${what}\\.`),
  ],
  [
    `an interface that becomes its own ${what}`,
    () => changed("interface", "eth1 (sw1 (Room))", { [field]: { device: sw1, name: "eth1" } }),
    new RegExp(`^An interface cannot be its own ${what}\\.`),
  ],
  [
    `a ${what} on another device`,
    () => port({ [field]: { device: sw2, name: "eth2" } }),
    new RegExp(`^eth2 is an interface of another device\\. Choose a ${what} on the same device`),
  ],
]);

const refused: readonly Refused[] = [
  [
    "a device at a location whose type is not for devices",
    () => device({ name: "a", location: ["Cellar"] }),
    /cannot be attached to Cellar/,
  ],
  [
    "a role that is for something else",
    () => device({ name: "a", role: "Loopback" }),
    /role Loopback is not for Devices/,
  ],
  [
    "units that another device takes",
    () => device({ name: "a", ...mounted, position: 2 }),
    /units 2 to 3 of rack R1, where sw1 is/,
  ],
  [
    "units above the rack",
    () => device({ name: "a", ...mounted, position: 10 }),
    /rack R1, which has 10/,
  ],
  ["a position without a rack", () => device({ name: "a", position: 3 }), /needs a rack/],
  [
    "a rack elsewhere",
    () => device({ name: "a", location: ["Other"], ...mounted, position: 5 }),
    /Rack R1 is at Room, which is not in Other/,
  ],
  [
    "a platform of another manufacturer",
    () => device({ name: "a", platform: "OtherOS" }),
    /for devices of Other, and this one is made by Acme/,
  ],
  [
    "an asset tag twice",
    () => device({ name: "a", asset_tag: "A1" }),
    /has this asset_tag already/,
  ],
  [
    "a duplex on what is no twisted pair",
    () => port({ type: "10gbase-x-sfpp", duplex: "full" }),
    /Only twisted pair has a duplex/,
  ],
  [
    "a speed of a virtual interface",
    () => port({ type: "virtual", speed: 1000 }),
    /is virtual and has no speed/,
  ],
  ["a VLAN without a mode", () => port({ untagged_vlan: ["Campus", 10, "users"] }), /needs a mode/],
  [
    "tagged VLANs in access mode",
    () => port({ mode: "access", tagged_vlans: [["Campus", 10, "users"]] }),
    /in mode access has no tagged VLANs/,
  ],
  [
    "a VLAN that is elsewhere",
    () => port({ mode: "access", untagged_vlan: [null, 30, "elsewhere"] }),
    /VLAN 30 elsewhere is not at Room/,
  ],
  [
    "a VRF that the device is not in",
    () => port({ vrf: ["Global", null, "blue"] }),
    /sw1 is not in the VRF blue/,
  ],
  [
    "a parent of an interface that is not virtual",
    () => port({ parent_interface: { device: sw1, name: "eth1" } }),
    /only virtual ones have/,
  ],
  ...refusedNeighbours,
  [
    "a virtual interface in a LAG",
    () => port({ type: "virtual", lag: { device: sw1, name: "eth1" } }),
    /A virtual interface cannot be a member of a LAG/,
  ],
  [
    "a position without a face",
    () => device({ name: "a", rack: mounted.rack, position: 6 }),
    /A position needs a face/,
  ],
  [
    "a face of the rack for a child device",
    () => device({ name: "a", device_type: ["Acme", "blade"], ...mounted }),
    /A child device sits in a bay of another/,
  ],
  [
    "a position in the rack for a child device",
    () => device({ name: "a", device_type: ["Acme", "blade"], rack: mounted.rack, position: 6 }),
    /A child device sits in a bay of another/,
  ],
  [
    "a position for a device that takes no units",
    () => device({ name: "a", device_type: ["Acme", "strip"], ...mounted, position: 6 }),
    /a takes no rack units, so it has no position in rack R1/,
  ],
  [
    "a rack lower than its devices reach",
    () => changed("rack", "R1 (Room)", { u_height: 3 }),
    /The rack cannot be 3 units high: sw[23] reaches up to unit 4/,
  ],
  [
    "a child device type with a height",
    () =>
      creates("device_type", {
        ...{ manufacturer: "Acme", model: "tall blade", u_height: 1 },
        subdevice_role: "child",
      }),
    /A child device sits in a bay and takes no rack units/,
  ],
  [
    "a child device type that gets a height",
    () => changed("device_type", "blade (Acme)", { u_height: 1 }),
    /A child device sits in a bay and takes no rack units/,
  ],
  [
    "a device type with a height that becomes one of children",
    () => changed("device_type", "S2 (Acme)", { subdevice_role: "child" }),
    /A child device sits in a bay and takes no rack units/,
  ],
  [
    "a device type that grows into the units of another device",
    () => changed("device_type", "S2 (Acme)", { u_height: 4 }),
    /sw1 would take units 1 to 4 of rack R1, where sw[23] is/,
  ],
  [
    "a device type that grows out of the rack",
    () => changed("device_type", "shallow (Acme)", { u_height: 8 }),
    /sw[23] would take units 4 to 11 of rack R1, which has 10/,
  ],
  [
    "a device type that grows onto the other face",
    () => changed("device_type", "shallow (Acme)", { is_full_depth: true }),
    /sw[23] would take unit 4 of rack R1, where sw[23] is/,
  ],
  [
    "a mounted device type that shrinks to no units",
    () => changed("device_type", "S2 (Acme)", { u_height: 0 }),
    /sw1 takes no rack units/,
  ],
  [
    "a rack group made outside its parent's location",
    () => creates("rack_group", { name: "Out", location: ["Other"], parent: ["Hall", room] }),
    /The rack group Hall is at Room, which does not contain Other/,
  ],
  [
    "a rack group that leaves its parent's location",
    () => changed("rack_group", "Pen (Room → Cage)", { location: ["Other"] }),
    /The rack group Row is at Room, which does not contain Other/,
  ],
  [
    "a rack made outside its group's location",
    () =>
      creates("rack", { name: "R3", location: room, rack_group: ["Pen", cage], status: "Active" }),
    /The rack group Pen is at Cage, which does not contain Room/,
  ],
  [
    "a rack that joins a group elsewhere",
    () => changed("rack", "R1 (Room)", { rack_group: ["Pen", cage] }),
    /The rack group Pen is at Cage, which does not contain Room/,
  ],
  [
    "a rack group below one of its own",
    () => changed("rack_group", "Hall (Room)", { parent: ["Row", room] }),
    /^Hall \(Room\) would be below itself/,
  ],
  [
    "a rack group below itself",
    () => changed("rack_group", "Hall (Room)", { parent: ["Hall", room] }),
    /^Hall \(Room\) would be below itself/,
  ],
  [
    "a tenant group below one far down in its own",
    () => changed("tenant_group", "World", { parent: "Spain" }),
    /^World would be below itself/,
  ],
  [
    "a tenant group below itself",
    () => changed("tenant_group", "World", { parent: "World" }),
    /^World would be below itself/,
  ],
  [
    "a new tenant group below itself",
    () => creates("tenant_group", { name: "Loop", parent: "Loop" }),
    /^Loop would be below itself/,
  ],
  [
    "a new rack group below itself",
    () => creates("rack_group", { name: "Loop", location: room, parent: ["Loop", room] }),
    /^.*Loop.* would be below itself/,
  ],
  [
    "a new location type below itself",
    () => creates("location_type", { name: "Loop", parent: "Loop" }),
    /^Loop would be below itself/,
  ],
  [
    "a range that leaves out VLANs of the group",
    () => changed("vlan_group", "Campus", { range: "2-9,11-100" }),
    /The range 2-9,11-100 leaves out the VLANs 10\. /,
  ],
  [
    "a VRF made with a prefix of another namespace",
    () => creates("vrf", { name: "red", prefixes: [["Lab", "10.0.0.0/8"]] }),
    /The VRF is of namespace Global, and 10\.0\.0\.0\/8 of Lab/,
  ],
  [
    "a VRF that leaves the namespace of its prefixes",
    () => changed("vrf", "blue (Global)", { namespace: "Lab" }),
    /The VRF is of namespace Lab, and 10\.0\.0\.0\/8 of Global/,
  ],
  [
    "a VLAN outside its group's range",
    () => creates("vlan", { vlan_group: "Campus", vid: 150, name: "v", status: "Active" }),
    /2-100,200, which leaves out 150/,
  ],
  [
    "a number twice in a VLAN group",
    () => creates("vlan", { vlan_group: "Campus", vid: 10, name: "other", status: "Active" }),
    /has this vlan_group and vid already/,
  ],
  [
    "a range beyond the numbers of VLANs",
    () => creates("vlan_group", { name: "wide", range: "1-5000" }),
    /no range of VLAN numbers/,
  ],
  [
    "an outer width without its unit",
    () => creates("rack", { name: "R2", location: room, status: "Active", outer_width: 600 }),
    /needs its unit/,
  ],
];

it.each(refused)("refuses %s", async (_what, change, message) => {
  const [outcome] = await hub.apply(await change());
  expect(outcome).toMatchObject({ status: "failed" });
  expect(outcome?.error?.message).toMatch(message);
});

it("takes the opposite face's units where neither device is of full depth", async () => {
  await hub.fill(
    creates("device_type", { manufacturer: "Acme", model: "flat", is_full_depth: false }),
    device({ name: "front", device_type: ["Acme", "flat"], ...mounted, position: 8 }),
    device({ name: "rear", device_type: ["Acme", "flat"], ...mounted, face: "rear", position: 8 }),
  );
  expect(await hub.load("device")).toHaveLength(5);
});

const interfacesOf = async (name: string) =>
  (
    await hub.database.pool.query<{ name: string; type: string; status: string; person: boolean }>(
      `select i.name, i.type, i.mgmt_only, s.name as status, count(c.id)::int as recorded
         from interfaces i join devices d on d.id = i.device_id join statuses s on s.id = i.status_id
         left join object_change c on c.object_id = i.id
        where d.name = $1 group by i.id, s.name order by i.name`,
      [name],
    )
  ).rows;

it("a device made by hand gets the interfaces of its type's templates, one that a sync makes does not", async () => {
  const type = ["Acme", "ported"];
  await hub.fill(
    creates("device_type", { manufacturer: "Acme", model: "ported", u_height: 0 }),
    creates("interface_template", {
      device_type: type,
      name: "mgmt",
      type: "1000base-t",
      mgmt_only: true,
    }),
    creates("interface_template", { device_type: type, name: "xe-0", type: "10gbase-x-sfpp" }),
  );
  await hub.fill(device({ name: "by hand", device_type: type }));
  const whole = { status: "Active", recorded: 1 };
  expect(await interfacesOf("by hand")).toEqual([
    { ...whole, name: "mgmt", type: "1000base-t", mgmt_only: true },
    { ...whole, name: "xe-0", type: "10gbase-x-sfpp", mgmt_only: false },
  ]);

  const run = { userName: null, jobResultId: null, syncId: randomUUID() };
  const writer = await createHubAdapter(hub.database, schema.models, { run }).writer!(applyContext);
  const synced = writer.apply([device({ name: "synced", device_type: type })], applyContext);
  expect(await collect(synced)).toMatchObject([{ status: "applied" }]);
  expect(await interfacesOf("synced")).toEqual([]);
});

it("a device whose interfaces cannot be made is refused with the reason, and others of its batch are made", async () => {
  await hub.fill(
    creates("custom_field", {
      ...{ key: "cable", label: "Cable", type: "text", required: true },
      content_types: ["dcim.interface"],
    }),
  );
  const outcomes = await hub.apply(
    device({ name: "unmade", device_type: ["Acme", "ported"] }),
    device({ name: "plain" }),
  );

  const said = outcomes.map(({ change, status, error }) => [change.label, status, error?.message]);
  expect(said.sort()).toEqual([
    ["plain (Room)", "applied", undefined],
    [
      "unmade (Room)",
      "failed",
      expect.stringMatching(/^The Interface .*mgmt.* that it comes with cannot be made: .*'cable'/),
    ],
  ]);
  const { rows } = await hub.database.pool.query(
    "select name from devices where name in ('unmade', 'plain')",
  );
  expect(rows).toEqual([{ name: "plain" }]);
});
