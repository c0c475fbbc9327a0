import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApp } from "./app.ts";
import type { TestApp } from "./app.ts";

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
  expect(await csv.text()).toMatch(/^id,name,.*\r\n[0-9a-f-]{36},'=Initech,/);
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
