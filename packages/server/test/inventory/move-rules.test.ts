// What a change would leave at odds with it, though it is right in itself.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Change, Outcome } from "@plumbline/sync";
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
const [here, there] = [["Here"], ["There"]];
const sw1 = { name: "sw1", location: here };
const sw2 = { name: "sw2", location: here };
const mounted = { rack: ["R1", null, here], face: "front" };

const device = (values: object) =>
  creates("device", { location: here, status: "Active", role: "Switch", ...values });
const port = (name: string, values: object = {}) =>
  creates("interface", { device: sw1, name, status: "Active", type: "virtual", ...values });
const changed = async (model: string, label: string, values: object) =>
  updates(await hub.find(model, label), { ...values });

beforeAll(async () => {
  hub = await openHub();
  await hub.fill(
    creates("status", { name: "Active", content_types: contentTypes }),
    creates("role", { name: "Switch", content_types: ["dcim.device"] }),
    creates("location_type", { name: "Room", nestable: true, content_types: contentTypes }),
    creates("location", { name: "Here", location_type: "Room", status: "Active" }),
    creates("location", { name: "There", location_type: "Room", status: "Active" }),
    creates("rack", { name: "R1", location: here, status: "Active" }),
    creates("manufacturer", { name: "Acme" }),
    creates("device_type", { manufacturer: "Acme", model: "S" }),
    creates("device_type", { manufacturer: "Acme", model: "blade", u_height: 0 }),
    device({ ...sw1, device_type: ["Acme", "S"], ...mounted, position: 1 }),
    device({ ...sw2, device_type: ["Acme", "S"] }),
    device({ name: "faced", device_type: ["Acme", "blade"], ...mounted }),
    port("ae0", { type: "lag" }),
    port("eth0", { type: "1000base-t", lag: { device: sw1, name: "ae0" } }),
    port("eth1", { type: "1000base-t", lag: { device: sw1, name: "ae0" } }),
    port("up"),
    port("sub", { parent_interface: { device: sw1, name: "up" } }),
    port("br"),
    port("leg", { bridge: { device: sw1, name: "br" } }),
  );
});
afterAll(() => hub.drop());

/** Applies changes as a sync does; one without a recorded plan says nothing of other objects. */
async function sync(...changes: readonly Change[]): Promise<Outcome[]> {
  const run = { userName: null, jobResultId: null, syncId: randomUUID() };
  const writer = await createHubAdapter(hub.database, schema.models, { run }).writer!(applyContext);
  return collect(writer.apply(changes, applyContext));
}

const saidOf = ([outcome]: readonly Outcome[]) => [outcome?.status, outcome?.error?.message];

it.each([
  ["ae0", "LAG", "eth0, eth1"],
  ["up", "parent interface", "sub"],
  ["br", "bridge", "leg"],
])("%s does not go to another device than those whose %s it is", async (name, what, members) => {
  const change = await changed("interface", `${name} (sw1 (Here))`, { device: sw2 });
  const said = [
    "failed",
    `${name} (sw1 (Here)) cannot go to another device: it is the ${what} of ${members} on sw1. Take those out of it first, or move all of them at once.`,
  ];
  expect(saidOf(await hub.apply(change))).toEqual(said);
  expect(saidOf(await sync(change))).toEqual(said);
});

it("a LAG goes to another device together with all its members", async () => {
  const labels = ["ae0", "eth0", "eth1"].map((name) => `${name} (sw1 (Here))`);
  const moves = await Promise.all(
    labels.map((label) => changed("interface", label, { device: sw2 })),
  );
  expect(await hub.apply(...moves)).toMatchObject(moves.map(() => ({ status: "applied" })));
});

it("a device type whose devices are mounted does not become one of children", async () => {
  const role = { subdevice_role: "child" };
  const said = [
    "failed",
    "A child device sits in a bay of another, and devices of this type are mounted in a rack: faced. Empty their position and face first.",
  ];
  expect(saidOf(await hub.apply(await changed("device_type", "blade (Acme)", role)))).toEqual(said);
  expect(saidOf(await sync(await changed("device_type", "blade (Acme)", role)))).toEqual(said);
  const flat = { ...role, u_height: 0 };
  const [, why] = saidOf(await hub.apply(await changed("device_type", "S (Acme)", flat)));
  expect(why).toMatch(/devices of this type are mounted in a rack: sw1\./);

  await hub.fill(await changed("device", "faced (Here)", { face: null }));
  await hub.fill(await changed("device_type", "blade (Acme)", role));
});

it("a sync whose plan is silent about a rack's devices does not move it; of a batch the others go", async () => {
  await hub.fill(creates("rack", { name: "R2", location: here, status: "Active" }));
  const outcomes = await sync(
    await changed("rack", "R1 (Here)", { location: there }),
    await changed("rack", "R2 (Here)", { location: there }),
  );
  expect(new Map(outcomes.map(({ change, status }) => [change.label, status]))).toEqual(
    new Map([
      ["R1 (Here)", "failed"],
      ["R2 (Here)", "applied"],
    ]),
  );
});

it("a rack takes along devices that have a unit of it and devices that have none, which take no unit from them", async () => {
  await hub.fill(await changed("rack", "R1 (Here)", { location: there }));
  const { rows } = await hub.database.pool.query(
    `select d.name, l.name as at, d.position from devices d join locations l on l.id = d.location_id
      where d.rack_id is not null order by d.name`,
  );
  expect(rows).toEqual([
    { name: "faced", at: "There", position: null },
    { name: "sw1", at: "There", position: 1 },
  ]);
});
