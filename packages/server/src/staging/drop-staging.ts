import type pg from "pg";

/** The schema that holds what runs stage; nothing in it outlives its run. */
export const stagingSchema = "staging";

/** What the names of a run's tables begin with. */
export function tablePrefix(runId: string): string {
  return `run_${runId.replaceAll("-", "")}_`;
}

/** Drops what one run staged. */
export async function dropStaged(pool: pg.Pool, runId: string): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = $1 and starts_with(tablename, $2)`,
    [stagingSchema, tablePrefix(runId)],
  );
  await dropTables(pool, rows);
}

/** Drops what runs left behind that are no longer under way, such as those of a killed process. */
export async function dropLostStaging(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select tablename as name from pg_tables
     where schemaname = $1 and not exists (
       select from job_result
       where status in ('running', 'waiting', 'pending')
         and starts_with(tablename, 'run_' || replace(id::text, '-', '') || '_'))`,
    [stagingSchema],
  );
  await dropTables(pool, rows);
}

async function dropTables(pool: pg.Pool, tables: readonly { name: string }[]): Promise<void> {
  for (const { name } of tables) {
    await pool.query(`drop table if exists ${stagingSchema}.${name}`);
  }
}
