// How PostgreSQL goes about what some work asks it: the statements are those that the product makes, not copies of them.
import type pg from "pg";

interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/** What the work reads with over connections of the pool. */
async function statementsOf(pool: pg.Pool, work: () => Promise<unknown>): Promise<Statement[]> {
  const statements: Statement[] = [];
  const unwatch = new Map<pg.PoolClient, () => void>();
  const watch = (client: pg.PoolClient): void => {
    if (unwatch.has(client)) return;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the client, and put back
    const original = client.query;
    unwatch.set(client, () => {
      client.query = original;
    });
    client.query = ((...given: unknown[]) => {
      const [text, values] = given;
      if (typeof text === "string" && /^[\s(]*(select|with)\b/i.test(text)) {
        statements.push({ text, values: Array.isArray(values) ? values : [] });
      }
      return Reflect.apply(original, client, given) as unknown;
    }) as typeof original;
  };
  pool.on("acquire", watch);
  try {
    await work();
  } finally {
    pool.off("acquire", watch);
    for (const restore of unwatch.values()) restore();
  }
  if (statements.length === 0) throw new Error("The work read nothing, which shows nothing.");
  return statements;
}

/** The plans of what the work reads, each as a text. */
export async function plansOf(pool: pg.Pool, work: () => Promise<unknown>): Promise<string[]> {
  const plans: string[] = [];
  for (const { text, values } of await statementsOf(pool, work)) {
    const { rows } = await pool.query<{ "QUERY PLAN": string }>(`explain ${text}`, values);
    plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
  }
  return plans;
}
