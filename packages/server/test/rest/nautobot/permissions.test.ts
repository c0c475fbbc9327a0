import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addPerson, type Person } from "../people.ts";
import { type Body, type ExampleHub, openExampleHub } from "./examples.ts";

const notPermitted = {
  status: 403,
  body: { detail: "You do not have permission to perform this action." },
};
const every = ["view", "add", "change", "delete"] as const;

let hub: ExampleHub;
const idOf = (model: string) => String(hub.first.get(model)?.["id"]);
const names = (body: unknown) =>
  (body as { results: Body[] }).results.map(({ name }) => name).sort();

/** A tenant that the administrator makes. */
async function tenant(name: string, description = ""): Promise<string> {
  const { status, body } = await hub.send("POST", "tenancy/tenants", { name, description });
  expect(status).toBe(201);
  return String(body["id"]);
}

beforeAll(async () => {
  hub = await openExampleHub();
});

afterAll(async () => {
  await hub.close();
});

describe("a user without permissions", () => {
  let nobody: Person;
  beforeAll(async () => {
    nobody = await addPerson(hub, "nobody", []);
  });

  test("may read, write and delete nothing, and be told what could be", async () => {
    const path = "/api/tenancy/tenants/";
    for (const method of ["GET", "POST", "PATCH", "PUT", "DELETE"]) {
      expect(await nobody.ask(method, path, method === "GET" ? undefined : [])).toEqual(
        notPermitted,
      );
      const one = `${path}${idOf("tenant")}/`;
      expect(await nobody.ask(method, one, method === "GET" ? undefined : {})).toEqual(
        notPermitted,
      );
    }
    expect((await nobody.ask("OPTIONS", path)).status).toBe(200);
    expect((await nobody.ask("GET", "/api/status/")).status).toBe(200);
    expect((await nobody.ask("GET", "/api/")).status).toBe(200);
  });

  test("has tokens and a configuration of their own", async () => {
    expect(await nobody.ask("GET", "/api/users/tokens/")).toMatchObject({ body: { count: 1 } });
    const config = "/api/users/config/";
    expect(await nobody.ask("GET", config)).toEqual({ status: 200, body: {} });
    await nobody.ask("PATCH", config, { tables: { devices: { columns: ["name"] } }, page: 50 });
    const merged = { tables: { devices: { columns: ["name", "site"] }, racks: {} }, page: 50 };
    const patch = { tables: { devices: { columns: ["name", "site"] }, racks: {} } };
    expect(await nobody.ask("PATCH", config, patch)).toEqual({ status: 200, body: merged });
    expect(await nobody.ask("GET", config)).toEqual({ status: 200, body: merged });
  });

  test("cannot keep more than a client needs, or what has no end", async () => {
    const config = "/api/users/config/";
    const long = await nobody.ask("PATCH", config, { text: "x".repeat(200_000) });
    expect(long.status).toBe(413);
    const deep = `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`;
    const answer = await nobody.request(config, {
      ...{ method: "PATCH", body: deep, headers: { "content-type": "application/json" } },
    });
    expect([answer.status, await answer.json()]).toEqual([
      ...[400, { detail: "JSON parse error - more than 100 levels of lists and objects." }],
    ]);
  });

  test("may not let anybody do anything", async () => {
    const asAdded = { name: "all", object_types: ["dcim.device"], actions: ["view"] };
    expect(await nobody.ask("POST", "/api/users/permissions/", asAdded)).toEqual(notPermitted);
    const me = `/api/users/users/${nobody.id}/`;
    expect(await nobody.ask("PATCH", me, { is_superuser: true })).toEqual(notPermitted);
    // Not even one who may change users: a permission would be enough for everything.
    const office = await addPerson(hub, "office", [
      { types: ["users.user", "users.objectpermission", "auth.group"], actions: every },
    ]);
    expect((await office.ask("GET", "/api/users/users/")).status).toBe(200);
    const own = `/api/users/users/${office.id}/`;
    expect(await office.ask("PATCH", own, { is_superuser: true })).toEqual(notPermitted);
  });
});

