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
  // What the database makes of other columns it makes again.
  const tables = await query<{ table: string; columns: string }>(
    `select quote_ident(t.tablename) as table, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
       from pg_tables t join pg_attribute a on a.attrelid = format('public.%I', t.tablename)::regclass
      where t.schemaname = 'public' and not t.tablename = any($1) and a.attnum > 0 and not a.attisdropped
        and a.attgenerated = '' group by 1`,
    [keptAsTheyAre],
  );
  const forEach = (statement: (table: string, columns: string) => string): string =>
    tables.map(({ table, columns }) => statement(table, columns)).join(";");
  // Several statements in one query are one transaction.
  await query(
    `drop schema if exists ${name} cascade; create schema ${name};
     ${forEach((table, columns) => `create table ${name}.${table} as select ${columns} from public.${table}`)}`,
  );
  return {
    restore: async () => {
      // Neither triggers nor references are in the way of rows that fitted each other. To empty so many small tables
      // by `truncate`, which makes the files of each anew, takes four times as long.
      await query(
        `set local session_replication_role = replica;
         ${forEach((table) => `delete from public.${table}`)};
         ${forEach((table, columns) => `insert into public.${table} (${columns}) overriding system value table ${name}.${table}`)}`,
      );
    },
  };
}
