import type { SideName } from "./finding.ts";
import type { Model } from "./model.ts";
import type { Canonical, SideRecord } from "./record.ts";
import type { ReferenceFieldFacts } from "./schema.ts";

/** Records of one side that have the same key; all but one of them are out of the store. */
export interface Duplicates {
  readonly model: string;
  readonly key: string;
  /** In the order they came, at least two. */
  readonly records: readonly SideRecord[];
}

/** Says which of the keys it was asked for are there. */
export interface KeySet {
  has(key: string): boolean;
}

/** The records of the keys it was asked for. */
export interface RecordSet {
  get(key: string): SideRecord | undefined;
}

/** Many at a time, in the order named where it is given. */
export type Batches<T> = AsyncIterable<readonly T[]> | Iterable<readonly T[]>;

/** A remembered pair: what the source calls an object, and what the target calls it. */
export interface Pair {
  readonly sourceId: string;
  readonly targetId: string;
}

/** What a source record's key is, and that of the target's record it corresponds to. */
export interface KeyPair {
  readonly source: string;
  readonly target: string;
}

/** Two records that are one object and differ. */
export interface Difference {
  readonly source: SideRecord;
  readonly target: SideRecord;
  /** Places in `model.names` of the values that differ. */
  readonly indexes: readonly number[];
}

/** Which value is to be looked for among the records without counterpart. */
export interface SameValueRequest {
  readonly model: Model;
  /** Place of one of its second keys in `model.names`. */
  readonly index: number;
  /** The target key that a source key stands for so far; null where it is the key itself. */
  readonly toTarget: ((key: string) => string) | null;
}

/** A value that records without counterpart have on both sides; never an empty one. */
export interface SameValue {
  readonly value: string | number;
  /** Keys of the records without counterpart that have it, on each side at least one, in any order. */
  readonly keys: Readonly<Record<SideName, readonly string[]>>;
  /** How many records have it, those with a counterpart included. */
  readonly counts: Readonly<Record<SideName, number>>;
}

/** What a store is to match, and how. */
export interface MatchRequest {
  readonly model: Model;
  /** Places in `model.names` of the values to compare: those that both sides provide. */
  readonly indexes: readonly number[];
  /** The target key that a source key stands for, no two for the same; null where it is the key itself. */
  readonly toTarget: ((key: string) => string) | null;
  /** A source's value in the target's keys, by place in `model.names`; values at other places are as they are. */
  readonly translated: ReadonlyMap<number, (value: Canonical) => Canonical>;
  /** Keys that a finding of the planning speaks of, beside those the store shields. */
  readonly shields: Readonly<Record<SideName, ReadonlySet<string>>>;
  readonly signal: AbortSignal | undefined;
}

/**
 * How the records of one model on the two sides correspond, save those out of scope. What differs comes by key in the order of
 * code points (the source's key, for deletes the target's), and may be read more than once.
 */
export interface Matching {
  /** Pairs of records that no finding speaks of, equal or not. */
  readonly matched: number;
  /** Objects left as they are because of a finding. */
  readonly shielded: number;
  readonly creates: number;
  readonly deletes: number;
  /** Source keys of shielded records without counterpart: they will not be in the target. */
  readonly missing: readonly string[];
  /** Shielded records that have a counterpart; empty where keys stand for themselves. */
  readonly kept: readonly KeyPair[];
  readUpdates(): Batches<Difference>;
  readCreates(): Batches<SideRecord>;
  readDeletes(): Batches<SideRecord>;
  /** The target's own ids of its records that have a counterpart, equal or not, shielded or not; in any order. */
  readCounterparts(): Batches<string>;
}

/** A record of the target that refers to one of the keys asked for. */
export interface Referrer {
  readonly key: string;
  /** Place in `model.names` of the reference. */
  readonly index: number;
  /** Model and key it refers to. */
  readonly target: string;
  readonly referred: string;
}

/**
 * Where a run keeps what it loaded, and what compares it. It works in sets and batches, never on single
 * records, so that it may be a database: what leaves it is in proportion to what differs.
 */
export interface Store {
  add(side: SideName, model: string, records: readonly SideRecord[]): Promise<void> | void;
  shield(side: SideName, model: string, keys: readonly string[]): Promise<void> | void;
  /** Ends a side: nothing is added after. Keys found more than once are shielded and returned. */
  seal(side: SideName): Promise<readonly Duplicates[]> | readonly Duplicates[];
  /** Every record of a model, one for each key, in any order. */
  read(side: SideName, model: string): Batches<SideRecord>;
  /** Takes records out of what is matched: they are still there, but out of scope. */
  exclude(side: SideName, model: string, keys: readonly string[]): Promise<void> | void;
  /** Which of these keys are out of scope. */
  excluded(side: SideName, model: string, keys: readonly string[]): Promise<KeySet> | KeySet;
  /** Different keys of a model. */
  count(side: SideName, model: string): Promise<number> | number;
  /** Which of these keys are there. */
  which(side: SideName, model: string, keys: readonly string[]): Promise<KeySet> | KeySet;
  /** The records of these keys. */
  find(side: SideName, model: string, keys: readonly string[]): Promise<RecordSet> | RecordSet;
  /** The keys of the remembered pairs both of whose records are there, in the order of the pairs. */
  pairKeys(
    model: string,
    pairs: () => AsyncIterable<Pair> | Iterable<Pair>,
    wanted: "all" | "differing",
  ): Batches<KeyPair>;
  /** The values of one second key that records without counterpart have on both sides, each once. */
  sameValues(request: SameValueRequest): Batches<SameValue>;
  match(request: MatchRequest): Promise<Matching>;
  /** Who in the target refers by these references to one of these keys, by model name. */
  referrers(
    model: string,
    references: readonly ReferenceFieldFacts[],
    keys: ReadonlyMap<string, ReadonlySet<string>>,
  ): Batches<Referrer>;
  /**
   * Ids of the records with equal keys on both sides of which no finding speaks, and that are in none of
   * the known pairs whose records are both there.
   */
  pairsByKey(model: string, known: () => AsyncIterable<Pair> | Iterable<Pair>): Batches<Pair>;
}
