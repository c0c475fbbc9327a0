import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { json } from "../app.ts";
import { countStatements } from "./count-statements.ts";
import { type Body, type ExampleHub, openExampleHub } from "./examples.ts";

type Page = { count: number; results: Body[] };

let hub: ExampleHub;
const idOf = (model: string) => String(hub.first.get(model)?.["id"]);
const get = (path: string) => hub.read<Body>(`/api/${path}`);
const list = (path: string) => hub.read<Page>(`/api/${path}`);
const namesOf = ({ results }: Page) => results.map(({ display }) => display);
const answerOf = async (path: string, init?: RequestInit) => {
  const answer = await hub.request(`/api/${path}`, init);
  const text = await answer.text();
  return { status: answer.status, body: JSON.parse(text === "" ? "null" : text) as unknown };
};

beforeAll(async () => {
  hub = await openExampleHub();
  for (const [name, parent] of [
    ["Germany", null],
    ["Berlin", "Germany"],
    ["Room 1", { name: "Berlin", parent: { name: "Germany" } }],
  ]) {
    const place = { name, parent, location_type: idOf("location_type"), status: idOf("status") };
    const made = await hub.send("POST", "dcim/locations", { ...place, latitude: "52.5" });
    expect([made.status, made.body]).toEqual([201, expect.anything()]);
  }
});

afterAll(async () => {
  await hub.close();
});

describe("an object", () => {
  test("is displayed with its tree, and slugged by its natural key", async () => {
    const { results } = await list("dcim/locations/?name=Room%201");
    expect(results).toMatchObject([
      {
        display: "Germany → Berlin → Room 1",
        natural_slug: `room-1_berlin_germany_${String(results[0]?.["id"]).slice(0, 4)}`,
        tree_depth: null,
        latitude: "52.500000",
        description: "",
        asn: null,
        custom_fields: {},
        tags: [],
      },
    ]);
  });

  test("of a network or an address has its parts", async () => {
    expect(await get(`ipam/prefixes/${idOf("prefix")}/`)).toMatchObject({
      display: "10.1.0.0/16: Global",
      ...{ prefix: "10.1.0.0/16", network: "10.1.0.0", broadcast: "10.1.255.255" },
      ...{ prefix_length: 16, ip_version: 4, type: { value: "network", label: "Network" } },
    });
    const address = await get(`ipam/ip-addresses/${idOf("ip_address")}/`);
    expect(address).toMatchObject({
      ...{ address: "10.1.0.1/24", host: "10.1.0.1", mask_length: 24, display: "10.1.0.1/24" },
      ...{ type: "host", parent: { id: idOf("prefix"), object_type: "ipam.prefix" } },
    });
  });

  test("shows sets of references other than tags only when asked", async () => {
    const path = `ipam/prefixes/${idOf("prefix")}/`;
    expect(await get(path)).not.toHaveProperty("locations");
    expect(await get(`${path}?exclude_m2m=False`)).toMatchObject({ locations: [] });
  });
});

