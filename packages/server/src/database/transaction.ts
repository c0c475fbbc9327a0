import { Kysely, PostgresDialect } from "kysely";
import type pg from "pg";
import type { DatabaseSchema } from "./schema.ts";

/** One transaction, for statements by Kysely and for what needs the connection itself (COPY, cursors). */
export type Transaction = {
  readonly client: pg.PoolClient;
  readonly kysely: Kysely<DatabaseSchema>;
};

export type TransactionOptions = {
  /** Read committed as it is; `repeatable read` sees one moment throughout. */
  readonly isolation?: "read committed" | "repeatable read";
  readonly readOnly?: boolean;
};

/**
 * Runs the function in a transaction: committed when it returns, rolled back when it throws.
 * A connection on which even the rollback fails is closed.
 */
export async function inTransaction<T>(
  database: { readonly pool: pg.Pool },
  run: (transaction: Transaction) => Promise<T>,
  { isolation = "read committed", readOnly = false }: TransactionOptions = {},
): Promise<T> {
  const client = await database.pool.connect();
  let isBroken = false;
  const markBroken = (): void => {
    isBroken = true;
  };
  client.on("error", markBroken);
  try {
    await client.query(`begin isolation level ${isolation}${readOnly ? " read only" : ""}`);
    const result = await run({ client, kysely: kyselyOver(client) });
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(markBroken);
    throw error;
  } finally {
    client.off("error", markBroken);
    client.release(isBroken);
  }
}

/** Kysely on one connection, which it gets on every call and does not give back. */
function kyselyOver(client: pg.PoolClient): Kysely<DatabaseSchema> {
  const connection = {
    query: client.query.bind(client),
    release: () => undefined,
  } as unknown as pg.PoolClient;
  const pool = { connect: () => Promise.resolve(connection), end: () => Promise.resolve() };
  return new Kysely<DatabaseSchema>({
    dialect: new PostgresDialect({ pool: pool as unknown as pg.Pool }),
  });
}
