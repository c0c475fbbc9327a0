import type { Queryable } from "../inventory.ts";
import type { List } from "./list.ts";
import { countByValue, type DecidedBy, hasFewValues } from "./repeated-values.ts";

interface Kept {
  readonly count: number;
  /** The last change of the hub that it includes. */
  readonly change: string;
}

/** A count that took longer is kept. */
const worthKeepingMs = 30;
const mostKept = 500;
const keptBy = new WeakMap<Queryable, Map<string, Kept>>();
/** Counts under way, by the statement. */
const begunBy = new WeakMap<Queryable, Map<string, Promise<number>>>();

export interface CountOptions {
  /** It is counted no further than that. */
  readonly most?: number;
  /** What decides the condition, if it is a single column. */
  readonly decidedBy?: DecidedBy | null;
}

async function repeats(client: Queryable, table: string, { column }: DecidedBy): Promise<boolean> {
  const { rowCount } = await client.query(hasFewValues, [table, column]);
  return rowCount !== 0;
}

/**
 * How many objects a list has, counted no further than to `most`. What took long to count is kept until the hub
 * changes: every write of the hub leaves a change with a number above those before it.
 */
export async function countRows(
  client: Queryable,
  { source, table }: List,
  where: string,
  given: readonly unknown[],
  { most, decidedBy = null }: CountOptions = {},
): Promise<number> {
  const objects = `${source} t ${where}`;
  const repeated = table && decidedBy && (await repeats(client, table.name, decidedBy));
  const values = repeated ? decidedBy.values : given;
  const counted = repeated
    ? countByValue(source, where, decidedBy)
    : `select count(*)::float8 as count from ${
        most === undefined ? objects : `(select from ${objects} limit ${most}) t`
      }`;
  if (table === null) {
    const { rows } = await client.query<{ count: number }>(counted, [...values]);
    return rows[0]?.count ?? 0;
  }
  const begun = begunBy.get(client) ?? new Map<string, Promise<number>>();
  begunBy.set(client, begun);
  const name = JSON.stringify([counted, values]);
  // What is being counted may be kept then; if not, or if it is older than what the caller wrote, it is counted again.
  await begun.get(name)?.catch(() => undefined);
  const counting = countOrRecall(client, name, counted, values);
  begun.set(name, counting);
  try {
    return await counting;
  } finally {
    if (begun.get(name) === counting) begun.delete(name);
  }
}

/** How many objects a list has by what PostgreSQL knows of its table, without counting; null where that is nothing. */
export async function guessRows(client: Queryable, { table }: List): Promise<number | null> {
  if (table === null) return null;
  const { rows } = await client.query<{ guess: number }>(
    "select reltuples::float8 as guess from pg_class where oid = $1::regclass",
    [table.name],
  );
  const guess = rows[0]?.guess ?? 0;
  return guess > 0 ? guess : null;
}

async function countOrRecall(
  client: Queryable,
  name: string,
  counted: string,
  values: readonly unknown[],
): Promise<number> {
  const kept = keptBy.get(client) ?? new Map<string, Kept>();
  keptBy.set(client, kept);
  const known = kept.get(name);
  if (known) {
    const { rows } = await client.query<{ change: string | null }>(
      `select ${lastChange} as change`,
    );
    if (rows[0]?.change === known.change) return known.count;
    kept.delete(name);
  }
  const started = performance.now();
  const { rows } = await client.query<{ count: number; change: string | null; isQuiet: boolean }>(
    `select c.count, ${lastChange} as change,
            pg_snapshot_xmin(pg_current_snapshot()) = pg_snapshot_xmax(pg_current_snapshot()) as "isQuiet"
       from (${counted}) c`,
    [...values],
  );
  const { count = 0, change = null, isQuiet = false } = rows[0] ?? {};
  // A write under way may have a smaller number than the last one that is there.
  if (isQuiet && change !== null && performance.now() - started > worthKeepingMs) {
    const [oldest] = kept.keys();
    if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
    kept.set(name, { count, change });
  }
  return count;
}

const lastChange = "(select max(id)::text from object_change)";
