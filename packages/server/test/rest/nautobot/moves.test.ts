// Moves that take along what stands in the object moved, through the API as people use it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { countStatements } from "./count-statements.ts";
import { type Body, type ExampleHub, openExampleHub } from "./examples.ts";

let hub: ExampleHub;
const idOf = (model: string) => String(hub.first.get(model)?.["id"]);
/** Told apart by test, so that no name is taken. */
let run = 0;

beforeAll(async () => {
  hub = await openExampleHub();
});
beforeEach(() => {
  run += 1;
});
afterAll(() => hub.close());

async function make(path: string, body: Body): Promise<string> {
  const made = await hub.send("POST", path, { status: idOf("status"), ...body });
  expect([made.status, made.body]).toEqual([201, expect.anything()]);
  return String(made.body["id"]);
}

const place = (name: string, parent: string | null = null, more: Body = {}) =>
  make("dcim/locations", {
    ...{ name: `${name} ${run}`, parent, location_type: idOf("location_type") },
    ...more,
  });
const group = (name: string, location: string, parent: string | null = null) =>
  make("dcim/rack-groups", { name: `${name} ${run}`, location, parent });
const rack = (name: string, location: string, more: Body = {}) =>
  make("dcim/racks", { name: `${name} ${run}`, location, ...more });
const device = (name: string, location: string, more: Body = {}) =>
  make("dcim/devices", {
    ...{ name: `${name} ${run}`, location },
    ...{ role: idOf("role"), device_type: idOf("device_type") },
    ...more,
  });

const move = (path: string, id: string, location: string) =>
  hub.send("PATCH", `${path}/${id}`, { location });

/** Ids of the locations that objects are at, in the order given. */
async function placesOf(path: string, ids: readonly string[]): Promise<unknown[]> {
  const bodies = await Promise.all(ids.map((id) => hub.read<Body>(`/api/${path}/${id}/`)));
  return bodies.map(({ location }) => (location as Body)["id"]);
}

const changesOf = async (id: string) =>
  (
    await hub.database.pool.query<Body>(
      `select user_name, action, before, after from object_change where object_id = $1 order by id desc`,
      [id],
    )
  ).rows;

const versionOf = async (table: string, id: string) =>
  (
    await hub.database.pool.query<{ v: string }>(
      `select version::text v from ${table} where id = $1`,
      [id],
    )
  ).rows[0]?.v;

