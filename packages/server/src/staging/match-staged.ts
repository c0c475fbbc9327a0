import type pg from "pg";
import {
  createCompareRecords,
  type Difference,
  type KeyPair,
  type Matching,
  type MatchRequest,
  type SideName,
  type SideRecord,
} from "@plumbline/sync";
import { createLineCopier } from "./copy-lines.ts";
import { readRows } from "./read-rows.ts";
import { escapeText } from "../database/copy-text.ts";
import { decodeRecord, hashValues, type StagedRow } from "./row-format.ts";

/** The tables of one model; `name` makes the names of more. */
export interface StagedModel {
  readonly source: string;
  readonly target: string;
  readonly counts: Readonly<Record<SideName, number>>;
  /** How many are out of scope; without any there is no table of them. */
  readonly excluded: Readonly<Record<SideName, number>>;
  /** Keys that findings of the load speak of. */
  readonly shields: Readonly<Record<SideName, ReadonlySet<string>>>;
  /** Places whose values the staged hashes cover. */
  readonly compared: readonly number[];
  name(purpose: string): string;
}

interface Counts {
  readonly creates: number;
  readonly deletes: number;
  readonly missing: number;
  readonly shielded: number;
  readonly kept: number;
}

const columns = (side: string): string => `${side}.key, ${side}.id, ${side}.payload`;

/** Joins the two sides of a model by key where their hashes differ, and keeps the keys of what does. */
export async function matchStaged(
  pool: pg.Pool,
  staged: StagedModel,
  request: MatchRequest,
): Promise<Matching> {
  const plan = staged.name("plan");
  const isSameHash = sameList(request.indexes, staged.compared);
  const isTranslated = request.toTarget !== null || request.translated.size > 0;
  const sides = {
    source: isTranslated || !isSameHash ? await restage(pool, staged, "source", request) : null,
    target: isSameHash ? null : await restage(pool, staged, "target", request),
  };
  await joinSides(pool, plan, sides, staged, request);
  const counts = await countPlan(pool, plan);
  const compare = createCompareRecords(request);

  return {
    matched:
      staged.counts.source - staged.excluded.source - counts.creates - counts.missing - counts.kept,
    shielded: counts.shielded,
    creates: counts.creates,
    deletes: counts.deletes,
    missing: await readMissing(pool, plan),
    kept: request.toTarget === null ? [] : await readKept(pool, plan),
    async *readUpdates() {
      interface Row extends StagedRow {
        readonly target_key: string;
        readonly target_id: string | null;
        readonly target_payload: string;
      }
      const rows = readRows<Row>(
        pool,
        `select ${columns("s")}, t.key as target_key, t.id as target_id, t.payload as target_payload
         from ${plan} p join ${staged.source} s on s.key = p.source_key
         join ${staged.target} t on t.key = p.target_key
         where not p.is_shielded order by p.source_key`,
      );
      for await (const batch of rows) {
        const differences: Difference[] = [];
        for (const row of batch) {
          const left = decodeRecord(row);
          const { target_key: key, target_id: id, target_payload: payload } = row;
          const right = decodeRecord({ key, id, payload });
          const indexes = compare(left, right);
          if (indexes !== null) differences.push({ source: left, target: right, indexes });
        }
        yield differences;
      }
    },
    readCreates: () =>
      readRecords(
        pool,
        `select ${columns("s")} from ${plan} p join ${staged.source} s on s.key = p.source_key
         where p.target_key is null and not p.is_shielded order by p.source_key`,
      ),
    readDeletes: () =>
      readRecords(
        pool,
        `select ${columns("t")} from ${plan} p join ${staged.target} t on t.key = p.target_key
         where p.source_key is null and not p.is_shielded order by p.target_key`,
      ),
    async *readCounterparts() {
      const rows = readRows<{ id: string }>(
        pool,
        `select t.id from ${inScope(staged, "target", staged.target)} t
         where t.id is not null and not exists (
           select from ${plan} p where p.target_key = t.key and p.source_key is null)`,
      );
      for await (const batch of rows) yield batch.map(({ id }) => id);
    },
  };
}

export async function* readRecords(
  pool: pg.Pool,
  query: string,
  parameters: readonly unknown[] = [],
): AsyncGenerator<readonly SideRecord[]> {
  for await (const rows of readRows<{ key: string; id: string | null; payload: string }>(
    pool,
    query,
    parameters,
  )) {
    yield rows.map(decodeRecord);
  }
}

