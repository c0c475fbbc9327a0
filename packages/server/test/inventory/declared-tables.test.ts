import { hubModels } from "@plumbline/models";
import { afterAll, beforeAll, expect, it } from "vitest";
import { emitTables, tableNames } from "../../src/inventory/emit-table.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { tableChanges } from "../support/table-changes.ts";

const tables = tableNames(hubModels);

let migrated: TestDatabase;
let declared: TestDatabase;
let empty: TestDatabase;

beforeAll(async () => {
  [migrated, declared, empty] = await Promise.all([
    createTestDatabase(),
    createTestDatabase({ isEmpty: true }),
    createTestDatabase({ isEmpty: true }),
  ]);
  await declared.pool.query(emitTables(hubModels));
});

afterAll(async () => {
  await Promise.all([migrated.drop(), declared.drop(), empty.drop()]);
});

it("the migrations lead to the tables that the declarations ask for", async () => {
  const { rowCount } = await declared.pool.query(
    "select from pg_tables where schemaname = 'public'",
  );
  expect(rowCount).toBe(tables.length);
  // What is said here is missing in a migration: `npm run migration -- <name>` writes it.
  expect(await tableChanges(migrated.pool, declared.pool, tables)).toEqual([]);
});

it("the statements between two databases make the one like the other", async () => {
  await empty.pool.query("create extension pg_trgm");
  const statements = await tableChanges(empty.pool, declared.pool, tables);
  expect(statements.length).toBeGreaterThan(tables.length);
  await empty.pool.query(statements.join("\n"));
  expect(await tableChanges(empty.pool, declared.pool, tables)).toEqual([]);

  await empty.pool.query(`
    alter table tags drop column color;
    alter table tags add column shade text;
    alter table tags alter column description set not null;
    alter table tags alter column content_types drop default;
    alter table locations drop constraint locations_key;
    alter table locations drop constraint locations_tenant_id_fkey;
    drop index locations_status;
    create index locations_parent_too on locations (parent_id);`);
  const repairs = await tableChanges(empty.pool, declared.pool, tables);
  expect(repairs.filter((line) => line.startsWith("-- By hand"))).toEqual([
    "-- By hand: tags.shade is not declared any more. Dropping it loses its values:",
  ]);
  await empty.pool.query(repairs.join("\n"));
  await empty.pool.query("alter table tags drop column shade");
  expect(await tableChanges(empty.pool, declared.pool, tables)).toEqual([]);
});

it("a fresh hub is empty", async () => {
  for (const table of tables) {
    const { rowCount } = await migrated.pool.query(`select from ${table} limit 1`);
    expect(rowCount).toBe(0);
  }
});