describe("a permission", () => {
  test("lets one do what it names, and nothing else", async () => {
    const reader = await addPerson(hub, "reader", [
      { types: ["tenancy.tenant"], actions: ["view"] },
    ]);
    const list = await reader.ask("GET", "/api/tenancy/tenants/");
    expect(list.status).toBe(200);
    const one = `/api/tenancy/tenants/${idOf("tenant")}/`;
    expect((await reader.ask("GET", one)).status).toBe(200);
    expect(await reader.ask("PATCH", one, { description: "x" })).toEqual(notPermitted);
    expect(await reader.ask("DELETE", one)).toEqual(notPermitted);
    expect(await reader.ask("POST", "/api/tenancy/tenants/", { name: "x" })).toEqual(notPermitted);
    expect(await reader.ask("GET", "/api/dcim/devices/")).toEqual(notPermitted);
  });

  test("is given to the users of a group too, and to nobody while it is not enabled", async () => {
    const person = await addPerson(hub, "grouped", []);
    const group = await hub.send("POST", "users/groups", { name: "readers" });
    expect(group).toMatchObject({ status: 201, body: { user_count: 0 } });
    await hub.send("PATCH", `users/users/${person.id}`, { groups: ["readers"] });
    const permission = await hub.send("POST", "users/permissions", {
      ...{ name: "readers view tenants", object_types: ["tenancy.tenant"], actions: ["view"] },
      groups: [{ name: "readers" }],
    });
    expect(permission.status).toBe(201);
    const read = () => person.ask("GET", "/api/tenancy/tenants/");
    expect((await read()).status).toBe(200);
    await hub.send("PATCH", `users/permissions/${String(permission.body["id"])}`, {
      enabled: false,
    });
    expect(await read()).toEqual(notPermitted);
  });
});

