// What the members of an object are: as Nautobot gives them, whatever the hub keeps of it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Body, type ExampleHub, openExampleHub } from "./examples.ts";

let hub: ExampleHub;
const idOf = (model: string) => String(hub.first.get(model)?.["id"]);
const get = (path: string) => hub.read<Body>(`/api/${path}`);

beforeAll(async () => {
  hub = await openExampleHub();
});

afterAll(async () => {
  await hub.close();
});

test("what the hub has no model of counts as none, and what it keeps nothing of is null", async () => {
  expect(await get(`tenancy/tenants/${idOf("tenant")}/`)).toMatchObject({
    ...{ circuit_count: 0, virtualmachine_count: 0 },
  });
  const device = await get(`dcim/devices/${idOf("device")}/?exclude_m2m=false`);
  expect(device).toMatchObject({ virtual_chassis: null, parent_bay: null, clusters: [] });
  const plain = await get(`dcim/devices/${idOf("device")}/`);
  expect(plain).toHaveProperty("virtual_chassis", null);
  expect(plain).not.toHaveProperty("clusters");
});

test("a new object is given without counts, a changed one with them", async () => {
  const made = await hub.send("POST", "tenancy/tenants", { name: "Counted" });
  expect(made).toMatchObject({ status: 201, body: { name: "Counted", tags: [] } });
  expect(made.body).not.toHaveProperty("device_count");
  const changed = await hub.send("PATCH", `tenancy/tenants/${String(made.body["id"])}`, {});
  expect(changed.body).toMatchObject({ device_count: 0, circuit_count: 0 });
});

test("a tag says how many objects of any model it is attached to", async () => {
  const made = await hub.send("POST", "extras/tags", {
    ...{ name: "counted", content_types: ["tenancy.tenant", "ipam.namespace"] },
  });
  const tags = [made.body["id"]];
  await hub.send("POST", "tenancy/tenants", { name: "Tagged", tags });
  await hub.send("POST", "ipam/namespaces", { name: "Tagged", tags });
  expect(await get(`extras/tags/${String(made.body["id"])}/`)).toMatchObject({ tagged_items: 2 });
});

test("an object that another holds whole shows no sets, neither of tags nor of models", async () => {
  const location = await get(`dcim/locations/${idOf("location")}/?depth=1`);
  expect(location["status"]).toMatchObject({ color: expect.any(String) as string });
  expect(location["status"]).not.toHaveProperty("content_types");
  expect(await get(`extras/statuses/${idOf("status")}/`)).toHaveProperty("content_types");
});

test("sets that others hold are told from both sides, where they are asked for", async () => {
  const vrf = await hub.send("POST", "ipam/vrfs", { name: "blue", prefixes: [idOf("prefix")] });
  expect(vrf.status).toBe(201);
  const path = `ipam/prefixes/${idOf("prefix")}/`;
  expect((await get(`${path}?exclude_m2m=false`))["vrfs"]).toMatchObject([
    { id: vrf.body["id"], object_type: "ipam.vrf" },
  ]);
  expect(await get(path)).not.toHaveProperty("vrfs");

  const interfacePath = `dcim/interfaces/${idOf("interface")}/?exclude_m2m=false&depth=1`;
  expect((await get(interfacePath))["ip_addresses"]).toMatchObject([
    { id: idOf("ip_address"), display: "10.1.0.1/24" },
  ]);
  const address = await get(`ipam/ip-addresses/${idOf("ip_address")}/?exclude_m2m=false`);
  expect(address["interfaces"]).toMatchObject([{ id: idOf("interface") }]);
  expect(address).toMatchObject({ vm_interfaces: [], nat_outside_list: [] });
  expect(await get(`dcim/interfaces/?ip_addresses=${idOf("ip_address")}`)).toMatchObject({
    ...{ count: 1, results: [{ id: idOf("interface") }] },
  });
});

test("an address is in the namespace of its prefix, which a request names and no answer does", async () => {
  const namespace = await hub.send("POST", "ipam/namespaces", { name: "Apart" });
  const shared = { namespace: namespace.body["id"], status: idOf("status") };
  await hub.send("POST", "ipam/prefixes", { prefix: "10.9.0.0/24", ...shared });
  const made = await hub.send("POST", "ipam/ip-addresses", { address: "10.9.0.1/24", ...shared });
  expect(made.status).toBe(201);
  expect(made.body).not.toHaveProperty("namespace");
  expect(await get("ipam/ip-addresses/?namespace=Apart")).toMatchObject({ count: 1 });
});

