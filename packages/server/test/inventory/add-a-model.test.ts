import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type HubModel, hubModels } from "@plumbline/models";
import { afterAll, beforeAll, expect, it } from "vitest";
import { emitTables, tableNames } from "../../src/inventory/emit-table.ts";
import { createHubAdapter } from "../../src/inventory/hub-adapter.ts";
import { createInventory } from "../../src/inventory/inventory.ts";
import { listRecords } from "../../src/inventory/queries.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { tableChanges } from "../support/table-changes.ts";
import { applyContext, collect, creates } from "./hub-support.ts";

const root = join(import.meta.dirname, "../../../..");
const modelsFolder = join(root, "packages/models/src");

let scratch: string;
let migrated: TestDatabase;
let declared: TestDatabase;

beforeAll(async () => {
  scratch = await mkdtemp(join(import.meta.dirname, ".guide-"));
  [migrated, declared] = await Promise.all([
    createTestDatabase(),
    createTestDatabase({ isEmpty: true }),
  ]);
});

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await Promise.all([migrated.drop(), declared.drop()]);
});

it("the model of the guide, as it stands there, gets its table, takes records and lists them", async () => {
  const provider = await declaredInGuide();
  const models = [...hubModels, provider];

  await declared.pool.query(emitTables(models));
  const changes = await tableChanges(migrated.pool, declared.pool, tableNames(models));
  expect(changes.join("\n")).toMatch(/create table providers/);
  expect(changes.filter((line) => line.startsWith("-- By hand"))).toEqual([]);
  await migrated.pool.query(changes.join("\n"));
  expect(await tableChanges(migrated.pool, declared.pool, tableNames(models))).toEqual([]);

  const inventory = createInventory(models);
  const adapter = createHubAdapter(migrated, inventory.schema.models, { inventory });
  const writer = await adapter.writer!(applyContext);
  const change = { ...creates("tenant", { name: "Backbone" }), model: "provider" };
  const after = { name: "Backbone", asn: 65_000, account: "77-1" };
  const outcomes = await collect(writer.apply([{ ...change, after }], applyContext));
  expect(outcomes).toMatchObject([{ status: "applied" }]);
  expect(await listRecords(migrated, inventory, "provider", { search: "77" })).toMatchObject({
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
