import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, json, type TestApp } from "../app.ts";
import type { Body } from "./examples.ts";

let hub: TestApp;

async function send(method: string, path: string, body?: unknown) {
  const init = body === undefined ? { method } : json(body, method);
  return answered(await hub.request(`/api/${path}`, init));
}

async function sendCsv(path: string, lines: readonly string[], method = "POST") {
  const headers = { "content-type": "text/csv" };
  const init = { method, headers, body: lines.join("\r\n") };
  return answered(await hub.request(`/api/${path}`, init));
}

async function answered(answer: Response) {
  const text = await answer.text();
  return { status: answer.status, body: JSON.parse(text === "" ? "{}" : text) as unknown };
}

const first = async (path: string): Promise<Body> =>
  ((await send("GET", path)).body as { results: Body[] }).results[0] ?? {};

beforeAll(async () => {
  hub = await createTestApp();
  const made = [
    await send("POST", "extras/statuses/", {
      name: "Active",
      content_types: ["dcim.location", "dcim.rack"],
    }),
    await send("POST", "extras/tags/", [
      { name: "edge", content_types: ["dcim.location"] },
      { name: "core", content_types: ["dcim.location"] },
    ]),
    await send("POST", "extras/custom-fields/", {
      ...{ label: "Floors", type: "integer", content_types: ["dcim.location"] },
    }),
    await send("POST", "dcim/location-types/", {
      name: "Site",
      nestable: true,
      content_types: ["dcim.rack"],
    }),
  ];
  expect(made.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
});

afterAll(async () => {
  await hub.close();
});

describe("a list posted as CSV", () => {
  test("makes an object of each row: related ones by natural key, in one cell or in columns", async () => {
    const { status, body } = await sendCsv("dcim/locations/", [
      "name,location_type,status__name,parent__name,asn,tags,cf_floors,description,colour",
      'Germany,Site,Active,NoObject,NULL,"edge,core",3,"Big, and wide",red',
      "Austria,Site,Active,NoObject,65000,,,,",
    ]);
    expect([status, body]).toMatchObject([
      201,
      [
        {
          ...{ name: "Germany", parent: null, asn: null, description: "Big, and wide" },
          ...{ custom_fields: { floors: 3 }, tags: [{}, {}] },
        },
        { name: "Austria", asn: 65000, custom_fields: { floors: null }, tags: [], description: "" },
      ],
    ]);
    const below = await sendCsv("dcim/locations/", [
      "name,location_type,status,parent__name,parent__parent__name",
      "Berlin,Site,Active,Germany,NoObject",
    ]);
    expect([below.status, below.body]).toMatchObject([201, [{ name: "Berlin" }]]);
  });

  test("takes what a list gave as CSV", async () => {
    const answer = await hub.request("/api/dcim/locations/?format=csv&name=Berlin");
    const text = await answer.text();
    const { id } = await first("dcim/locations/?name=Berlin");
    expect((await send("DELETE", `dcim/locations/${String(id)}/`)).status).toBe(204);
    const made = await sendCsv("dcim/locations/", text.split("\r\n"));
    expect([made.status, made.body]).toMatchObject([201, [{ id, name: "Berlin" }]]);
    expect((await first("dcim/locations/?name=Berlin"))["parent"]).toMatchObject({
      id: (await first("dcim/locations/?name=Germany"))["id"],
    });
  });

  test("is refused with what is wrong of each row, and of what is no CSV", async () => {
    expect(
      await sendCsv("extras/tags/", ["name,color,content_types", "new,aabbcc,dcim.rack", ",red,"]),
    ).toEqual({
      status: 400,
      body: [
        {},
        { name: ["This field may not be blank."], color: [expect.stringMatching(/text like/)] },
      ],
    });
    expect(await sendCsv("extras/tags/", ["name,,color", "a,b,c"])).toEqual({
      status: 400,
      body: {
        detail: "CSV parse error - Row 1: Column 2: missing/empty header for this column",
      },
    });
    expect(await sendCsv("extras/tags/", ["name", '"a'])).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^CSV parse error - Quote/) as string },
    });
  });
});

