// What happened to objects, as Nautobot tells it: each change with the whole object as it was then.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Body, type ExampleHub, openExampleHub } from "./examples.ts";

let hub: ExampleHub;
const idOf = (model: string) => String(hub.first.get(model)?.["id"]);

/** The changes of an object, the first one first. */
async function changesOf(id: unknown, query = ""): Promise<Body[]> {
  const path = `/api/extras/object-changes/?changed_object_id=${String(id)}&sort=line${query}`;
  return (await hub.read<{ results: Body[] }>(path)).results;
}

beforeAll(async () => {
  hub = await openExampleHub();
});

afterAll(async () => {
  await hub.close();
});

test("a change says what it was about, who made it and how", async () => {
  const made = await hub.send("POST", "tenancy/tenants", [{ name: "One" }, { name: "Two" }]);
  const [one, two] = made.body as unknown as [Body, Body];
  const [change] = await changesOf(one["id"]);
  expect(change).toMatchObject({
    display: "Tenancy | tenant One created by ada",
    natural_slug: `${String(change?.["id"])}_0000`,
    action: { value: "create", label: "Created" },
    changed_object_type: "tenancy.tenant",
    changed_object: { id: one["id"], object_type: "tenancy.tenant", url: one["url"] },
    ...{ related_object_type: null, related_object_id: null, change_context: "web" },
  });
  const [other] = await changesOf(two["id"]);
  expect(other?.["request_id"]).toBe(change?.["request_id"]);
  const [whole] = await changesOf(one["id"], "&depth=1");
  expect(whole?.["changed_object"]).toMatchObject({ name: "One", generic_foreign_key: true });
  await hub.send("DELETE", `tenancy/tenants/${String(one["id"])}`, undefined);
  expect((await changesOf(one["id"])).map((each) => each["changed_object"])).toEqual([null, null]);
});

test("a change holds the object as it was after it, and a delete as it was before", async () => {
  const tag = { name: "first", content_types: ["ipam.prefix"] };
  const { body: made } = await hub.send("POST", "extras/tags", tag);
  const given = {
    ...{ prefix: "10.77.0.0/16", namespace: idOf("namespace"), status: idOf("status") },
    ...{ type: "container", tags: [made["id"]] },
  };
  const { body } = await hub.send("POST", "ipam/prefixes", given);
  const path = `ipam/prefixes/${String(body["id"])}`;
  await hub.send("PATCH", path, { description: "Changed", type: "pool", tags: [] });
  await hub.send("DELETE", path, undefined);

  const changes = await changesOf(body["id"]);
  const flat = changes.map((change) => change["object_data"]);
  const shared = {
    ...{ namespace: idOf("namespace"), status: idOf("status"), tenant: null, vlan: null },
    ...{ network: "10.77.0.0", broadcast: "10.77.255.255", prefix_length: 16 },
    ...{ custom_fields: {}, date_allocated: null },
    created: String(body["created"]).replace(/\d{3}Z$/, "Z"),
  };
  expect(flat).toMatchObject([
    { ...shared, type: "container", description: "", tags: ["first"] },
    { ...shared, type: "pool", description: "Changed", tags: [] },
    { ...shared, type: "pool", description: "Changed", tags: [] },
  ]);
  const whole = changes.map((change) => change["object_data_v2"]);
  const status = { id: idOf("status"), color: expect.any(String) as string };
  const known = { id: body["id"], url: `/api/${path}/`, display: body["display"], status };
  expect(whole).toMatchObject([
    { ...known, type: { value: "container", label: "Container" }, tags: [{ name: "first" }] },
    { ...known, type: { value: "pool", label: "Pool" }, description: "Changed", tags: [] },
    { ...known, last_updated: (whole[1] as Body)["last_updated"], vrfs: [], locations: [] },
  ]);
  const members = Object.keys(
    await hub
      .read<Body>("/api/ipam/prefixes/?limit=1&exclude_m2m=false")
      .then(({ results }) => (results as Body[])[0] ?? {}),
  );
  expect(Object.keys(whole[0] as Body).toSorted()).toEqual(members.toSorted());
});

test("what an object referred to and is gone since is null, and what is renamed since as it is now", async () => {
  const { body: tenant } = await hub.send("POST", "tenancy/tenants", { name: "Leaves" });
  const { body } = await hub.send("POST", "ipam/namespaces", {
    ...{ name: "Stays", tenant: tenant["id"] },
  });
  await hub.send("PATCH", `ipam/namespaces/${String(body["id"])}`, {
    name: "Renamed",
    tenant: idOf("tenant"),
  });
  await hub.send("DELETE", `tenancy/tenants/${String(tenant["id"])}`, undefined);
  const changes = await changesOf(body["id"]);
  expect(changes).toMatchObject([
    { object_repr: "Stays", object_data: { name: "Stays", tenant: null } },
    {
      object_data: { name: "Renamed", tenant: idOf("tenant") },
      object_data_v2: { display: "Renamed" },
    },
  ]);
  expect(changes[0]?.["object_data_v2"]).toMatchObject({ name: "Stays", display: "Stays" });
});

test("changes of objects of every model hold what their lists hold", async () => {
  const { results } = await hub.read<{ results: Body[] }>(
    "/api/extras/object-changes/?action=create&limit=1000",
  );
  const seen = new Set<unknown>();
  for (const change of results) {
    const { changed_object: object, changed_object_type: type, object_data_v2: then } = change;
    if (seen.has(type) || object === null || then === null) continue;
    seen.add(type);
    const path = new URL(String((object as Body)["url"])).pathname;
    const now = await hub.read<Body>(`${path}?exclude_m2m=false&depth=1`);
    const counts = Object.keys(now).filter((name) => /_count$|^tagged_items$/.test(name));
    const expected = Object.keys(now).filter((name) => !counts.includes(name));
    expect([type, Object.keys(then as Body).toSorted()]).toEqual([type, expected.toSorted()]);
  }
  expect(seen.size).toBeGreaterThan(20);
});