describe("a constraint", () => {
  test("hides the objects that do not meet it", async () => {
    await tenant("red one");
    const hidden = await tenant("blue one");
    const red = await addPerson(hub, "red", [
      {
        ...{ types: ["tenancy.tenant"], actions: every },
        constraints: { name__startswith: "red" },
      },
    ]);
    expect(names((await red.ask("GET", "/api/tenancy/tenants/")).body)).toEqual(["red one"]);
    const one = `/api/tenancy/tenants/${hidden}/`;
    for (const method of ["GET", "PATCH", "DELETE"]) {
      const answer = await red.ask(method, one, method === "GET" ? undefined : {});
      expect([method, answer]).toEqual([
        method,
        { status: 404, body: { detail: "No Tenant matches the given query." } },
      ]);
    }
    expect((await red.ask("GET", `${one}notes/`)).status).toBe(403);
    const all = await hub.read<{ results: Body[] }>("/api/tenancy/tenants/?name=blue%20one");
    expect(all.results).toHaveLength(1);
  });

  test("undoes a write whose result it does not allow", async () => {
    const id = await tenant("green one");
    const green = await addPerson(hub, "green", [
      {
        ...{ types: ["tenancy.tenant"], actions: every },
        constraints: { name__startswith: "green" },
      },
    ]);
    const list = "/api/tenancy/tenants/";
    expect((await green.ask("POST", list, { name: "green two" })).status).toBe(201);
    expect(await green.ask("POST", list, { name: "yellow" })).toEqual(notPermitted);
    expect(await green.ask("PATCH", `${list}${id}/`, { name: "yellow" })).toEqual(notPermitted);
    // All of a request or nothing of it.
    const both = [{ name: "green three" }, { name: "yellow" }];
    expect(await green.ask("POST", list, both)).toEqual(notPermitted);
    const left = await hub.read<{ results: Body[] }>("/api/tenancy/tenants/?name__isw=green");
    expect(names(left)).toEqual(["green one", "green two"]);
    const yellow = await hub.read<{ count: number }>("/api/tenancy/tenants/?name=yellow");
    expect(yellow.count).toBe(0);
  });

  test("is one of several that are enough, over all permissions", async () => {
    await tenant("cat", "animal");
    await tenant("dog", "animal");
    await tenant("oak", "tree");
    const person = await addPerson(hub, "forester", [
      {
        ...{ types: ["tenancy.tenant"], actions: ["view"] },
        constraints: [{ name: "cat", description: "animal" }, { name__in: ["none"] }],
      },
      { types: ["tenancy.tenant"], actions: ["view"], constraints: { description: "tree" } },
    ]);
    const { body } = await person.ask("GET", "/api/tenancy/tenants/");
    expect(names(body)).toEqual(["cat", "oak"]);
  });

  test("may follow references, go by sets, and name the user", async () => {
    const tag = await hub.send("POST", "extras/tags", {
      ...{ name: "core", content_types: ["tenancy.tenant"] },
    });
    expect(tag.status).toBe(201);
    const group = await hub.send("POST", "tenancy/tenant-groups", { name: "north" });
    const inner = await hub.send("POST", "tenancy/tenant-groups", {
      ...{ name: "north-west", parent: group.body["id"] },
    });
    await hub.send("POST", "tenancy/tenants", {
      ...{ name: "harbour", tenant_group: inner.body["id"], tags: ["core"] },
    });
    for (const [name, constraints] of Object.entries({
      "by parent": { tenant_group__parent__name: "north" },
      "by id": { tenant_group: inner.body["id"] },
      "by ids": { tenant_group__in: [inner.body["id"]] },
      "by tag": { tags__name__in: ["core"] },
      "by the id of a tag": { tags: tag.body["id"] },
      "with any tag": { tags__isnull: false },
      "with a group": { tenant_group__isnull: false, name__iregex: "^HARB" },
    })) {
      const person = await addPerson(hub, name.replaceAll(" ", "-"), [
        { types: ["tenancy.tenant"], actions: ["view"], constraints },
      ]);
      const { body } = await person.ask("GET", "/api/tenancy/tenants/?name=harbour");
      expect([name, names(body)]).toEqual([name, ["harbour"]]);
    }
    const self = await addPerson(hub, "self", [
      { types: ["tenancy.tenant"], actions: ["view"], constraints: { id: "$user" } },
    ]);
    expect((await self.ask("GET", "/api/tenancy/tenants/")).body).toMatchObject({ count: 0 });
  });

  test("tells networks by where they are", async () => {
    const person = await addPerson(hub, "networker", [
      {
        ...{ types: ["ipam.prefix"], actions: every },
        constraints: { prefix__net_contained_or_equal: "10.0.0.0/8" },
      },
    ]);
    const { body } = await person.ask("GET", "/api/ipam/prefixes/");
    const shown = (body as { results: Body[] }).results.map(({ prefix }) => prefix);
    expect(shown).toEqual(["10.1.0.0/16"]);
    const wanted = { prefix: "192.0.2.0/24", namespace: "Global", status: idOf("status") };
    expect(await person.ask("POST", "/api/ipam/prefixes/", wanted)).toEqual(notPermitted);
    const inside = { ...wanted, prefix: "10.2.0.0/16" };
    expect((await person.ask("POST", "/api/ipam/prefixes/", inside)).status).toBe(201);
  });

  test("that cannot be is refused with what could be", async () => {
    const make = (constraints: unknown, types = ["tenancy.tenant"]) =>
      hub.send("POST", "users/permissions", {
        ...{ name: "impossible", object_types: types, actions: ["view"], constraints },
      });
    const faults: readonly [unknown, RegExp, string[]?][] = [
      [{ colour: "red" }, /colour: a Tenant has no field colour\. It has: name/],
      [{ name__sounds_like: "red" }, /there is no lookup sounds_like/],
      [{ tenant_group__id: "north" }, /Invalid filter for tenancy.tenant: .*uuid/],
      [{ name__in: "red" }, /name__in: a list of values is needed/],
      [{ name__isnull: "no" }, /isnull takes true or false/],
      [{ tags__isnull: "no" }, /isnull takes true or false/],
      [{ name__valueOf: "red" }, /there is no lookup valueOf/],
      [{ name__regex: "(" }, /Invalid filter for tenancy.tenant: .*parentheses/],
      ["red", /Give lookups by path/],
      [{ status: "planned" }, /only objects of the inventory/, ["nautobot_ssot.sync"]],
    ];
    for (const [constraints, text, types] of faults) {
      const { status, body } = await make(constraints, types);
      expect([constraints, status]).toEqual([constraints, 400]);
      expect(String((body["constraints"] as string[])[0])).toMatch(text);
    }
  });

  test("holds quotes and backslashes as they are", async () => {
    const name = `O'Neil \\ "Sons"`;
    await tenant(name);
    const person = await addPerson(hub, "quoted", [
      { types: ["tenancy.tenant"], actions: ["view"], constraints: { name } },
    ]);
    expect(names((await person.ask("GET", "/api/tenancy/tenants/")).body)).toEqual([name]);
  });
});

