import { breathe, throwIfCancelled } from "./cancel.ts";
import { equalCanonical } from "./canonical.ts";
import { createCompareRecords } from "./compare-records.ts";
import { NotFoundError } from "./errors.ts";
import { findSameValues } from "./find-same-values.ts";
import type { SideName } from "./finding.ts";
import { compareKeys } from "./key-order.ts";
import type { SideRecord } from "./record.ts";
import { visitReferences } from "./references.ts";
import type { Schema } from "./schema.ts";
import type {
  Difference,
  Duplicates,
  KeyPair,
  Matching,
  MatchRequest,
  Pair,
  Referrer,
  Store,
} from "./store.ts";

/** The records of one model on one side. */
export interface SideTable {
  readonly size: number;
  get(key: string): SideRecord | undefined;
  has(key: string): boolean;
  /** Whether a finding speaks of the record: then neither it nor its counterpart is changed. */
  isShielded(key: string): boolean;
  records(): Iterable<SideRecord>;
}

/** A store whose records can be looked at one by one. */
export interface MemoryStore extends Store {
  table(side: SideName, model: string): SideTable;
}

/** What the two sides have of one key. */
export interface Row {
  source: SideRecord | null;
  target: SideRecord | null;
}

/** One model: a side's table looks at its half of the rows. */
interface Rows {
  /** By key; one map for both sides, so that matching is a walk over it. */
  readonly byKey: Map<string, Row>;
  readonly source: Table;
  readonly target: Table;
}

interface Table extends SideTable {
  size: number;
  readonly shielded: Set<string>;
  readonly excluded: Set<string>;
  readonly repeated: Map<string, SideRecord[]>;
}

const recordsBetweenBreaths = 100_000;
const batchSize = 1000;

/** A store in this process's memory: some 300 to 500 bytes a record, half of it where the sides agree. */
export function createMemoryStore(schema: Schema): MemoryStore {
  const models = new Map(schema.models.map((model) => [model.name, createRows()]));

  function rowsOf(model: string): Rows {
    const found = models.get(model);
    if (!found) throw new NotFoundError(`The store has no model ${model}.`);
    return found;
  }
  const table = (side: SideName, model: string): Table => rowsOf(model)[side];

  return {
    add(side, model, records) {
      const rows = rowsOf(model);
      const { byKey } = rows;
      const own = rows[side];
      for (const record of records) {
        const row = byKey.get(record.key);
        if (row === undefined) {
          byKey.set(
            record.key,
            side === "source" ? { source: record, target: null } : { source: null, target: record },
          );
          own.size += 1;
          continue;
        }
        const first = row[side];
        if (first !== null) {
          noteRepeated(own.repeated, first, record);
          continue;
        }
        const other = side === "source" ? row.target : row.source;
        row[side] = other === null ? record : shareValues(record, other);
        own.size += 1;
      }
    },
    shield(side, model, keys) {
      const { shielded } = table(side, model);
      for (const key of keys) shielded.add(key);
    },
    seal(side) {
      const duplicates: Duplicates[] = [];
      for (const [model, rows] of models) {
        const { repeated, shielded } = rows[side];
        for (const [key, records] of repeated) {
          shielded.add(key);
          duplicates.push({ model, key, records });
        }
        repeated.clear();
      }
      return duplicates;
    },
    read: (side, model) => inBatchesOf(table(side, model).records()),
    exclude(side, model, keys) {
      const { excluded } = table(side, model);
      for (const key of keys) excluded.add(key);
    },
    excluded: (side, model) => table(side, model).excluded,
    count: (side, model) => table(side, model).size,
    // Both answer for any key, so for those asked for.
    which: (side, model) => table(side, model),
    find: (side, model) => table(side, model),
    pairKeys: (model, pairs, wanted) => pairKeys(rowsOf(model), pairs, wanted),
    sameValues: (request) => inBatchesOf(findSameValues(rowsOf(request.model.name), request)),
    match: (request) => matchRows(rowsOf(request.model.name), request),
    *referrers(model, references, keys) {
      const found: Referrer[] = [];
      for (const { key, values } of table("target", model).records()) {
        for (const { field, index } of references) {
          visitReferences(field, values[index], (target, referred) => {
            if (keys.get(target)?.has(referred)) found.push({ key, index, target, referred });
          });
        }
        if (found.length >= batchSize) yield found.splice(0);
      }
      yield found;
    },
    pairsByKey: (model, known) => pairsByKey(rowsOf(model), known),
    table,
  };
}

/**
 * What two sides have in common is kept once: the whole record, or else its key and its values. Which of
 * the two came first does not matter, since equal values cannot be told apart.
 */
function shareValues(record: SideRecord, other: SideRecord): SideRecord {
  const { values } = record;
  const { key } = other;
  const isEqual = areEqual(values, other.values);
  const { id, version, origin } = record;
  if (isEqual && id === other.id && version === other.version && origin === other.origin) {
    return other;
  }
  return { key, values: isEqual ? other.values : values, id, version, origin };
}

function areEqual(values: SideRecord["values"], others: SideRecord["values"]): boolean {
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    const other = others[index];
    if (value === other) continue;
    if (value === undefined || other === undefined || !equalCanonical(value, other)) return false;
  }
  return true;
}

function noteRepeated(
  repeated: Map<string, SideRecord[]>,
  first: SideRecord,
  record: SideRecord,
): void {
  const others = repeated.get(record.key);
  if (others) others.push(record);
  else repeated.set(record.key, [first, record]);
}