describe("a related object is named by", () => {
  const patch = (parent: unknown) =>
    hub.send("PATCH", `dcim/locations/${idOf("location")}`, { parent });
  let berlin: Body;
  beforeAll(async () => {
    berlin = (await list("dcim/locations/?name=Berlin")).results[0] ?? {};
  });

  afterAll(async () => {
    await patch(null);
  });

  test.each<[string, () => unknown]>([
    ["its id", () => berlin["id"]],
    ["its URL", () => berlin["url"]],
    ["an object with its id", () => ({ id: berlin["id"], whatever: 1 })],
    ["an object with its URL", () => ({ url: berlin["url"] })],
    ["attributes", () => ({ name: "Berlin" })],
    ["attributes of what it refers to", () => ({ name: "Berlin", parent: { name: "Germany" } })],
    ["its natural key", () => "Berlin;Germany"],
  ])("%s", async (_, input) => {
    expect((await patch(null)).body["parent"]).toBe(null);
    const { status, body } = await patch(input());
    expect([status, body["parent"]]).toEqual([
      200,
      { id: berlin["id"], object_type: "dcim.location", url: berlin["url"] },
    ]);
  });

  test.each<[unknown, RegExp]>([
    ["Berlin", /^Related object not found using the provided attributes/],
    ["00000000-0000-4000-8000-000000000000", /'pk': UUID\('00000000-/],
    [{ name: "Nowhere" }, /not found .* \{'name': 'Nowhere'\}$/],
    [{ status: { name: "name 001" } }, /^Multiple objects match/],
    [{ colour: "red" }, /^Cannot resolve keyword 'colour' into field/],
    [5, /Received an unrecognized value: 5$/],
  ])("%j is refused", async (input, text) => {
    const { status, body } = await patch(input);
    expect([status, body]).toEqual([400, { parent: [expect.stringMatching(text)] }]);
  });
});

describe("a list is filtered", () => {
  const names = async (query: string) => namesOf(await list(`dcim/locations/?sort=name&${query}`));

  test("by text in each way, and by the opposite", async () => {
    expect(await names("name__ic=ERL")).toEqual(["Germany → Berlin"]);
    expect(await names("name__isw=ger")).toEqual(["Germany"]);
    expect(await names("name__iew=ANY")).toEqual(["Germany"]);
    expect(await names("name__ie=berlin")).toEqual(["Germany → Berlin"]);
    expect(await names("name__re=^B.*n$")).toEqual(["Germany → Berlin"]);
    expect(await names("name__ire=^b")).toEqual(["Germany → Berlin"]);
    expect(await names("name__n=Berlin&name__nisw=name")).toEqual([
      "Germany",
      "Germany → Berlin → Room 1",
    ]);
    expect(await names("name=Berlin&name=Germany")).toEqual(["Germany → Berlin", "Germany"]);
    expect(await names("name=Berlin&facility=x")).toEqual([]);
    expect((await names("name=")).length).toBe(4);
    expect(await names("name__ic=100%25")).toEqual([]);
  });

  test("by what statuses are for, all of it, and what roles are for, any of it", async () => {
    for (const [plural, both] of [
      ["statuses", 1],
      ["roles", 3],
    ] as const) {
      for (const [name, content_types] of [
        ["racks", ["dcim.rack"]],
        ["groups", ["dcim.rackgroup"]],
        ["both", ["dcim.rack", "dcim.rackgroup"]],
      ] as const) {
        const body = { name: `For ${name}`, content_types };
        expect((await hub.send("POST", `extras/${plural}`, body)).status).toBe(201);
      }
      const types = "content_types=dcim.rack&content_types=dcim.rackgroup";
      const path = `extras/${plural}/?name__isw=For&`;
      expect(await list(`${path}content_types=dcim.rack`)).toMatchObject({ count: 2 });
      expect(await list(path + types)).toMatchObject({ count: both });
    }
  });

  test("by numbers and times, greater and less", async () => {
    expect((await names("latitude__gte=52.5")).length).toBe(3);
    expect((await names("latitude__lt=52.5")).length).toBe(0);
    expect((await names("asn__isnull=true")).length).toBe(4);
    expect((await names("created__gt=2020-01-01")).length).toBe(4);
    expect((await names("created__lte=2020-01-01T00:00:00Z")).length).toBe(0);
  });

  test("by what it refers to: id, name, null, and in a tree what lies below", async () => {
    expect((await names("status=name 001")).length).toBe(4);
    expect((await names(`status=${idOf("status")}`)).length).toBe(4);
    expect((await names(`status__n=${idOf("status")}`)).length).toBe(0);
    expect((await names("tenant=null")).length).toBe(4);
    expect(await names("parent=Germany")).toEqual(["Germany → Berlin"]);
    expect(await names("subtree=Berlin")).toEqual([
      "Germany → Berlin",
      "Germany → Berlin → Room 1",
    ]);
    const namespace = hub.bodyOf("namespace", 9);
    await hub.send("POST", "ipam/namespaces", { ...namespace, location: "Room 1;Berlin;Germany" });
    expect(namesOf(await list("ipam/namespaces/?location=Germany"))).toEqual(["Namespace 9"]);
    expect(await names("has_namespaces=true")).toEqual(["Germany → Berlin → Room 1"]);
    expect(await names("namespaces=Namespace 9")).toEqual(["Germany → Berlin → Room 1"]);
  });

  test("by networks", async () => {
    expect((await list("ipam/prefixes/?within_include=10.0.0.0/8")).count).toBe(1);
    expect((await list("ipam/prefixes/?within=10.1.0.0/16")).count).toBe(0);
    expect((await list("ipam/prefixes/?contains=10.1.2.3")).count).toBe(1);
    expect((await list("ipam/prefixes/?prefix=10.1.1.5/16")).count).toBe(1);
    expect((await list("ipam/prefixes/?prefix=bad")).count).toBe(0);
    expect((await list("ipam/ip-addresses/?address=10.1.0.1")).count).toBe(1);
    expect((await list("ipam/ip-addresses/?address=10.1.0.1/25")).count).toBe(0);
    expect((await list("ipam/ip-addresses/?prefix=10.1.0.0/24")).count).toBe(1);
  });

  test("by a search, which finds an id too", async () => {
    expect(await names("q=erl")).toEqual(["Germany → Berlin"]);
    expect((await names(`q=${idOf("location")}`)).length).toBe(1);
  });

  test.each([
    [
      "status=Nowhere",
      "status",
      "Select a valid choice. Nowhere is not one of the available choices.",
    ],
    ["asn=many", "asn", "Enter a whole number."],
    ["id=1", "id", "“1” is not a valid UUID."],
    ["asn__isnull=perhaps", "asn__isnull", /^Select a valid choice/],
  ])("%s is refused", async (query, field, text) => {
    const message = typeof text === "string" ? text : (expect.stringMatching(text) as string);
    expect(await answerOf(`dcim/locations/?${query}`)).toEqual({
      status: 400,
      body: { [field]: [message] },
    });
  });

  test("a pattern that cannot be read, and a depth that cannot be, are refused", async () => {
    expect((await answerOf("dcim/locations/?name__re=[")).status).toBe(400);
    expect(await answerOf("dcim/locations/?depth=11")).toEqual({
      status: 400,
      body: { detail: "The depth parameter must be an integer between 0 and 10" },
    });
  });
});

describe("a write is refused", () => {
  const post = (path: string, body: unknown) => hub.send("POST", path, body);

  test("for a name that is taken", async () => {
    const tag = { name: "name 001", content_types: [] };
    expect(await post("extras/tags", tag)).toEqual({
      status: 400,
      body: { name: ["tag with this name already exists."] },
    });
    const place = { location_type: idOf("location_type"), status: idOf("status") };
    expect(await post("dcim/locations", { name: "Germany", ...place })).toEqual({
      status: 400,
      body: { non_field_errors: ["The fields name, parent must make a unique set."] },
    });
    const taken = await hub.send("PATCH", `dcim/locations/${idOf("location")}`, {
      ...{ name: "Germany", parent: null },
    });
    expect(taken.status).toBe(400);
  });

  test("for values that cannot be, each by its field", async () => {
    const place = { name: "x".repeat(256), asn: 0, latitude: "north", location_type: null };
    const { status, body } = await post("dcim/locations", { ...place, status: idOf("status") });
    expect([status, body]).toEqual([
      400,
      {
        name: ["Ensure this field has no more than 255 characters."],
        asn: ["Ensure this value is greater than or equal to 1."],
        latitude: ["A valid number is required."],
        location_type: ["This field may not be null."],
      },
    ]);
    const type = await hub.send("PATCH", `ipam/prefixes/${idOf("prefix")}`, { type: "box" });
    expect(type.body).toEqual({ type: ["box is not a valid choice."] });
    const choice = { type: { value: "network", label: "Network" } };
    const good = await hub.send("PATCH", `ipam/prefixes/${idOf("prefix")}`, choice);
    expect(good.body["type"]).toEqual({ value: "network", label: "Network" });
  });

  test("by the rules of the hub, with the field they are about", async () => {
    const address = { address: "192.0.2.1/24", namespace: "Global", status: idOf("status") };
    const { status, body } = await post("ipam/ip-addresses", address);
    expect([status, Object.keys(body)]).toEqual([400, ["address"]]);
  });

  test("that would leave others without what they refer to", async () => {
    const { status, body } = await hub.send("DELETE", `extras/statuses/${idOf("status")}`, {});
    expect([status, body["detail"]]).toEqual([
      409,
      expect.stringMatching(/^Unable to delete object\. .* still used by/),
    ]);
  });

  test("when its body cannot be read", async () => {
    const broken = { method: "POST", body: "{", headers: { "content-type": "application/json;" } };
    expect(await answerOf("extras/tags/", broken)).toEqual({
      status: 400,
      body: { detail: expect.stringMatching(/^JSON parse error - /) as string },
    });
    const plain = { method: "POST", body: "x", headers: { "content-type": "text/plain" } };
    expect((await answerOf("extras/tags/", plain)).status).toBe(415);
    expect(await answerOf("extras/tags/", json({}, "DELETE"))).toEqual({
      status: 400,
      body: { non_field_errors: ['Expected a list of items but got type "dict".'] },
    });
    expect(await answerOf("extras/tags/", json([{}], "PATCH"))).toEqual({
      status: 400,
      body: [{ id: ["This field is required."] }],
    });
  });
});

test("the smallest location of a prefix is written as one, and tags as a list", async () => {
  const path = `ipam/prefixes/${idOf("prefix")}`;
  const changed = await hub.send("PATCH", `${path}/?exclude_m2m=false`, {
    location: "Germany",
    tags: ["name 001"],
  });
  expect(changed.status).toBe(200);
  const shown = await get(`${path}/?exclude_m2m=false&depth=1`);
  expect(shown).toMatchObject({
    locations: [{ display: "Germany" }],
    tags: [{ name: "name 001" }],
    status: { display: "name 001", color: "9e9e9e" },
  });
  await hub.send("PATCH", path, { location: null, tags: [] });
});

test("prefixes are asked for by a location, with what lies below it, and by the locations they name", async () => {
  const path = `ipam/prefixes/${idOf("prefix")}`;
  await hub.send("PATCH", path, { location: { name: "Berlin", parent: { name: "Germany" } } });
  const count = async (query: string) => (await list(`ipam/prefixes/?${query}`)).count;
  const all = await count("");

  expect(await count("location=Germany")).toBe(1);
  expect(await count("location__n=Germany")).toBe(all - 1);
  expect([await count("locations=Germany"), await count("locations=Berlin")]).toEqual([0, 1]);
  await hub.send("PATCH", path, { location: null });
});

test("a thousand objects are made, changed and deleted, each time with few statements", async () => {
  const bodies = Array.from({ length: 1000 }, (_, index) => ({
    name: `Bulk ${index}`,
    ...{ location_type: { name: "name 001" }, status: "name 001", parent: "Germany" },
  }));
  const count = countStatements(hub);
  const created = await hub.sendList("POST", "dcim/locations", bodies);
  expect([created.status, created.body.length]).toEqual([201, 1000]);
  expect(count()).toBeLessThan(60);
  const page = await list("dcim/locations/?name__isw=Bulk&depth=1&limit=200");
  expect([page.count, page.results.length]).toEqual([1000, 200]);
  expect(count()).toBeLessThan(10);
  const ids = created.body.map(({ id }) => ({ id }));
  const changes = ids.map((id) => ({ ...id, facility: "F" }));
  expect((await hub.sendList("PATCH", "dcim/locations", changes)).status).toBe(200);
  expect(count()).toBeLessThan(60);
  expect((await hub.send("DELETE", "dcim/locations", ids)).status).toBe(204);
  expect(count()).toBeLessThan(60);
});

describe("who asks", () => {
  test.each([
    [undefined, "Authentication credentials were not provided."],
    ["Basic abc", "Authentication credentials were not provided."],
    ["Token", "Invalid token header. No credentials provided."],
    ["Token a b", "Invalid token header. Token string should not contain spaces."],
    ["Token abc", "Invalid token"],
  ])("with %o is refused as Nautobot does", async (authorization, detail) => {
    const headers: Record<string, string> = authorization ? { authorization } : {};
    const answer = await hub.app.request("/api/dcim/locations/", { headers });
    expect([answer.status, await answer.json()]).toEqual([403, { detail }]);
  });

  test("with an API token whose time is over is told so", async () => {
    const { rows } = await hub.database.pool.query<{ id: string }>("select id from auth_user");
    const expiresAt = new Date(Date.now() - 1000);
    const token = { name: "old", expiresAt, mayWrite: true };
    const { key } = await hub.auth.tokens.create(rows[0]?.id ?? "", token);
    const headers = { authorization: `Token ${key}` };
    const answer = await hub.app.request("/api/dcim/locations/", { headers });
    expect([answer.status, await answer.json()]).toEqual([403, { detail: "Token expired" }]);
  });

  test("with an API token is answered, in the version asked for", async () => {
    const { rows } = await hub.database.pool.query<{ id: string }>("select id from auth_user");
    const token = await hub.auth.tokens.create(rows[0]?.id ?? "", {
      ...{ name: "t", expiresAt: null, mayWrite: true },
    });
    const ask = (accept: string) =>
      hub.app.request("/api/dcim/locations", {
        headers: { authorization: `token ${token.key}`, accept },
      });
    const answer = await ask("application/json; version=2.0");
    expect([answer.status, answer.headers.get("api-version")]).toEqual([200, "3.2"]);
    expect((await ask("application/json; version=1.0")).status).toBe(406);
    expect((await ask("image/png")).status).toBe(406);
    expect((await answerOf("dcim/locations/?format=xml")).status).toBe(404);
    expect((await answerOf("dcim/locations/?api_version=1.0")).status).toBe(404);
  });
});

test("the roots list what there is, and what there is not is not found", async () => {
  expect(await get("")).toMatchObject({ dcim: "http://localhost/api/dcim/" });
  expect(await get("dcim/")).toMatchObject({
    locations: "http://localhost/api/dcim/locations/",
  });
  expect(await answerOf("dcim/spaceships/")).toEqual({
    status: 404,
    body: { detail: "Not found." },
  });
  expect((await answerOf("dcim/locations/not-a-uuid/")).status).toBe(404);
  expect(await get("status/")).toMatchObject({ "celery-workers-running": 0 });
});

test("options describe the fields with their choices", async () => {
  const { body } = await answerOf("ipam/prefixes/", { method: "OPTIONS" });
  expect(body).toMatchObject({
    name: "Prefixes",
    actions: {
      POST: {
        type: {
          type: "field",
          choices: expect.arrayContaining([{ value: "pool", display: "Pool" }]) as [],
        },
        prefix: { required: true, read_only: false },
      },
    },
  });
});

test("a list is given as CSV, whole, natural keys first", async () => {
  const answer = await hub.request("/api/dcim/locations/?format=csv&subtree=Germany");
  expect(answer.headers.get("content-type")).toContain("text/csv");
  const [head, ...lines] = (await answer.text()).trim().split("\r\n");
  expect(head).toMatch(
    /^name,parent__name,parent__parent__name,display,id,object_type,natural_slug,location_type__name,/,
  );
  const room = lines.find((line) => line.startsWith("Room 1"));
  expect(room).toMatch(/^Room 1,Berlin,Germany,Germany → Berlin → Room 1,/);
  expect(room).toMatch(/NoObject/);
});

test("what happened to an object is listed with it", async () => {
  const { results } = await list("dcim/locations/?name=Germany");
  const [germany] = results;
  const changes = await list(`dcim/locations/${String(germany?.["id"])}/changelog/`);
  expect(changes.results).toMatchObject([
    {
      ...{ action: { value: "create", label: "Created" }, changed_object_type: "dcim.location" },
      ...{ changed_object_id: germany?.["id"], user_name: "ada", change_context: "web" },
      ...{ user: { object_type: "users.user" }, object_repr: "Germany" },
    },
  ]);
  expect((await list("extras/object-changes/?action=create&limit=1")).results).toHaveLength(1);
});

test("the document describes every resource and what is beside them, and a page shows it", async () => {
  const document = await hub.read<{ paths: Record<string, Body> }>("/api/swagger.json");
  const beside = {
    "/dcim/locations/{id}/notes/": ["get", "post"],
    "/dcim/locations/{id}/changelog/": ["get"],
    "/extras/notes/": ["get", "post", "delete"],
    "/extras/jobs/{id}/variables/": ["get"],
    "/extras/jobs/{id}/run/": ["post"],
    "/extras/job-results/{id}/logs/": ["get"],
    "/users/tokens/": ["get", "post"],
    "/users/tokens/{id}/": ["get", "delete"],
    "/status/": ["get"],
  };
  for (const [path, methods] of Object.entries(beside)) {
    expect([path, Object.keys(document.paths[path] ?? {})]).toEqual([path, methods]);
  }
  for (const [path, operations] of Object.entries(document.paths)) {
    const url = `/api${path.replace("{id}", "00000000-0000-4000-8000-000000000000")}`;
    for (const method of Object.keys(operations).map((name) => name.toUpperCase())) {
      const init = { ...(method === "GET" ? {} : { body: "[]" }), method };
      const { status } = await hub.request(url, init);
      expect([method, path, status]).not.toEqual([method, path, 405]);
    }
  }
  expect(Object.keys(document.paths["/dcim/locations/"] ?? {})).toEqual([
    ...["get", "post", "put", "patch", "delete"],
  ]);
  const { status, headers } = await hub.request("/api/docs/?format=openapi");
  expect([status, headers.get("location")]).toEqual([301, "/api/swagger.json"]);
  expect(await (await hub.request("/api/docs/")).text()).toContain("dcim/locations/");
});

test("what is below a place comes in the order of the tree, with its depth", async () => {
  const shown = async (query: string) =>
    (await list(`dcim/locations/?subtree=Germany${query}`)).results.map(
      ({ name, tree_depth: depth }) => [name, depth],
    );
  const austria = { location_type: idOf("location_type"), status: idOf("status") };
  const made = await hub.send("POST", "dcim/locations", {
    ...{ ...austria, name: "Aachen", parent: { name: "Germany", parent: null } },
  });
  expect(made.status).toBe(201);
  expect(await shown("")).toEqual([
    ["Germany", 0],
    ["Aachen", 1],
    ["Berlin", 1],
    ["Room 1", 2],
  ]);
  expect(await shown("&limit=2&offset=1")).toEqual([
    ["Aachen", 1],
    ["Berlin", 1],
  ]);
  expect((await shown("&sort=-name")).map(([name]) => name)).toEqual([
    ...["Room 1", "Germany", "Berlin", "Aachen"],
  ]);
  expect((await list("dcim/locations/?name=Berlin")).results).toMatchObject([{ tree_depth: null }]);
  await hub.send("DELETE", `dcim/locations/${String(made.body["id"])}`, undefined);
});
