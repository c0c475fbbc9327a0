import { CompiledQuery } from "kysely";
import type { QueryExecutorProvider } from "kysely";
import type pg from "pg";

/** What can run a statement of ours: Kysely or a transaction of it, or a pool or client of `pg`. */
export type Executor = Queryable | KyselyLike;

type Queryable = Pick<pg.ClientBase | pg.Pool, "query">;
type KyselyLike = QueryExecutorProvider & {
  executeQuery<R>(query: CompiledQuery<R>): Promise<{ rows: R[] }>;
};

/** Runs a statement with `$1` parameters on the connection or transaction that the executor stands for. */
export async function runSql<R extends object>(
  executor: Executor,
  text: string,
  values: readonly unknown[] = [],
): Promise<R[]> {
  if ("executeQuery" in executor) {
    const { rows } = await executor.executeQuery(CompiledQuery.raw(text, [...values]));
    return rows as R[];
  }
  const { rows } = await (executor as pg.ClientBase).query<R>(text, [...values]);
  return rows;
}