async function matchRows(rows: Rows, request: MatchRequest): Promise<Matching> {
  const { toTarget, shields, signal } = request;
  const { byKey } = rows;
  const compare = createCompareRecords(request);
  const creates: SideRecord[] = [];
  const updates: Difference[] = [];
  const deletes: SideRecord[] = [];
  const missing: string[] = [];
  const kept: KeyPair[] = [];
  const counterparts: string[] = [];
  const claimed = toTarget === null ? null : new Set<string>();
  const hasShields = (["source", "target"] as const).some(
    (side) => rows[side].shielded.size + shields[side].size > 0,
  );
  const isShielded = (side: SideName, key: string): boolean =>
    hasShields && (rows[side].isShielded(key) || shields[side].has(key));
  const outOfSource = rows.source.excluded.size > 0 ? rows.source.excluded : null;
  const outOfTarget = rows.target.excluded;
  let matched = 0;
  let shielded = 0;
  let seen = 0;

  for (const row of byKey.values()) {
    if (++seen % recordsBetweenBreaths === 0) await pause(signal);
    const { source } = row;
    if (source === null) continue;
    const { key } = source;
    if (outOfSource?.has(key) === true) continue;
    const targetKey = toTarget === null ? key : toTarget(key);
    const target = targetKey === key ? row.target : (byKey.get(targetKey)?.target ?? null);
    const isSourceShielded = isShielded("source", key);
    if (target === null) {
      if (isSourceShielded) {
        shielded += 1;
        missing.push(key);
      } else creates.push(source);
      continue;
    }
    claimed?.add(targetKey);
    if (target.id !== undefined) counterparts.push(target.id);
    if (isSourceShielded || isShielded("target", targetKey)) {
      shielded += 1;
      if (toTarget !== null) kept.push({ source: key, target: targetKey });
      continue;
    }
    matched += 1;
    const indexes = compare(source, target);
    if (indexes !== null) updates.push({ source, target, indexes });
  }

  if (matched + shielded - missing.length < rows.target.size - outOfTarget.size) {
    for (const { source, target } of byKey.values()) {
      if (++seen % recordsBetweenBreaths === 0) await pause(signal);
      if (target === null) continue;
      const { key } = target;
      if (claimed === null ? source !== null : claimed.has(key)) continue;
      if (outOfTarget.has(key)) continue;
      // The source may have reported a record that it could not give at all.
      if (rows.source.isShielded(key) || isShielded("target", key)) shielded += 1;
      else deletes.push(target);
    }
  }
  creates.sort((a, b) => compareKeys(a.key, b.key));
  deletes.sort((a, b) => compareKeys(a.key, b.key));
  updates.sort((a, b) => compareKeys(a.source.key, b.source.key));
  return {
    matched,
    shielded,
    creates: creates.length,
    deletes: deletes.length,
    missing,
    kept,
    readUpdates: () => inBatches(updates),
    readCreates: () => inBatches(creates),
    readDeletes: () => inBatches(deletes),
    readCounterparts: () => inBatches(counterparts),
  };
}

function* inBatches<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += batchSize) {
    yield all.slice(start, start + batchSize);
  }
}

function* inBatchesOf<T>(all: Iterable<T>): Generator<readonly T[]> {
  let batch: T[] = [];
  for (const each of all) {
    batch.push(each);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function* pairKeys(
  { source, target }: Rows,
  pairs: () => AsyncIterable<Pair> | Iterable<Pair>,
  wanted: "all" | "differing",
): AsyncGenerator<readonly KeyPair[]> {
  let sources: ReadonlyMap<string, string> | undefined;
  let targets: ReadonlyMap<string, string> | undefined;
  let batch: KeyPair[] = [];
  for await (const { sourceId, targetId } of pairs()) {
    sources ??= keysById(source);
    targets ??= keysById(target);
    const pair = { source: sources.get(sourceId), target: targets.get(targetId) };
    if (pair.source === undefined || pair.target === undefined) continue;
    if (wanted === "differing" && pair.source === pair.target) continue;
    batch.push({ source: pair.source, target: pair.target });
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

async function* pairsByKey(
  rows: Rows,
  known: () => AsyncIterable<Pair> | Iterable<Pair>,
): AsyncGenerator<readonly Pair[]> {
  const sourceKeys = new Set<string>();
  const targetKeys = new Set<string>();
  for await (const pairs of pairKeys(rows, known, "all")) {
    for (const pair of pairs) {
      sourceKeys.add(pair.source);
      targetKeys.add(pair.target);
    }
  }
  let batch: Pair[] = [];
  for (const [key, { source, target }] of rows.byKey) {
    if (source?.id === undefined || target?.id === undefined) continue;
    if (rows.source.isShielded(key) || sourceKeys.has(key)) continue;
    if (rows.target.isShielded(key) || targetKeys.has(key)) continue;
    batch.push({ sourceId: source.id, targetId: target.id });
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

function keysById(table: Table): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const { id, key } of table.records()) if (id !== undefined) keys.set(id, key);
  return keys;
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await breathe();
  throwIfCancelled(signal);
}

function createRows(): Rows {
  const byKey = new Map<string, Row>();
  return { byKey, source: createTable(byKey, "source"), target: createTable(byKey, "target") };
}

function createTable(byKey: ReadonlyMap<string, Row>, side: SideName): Table {
  const shielded = new Set<string>();
  const excluded = new Set<string>();
  const get = (key: string): SideRecord | undefined => byKey.get(key)?.[side] ?? undefined;
  return {
    shielded,
    excluded,
    repeated: new Map(),
    size: 0,
    get,
    has: (key) => get(key) !== undefined,
    isShielded: (key) => shielded.size > 0 && shielded.has(key),
    *records() {
      for (const row of byKey.values()) {
        const record = row[side];
        if (record !== null) yield record;
      }
    },
  };
}