describe("a rack", () => {
  test("takes its devices along when it moves, each with a new version and a change of its own", async () => {
    const [here, there] = [await place("Here"), await place("There")];
    const r1 = await rack("R1", here);
    const inside = [await device("a", here, { rack: r1 }), await device("b", here, { rack: r1 })];
    const beside = await device("c", here);

    expect((await move("dcim/racks", r1, there)).status).toBe(200);

    expect(await placesOf("dcim/devices", [...inside, beside])).toEqual([there, there, here]);
    for (const id of inside) {
      const [moved, ...before] = await changesOf(id);
      expect(before).toHaveLength(1);
      expect(moved).toEqual({
        ...{ user_name: "ada", action: "update" },
        before: { location: `["Here ${run}",null]` },
        after: { location: `["There ${run}",null]` },
      });
      expect(await versionOf("devices", id)).toBe("2");
    }
    expect(await versionOf("devices", beside)).toBe("1");
  });

  test("takes along those that are at a location above it, as Nautobot does", async () => {
    const [here, there] = [await place("Here"), await place("There")];
    const cage = await place("Cage", here);
    const r1 = await rack("R1", cage);
    const above = await device("a", here, { rack: r1 });
    expect((await move("dcim/racks", r1, there)).status).toBe(200);
    expect(await placesOf("dcim/devices", [above])).toEqual([there]);
  });

  test("stays where its devices cannot go along, and the answer names them", async () => {
    const here = await place("Here");
    const type = await make("dcim/location-types", {
      ...{ name: `Cellar ${run}`, content_types: ["dcim.rack", "dcim.rackgroup"] },
    });
    const cellar = await place("Cellar", null, { location_type: type });
    const r1 = await rack("R1", here);
    const inside = [await device("a", here, { rack: r1 }), await device("b", here, { rack: r1 })];

    const { status, body } = await move("dcim/racks", r1, cellar);

    expect(status).toBe(400);
    expect(body).toEqual({
      location: [
        `The Devices a ${run} (Here ${run}), b ${run} (Here ${run}) in it cannot move along: Devices cannot be attached to Cellar ${run}, a location of type Cellar ${run}. Add dcim.device to the type's content types, or choose another location.`,
      ],
    });
    expect(await placesOf("dcim/devices", inside)).toEqual([here, here]);
    expect(await placesOf("dcim/racks", [r1])).toEqual([here]);
  });

  test("stays where a device of it would meet another of its name", async () => {
    const [here, there] = [await place("Here"), await place("There")];
    const r1 = await rack("R1", here);
    await device("a", here, { rack: r1 });
    await device("a", there);
    const { status, body } = await move("dcim/racks", r1, there);
    expect(status).toBe(400);
    expect(String(body["location"])).toMatch(
      new RegExp(`^The Device a ${run} .* in it cannot move along: Another Device has this name`),
    );
  });

  test("and many others move in as many statements as one", async () => {
    const [here, there] = [await place("Here"), await place("There")];
    const racks: string[] = [];
    for (const name of ["R1", "R2", "R3", "R4"]) racks.push(await rack(name, here));
    const made = await hub.sendList(
      "POST",
      "dcim/devices",
      Array.from({ length: 40 }, (_, index) => ({
        ...{ name: `d${index} ${run}`, location: here, rack: racks[index % 4] },
        ...{ status: idOf("status"), role: idOf("role"), device_type: idOf("device_type") },
      })),
    );
    const count = countStatements(hub);
    const statements = async (ids: readonly string[]) => {
      count();
      const body = ids.map((id) => ({ id, location: there }));
      expect((await hub.sendList("PATCH", "dcim/racks", body)).status).toBe(200);
      return count();
    };
    const one = await statements(racks.slice(0, 1));
    expect(one).toBeGreaterThan(10);
    expect(await statements(racks.slice(1))).toBe(one);
    expect(
      new Set(
        await placesOf(
          "dcim/devices",
          made.body.map(({ id }) => String(id)),
        ),
      ),
    ).toEqual(new Set([there]));
  });
});

describe("a rack group", () => {
  test("takes along the groups and racks that would be outside, and the racks' devices", async () => {
    const [here, there] = [await place("Here"), await place("There")];
    const [cage, inner] = [await place("Cage", here), await place("Inner", there)];
    const hall = await group("Hall", here);
    const row = await group("Row", cage, hall);
    const groups = [hall, row];
    const racks = [
      await rack("R1", here, { rack_group: hall }),
      await rack("R2", cage, { rack_group: row }),
      await rack("R3", cage),
    ];
    const devices = [
      await device("a", here, { rack: racks[0] }),
      await device("b", cage, { rack: racks[1] }),
      await device("c", cage, { rack: racks[2] }),
    ];

    expect((await move("dcim/rack-groups", hall, there)).status).toBe(200);

    expect(await placesOf("dcim/rack-groups", groups)).toEqual([there, there]);
    expect(await placesOf("dcim/racks", racks)).toEqual([there, there, cage]);
    expect(await placesOf("dcim/devices", devices)).toEqual([there, there, cage]);
    expect((await changesOf(row))[0]).toMatchObject({
      before: { location: `["Cage ${run}",["Here ${run}",null]]` },
      after: { location: `["There ${run}",null]` },
    });

    // What is below the new location stays where it is.
    await move("dcim/racks", racks[0] ?? "", inner);
    const top = await place("Top");
    await hub.send("PATCH", `dcim/locations/${there}`, { parent: top });
    expect((await move("dcim/rack-groups", hall, top)).status).toBe(200);
    expect(await placesOf("dcim/rack-groups", groups)).toEqual([top, there]);
    expect(await placesOf("dcim/racks", racks)).toEqual([inner, there, cage]);
  });

  test("stays where a device below it cannot go along", async () => {
    const here = await place("Here");
    const type = await make("dcim/location-types", {
      ...{ name: `Cellar ${run}`, content_types: ["dcim.rack", "dcim.rackgroup"] },
    });
    const cellar = await place("Cellar", null, { location_type: type });
    const hall = await group("Hall", here);
    const r1 = await rack("R1", here, { rack_group: hall });
    const inside = await device("a", here, { rack: r1 });

    const { status, body } = await move("dcim/rack-groups", hall, cellar);

    expect(status).toBe(400);
    expect(String(body["location"])).toMatch(
      /^The Rack R1 .* in it cannot move along: The Device a .* in it cannot move along: Devices cannot be attached to Cellar/,
    );
    expect(await placesOf("dcim/devices", [inside])).toEqual([here]);
    expect(await placesOf("dcim/rack-groups", [hall])).toEqual([here]);
  });
});

