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
} from "./hub-support.ts";

let hub: TestHub;
const room = ["Room"];
const sw1 = { name: "sw1", location: room };

/** Everything the refused changes below need, and nothing more. */
const estate: readonly Change[] = [
  creates("status", { name: "Active", content_types: contentTypes }),
  creates("role", { name: "Switch", content_types: ["dcim.device"] }),
  creates("role", { name: "Loopback", content_types: ["dcim.interface"] }),
  creates("location_type", { name: "Room", content_types: contentTypes }),
  creates("location_type", { name: "Cellar" }),
  creates("location", { name: "Room", location_type: "Room", status: "Active" }),
  creates("location", { name: "Other", location_type: "Room", status: "Active" }),
  creates("location", { name: "Cellar", location_type: "Cellar", status: "Active" }),
  creates("manufacturer", { name: "Acme" }),
  creates("manufacturer", { name: "Other" }),
  creates("platform", { name: "OtherOS", manufacturer: "Other" }),
  creates("device_type", { manufacturer: "Acme", model: "S2", u_height: 2 }),
  creates("rack", { name: "R1", location: room, status: "Active", u_height: 10 }),
  creates("vlan_group", { name: "Campus", range: "2-100,200" }),
  creates("vlan", { vlan_group: "Campus", vid: 10, name: "users", status: "Active" }),
  creates("vlan", { vid: 30, name: "elsewhere", status: "Active", locations: [["Other"]] }),
  creates("namespace", { name: "Global" }),
  creates("vrf", { name: "blue" }),
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

beforeAll(async () => {
  hub = await openHub();
  await hub.fill(
    ...estate,
    device({ name: "sw1", ...mounted, position: 1, asset_tag: "A1" }),
    port({ name: "eth1" }),
  );
});
afterAll(() => hub.drop());

const refused: readonly (readonly [string, () => Change, RegExp])[] = [
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
  const [outcome] = await hub.apply(change());
  expect(outcome).toMatchObject({ status: "failed" });
  expect(outcome?.error?.message).toMatch(message);
});

it("takes the opposite face's units where neither device is of full depth", async () => {
  await hub.fill(
    creates("device_type", { manufacturer: "Acme", model: "flat", is_full_depth: false }),
    device({ name: "front", device_type: ["Acme", "flat"], ...mounted, position: 8 }),
    device({ name: "rear", device_type: ["Acme", "flat"], ...mounted, face: "rear", position: 8 }),
  );
  expect(await hub.load("device")).toHaveLength(3);
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