async function joinSides(
  pool: pg.Pool,
  plan: string,
  restaged: Readonly<Record<SideName, string | null>>,
  staged: StagedModel,
  request: MatchRequest,
): Promise<void> {
  const { shields } = staged;
  const source = inScope(staged, "source", restaged.source ?? staged.source);
  const target = inScope(staged, "target", restaged.target ?? staged.target);
  const sourceShields = [...shields.source, ...request.shields.source];
  const targetShields = [...shields.target, ...request.shields.target];
  const hasShields = sourceShields.length + targetShields.length > 0;
  const matchKey = restaged.source === null ? "s.key" : "s.match_key";
  // The source may have reported a record that it could not give at all: the third list.
  const isShielded = hasShields
    ? `coalesce(s.key = any($1::text[]), false) or coalesce(t.key = any($2::text[]), false)
       or (s.key is null and t.key = any($3::text[]))`
    : "false";
  await pool.query(
    `drop table if exists ${plan};
     create unlogged table ${plan} (source_key text collate "C", target_key text collate "C",
       is_shielded boolean not null)`,
  );
  await pool.query(
    `insert into ${plan}
     select source_key, target_key, is_shielded from (
       select s.key as source_key, t.key as target_key, ${isShielded} as is_shielded,
              s.hash is distinct from t.hash as is_different
       from ${source} s full join ${target} t on t.key = ${matchKey}) joined
     where is_different or is_shielded`,
    hasShields ? [sourceShields, targetShields, [...shields.source]] : [],
  );
  await pool.query(`analyze ${plan}`);
}

/** The table of the keys that are out of scope. */
export function outOfScopeTable(staged: Pick<StagedModel, "name">, side: SideName): string {
  return staged.name(`${side}_out`);
}

function inScope(staged: StagedModel, side: SideName, rows: string): string {
  if (staged.excluded[side] === 0) return rows;
  return `(select * from ${rows} each where not exists (
             select from ${outOfScopeTable(staged, side)} other where other.key = each.key))`;
}

async function countPlan(pool: pg.Pool, plan: string): Promise<Counts> {
  const { rows } = await pool.query<Counts>(
    `select count(*) filter (where target_key is null and not is_shielded)::int as creates,
            count(*) filter (where source_key is null and not is_shielded)::int as deletes,
            count(*) filter (where target_key is null and is_shielded)::int as missing,
            count(*) filter (where is_shielded)::int as shielded,
            count(*) filter (where is_shielded and source_key is not null
                             and target_key is not null)::int as kept
     from ${plan}`,
  );
  return rows[0] ?? { creates: 0, deletes: 0, missing: 0, shielded: 0, kept: 0 };
}

async function readMissing(pool: pg.Pool, plan: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ key: string }>(
    `select source_key as key from ${plan} where target_key is null and is_shielded`,
  );
  return rows.map(({ key }) => key);
}

async function readKept(pool: pg.Pool, plan: string): Promise<readonly KeyPair[]> {
  const { rows } = await pool.query<KeyPair>(
    `select source_key as source, target_key as target from ${plan}
     where is_shielded and source_key is not null and target_key is not null`,
  );
  return rows;
}

/**
 * Passes a side through this process where its staged keys or hashes are not the ones to join by, and
 * keeps those that are others.
 * @returns what to join in the place of the side's table
 */
async function restage(
  pool: pg.Pool,
  staged: StagedModel,
  side: SideName,
  request: MatchRequest,
): Promise<string> {
  const table = staged.name(`${side}_other`);
  await pool.query(
    `drop table if exists ${table};
     create unlogged table ${table}
       (key text collate "C", match_key text collate "C", hash uuid)`,
  );
  const copier = createLineCopier(pool, table);
  const isSource = side === "source";
  const isSameHash = sameList(request.indexes, staged.compared);
  const rows = readRecords(pool, `select key, id, payload from ${staged[side]}`);
  for await (const records of rows) {
    request.signal?.throwIfAborted();
    for (const { key, values } of records) {
      const matchKey = isSource && request.toTarget !== null ? request.toTarget(key) : key;
      const translated = isSource ? translate(values, request.translated) : values;
      if (isSameHash && matchKey === key && translated === values) continue;
      const digest = hashValues(translated, request.indexes);
      copier.add(`${escapeText(key)}\t${escapeText(matchKey)}\t${digest}\n`);
    }
    await copier.drain();
  }
  await copier.finish();
  await pool.query(`analyze ${table}`);
  return `(select each.key, coalesce(other.match_key, each.key) as match_key,
             coalesce(other.hash, each.hash) as hash
           from ${staged[side]} each left join ${table} other on other.key = each.key)`;
}

/** The values in the target's keys; the same list where none changes. */
function translate(
  values: SideRecord["values"],
  translated: MatchRequest["translated"],
): SideRecord["values"] {
  let changed: SideRecord["values"][number][] | null = null;
  for (const [index, toTarget] of translated) {
    const value = values[index];
    if (value === undefined || value === null) continue;
    const other = toTarget(value);
    if (JSON.stringify(other) === JSON.stringify(value)) continue;
    changed ??= [...values];
    changed[index] = other;
  }
  return changed ?? values;
}

function sameList(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((each, index) => each === right[index]);
}
