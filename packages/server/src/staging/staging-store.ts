import type pg from "pg";
import {
  NotFoundError,
  visitReferences,
  type Duplicates,
  type KeyPair,
  type Model,
  type Pair,
  type Referrer,
  type Schema,
  type SideName,
  type SideRecord,
  type Store,
} from "@plumbline/sync";
import { escapeText } from "../database/copy-text.ts";
import { createLineCopier, type LineCopier } from "./copy-lines.ts";
import { findStagedValues } from "./find-staged-values.ts";
import { dropStaged, stagingSchema, tablePrefix } from "./drop-staging.ts";
import { matchStaged, outOfScopeTable, readRecords, type StagedModel } from "./match-staged.ts";
import { readRows } from "./read-rows.ts";
import { decodeRecord, encodeRecord, type StagedRow } from "./row-format.ts";

/** A store in PostgreSQL, of one run. */
export interface StagingStore extends Store {
  /** Drops what was staged. */
  close(): Promise<void>;
}

export interface StagingOptions {
  readonly pool: pg.Pool;
  readonly schema: Schema;
  /** The job result's id: what a lost run staged is found by it. */
  readonly runId: string;
  /** Names of the fields both sides provide of a model, where not all; others may be compared, slower. */
  readonly provided?: (model: Model) => readonly string[];
}

interface Staged extends StagedModel {
  readonly model: Model;
  readonly counts: Record<SideName, number>;
  readonly excluded: Record<SideName, number>;
  readonly shields: Readonly<Record<SideName, Set<string>>>;
  readonly copiers: Readonly<Record<SideName, LineCopier>>;
  /** Null where the hashes cover every value. */
  readonly hashed: readonly number[] | null;
}

const recordColumns = "key, hash, id, refers, telling, payload";

/**
 * Stages both sides of a run in unlogged tables, by COPY, and compares them by joins: this process holds
 * a batch at a time, however many records there are.
 */
export async function createStagingStore(options: StagingOptions): Promise<StagingStore> {
  const { pool, schema, runId } = options;
  const prefix = `${stagingSchema}.${tablePrefix(runId)}`;
  const models = new Map<string, Staged>();
  for (const [place, model] of schema.models.entries()) {
    const staged = prepare(options, model, `${prefix}${place}_`);
    models.set(model.name, staged);
    await pool.query([staged.source, staged.target].map(createTable).join(";"));
  }

  function stagedOf(model: string): Staged {
    const found = models.get(model);
    if (!found) throw new NotFoundError(`The store has no model ${model}.`);
    return found;
  }

  return {
    async add(side, model, records) {
      const { copiers, counts, hashed, model: declared } = stagedOf(model);
      const references = schema.referenceFields(declared).filter(({ isDerived }) => !isDerived);
      const secondKeys = declared.secondKeys.map((name) => declared.names.indexOf(name));
      const copier = copiers[side];
      for (const record of records) {
        const refers = references.length === 0 ? null : referredBy(references, record);
        copier.add(encodeRecord(record, hashed, refers, secondKeys));
      }
      counts[side] += records.length;
      await copier.drain();
    },
    shield(side, model, keys) {
      const shields = stagedOf(model).shields[side];
      for (const key of keys) shields.add(key);
    },
    async seal(side) {
      const duplicates: Duplicates[] = [];
      for (const staged of models.values()) {
        await staged.copiers[side].finish();
        for (const duplicate of await indexKeys(pool, staged, side)) {
          staged.shields[side].add(duplicate.key);
          staged.counts[side] -= duplicate.records.length - 1;
          duplicates.push(duplicate);
        }
        await pool.query(`analyze ${staged[side]}`);
      }
      return duplicates;
    },
    read: (side, model) =>
      readRecords(pool, `select key, id, payload from ${stagedOf(model)[side]}`),
    async exclude(side, model, keys) {
      if (keys.length === 0) return;
      const staged = stagedOf(model);
      const table = outOfScopeTable(staged, side);
      if (staged.excluded[side] === 0) await pool.query(createKeyTable(table));
      const { rowCount } = await pool.query(
        `insert into ${table} select unnest($1::text[]) on conflict do nothing`,
        [keys],
      );
      staged.excluded[side] += rowCount ?? 0;
    },
    async excluded(side, model, keys) {
      const staged = stagedOf(model);
      if (staged.excluded[side] === 0) return new Set();
      const { rows } = await pool.query<{ key: string }>(
        `select key from ${outOfScopeTable(staged, side)} where key = any($1::text[])`,
        [keys],
      );
      return new Set(rows.map(({ key }) => key));
    },
    count: (side, model) => stagedOf(model).counts[side],
    async which(side, model, keys) {
      const { rows } = await pool.query<{ key: string }>(
        `select key from ${stagedOf(model)[side]} where key = any($1::text[])`,
        [keys],
      );
      return new Set(rows.map(({ key }) => key));
    },
    async find(side, model, keys) {
      const { rows } = await pool.query<StagedRow>(
        `select key, id, payload from ${stagedOf(model)[side]} where key = any($1::text[])`,
        [keys],
      );
      return new Map(rows.map((row) => [row.key, decodeRecord(row)]));
    },
    async *pairKeys(model, pairs, wanted) {
      const staged = stagedOf(model);
      if (!(await stagePairs(pool, staged, pairs))) return;
      yield* readRows<KeyPair>(
        pool,
        `select s.key as source, t.key as target ${fromPairs(staged)}
         ${wanted === "differing" ? "where s.key <> t.key" : ""} order by pair.position`,
      );
    },
    sameValues: (request) => findStagedValues(pool, stagedOf(request.model.name), request),
    match: (request) => matchStaged(pool, stagedOf(request.model.name), request),
    async *referrers(model, references, keys) {
      const { target: table } = stagedOf(model);
      const wanted = [...keys].flatMap(([target, referred]) =>
        Array.from(referred, (key) => address(target, key)),
      );
      const records = readRecords(
        pool,
        `select key, id, payload from ${table}
         where exists (select from unnest(refers) as refer where refer = any($1::text[]))
         order by key`,
        [wanted],
      );
      for await (const batch of records) {
        const found: Referrer[] = [];
        for (const { key, values } of batch) {
          for (const { field, index } of references) {
            visitReferences(field, values[index], (target, referred) => {
              if (keys.get(target)?.has(referred)) found.push({ key, index, target, referred });
            });
          }
        }
        yield found;
      }
    },
    async *pairsByKey(model, known) {
      const staged = stagedOf(model);
      await stagePairs(pool, staged, known);
      yield* readRows<Pair>(
        pool,
        `with standing as materialized (select s.key as source, t.key as target ${fromPairs(staged)})
         select s.id as "sourceId", t.id as "targetId"
         from ${staged.source} s join ${staged.target} t on t.key = s.key
         where s.id is not null and t.id is not null
           and not s.key = any($1::text[]) and not t.key = any($2::text[])
           and not exists (select from standing where standing.source = s.key)
           and not exists (select from standing where standing.target = t.key)`,
        [[...staged.shields.source], [...staged.shields.target]],
      );
    },
    async close() {
      // A load that was cut off may still be sending.
      for (const { copiers } of models.values()) {
        await Promise.allSettled([copiers.source.finish(), copiers.target.finish()]);
      }
      await dropStaged(pool, runId);
    },
  };
}

