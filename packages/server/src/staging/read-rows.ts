import type pg from "pg";

const rowsPerFetch = 1000;

/** Reads a query's rows by cursor, a thousand at a time, on a connection of its own. */
export async function* readRows<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  query: string,
  parameters: readonly unknown[] = [],
): AsyncGenerator<Row[]> {
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query("begin read only");
    await client.query(`declare staged_rows no scroll cursor for ${query}`, [...parameters]);
    for (;;) {
      const { rows } = await client.query<Row>(`fetch ${rowsPerFetch} from staged_rows`);
      if (rows.length > 0) yield rows;
      if (rows.length < rowsPerFetch) return;
    }
  } finally {
    await client.query("rollback").catch(() => {
      isBroken = true;
    });
    client.release(isBroken);
  }
}
