import { afterAll, beforeAll, expect, it } from "vitest";
import { contentTypes, creates, deletes, openHub, type TestHub, updates } from "./hub-support.ts";

let hub: TestHub;
const sw1 = { name: "sw1", location: ["Room"] };
const address = (host: string) => ({ namespace: "Global", host });
const assigns = (host: string, name: string) =>
  creates("ip_address_to_interface", {
    ip_address: address(host),
    interface: { device: sw1, name },
  });
const device = () => hub.find("device", "sw1 (Room)");
const primary = async () => (await device()).values["primary_ip4"];

beforeAll(async () => {
  hub = await openHub();
  await hub.fill(
    creates("status", { name: "Active", content_types: contentTypes }),
    creates("role", { name: "Switch", content_types: ["dcim.device"] }),
    creates("location_type", { name: "Room", content_types: contentTypes }),
    creates("location", { name: "Room", location_type: "Room", status: "Active" }),
    creates("manufacturer", { name: "Acme" }),
    creates("device_type", { manufacturer: "Acme", model: "S1" }),
    ...["sw1", "sw2"].map((name) =>
      creates("device", {
        name,
        location: ["Room"],
        device_type: ["Acme", "S1"],
        status: "Active",
        role: "Switch",
      }),
    ),
    ...["eth1", "eth2"].map((name) =>
      creates("interface", { device: sw1, name, status: "Active", type: "1000base-t" }),
    ),
    creates("namespace", { name: "Global" }),
    creates("prefix", { prefix: "10.0.0.0/24", status: "Active" }),
    ...["10.0.0.1", "10.0.0.2"].map((host) =>
      creates("ip_address", { ...address(host), mask_length: 24, status: "Active" }),
    ),
    creates("ip_address", {
      ...address("10.0.0.9"),
      mask_length: 24,
      status: "Active",
      nat_inside: address("10.0.0.1"),
    }),
    assigns("10.0.0.1", "eth1"),
  );
});
afterAll(() => hub.drop());

const refused = [
  ["that none of its interfaces has", "primary_ip4", "10.0.0.2", /No interface of the device has/],
  ["of the other version", "primary_ip6", "10.0.0.1", /10\.0\.0\.1 is no IPv6 address/],
] as const;

it.each(refused)("refuses a primary address %s", async (_what, field, host, message) => {
  const [outcome] = await hub.apply(updates(await device(), { [field]: address(host) }));
  expect(outcome?.error?.message).toMatch(message);
});

it("takes one that an interface has, or that translates to such a one", async () => {
  await hub.fill(updates(await device(), { primary_ip4: address("10.0.0.9") }));
  await hub.fill(updates(await device(), { primary_ip4: address("10.0.0.1") }));
  expect(await primary()).toBe('[["Global"],"10.0.0.1"]');
});

it("is let go with the last assignment of its address, with an audit row, and the device's version stays", async () => {
  await hub.fill(assigns("10.0.0.1", "eth2"));
  const { version } = await device();
  const [first, second] = await hub.load("ip_address_to_interface");

  await hub.fill(deletes(first!));
  expect(await primary()).toBe('[["Global"],"10.0.0.1"]');

  await hub.fill(deletes(second!));
  expect(await primary()).toBeNull();
  expect((await device()).version).toBe(version);
  const { rows } = await hub.database.pool.query<{ before: unknown; after: unknown }>(
    "select before, after from object_change where model = 'device' order by id desc limit 1",
  );
  expect(rows).toEqual([
    { before: { primary_ip4: '[["Global"],"10.0.0.1"]' }, after: { primary_ip4: null } },
  ]);
});

it("is let go where its interface moves to another device", async () => {
  await hub.fill(assigns("10.0.0.1", "eth1"));
  await hub.fill(updates(await device(), { primary_ip4: address("10.0.0.1") }));
  const port = (await hub.load("interface")).find(({ values }) => values["name"] === "eth1");
  await hub.fill(updates(port!, { device: { name: "sw2", location: ["Room"] } }));
  expect(await primary()).toBeNull();
});