describe("a location", () => {
  const refusal = async (id: string, parent: string) => {
    const { status, body } = await hub.send("PATCH", `dcim/locations/${id}`, { parent });
    expect(status).toBe(400);
    return String(body["parent"]);
  };

  test("does not leave the location of its racks' groups, nor of its groups' parents", async () => {
    const [here, there] = [await place("Here"), await place("There")];
    const cage = await place("Cage", here);
    const pen = await place("Pen", cage);
    const hall = await group("Hall", here);
    const r1 = await rack("R1", pen, { rack_group: hall });
    expect(await refusal(cage, there)).toBe(
      `Here ${run} → Cage ${run} cannot go there: its racks R1 ${run} are of rack groups such as Hall ${run} at Here ${run}, which would not contain them. Give them another group first.`,
    );
    await hub.send("PATCH", `dcim/racks/${r1}`, { rack_group: null });
    const row = await group("Row", pen, hall);
    expect(await refusal(cage, there)).toMatch(
      `its rack groups Row ${run} are in groups such as Hall ${run} at Here ${run}`,
    );
    await hub.send("PATCH", `dcim/rack-groups/${row}`, { parent: null });
    const moved = await hub.send("PATCH", `dcim/locations/${cage}`, { parent: there });
    expect(moved.status).toBe(200);
  });

  test("does not leave that of devices in its racks, nor those of its interfaces' VLANs", async () => {
    const [here, there] = [await place("Here"), await place("There")];
    const cage = await place("Cage", here);
    const r1 = await rack("R1", cage);
    const a = await device("a", here, { rack: r1 });
    expect(await refusal(cage, there)).toMatch(
      `a ${run} stand in its racks, such as R1 ${run}, and are at Here ${run}`,
    );
    await move("dcim/devices", a, cage);
    const vlan = await make("ipam/vlans", { name: `V ${run}`, vid: 30, locations: [here] });
    await make("dcim/interfaces", {
      ...{ name: "eth0", device: a, type: "1000base-t", mode: "access", untagged_vlan: vlan },
    });
    expect(await refusal(cage, there)).toBe(
      `Here ${run} → Cage ${run} cannot go there: interfaces in it (eth0 of a ${run}) have VLANs such as 30 V ${run}, which would not be at Cage ${run}. Add a location to the VLANs first.`,
    );
    await hub.send("PATCH", `ipam/vlans/${vlan}`, { locations: [here, there] });
    const moved = await hub.send("PATCH", `dcim/locations/${cage}`, { parent: there });
    expect(moved.status).toBe(200);
  });

  test("with all that belongs together in it goes anywhere", async () => {
    const [here, there] = [await place("Here"), await place("There")];
    const cage = await place("Cage", here);
    const hall = await group("Hall", cage);
    const r1 = await rack("R1", cage, { rack_group: hall });
    await device("a", cage, { rack: r1 });
    const moved = await hub.send("PATCH", `dcim/locations/${cage}`, { parent: there });
    expect(moved.status).toBe(200);
  });
});

