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

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Cond"?: string;
  readonly Plans?: readonly PlanNode[];
}

/**
 * Tables of which the work reads all rows, or would for want of an index, whatever PostgreSQL thinks of their size:
 * those that it reads in sequence although it was told not to, and those whose index it goes through whole.
 */
export async function tablesReadWhole(
  pool: pg.Pool,
  work: () => Promise<unknown>,
): Promise<string[]> {
  const found = new Set<string>();
  const visit = (node: PlanNode): void => {
    const table = node["Relation Name"];
    const isByIndex = node["Node Type"].startsWith("Bitmap") || node["Index Cond"] !== undefined;
    if (table !== undefined && !isByIndex) found.add(table);
    node.Plans?.forEach(visit);
  };
  const statements = await statementsOf(pool, work);
  const client = await pool.connect();
  try {
    await client.query("set enable_seqscan = off");
    for (const { text, values } of statements) {
      const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
        `explain (format json) ${text}`,
        values,
      );
      for (const row of rows) visit(row["QUERY PLAN"][0].Plan);
    }
  } finally {
    await client.query("reset enable_seqscan");
    client.release();
  }
  return [...found];
}
