import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type HubModel, hubModels } from "@plumbline/models";
import { afterAll, beforeAll, expect, it } from "vitest";
import { emitTables, tableNames } from "../../src/inventory/emit-table.ts";
import { createHubAdapter } from "../../src/inventory/hub-adapter.ts";
import { createInventory, type Inventory } from "../../src/inventory/inventory.ts";
import { listRecords } from "../../src/inventory/queries.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { administrator, createTestApp, json, type TestApp } from "../rest/app.ts";
import { tableChanges } from "../support/table-changes.ts";
import { applyContext, collect, creates } from "./hub-support.ts";

const root = join(import.meta.dirname, "../../../..");
const modelsFolder = join(root, "packages/models/src");

let scratch: string;
let models: readonly HubModel[];
let inventory: Inventory;
/** A server whose hub keeps the model too. */
let server: TestApp;
let declared: TestDatabase;
/** What the migration of the guide's second step would say. */
let migration: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(import.meta.dirname, ".guide-"));
  models = [...hubModels, await declaredInGuide()];
  inventory = createInventory(models);
  [server, declared] = await Promise.all([
    createTestApp({ inventory }),
    createTestDatabase({ isEmpty: true }),
  ]);
  await declared.pool.query(emitTables(models));
  migration = (await missing()).join("\n");
  await server.database.pool.query(migration);
});

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await Promise.all([server.close(), declared.drop()]);
});

/** What the server's database lacks of the declarations. */
function missing(): Promise<string[]> {
  return tableChanges(server.database.pool, declared.pool, tableNames(models));
}

it("the model of the guide, as it stands there, gets its table", async () => {
  expect(migration).toMatch(/create table providers/);
  expect(migration).not.toMatch("-- By hand");
  expect(await missing()).toEqual([]);
});

it("a sync's writer keeps its records, and a list finds them", async () => {
  const { database } = server;
  const adapter = createHubAdapter(database, inventory.schema.models, { inventory });
  const writer = await adapter.writer!(applyContext);
  const change = { ...creates("tenant", { name: "Backbone" }), model: "provider" };
  const after = { name: "Backbone", asn: 65_000, account: "77-1" };
  const outcomes = await collect(writer.apply([{ ...change, after }], applyContext));
  expect(outcomes).toMatchObject([{ status: "applied" }]);
  expect(await listRecords(database, inventory, "provider", { search: "77" })).toMatchObject({
    total: 1,
    items: [{ label: "Backbone", values: { asn: 65_000, tags: [] } }],
  });

  const twin = { ...change, key: '["Other"]', label: "Other", after: { ...after, name: "Other" } };
  const [refused] = await collect(writer.apply([twin], applyContext));
  expect(refused?.error).toMatchObject({
    code: "conflict",
    field: "account",
    message: "Another Provider has this account already. Change one of the two.",
  });
});

it("Nautobot's clients create, list, change and delete its objects", async () => {
  const path = "/api/circuits/providers/";
  const created = await server.request(path, json({ name: "Seacable", asn: 65_001 }));
  expect(created.status).toBe(201);
  const provider = (await created.json()) as { id: string; url: string };
  expect(provider).toMatchObject({
    ...{ object_type: "circuits.provider", display: "Seacable", asn: 65_001, account: "" },
    url: `http://localhost${path}${provider.id}/`,
  });

  const listed = await server.read(`${path}?asn=65001`);
  expect(listed).toMatchObject({ count: 1, results: [{ id: provider.id, name: "Seacable" }] });
  const changed = await server.request(`${path}${provider.id}/`, json({ asn: 0 }, "PATCH"));
  expect([changed.status, await changed.json()]).toEqual([400, { asn: [expect.any(String)] }]);
  const renumbered = await server.request(`${path}${provider.id}/`, json({ asn: 65_002 }, "PATCH"));
  expect(await renumbered.json()).toMatchObject({ name: "Seacable", asn: 65_002 });

  const deleted = await server.request(`${path}${provider.id}/`, { method: "DELETE" });
  expect(deleted.status).toBe(204);
  const changes = await server.read(`/api/extras/object-changes/?changed_object_id=${provider.id}`);
  expect(changes).toMatchObject({
    results: ["delete", "update", "create"].map((action) => ({
      action: { value: action },
      changed_object_type: "circuits.provider",
      object_repr: "Seacable",
    })),
  });
});

it("the API of the pages lists its objects and shows one with its history", async () => {
  const created = await server.request("/api/circuits/providers/", json({ name: "Lakefibre" }));
  const { id } = (await created.json()) as { id: string };
  expect(await server.read("/api/inventory/providers?name=Lakefibre")).toMatchObject({
    total: 1,
    items: [{ id, label: "Lakefibre" }],
  });
  expect(await server.read(`/api/inventory/providers/${id}`)).toMatchObject({
    ...{ model: "provider", values: { name: "Lakefibre", asn: null } },
    changes: [{ action: "create", user: administrator.username }],
  });
});

/** The declaration in the guide, beside copies of the files that it imports. */
async function declaredInGuide(): Promise<HubModel> {
  const guide = await readFile(join(root, "docs/guides/add-a-model.md"), "utf8");
  const code = /^```typescript\n(.*?)^```$/ms.exec(guide)?.[1] ?? "";
  for (const [, file = ""] of code.matchAll(/from "\.\/([^"]+)"/g)) {
    await copyFile(join(modelsFolder, file), join(scratch, file));
  }
  const place = join(scratch, "provider.ts");
  await writeFile(place, code);
  const module = (await import(/* @vite-ignore */ place)) as { providerHubModel: HubModel };
  return module.providerHubModel;
}
