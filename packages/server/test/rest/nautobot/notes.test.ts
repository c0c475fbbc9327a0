import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApp, json, type TestApp } from "../app.ts";
import type { Body } from "./examples.ts";

let hub: TestApp;
let tenant: string;
let path: string;

async function send(method: string, to: string, body?: unknown) {
  const answer = await hub.request(
    `/api/${to}`,
    body === undefined ? { method } : json(body, method),
  );
  const text = await answer.text();
  return { status: answer.status, body: (text === "" ? {} : JSON.parse(text)) as Body };
}

const textsOf = ({ body }: { body: Body }) => (body["results"] as Body[]).map(({ note }) => note);

beforeAll(async () => {
  hub = await createTestApp();
  tenant = String((await send("POST", "tenancy/tenants/", { name: "Acme" })).body["id"]);
  path = `tenancy/tenants/${tenant}/notes/`;
});

afterAll(async () => {
  await hub.close();
});

test("an object's notes are under its URL for notes, oldest first", async () => {
  const object = await send("GET", `tenancy/tenants/${tenant}/`);
  expect(object.body["notes_url"]).toBe(`http://localhost/api/${path}`);
  const made = await send("POST", path, { note: "  Pays late.  " });
  expect([made.status, made.body]).toMatchObject([
    201,
    {
      ...{ object_type: "extras.note", note: "Pays late.", user_name: "ada" },
      ...{ assigned_object_type: "tenancy.tenant", assigned_object_id: tenant },
      display: expect.stringMatching(/^Acme - \d{4}-/) as string,
      user: { object_type: "users.user" },
      assigned_object: { id: tenant, object_type: "tenancy.tenant" },
      natural_slug: expect.stringMatching(`^tenancy_tenant_${tenant}_ada_`) as string,
    },
  ]);
  await send("POST", path, { note: "Paid." });
  expect(textsOf(await send("GET", path))).toEqual(["Pays late.", "Paid."]);
  expect(await send("GET", `${path}?limit=1`)).toMatchObject({ body: { count: 2 } });
  expect(textsOf(await send("GET", "extras/notes/?note__ic=late"))).toEqual(["Pays late."]);
});

test("a note is written, changed and deleted in the list of all of them, each time with an audit row", async () => {
  const about = { assigned_object_type: "tenancy.tenant", assigned_object_id: tenant };
  const { body, status } = await send("POST", "extras/notes/", { ...about, note: "First" });
  expect(status).toBe(201);
  const id = String(body["id"]);
  const changed = await send("PATCH", `extras/notes/${id}/`, { note: "Second" });
  expect([changed.status, changed.body["note"]]).toEqual([200, "Second"]);
  expect((await send("DELETE", `extras/notes/${id}/`)).status).toBe(204);
  expect((await send("GET", `extras/notes/${id}/`)).status).toBe(404);
  const log = await send("GET", `extras/object-changes/?changed_object_id=${id}&sort=line`);
  expect(log.body["results"]).toMatchObject([
    { changed_object_type: "extras.note", object_data: { note: "First" }, changed_object: null },
    { action: { value: "update" }, object_data: { note: "Second" } },
    { action: { value: "delete" }, object_data: { note: "Second" } },
  ]);
});

test("what is wrong with a note is said by field", async () => {
  expect(await send("POST", "extras/notes/", {})).toEqual({
    status: 400,
    body: {
      note: ["This field is required."],
      assigned_object_type: ["This field is required."],
      assigned_object_id: ["This field is required."],
    },
  });
  const blank = {
    note: " ",
    assigned_object_type: "dcim.interfacetemplate",
    assigned_object_id: "x",
  };
  expect(await send("POST", "extras/notes/", [blank])).toEqual({
    status: 400,
    body: [
      {
        note: ["This field may not be blank."],
        assigned_object_type: ['Invalid value: "dcim.interfacetemplate".'],
        assigned_object_id: ["Must be a valid UUID."],
      },
    ],
  });
  const nobody = "00000000-0000-4000-8000-000000000000";
  expect((await send("GET", `tenancy/tenants/${nobody}/notes/`)).status).toBe(404);
  expect((await send("POST", `tenancy/tenants/${nobody}/notes/`, { note: "x" })).status).toBe(404);
});

test("notes outlive their object, and models without notes have none", async () => {
  const { body } = await send("POST", "tenancy/tenants/", { name: "Going" });
  const id = String(body["id"]);
  await send("POST", `tenancy/tenants/${id}/notes/`, { note: "Will be missed." });
  expect((await send("DELETE", `tenancy/tenants/${id}/`)).status).toBe(204);
  expect((await send("GET", `tenancy/tenants/${id}/notes/`)).status).toBe(404);
  const kept = await send("GET", `extras/notes/?assigned_object_id=${id}`);
  expect(textsOf(kept)).toEqual(["Will be missed."]);
  await send("POST", "tenancy/tenants/", { name: "Going", id });
  expect(textsOf(await send("GET", `tenancy/tenants/${id}/notes/`))).toEqual(["Will be missed."]);
  const choice = "extras/custom-field-choices/00000000-0000-4000-8000-000000000000/notes/";
  expect((await send("GET", choice)).status).toBe(404);
});
