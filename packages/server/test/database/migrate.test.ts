import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrate } from "../../src/database/migrate.ts";
import { createTestDatabase } from "../support/database.ts";
import type { TestDatabase } from "../support/database.ts";
import { quiet } from "../support/quiet-logger.ts";

let database: TestDatabase;
let directory: string;

beforeEach(async () => {
  database = await createTestDatabase({ isEmpty: true });
  directory = await mkdtemp(path.join(tmpdir(), "plumbline-test-migrations-"));
  await write("0001-first", "create table first (id integer);");
  await write("0002-second", "create table second (id integer);\ninsert into second values (1);");
});

afterEach(async () => {
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

test("pending migrations are applied in order, once", async () => {
  expect(await run()).toEqual(["0001-first", "0002-second"]);
  expect(await run()).toEqual([]);
  await write("0003-third", "alter table second add column name text;");
  expect(await run()).toEqual(["0003-third"]);
  const { rows } = await database.pool.query(
    "select version, name from schema_migration order by 1",
  );
  expect(rows).toEqual([
    { version: 1, name: "0001-first" },
    { version: 2, name: "0002-second" },
    { version: 3, name: "0003-third" },
  ]);
});

test("processes that migrate at the same time apply each migration once", async () => {
  const results = await Promise.all([run(), run(), run()]);
  expect(results.flat()).toEqual(["0001-first", "0002-second"]);
});

test("a database newer than the program is refused and stays as it is", async () => {
  await run();
  await rm(path.join(directory, "0002-second.sql"));
  await expect(run()).rejects.toThrow(
    "The database is newer than this Plumbline: it has the migration 0002-second, and this program knows those up to 1.",
  );
});

test("a migration that was edited after it was applied is refused", async () => {
  await run();
  await write("0001-first", "create table first (id bigint);");
  await expect(run()).rejects.toThrow("The migration 0001-first was changed after");
});

test("a migration that comes too late is refused", async () => {
  await run();
  await write("0004-fourth", "select 1;");
  await run();
  await write("0003-late", "select 1;");
  await expect(run()).rejects.toThrow("The migration 0003-late comes before 4");
});

test("a failing migration is rolled back whole and named with its line, those before it stay", async () => {
  await write("0003-broken", "create table third (id integer);\nselect nonsense from first;");
  await expect(run()).rejects.toThrow(
    /^The migration 0003-broken failed in line 2 and was rolled back: column "nonsense" does not exist/,
  );
  const { rows } = await database.pool.query(
    "select to_regclass('second') is not null as second, to_regclass('third') is not null as third",
  );
  expect(rows).toEqual([{ second: true, third: false }]);
});

test("two files with one number are refused before anything runs", async () => {
  await write("0002-twin", "select 1;");
  await expect(run()).rejects.toThrow("0002-second and 0002-twin have the same number");
  const { rows } = await database.pool.query("select to_regclass('first') is null as untouched");
  expect(rows).toEqual([{ untouched: true }]);
});

function run(): Promise<string[]> {
  return migrate(database, { logger: quiet, directory });
}

function write(name: string, sql: string): Promise<void> {
  return writeFile(path.join(directory, `${name}.sql`), sql);
}
