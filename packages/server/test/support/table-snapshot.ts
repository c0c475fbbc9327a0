import type { TestRunner } from "./runner.ts";

/** All rows of a database at one moment. */
export interface TableSnapshot {
  /** Has every table hold what it held then. Nothing may write meanwhile. */
  restore(): Promise<void>;
}

/** Those of workers that live beside it. */
const keptAsTheyAre = ["job_worker"];

/** Keeps the rows of every table in a schema of this name; an earlier one of that name is forgotten. */
export async function takeSnapshot(
  { query }: Pick<TestRunner, "query">,
  name: string,
): Promise<TableSnapshot> {
  const tables = await query<{ table: string }>(
    `select quote_ident(tablename) as table from pg_tables
      where schemaname = 'public' and not tablename = any($1)`,
    [keptAsTheyAre],
  );
  const forEach = (statement: (table: string) => string): string =>
    tables.map(({ table }) => statement(table)).join(";");
  // Several statements in one query are one transaction.
  await query(
    `drop schema if exists ${name} cascade; create schema ${name};
     ${forEach((table) => `create table ${name}.${table} as table public.${table}`)}`,
  );
  return {
    restore: async () => {
      // Neither triggers nor references are in the way of rows that fitted each other. To empty so many small tables
      // by `truncate`, which makes the files of each anew, takes four times as long.
      await query(
        `set local session_replication_role = replica;
         ${forEach((table) => `delete from public.${table}`)};
         ${forEach((table) => `insert into public.${table} overriding system value table ${name}.${table}`)}`,
      );
    },
  };
}