test("a choice that is a number is read and written as one", async () => {
  const path = `dcim/racks/${idOf("rack")}`;
  expect((await hub.send("PATCH", path, { width: 23, type: "wall-frame" })).body).toMatchObject({
    width: { value: 23, label: "23 inches" },
    type: { value: "wall-frame", label: "Wall-mounted frame" },
  });
  expect((await hub.send("PATCH", path, { width: { value: 19 } })).body).toMatchObject({
    width: { value: 19, label: "19 inches" },
  });
  expect((await hub.send("PATCH", path, { width: 20 })).body).toEqual({
    width: ["20 is not a valid choice."],
  });
});

test("OPTIONS tells the bounds of what may be written, and members that only a request has", async () => {
  const optionsOf = async (path: string) => {
    const answer = await hub.request(`/api/${path}/`, { method: "OPTIONS" });
    const { actions } = (await answer.json()) as { actions: { POST: Body } };
    return actions.POST;
  };
  expect(await optionsOf("dcim/racks")).toMatchObject({
    width: {
      type: "field",
      choices: expect.arrayContaining([{ value: 19, display: "19 inches" }]) as [],
    },
    power_feed_count: { type: "integer", read_only: true },
  });
  expect(await optionsOf("dcim/locations")).toMatchObject({
    latitude: { type: "decimal", max_digits: 8, decimal_places: 6 },
    tree_depth: { read_only: true },
    asn: { min_value: 1, max_value: 4294967295 },
  });
  const prefix = await optionsOf("ipam/prefixes");
  expect(prefix).toMatchObject({
    location: { read_only: false, label: "Location" },
    vrfs: { read_only: true },
    network: { type: "field", read_only: true },
  });
  expect(prefix["ip_version"]).not.toHaveProperty("max_value");
  expect(await optionsOf("ipam/ip-addresses")).toMatchObject({
    address: { type: "string", required: true },
    host: { read_only: true },
    namespace: { read_only: false },
    type: { type: "choice" },
  });
});

test("what a status, a role or a tag is for must be said", async () => {
  const missing = { status: 400, body: { content_types: ["This field is required."] } };
  expect(await hub.send("POST", "extras/tags", { name: "for nothing" })).toEqual(missing);
  expect(await hub.send("POST", "extras/roles", { name: "for nothing" })).toEqual(missing);
});

test("what the hub does not keep is null, and a request that sets it is passed over", async () => {
  const path = `dcim/devices/${idOf("device")}`;
  const changed = await hub.send("PATCH", path, { vc_position: 3, comments: "kept" });
  expect(changed).toMatchObject({ status: 200, body: { vc_position: null, comments: "kept" } });
  const answer = await hub.request("/api/dcim/devices/", { method: "OPTIONS" });
  expect(await answer.json()).toMatchObject({
    actions: { POST: { vc_position: { type: "integer", read_only: false, required: false } } },
  });
});

test("an address that another object holds whole tells its interfaces, where sets are asked for", async () => {
  const path = `dcim/interfaces/${idOf("interface")}/?depth=1`;
  const [address] = (await get(`${path}&exclude_m2m=false`))["ip_addresses"] as Body[];
  expect(address).toMatchObject({ interfaces: [{ id: idOf("interface") }], vm_interfaces: [] });
});

test("natural slugs are made of what Nautobot's are: a VLAN's of its id, an interface's with a place for a module", async () => {
  const slugOf = async (path: string, model: string) =>
    (await get(`${path}/${idOf(model)}/`))["natural_slug"];
  const vlan = idOf("vlan");
  expect(await slugOf("ipam/vlans", "vlan")).toBe(`${vlan}_${vlan.slice(0, 4)}`);
  expect(await slugOf("dcim/interfaces", "interface")).toMatch(/^device-1__name-001__name-001_/);
});

test("a plain choice that is none is an empty text, and the document says so", async () => {
  const path = `dcim/interface-templates/${idOf("interface_template")}`;
  expect((await hub.send("PATCH", path, { duplex: null })).body).toMatchObject({ duplex: "" });
  expect((await hub.send("PATCH", path, { duplex: "" })).body).toMatchObject({ duplex: "" });
  expect(await get("swagger.json")).toMatchObject({
    components: {
      schemas: {
        InterfaceTemplate: { properties: { duplex: { enum: ["auto", "full", "half", ""] } } },
      },
    },
  });
});
