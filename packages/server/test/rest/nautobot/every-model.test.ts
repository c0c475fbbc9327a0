import { hubModels } from "@plumbline/models";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Body, type ExampleHub, openExampleHub, resourceOf } from "./examples.ts";

interface Page {
  count: number;
  next: string | null;
  previous: string | null;
  results: Body[];
}

let hub: ExampleHub;

beforeAll(async () => {
  hub = await openExampleHub();
});

afterAll(async () => {
  await hub.close();
});

const cases = hubModels.map((hubModel) => [hubModel.restPath, hubModel] as const);

describe.each(cases)("/api/%s/", (path, hubModel) => {
  const resource = resourceOf(hubModel);
  const { name } = resource;
  const list = (query = "") => hub.read<Page>(`/api/${path}/?${query}`);
  const firstId = () => String(hub.first.get(name)?.["id"]);
  const textField = resource.fields.find(
    ({ kind, isReadOnly, form }) => kind === "text" && !isReadOnly && form === "empty-text",
  );
  const create = async (number: number): Promise<Body> => {
    const { status, body } = await hub.send("POST", path, hub.bodyOf(name, number));
    expect([status, body]).toEqual([201, expect.anything()]);
    return body;
  };
  const remove = async (...ids: unknown[]) => {
    const answer = await hub.send(
      "DELETE",
      path,
      ids.map((id) => ({ id })),
    );
    expect(answer).toEqual({ status: 204, body: {} });
  };

  test("an object says who it is, where it is, and every field of its declaration", async () => {
    const object = await hub.read<Body>(`/api/${path}/${firstId()}/?exclude_m2m=false`);
    const url = `http://localhost/api/${path}/${firstId()}/`;
    expect(object).toMatchObject({ id: firstId(), object_type: hubModel.contentType, url });
    expect(object["display"]).toMatch(/./);
    expect(object["natural_slug"]).toMatch(new RegExp(`_${firstId().slice(0, 4)}$`));
    if (!resource.writeOnly.includes("created")) {
      expect(object["created"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    }
    for (const { name } of resource.fields) {
      expect([name, name in object]).toEqual([name, !resource.writeOnly.includes(name)]);
    }
    expect(object).toEqual((await list(`id=${firstId()}&exclude_m2m=false`)).results[0]);
  });

  test("a list has a count, pages, and links from one to the next", async () => {
    const ids = [(await create(31))["id"], (await create(32))["id"]];
    const all = await list();
    expect(all.results).toHaveLength(all.count);
    const first = await list("limit=1");
    expect(first).toMatchObject({ count: all.count, previous: null });
    const next = await hub.read<Page>((first.next ?? "").replace("http://localhost", ""));
    expect([first.results[0], next.results[0]]).toEqual(all.results.slice(0, 2));
    expect(next.previous).toBe(`http://localhost/api/${path}/?limit=1`);
    expect(await list("limit=1&offset=9999")).toMatchObject({ count: all.count, results: [] });
    await remove(...ids);
  });

  test("references are whole objects when depth is asked for", async () => {
    for (const object of (await list("depth=1&exclude_m2m=false")).results) {
      for (const { name: field, target } of resource.fields) {
        const values = [object[field]].flat().filter((value) => value !== null);
        if (target === null || resource.writeOnly.includes(field)) continue;
        for (const value of values) {
          expect(value).toMatchObject({ display: expect.any(String) as string });
          expect(value).toHaveProperty("natural_slug");
          expect(value).not.toHaveProperty("tags");
        }
      }
    }
  });

  test("every field filters the list, and an unknown filter is refused by its name", async () => {
    const object = await hub.read<Body>(`/api/${path}/${firstId()}/?exclude_m2m=false`);
    for (const field of resource.fields) {
      const value = plain(object[field.name]);
      if (value === null || value === "" || ["json", "keyed-list"].includes(field.kind)) continue;
      for (const one of [value].flat()) {
        const query = `${field.name}=${encodeURIComponent(one)}`;
        const found = await list(`${query}&limit=1000&exclude_m2m=false`);
        expect([query, found.results.map(({ id }) => id)]).toEqual([
          query,
          expect.arrayContaining([firstId()]),
        ]);
      }
    }
    const refused = await hub.request(`/api/${path}/?colour=red&taste=sweet`);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({
      colour: ["Unknown filter field"],
      taste: ["Unknown filter field"],
    });
    expect((await hub.request(`/api/${path}/${firstId()}/?colour=red`)).status).toBe(400);
  });

  test("a list is sorted by any field, either way", async () => {
    const ids = [(await create(33))["id"], (await create(34))["id"]];
    for (const { name: field, join } of resource.fields) {
      if (join) continue;
      const up = (await list(`sort=${field},id`)).results;
      const down = (await list(`sort=-${field},-id`)).results;
      expect([field, up.map(({ id }) => id)]).toEqual([
        field,
        down.map(({ id }) => id).toReversed(),
      ]);
    }
    expect((await list("sort=nothing-such")).count).toBeGreaterThan(2);
    await remove(...ids);
  });

  test("an object is created, changed, replaced and deleted", async () => {
    const body = hub.bodyOf(name, 35);
    const id = "5f3a9f0e-0c56-4c3e-9d7b-000000000035";
    const created = await hub.send("POST", path, { ...body, id, nonsense: true });
    expect([created.status, created.body["id"]]).toEqual([201, id]);
    if (textField) {
      const changed = await hub.send("PATCH", `${path}/${id}`, { [textField.name]: " new " });
      expect([changed.status, changed.body[textField.name]]).toEqual([200, "new"]);
      const replaced = await hub.send("PUT", `${path}/${id}`, body);
      expect([replaced.status, replaced.body[textField.name]]).toEqual([200, "new"]);
      const cleared = await hub.send("PATCH", `${path}/${id}`, { [textField.name]: "" });
      expect(cleared.body[textField.name]).toBe("");
    }
    const { rows } = await hub.database.pool.query<{ action: string; user_name: string }>(
      "select action, user_name from object_change where object_id = $1 and model = $2 order by id",
      [id, name],
    );
    const updates = textField ? ["update", "update"] : [];
    expect(rows.map(({ action }) => action)).toEqual(["create", ...updates]);
    expect(rows[0]?.user_name).toBe("ada");
    expect((await hub.send("DELETE", `${path}/${id}`, {})).status).toBe(204);
    const gone = await hub.request(`/api/${path}/${id}/`);
    expect([gone.status, await gone.json()]).toEqual([
      404,
      { detail: expect.stringMatching(/^No \w+ matches the given query\.$/) as unknown },
    ]);
  });

  test("a list is created, changed and deleted whole, or not at all", async () => {
    const bodies = [36, 37, 38].map((number) => hub.bodyOf(name, number));
    const before = (await list()).count;
    const spoilt = await hub.sendList("POST", path, [...bodies, {}]);
    expect(spoilt.status).toBe(400);
    expect(spoilt.body.slice(0, 3)).toEqual([{}, {}, {}]);
    expect(Object.keys(spoilt.body[3] ?? {})).not.toEqual([]);
    expect((await list()).count).toBe(before);

    const created = await hub.sendList("POST", path, bodies);
    expect([created.status, created.body.length]).toEqual([201, 3]);
    const twice = await hub.sendList("POST", path, bodies);
    expect(twice.status).toBe(400);
    expect((await list()).count).toBe(before + 3);
    const ids = created.body.map(({ id }) => id);
    if (textField) {
      const changes = ids.map((id) => ({ id, [textField.name]: "together" }));
      const stranger = { id: "00000000-0000-4000-8000-000000000000", [textField.name]: "x" };
      const changed = await hub.sendList("PATCH", path, [...changes, stranger]);
      expect(changed.status).toBe(200);
      expect(changed.body.map((object) => object[textField.name])).toEqual(
        ids.map(() => "together"),
      );
    }
    const wholes = bodies.map((body, index) => ({ ...body, id: ids[index] }));
    const replaced = await hub.sendList("PUT", path, wholes);
    expect([replaced.status, replaced.body.map(({ id }) => id).toSorted()]).toEqual([
      200,
      ids.toSorted(),
    ]);
    const lacking = await hub.sendList("PUT", path, [...wholes, { id: firstId() }]);
    expect(lacking.status).toBe(400);
    await remove(...ids);
    expect((await list()).count).toBe(before);
  });

  test("what must be given and is not is named", async () => {
    const { status, body } = await hub.send("POST", path, {});
    expect(status).toBe(400);
    for (const { name: field, isRequired } of resource.fields) {
      if (isRequired && !resource.table?.hubModel.rest?.joined?.[field]) {
        expect(body).toMatchObject({ [field]: ["This field is required."] });
      }
    }
  });
});

/** What a filter takes for the value that an object shows. */
function plain(value: unknown): string | string[] | null {
  if (Array.isArray(value)) return value.map((one) => String(plain(one)));
  if (value === null || value === undefined) return null;
  if (typeof value !== "object") return typeof value === "string" ? value : JSON.stringify(value);
  return String((value as Body)["id"] ?? (value as Body)["value"]);
}
