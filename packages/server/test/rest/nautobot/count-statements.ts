import type { TestApp } from "../app.ts";

/** How many statements the application ran since it was asked last. */
export function countStatements({ database }: TestApp): () => number {
  const { pool } = database;
  let statements = 0;
  pool.on("acquire", (client) => {
    const counted = client as typeof client & { isCounted?: boolean };
    if (counted.isCounted) return;
    counted.isCounted = true;
    const query = client.query.bind(client) as (...parts: unknown[]) => unknown;
    client.query = ((...parts: unknown[]) => {
      statements += 1;
      return query(...parts);
    }) as typeof client.query;
  });
  return () => {
    const found = statements;
    statements = 0;
    return found;
  };
}
