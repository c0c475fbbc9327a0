import { hubModels } from "@plumbline/models";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApp } from "./app.ts";
import type { TestApp } from "./app.ts";
import { seedSync } from "./seed.ts";

interface Row {
  id: string;
  label: string;
  values: Record<string, unknown>;
}

let server: TestApp;

beforeAll(async () => {
  server = await createTestApp();
  const { pool } = server.database;
  await pool.query("insert into tenants (name) values ('ACME'), ('Globex'), ('=Initech')");
});

afterAll(async () => {
  await server.close();
});

test("records are listed, searched, filtered and sorted, and exported as shown", async () => {
  const list = (query: string) =>
    server.read<{ items: Row[]; total: number }>(`/api/inventory/tenants?${query}`);
  expect((await list("")).total).toBe(3);
  expect((await list("q=glob")).items).toMatchObject([{ label: "Globex" }]);
  expect((await list("name=ACME&name=Globex")).total).toBe(2);
  expect((await list("sort=-name&limit=1")).items).toMatchObject([{ label: "Globex" }]);
  const csv = await server.request("/api/inventory/tenants/export?q=init");
  expect(await csv.text()).toMatch(/^name,.*\n'=Initech,/);
  expect((await server.request("/api/inventory/tenants?colour=red")).status).toBe(400);
  expect((await server.request("/api/inventory/widgets")).status).toBe(404);
});

test("a record has its values, times and what happened to it", async () => {
  const { items } = await server.read<{ items: Row[] }>("/api/inventory/tenants?name=ACME");
  const id = items[0]?.id ?? "";
  await server.database.pool.query(
    `insert into object_change (user_name, model, object_id, action, label, after)
     values ('ada', 'tenant', $1, 'create', 'ACME', '{"name": "ACME"}')`,
    [id],
  );
  const record = await server.read<object>(`/api/inventory/tenants/${id}`);
  expect(record).toMatchObject({
    id,
    model: "tenant",
    label: "ACME",
    values: { name: "ACME" },
    created: expect.stringMatching(/Z$/) as string,
    changes: [{ action: "create", user: "ada", after: { name: "ACME" } }],
  });
  const other = await server.request("/api/inventory/tenants/00000000-0000-4000-8000-000000000000");
  expect(other.status).toBe(404);
});

test("text is looked for within a field, and what has an order is bounded", async () => {
  await server.database.pool.query(
    `with status as (insert into statuses (name) values ('Active') returning id),
          type as (insert into location_types (name) values ('Site') returning id)
     insert into locations (name, status_id, location_type_id, asn)
     select 'Berlin', status.id, type.id, 64512 from status, type`,
  );
  const total = async (path: string) =>
    (await server.read<{ total: number }>(`/api/inventory/${path}`)).total;
  expect(await total("tenants?name__ic=LOB")).toBe(1);
  expect(await total("tenants?name__ic=%25")).toBe(0);
  expect(await total("locations?asn__gte=64512&asn__lte=64512")).toBe(1);
  expect(await total("locations?asn__gte=64513")).toBe(0);
  expect((await server.request("/api/inventory/locations?asn__gte=six")).status).toBe(400);
  expect((await server.request("/api/inventory/prefixes?tags__ic=a")).status).toBe(400);
});

test("a tree is read level by level, and tells what refers to a record", async () => {
  const { pool } = server.database;
  await pool.query(
    `with top as (insert into location_types (name) values ('Country') returning id)
     insert into location_types (name, parent_id) select name, id from top, (values ('City'), ('Port')) v (name)`,
  );
  const level = (query: string) =>
    server.read<{ items: (Row & { children: number })[]; total: number }>(
      `/api/inventory/location_types/tree${query}`,
    );
  const roots = await level("");
  expect(roots.items).toMatchObject([
    { label: "Country", children: 2 },
    { label: "Site", children: 0 },
  ]);
  const id = roots.items[0]?.id ?? "";
  const below = await level(`?parent=${id}`);
  expect(below.items).toMatchObject([
    { label: "City", children: 0 },
    { label: "Port", children: 0 },
  ]);
  const related = "/api/inventory/location_types/related";
  expect(await server.read(`${related}?id=${id}`)).toEqual([
    { model: "location_type", field: "parent", count: 2 },
  ]);
  const [city, port] = below.items.map((item) => item.id);
  expect(await server.read(`${related}?id=${city ?? ""}&id=${port ?? ""}`)).toEqual([]);
  expect((await server.request(`${related}?id=nonsense`)).status).toBe(400);
  expect((await server.request("/api/inventory/tenants/tree")).status).toBe(400);
});

test("a search looks into every model, and says where there is more", async () => {
  const found = await server.read<{ items: { label: string; model: string }[]; more: string[] }>(
    "/api/search?q=i&limit=1",
  );
  expect(found.items.map(({ model }) => model)).toContain("location_type");
  expect(found.items.filter(({ model }) => model === "location_type")).toHaveLength(1);
  expect(await server.read("/api/search?q=globex")).toMatchObject({
    items: [{ label: "Globex", model: "tenant" }],
    more: [],
  });
});

test("a record says which write gave each field the value it has, also when its sync is deleted", async () => {
  const { items } = await server.read<{ items: Row[] }>("/api/inventory/tenants?name=Globex");
  const id = items[0]?.id ?? "";
  const { syncId } = await seedSync(server.database.pool);
  await server.database.pool.query(
    `insert into object_change (user_name, sync_id, source_name, model, object_id, action, label, before, after)
     values ('ada', $2, 'Sites', 'tenant', $1, 'create', 'Globex', null, '{"name": "Globex", "comments": "a"}'),
            ('bob', null, null, 'tenant', $1, 'update', 'Globex', '{"comments": "a"}', '{"comments": "b"}')`,
    [id, syncId],
  );
  const path = `/api/inventory/tenants/${id}`;
  const authors = {
    name: { user: "ada", syncId, sourceName: "Sites" },
    comments: { user: "bob", syncId: null, sourceName: null },
  };
  expect(await server.read(path)).toMatchObject({ authors });
  await server.database.pool.query("delete from sync where id = $1", [syncId]);
  const fromDeleted = { name: { user: "ada", syncId: null, sourceName: "Sites" } };
  expect(await server.read(path)).toMatchObject({
    authors: { ...authors, ...fromDeleted },
    changes: [{ user: "bob" }, { user: "ada", syncId: null, sourceName: "Sites" }],
  });
});

test("every model's list takes any text to search for", async () => {
  const models = await Promise.all(
    hubModels.map(({ model }) => server.request(`/api/inventory/${model.plural}?q=10.1.0.0`)),
  );
  expect(models.map(({ status }) => status)).toEqual(hubModels.map(() => 200));
});