describe("a list changed by CSV", () => {
  const path = "dcim/locations/";
  const csvOf = async (query: string): Promise<string[]> =>
    (await (await hub.request(`/api/${path}?format=csv&${query}`)).text()).trim().split("\r\n");
  const changes = async () =>
    ((await send("GET", "extras/object-changes/?limit=1")).body as { count: number }).count;

  test.each(["PUT", "PATCH"])(
    "stays as it is where %s sends what it was given as",
    async (method) => {
      const before = await changes();
      const given = await csvOf("name=Germany&name=Berlin&name=Austria");
      const { status, body } = await sendCsv(path, given, method);
      expect([status, body]).toMatchObject([
        200,
        [{ name: "Austria" }, { name: "Berlin" }, { name: "Germany" }],
      ]);
      expect(await csvOf("name=Germany&name=Berlin&name=Austria")).toEqual(given);
      expect(await changes()).toBe(before);
    },
  );

  test("keeps each part of a key in its column, whatever the depth of a tree within it", async () => {
    await send(
      "PATCH",
      `dcim/location-types/${String((await first("dcim/location-types/"))["id"])}/`,
      {
        content_types: ["dcim.rack", "dcim.rackgroup"],
      },
    );
    const [austria, berlin] = [{ name: "Austria" }, (await first(`${path}?name=Berlin`))["id"]];
    const groups = await send("POST", "dcim/rack-groups/", [
      { name: "Rows", location: austria },
      { name: "Cages", location: berlin },
    ]);
    expect(groups.status).toBe(201);
    const racks = await send("POST", "dcim/racks/", [
      { name: "A", status: "Active", location: austria, rack_group: { name: "Rows" } },
      { name: "B", status: "Active", location: berlin, rack_group: { name: "Cages" } },
      { name: "C", status: "Active", location: austria },
    ]);
    expect(racks.status).toBe(201);
    const answer = await hub.request("/api/dcim/racks/?format=csv&sort=name");
    const [head = "", ...lines] = (await answer.text()).trim().split("\r\n");
    const cells = lines.map((line) =>
      Object.fromEntries(head.split(",").map((name, index) => [name, line.split(",")[index]])),
    );
    expect(cells).toMatchObject([
      {
        name: "A",
        rack_group__name: "Rows",
        location__name: "Austria",
        location__parent__name: "NoObject",
      },
      {
        name: "B",
        rack_group__name: "Cages",
        location__name: "Berlin",
        location__parent__name: "Germany",
      },
      {
        name: "C",
        rack_group__name: "NoObject",
        location__name: "Austria",
        location__parent__name: "NoObject",
      },
    ]);
    const sent = await sendCsv("dcim/racks/", [head, ...lines], "PUT");
    expect(sent).toMatchObject({ status: 200, body: [{}, {}, {}] });
    const ids = (racks.body as Body[]).map(({ id }) => ({ id }));
    expect((await send("DELETE", "dcim/racks/", ids)).status).toBe(204);
  });

  test("takes the cells of its columns alone, by the id of each row", async () => {
    const austria = await first(`${path}?name=Austria`);
    const germany = await first(`${path}?name=Germany`);
    const lines = [
      "id,description,asn,parent__name,tags,cf_floors",
      `${String(austria["id"])},Alps,NULL,NoObject,core,7`,
      `${String(germany["id"])},,64512,NoObject,,`,
    ];
    const { status, body } = await sendCsv(path, lines, "PATCH");
    expect([status, body]).toMatchObject([
      200,
      [
        {
          ...{ name: "Austria", description: "Alps", asn: null, parent: null, tags: [{}] },
          custom_fields: { floors: 7 },
        },
        {
          ...{ name: "Germany", description: "", asn: 64512, tags: [] },
          custom_fields: { floors: null },
        },
      ],
    ]);
    const whole = [
      "id,name,location_type,status,tags",
      `${String(germany["id"])},Germany,Site,Active,"edge,core"`,
    ];
    expect((await sendCsv(path, whole, "PUT")).body).toMatchObject([
      { name: "Germany", asn: 64512, tags: [{}, {}] },
    ]);
  });

  test("is refused with what is wrong of each row: no id, what a whole object lacks, a bad value", async () => {
    expect(await sendCsv(path, ["name,asn", "Austria,5"], "PATCH")).toEqual({
      status: 400,
      body: [{ id: ["This field is required."] }],
    });
    const { id } = await first(`${path}?name=Austria`);
    expect(await sendCsv(path, ["id,name", `${String(id)},Austria`], "PUT")).toEqual({
      status: 400,
      body: { location_type: ["This field is required."], status: ["This field is required."] },
    });
    expect(await sendCsv(path, ["id,asn", `${String(id)},many`], "PATCH")).toEqual({
      status: 400,
      body: { asn: ["A valid integer is required."] },
    });
    expect(await sendCsv(path, ["id,status", `${String(id)},Closed`], "PATCH")).toMatchObject({
      status: 400,
      body: { status: [expect.stringMatching(/^Related object not found/)] },
    });
  });
});

test("objects say how many others refer to them, where they are asked for by themselves", async () => {
  const rack = { name: "R1", status: "Active", location: { name: "Austria" } };
  const made = await send("POST", "dcim/racks/", [rack, { ...rack, name: "R2" }]);
  expect(made.status).toBe(201);
  const counts = { rack_count: 2, device_count: 0, prefix_count: 0, vlan_count: 0 };
  const place = await first("dcim/locations/?name=Austria");
  expect(place).toMatchObject(counts);
  expect((await send("GET", `dcim/locations/${String(place["id"])}/`)).body).toMatchObject(counts);
  const nested = (await first("dcim/racks/?depth=1"))["location"];
  expect(nested).toHaveProperty("display", "Austria");
  expect(nested).not.toHaveProperty("rack_count");
  const changed = await send("PATCH", `dcim/locations/${String(place["id"])}/`, { asn: 65001 });
  expect(changed.body).toMatchObject({ ...counts, computed_fields: {}, relationships: {} });
});

test("what is included is given where it is asked for, as it is", async () => {
  const path = "dcim/locations/?name=Austria";
  expect(await first(path)).not.toHaveProperty("computed_fields");
  const asked = await first(`${path}&include=computed_fields&include=relationships`);
  expect(asked).toMatchObject({ computed_fields: {}, relationships: {} });
  expect(await first(`${path}&include=config_context`)).not.toHaveProperty("config_context");
});

test("OPTIONS tells every member, what reads it and what writes it", async () => {
  const { body } = await send("OPTIONS", "dcim/locations/");
  expect(body).toMatchObject({
    parses: ["application/json", "text/csv"],
    actions: {
      POST: {
        id: { read_only: false, required: false },
        url: { read_only: true },
        name: { type: "string", required: true, read_only: false, max_length: 255 },
        rack_count: { type: "integer", read_only: true },
        custom_fields: { read_only: false },
      },
    },
  });
});