function prepare({ pool, provided }: StagingOptions, model: Model, prefix: string): Staged {
  const name = (purpose: string): string => `${prefix}${purpose}`;
  const all = [...model.names.keys()].filter(
    (index) => !model.field(model.names[index] ?? "").isDerived,
  );
  const names = new Set(provided?.(model) ?? model.names);
  const compared = all.filter((index) => names.has(model.names[index] ?? ""));
  const source = name("source");
  const target = name("target");
  return {
    model,
    source,
    target,
    name,
    compared,
    hashed: compared.length === model.names.length ? null : compared,
    counts: { source: 0, target: 0 },
    excluded: { source: 0, target: 0 },
    shields: { source: new Set(), target: new Set() },
    copiers: {
      source: createLineCopier(pool, `${source} (${recordColumns})`),
      target: createLineCopier(pool, `${target} (${recordColumns})`),
    },
  };
}

function createTable(table: string): string {
  return `create unlogged table ${table}
    (key text collate "C" not null, hash uuid not null, id text, refers text[], telling text[],
     payload text not null)`;
}

function createKeyTable(table: string): string {
  return `create unlogged table ${table} (key text collate "C" primary key)`;
}

function address(model: string, key: string): string {
  return `${model} ${key}`;
}

function referredBy(
  references: ReturnType<Schema["referenceFields"]>,
  { values }: SideRecord,
): string[] {
  const found: string[] = [];
  for (const { field, index } of references) {
    visitReferences(field, values[index], (target, key) => found.push(address(target, key)));
  }
  return found;
}

const uniqueViolation = "23505";

/** Makes the keys of a side unique; of those that were not, the first record stays. */
async function indexKeys(pool: pg.Pool, staged: Staged, side: SideName): Promise<Duplicates[]> {
  const table = staged[side];
  const createIndex = `create unique index on ${table} (key)`;
  try {
    await pool.query(createIndex);
    return [];
  } catch (error) {
    if ((error as { code?: unknown }).code !== uniqueViolation) throw error;
  }
  const found = new Map<string, SideRecord[]>();
  const repeated = readRecords(
    pool,
    `select key, id, payload from ${table}
     where key in (select key from ${table} group by key having count(*) > 1) order by ctid`,
  );
  for await (const records of repeated) {
    for (const record of records) {
      const others = found.get(record.key);
      if (others) others.push(record);
      else found.set(record.key, [record]);
    }
  }
  await pool.query(
    `delete from ${table} each using
       (select key, min(ctid) as first from ${table} group by key having count(*) > 1) repeated
     where each.key = repeated.key and each.ctid <> repeated.first`,
  );
  await pool.query(createIndex);
  return Array.from(found, ([key, records]) => ({ model: staged.model.name, key, records }));
}

/** Stages remembered pairs for a join. @returns whether there are any */
async function stagePairs(
  pool: pg.Pool,
  staged: Staged,
  pairs: () => AsyncIterable<Pair> | Iterable<Pair>,
): Promise<boolean> {
  const table = staged.name("pairs");
  await pool.query(
    `drop table if exists ${table};
     create unlogged table ${table} (position bigint, source_id text, target_id text)`,
  );
  const copier = createLineCopier(pool, table);
  let position = 0;
  for await (const { sourceId, targetId } of pairs()) {
    position += 1;
    copier.add(`${position}\t${escapeText(sourceId)}\t${escapeText(targetId)}\n`);
    await copier.drain();
  }
  await copier.finish();
  if (position > 0) await pool.query(`analyze ${table}`);
  return position > 0;
}

function fromPairs(staged: Staged): string {
  return `from ${staged.name("pairs")} pair
          join ${staged.source} s on s.id = pair.source_id
          join ${staged.target} t on t.id = pair.target_id`;
}