describe("what hangs on objects", () => {
  test("notes are read and written with permissions of their own, on objects one may view", async () => {
    const id = await tenant("noted");
    const path = `/api/tenancy/tenants/${id}/notes/`;
    const viewer = await addPerson(hub, "viewer-of-noted", [
      { types: ["tenancy.tenant"], actions: ["view"], constraints: { name: "noted" } },
    ]);
    expect(await viewer.ask("GET", path)).toEqual(notPermitted);
    const writer = await addPerson(hub, "writer-of-noted", [
      { types: ["tenancy.tenant"], actions: ["view"], constraints: { name: "noted" } },
      { types: ["extras.note"], actions: ["view", "add"] },
    ]);
    expect((await writer.ask("POST", path, { note: "seen" })).status).toBe(201);
    expect(await writer.ask("GET", path)).toMatchObject({ status: 200, body: { count: 1 } });
    const other = `/api/tenancy/tenants/${idOf("tenant")}/notes/`;
    expect((await writer.ask("POST", other, { note: "seen" })).status).toBe(404);
  });

  test("the history of an object is read by who may view the object and changes", async () => {
    const id = await tenant("historic");
    const path = `/api/tenancy/tenants/${id}/changelog/`;
    const without = await addPerson(hub, "without-history", [
      { types: ["tenancy.tenant"], actions: ["view"] },
    ]);
    expect(await without.ask("GET", path)).toEqual(notPermitted);
    const other = await addPerson(hub, "other-history", [
      { types: ["tenancy.tenant"], actions: ["view"], constraints: { name: "other" } },
      { types: ["extras.objectchange"], actions: ["view"] },
    ]);
    expect((await other.ask("GET", path)).status).toBe(404);
  });

  test("notes and changes are in no list for who may not view what they are about", async () => {
    const id = await tenant("secret", "between us");
    await hub.send("POST", `tenancy/tenants/${id}/notes`, { note: "hush" });
    const person = await addPerson(hub, "curious", [
      { types: ["extras.note"], actions: ["view", "change", "delete"] },
      { types: ["extras.objectchange"], actions: ["view"] },
    ]);
    for (const path of ["notes/?depth=1", "object-changes/?depth=1"]) {
      expect(await person.ask("GET", `/api/extras/${path}`)).toMatchObject({ body: { count: 0 } });
    }
    const all = await hub.read<{ results: Body[] }>(`/api/extras/notes/?assigned_object_id=${id}`);
    const note = String(all.results[0]?.["id"]);
    const one = `/api/extras/notes/${note}/`;
    expect((await person.ask("PATCH", one, { note: "mine" })).status).toBe(404);
    expect((await person.ask("DELETE", one)).status).toBe(404);
    expect((await person.ask("DELETE", "/api/extras/notes/", [{ id: note }])).status).toBe(204);
    expect((await hub.read<Body>(one))["note"]).toBe("hush");
  });

  test("a note is not written to by a path or a method that there is not", async () => {
    const id = await tenant("annotated");
    const made = await hub.send("POST", `tenancy/tenants/${id}/notes`, { note: "as it was" });
    const note = `/api/extras/notes/${String(made.body["id"])}/`;
    const person = await addPerson(hub, "scribbler", [
      { types: ["tenancy.tenant"], actions: ["view"] },
      { types: ["extras.note"], actions: ["view", "add"] },
    ]);
    const tries = [
      ["DELETE", `${note}x/`],
      ["PATCH", `${note}x/`],
      ["PURGE", note],
      ["POST", note],
      ["PATCH", note],
      ["DELETE", note],
    ] as const;
    for (const [method, path] of tries) {
      const { status } = await person.ask(method, path, { note: "otherwise" });
      expect([method, path, status >= 400 && status < 500]).toEqual([method, path, true]);
    }
    expect((await hub.read<Body>(note))["note"]).toBe("as it was");
  });

  test("counts and whole objects are of what one may view, the rest is named", async () => {
    const person = await addPerson(hub, "counter", [
      { types: ["dcim.devicetype", "ipam.ipaddress", "dcim.device"], actions: ["view"] },
    ]);
    const less = await addPerson(hub, "lesser", [
      { types: ["dcim.devicetype", "ipam.ipaddress"], actions: ["view"] },
    ]);
    const type = `/api/dcim/device-types/${idOf("device_type")}/?depth=1`;
    const counted = (await person.ask("GET", type)).body as Body;
    expect(counted["device_count"]).toBeGreaterThan(0);
    const hidden = (await less.ask("GET", type)).body as Body;
    expect(hidden["device_count"]).toBe(0);
    expect(Object.keys(hidden["manufacturer"] as Body).sort()).toEqual([
      "id",
      "object_type",
      "url",
    ]);
    const whole = (await hub.read<Body>(type))["manufacturer"] as Body;
    expect(whole).toHaveProperty("name");
  });

  test("what comes along with an object asks for no permission of its own", async () => {
    const person = await addPerson(hub, "installer", [
      { types: ["dcim.device"], actions: ["view", "add"] },
    ]);
    const templates = await hub.read<{ results: { device_type: { id: string } }[] }>(
      "/api/dcim/interface-templates/",
    );
    const type = templates.results[0]?.device_type.id;
    const body = { ...hub.bodyOf("device", 7), device_type: type };
    const made = await person.ask("POST", "/api/dcim/devices/", body);
    expect(made.status).toBe(201);
    const id = String((made.body as Body)["id"]);
    const ports = await hub.read<{ count: number }>(`/api/dcim/interfaces/?device=${id}`);
    expect(ports.count).toBeGreaterThan(0);
  });
});