describe("a prefix", () => {
  const namespace = (name: string) => make("ipam/namespaces", { name: `${name} ${run}` });
  const prefix = (network: string, space: string) =>
    make("ipam/prefixes", { prefix: network, namespace: space, type: "network" });
  const address = (host: string, space: string) =>
    make("ipam/ip-addresses", { address: `${host}/32`, namespace: space, type: "host" });
  const where = async (path: string, id: string) => {
    const { parent, namespace: space } = await hub.read<Body>(`/api/ipam/${path}/${id}/`);
    return [(space as Body | undefined)?.["id"], (parent as Body | null)?.["id"] ?? null];
  };
  const rehome = (id: string, space: string) =>
    hub.send("PATCH", `ipam/prefixes/${id}`, { namespace: space });

  test("takes its subnets and the addresses in all of them to another namespace", async () => {
    const [red, blue] = [await namespace("Red"), await namespace("Blue")];
    const all = await prefix("10.0.0.0/8", red);
    const [top, mid, low] = [
      await prefix("10.1.0.0/16", red),
      await prefix("10.1.1.0/24", red),
      await prefix("10.1.1.0/25", red),
    ];
    const [high, deep] = [await address("10.1.9.9", red), await address("10.1.1.1", red)];
    const other = await prefix("10.0.0.0/12", blue);

    expect((await rehome(top, blue)).status).toBe(200);

    expect(await where("prefixes", top)).toEqual([blue, other]);
    expect(await where("prefixes", mid)).toEqual([blue, top]);
    expect(await where("prefixes", low)).toEqual([blue, mid]);
    expect((await where("ip-addresses", high))[1]).toBe(top);
    expect((await where("ip-addresses", deep))[1]).toBe(low);
    expect(await where("prefixes", all)).toEqual([red, null]);
    expect(await changesOf(deep)).toMatchObject([
      {
        ...{ user_name: "ada", action: "update" },
        before: { namespace: `["Red ${run}"]` },
        after: { namespace: `["Blue ${run}"]` },
      },
      { action: "create" },
    ]);
    expect(await changesOf(low)).toHaveLength(2);
    expect(await versionOf("ip_addresses", deep)).toBe("2");
  });

  test("stays where one of its subnets or addresses is in the other namespace already", async () => {
    const [red, blue] = [await namespace("Red"), await namespace("Blue")];
    const top = await prefix("10.1.0.0/16", red);
    await prefix("10.1.1.0/24", red);
    const taken = await prefix("10.1.1.0/24", blue);
    const refused = await rehome(top, blue);
    expect(refused.status).toBe(400);
    expect(String(refused.body["namespace"])).toMatch(
      /^The Prefix 10\.1\.1\.0\/24 .* in it cannot move along: Another Prefix has this/,
    );
    await hub.send("PATCH", `ipam/prefixes/${taken}`, { prefix: "10.1.2.0/24" });
    await address("10.1.2.2", red);
    await address("10.1.2.2", blue);
    expect(String((await rehome(top, blue)).body["namespace"])).toMatch(
      /^The IP address 10\.1\.2\.2 .* in it cannot move along: Another IP address has this/,
    );
    expect((await where("prefixes", top))[0]).toBe(red);
  });

  test("stays while it or what is below it is in a VRF", async () => {
    const [red, blue] = [await namespace("Red"), await namespace("Blue")];
    const [top, low] = [await prefix("10.1.0.0/16", red), await prefix("10.1.1.0/24", red)];
    const vrf = await make("ipam/vrfs", { name: `V ${run}`, namespace: red });
    await hub.database.pool.query("insert into vrfs_prefixes (vrf_id, prefix_id) values ($1, $2)", [
      vrf,
      low,
    ]);
    const fact = `10.1.1.0/24 (Red ${run}) cannot leave the namespace Red ${run}: it is in VRFs of it, V ${run}. Take it out of those first.`;
    expect((await rehome(low, blue)).body).toEqual({ namespace: [fact] });
    expect(String((await rehome(top, blue)).body["namespace"])).toMatch(
      "in it cannot move along: 10.1.1.0/24",
    );
    expect((await where("prefixes", low))[0]).toBe(red);
  });

  test("changes its network or its namespace, not both at once", async () => {
    const [red, blue] = [await namespace("Red"), await namespace("Blue")];
    const top = await prefix("10.1.0.0/16", red);
    const { status, body } = await hub.send("PATCH", `ipam/prefixes/${top}`, {
      ...{ prefix: "10.2.0.0/16", namespace: blue },
    });
    expect(status).toBe(400);
    expect(String(body["namespace"])).toMatch("cannot change at once");
  });
});
