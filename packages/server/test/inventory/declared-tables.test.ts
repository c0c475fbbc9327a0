import { hubModels } from "@plumbline/models";
import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { emitTable } from "../../src/inventory/emit-table.ts";
import { tableOf } from "../../src/inventory/table.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const tables = hubModels
  .map(tableOf)
  .flatMap(({ name, joins }) => [name, ...joins.map((join) => join.table)]);

let migrated: TestDatabase;
let declared: TestDatabase;

beforeAll(async () => {
  [migrated, declared] = await Promise.all([
    createTestDatabase(),
    createTestDatabase({ isEmpty: true }),
  ]);
  await declared.pool.query(hubModels.map((model) => emitTable(model, hubModels)).join("\n"));
});

afterAll(async () => {
  await Promise.all([migrated.drop(), declared.drop()]);
});

/** Columns, constraints and indexes of the inventory's tables, as PostgreSQL writes them. */
async function describeTables(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `select c.relname || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
              || coalesce(' collate ' || co.collname, '') || case when a.attnotnull then ' not null' else '' end
              || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line
       from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
       left join pg_collation co on co.oid = a.attcollation
      where c.relkind = 'r' and c.relname = any($1)
     union all
     select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
       from pg_constraint where conrelid::regclass::text = any($1) and contype <> 'n'
     union all
     select indexdef from pg_indexes where tablename = any($1)
     union all
     select c.relname || ' comment ' || obj_description(c.oid, 'pg_class')
       from pg_class c where c.relname = any($1) and obj_description(c.oid, 'pg_class') is not null
      order by 1`,
    [tables],
  );
  return rows.map(({ line }) => line);
}

it("the migrations lead to the tables that the declarations ask for", async () => {
  const lines = await describeTables(migrated.pool);
  expect(lines.length).toBeGreaterThan(100);
  expect(lines).toEqual(await describeTables(declared.pool));
});

it("a fresh hub is empty", async () => {
  for (const table of tables) {
    const { rowCount } = await migrated.pool.query(`select from ${table} limit 1`);
    expect(rowCount).toBe(0);
  }
});