describe("users", () => {
  test("are made with a password or without, and keep their names", async () => {
    const made = await hub.send("POST", "users/users", { username: "grace" });
    expect(made).toMatchObject({
      status: 201,
      body: { username: "grace", is_active: true, is_superuser: false, is_staff: false },
    });
    expect(made.body).not.toHaveProperty("password");
    const path = `users/users/${String(made.body["id"])}`;
    expect(await hub.send("PATCH", path, { username: "hopper" })).toMatchObject({
      ...{ status: 400, body: { username: [/keeps the name/] } },
    });
    const again = await hub.send("POST", "users/users", { username: "Grace" });
    expect(again).toEqual({
      status: 400,
      body: { username: ["A user with that username already exists."] },
    });
    const wrong = await hub.send("POST", "users/users", { username: "a b", password: "short" });
    expect(wrong.status).toBe(400);
    expect(Object.keys(wrong.body).sort()).toEqual(["password", "username"]);
  });

  test("that are no longer active are nobody, and say so", async () => {
    const person = await addPerson(hub, "leaver", [
      { types: ["tenancy.tenant"], actions: ["view"] },
    ]);
    expect((await person.ask("GET", "/api/tenancy/tenants/")).status).toBe(200);
    await hub.send("PATCH", `users/users/${person.id}`, { is_active: false });
    expect(await person.ask("GET", "/api/tenancy/tenants/")).toEqual({
      ...{ status: 403, body: { detail: "User inactive" } },
    });
    const signIn = { username: "leaver", password: "correct horse battery" };
    const answer = await hub.app.request("/api/session", {
      ...{ method: "POST", headers: { "content-type": "application/json" } },
      body: JSON.stringify(signIn),
    });
    expect(answer.status).toBe(401);
  });

  test("get another password, which ends their sessions", async () => {
    const person = await addPerson(hub, "forgetful", []);
    const path = `users/users/${person.id}`;
    const password = "a new one, and longer";
    expect((await hub.send("PATCH", path, { password })).status).toBe(200);
    const signIn = (given: string) =>
      hub.app.request("/api/session", {
        ...{ method: "POST", headers: { "content-type": "application/json" } },
        body: JSON.stringify({ username: "forgetful", password: given }),
      });
    expect((await signIn("correct horse battery")).status).toBe(401);
    expect((await signIn(password)).status).toBe(200);
  });

  test("are never without one who may do everything", async () => {
    const { results } = await hub.read<{ results: Body[] }>("/api/users/users/?username=ada");
    const path = `users/users/${String(results[0]?.["id"])}`;
    for (const change of [{ is_superuser: false }, { is_active: false }]) {
      const answer = await hub.send("PATCH", path, change);
      expect(answer).toMatchObject({ status: 409, body: { detail: /Nobody would be left/ } });
    }
    expect((await hub.send("DELETE", path, {})).status).toBe(409);
    expect((await hub.read<Body>(`/api/${path}/`))["is_superuser"]).toBe(true);
  });

  test("are changed two at once, and of a list those that there are", async () => {
    const one = await addPerson(hub, "one", []);
    const two = await addPerson(hub, "two", []);
    const answers = await Promise.all(
      [one, two, one, two].map(({ id }, index) =>
        hub.send("PATCH", `users/users/${id}`, { is_staff: index < 2 }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const nobody = "11111111-1111-4111-8111-111111111111";
    const changes = [
      { id: one.id, is_staff: true },
      { id: nobody, groups: [], is_staff: true },
    ];
    const changed = await hub.sendList("PATCH", "users/users", changes);
    expect([changed.status, changed.body.map(({ username }) => username)]).toEqual([200, ["one"]]);
  });

  test("and permissions leave audit rows without passwords", async () => {
    const { id } = await addPerson(hub, "audited", [
      { types: ["tenancy.tenant"], actions: ["view"] },
    ]);
    const changes = await hub.read<{ results: Body[] }>(
      `/api/extras/object-changes/?changed_object_id=${id}`,
    );
    expect(changes.results).toMatchObject([
      { action: { value: "create" }, changed_object_type: "users.user", object_repr: "audited" },
    ]);
    expect(JSON.stringify(changes)).not.toContain("correct horse");
  });
});

describe("groups and permissions", () => {
  test("are found, changed and deleted one by one and in lists", async () => {
    const made = await hub.sendList("POST", "users/groups", [{ name: "g1" }, { name: "g2" }]);
    expect(made.status).toBe(201);
    const ids = made.body.map(({ id }) => ({ id }));
    expect(await hub.send("POST", "users/groups", { name: "g1" })).toEqual({
      ...{ status: 400, body: { name: ["group with this name already exists."] } },
    });
    expect(await hub.read("/api/users/groups/?name__isw=g")).toMatchObject({ count: 2 });
    const renamed = ids.map(({ id }, index) => ({ id, name: `h${index + 1}` }));
    expect((await hub.sendList("PATCH", "users/groups", renamed)).status).toBe(200);
    expect(await hub.read("/api/users/groups/?name=h2")).toMatchObject({ count: 1 });
    expect((await hub.sendList("DELETE", "users/groups", ids)).status).toBe(204);
    expect(await hub.read("/api/users/groups/?name__isw=h")).toMatchObject({ count: 0 });
  });

  test("must be told what they need, of what there is", async () => {
    const empty = await hub.send("POST", "users/permissions", {});
    const required = ["This field is required."];
    expect(empty).toEqual({
      ...{ status: 400, body: { name: required, object_types: required, actions: required } },
    });
    const unknown = await hub.send("POST", "users/permissions", {
      ...{
        name: "unknown",
        object_types: ["dcim.teapot"],
        actions: ["view"],
        users: ["nobody-at-all"],
      },
    });
    expect(unknown.status).toBe(400);
    expect(Object.keys(unknown.body).sort()).toEqual(["object_types", "users"]);
  });
});
