import type pg from "pg";
import { InvalidInputError, type SameValue, type SameValueRequest } from "@plumbline/sync";
import { escapeText } from "../database/copy-text.ts";
import { createLineCopier } from "./copy-lines.ts";
import type { StagedModel } from "./match-staged.ts";
import { readRows } from "./read-rows.ts";

interface Row {
  readonly value: string;
  readonly source_keys: string[];
  readonly target_keys: string[];
  readonly source_count: number;
  readonly target_count: number;
}

/** The values of one field that records without counterpart have on both sides: see `Store.sameValues`. */
export async function* findStagedValues(
  pool: pg.Pool,
  staged: StagedModel,
  { model, index, toTarget }: SameValueRequest,
): AsyncGenerator<readonly SameValue[]> {
  if (staged.counts.source === 0 || staged.counts.target === 0) return;
  const { source, target } = staged;
  const matchKeys = await stageMatchKeys(pool, staged, toTarget);
  const place = model.secondKeys.indexOf(model.names[index] ?? "") + 1;
  if (place === 0)
    throw new InvalidInputError(`${model.name} has no second key at place ${index}.`);
  // JSON of the value: a canonical one has one text.
  const value = `telling[${place}]`;
  const rows = readRows<Row>(
    pool,
    `with target_alone as (
       select key, ${value} as value from ${target} each
       where not exists (select from ${matchKeys} m where m.match_key = each.key)),
     source_alone as (
       select key, ${value} as value from ${source} each
       where not exists (select from ${matchKeys} m join ${target} t on t.key = m.match_key
                         where m.key = each.key)),
     in_target as (
       select value, array_agg(key) as keys from target_alone
       where value <> '' group by value),
     in_both as (
       select value, array_agg(source_alone.key) as source_keys, in_target.keys as target_keys
       from source_alone join in_target using (value) group by value, in_target.keys),
     in_all_source as (
       select value, count(*)::int as number from (select ${value} as value from ${source}) each
       where value in (select value from in_both) group by value),
     in_all_target as (
       select value, count(*)::int as number from (select ${value} as value from ${target}) each
       where value in (select value from in_both) group by value)
     select value, source_keys, target_keys,
            in_all_source.number as source_count, in_all_target.number as target_count
     from in_both join in_all_source using (value) join in_all_target using (value)`,
  );
  for await (const batch of rows) {
    yield batch.map((row) => ({
      value: JSON.parse(row.value) as string | number,
      keys: { source: row.source_keys, target: row.target_keys },
      counts: { source: row.source_count, target: row.target_count },
    }));
  }
}

/**
 * Keeps the target keys of the source's records where they are others than their own.
 * @returns what gives the key and the target key of each record of the source
 */
async function stageMatchKeys(
  pool: pg.Pool,
  staged: StagedModel,
  toTarget: SameValueRequest["toTarget"],
): Promise<string> {
  const { source } = staged;
  if (toTarget === null) return `(select key, key as match_key from ${source})`;
  const table = staged.name("match_keys");
  await pool.query(
    `drop table if exists ${table};
     create unlogged table ${table} (key text collate "C", match_key text collate "C")`,
  );
  const copier = createLineCopier(pool, table);
  for await (const rows of readRows<{ key: string }>(pool, `select key from ${source}`)) {
    for (const { key } of rows) {
      const matchKey = toTarget(key);
      if (matchKey !== key) copier.add(`${escapeText(key)}\t${escapeText(matchKey)}\n`);
    }
    await copier.drain();
  }
  await copier.finish();
  await pool.query(`analyze ${table}`);
  return `(select each.key, coalesce(other.match_key, each.key) as match_key
           from ${source} each left join ${table} other on other.key = each.key)`;
}
