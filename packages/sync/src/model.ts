import type { Field, InputOf, ValueOf } from "./field.ts";
import type { RawRecord, RecordOrigin } from "./record.ts";

/** Fields by their names. */
export type Fields = Readonly<Record<string, Field<unknown, unknown>>>;

type OptionalNames<F extends Fields> = {
  [N in keyof F]: undefined extends InputOf<F[N]> ? N : never;
}[keyof F];

/** What an author gives for a record: key parts and fields by name; nullable and defaulted ones may be left out. */
export type RecordInput<K extends Fields, F extends Fields> = {
  readonly [N in Exclude<keyof (K & F), OptionalNames<K & F>>]: InputOf<(K & F)[N]>;
} & { readonly [N in OptionalNames<K & F>]?: InputOf<(K & F)[N]> | undefined };

/** A record's values after normalising. */
export type RecordValues<K extends Fields, F extends Fields> = {
  readonly [N in keyof (K & F)]: ValueOf<(K & F)[N]>;
};

/** The values of a model's records: `export type Tenant = RecordOf<typeof Tenant>`. */
export type RecordOf<M> = M extends Model<infer K, infer F> ? RecordValues<K, F> : never;

/** A typed kind of record, declared once with `defineModel`. */
export interface Model<K extends Fields = Fields, F extends Fields = Fields> {
  /** snake_case, singular: "ip_address". */
  readonly name: string;
  /** snake_case, plural: "ip_addresses"; names files and tables. */
  readonly plural: string;
  /** For people: "IP address". */
  readonly label: string;
  readonly pluralLabel: string;
  readonly description: string;
  readonly key: K;
  readonly fields: F;
  /** Key parts first, then fields, each in declared order: the layout of a record's values. */
  readonly names: readonly string[];
  readonly keyNames: readonly string[];
  /** Names of the fields each of which tells which object a record is where its key does not, in order. */
  readonly secondKeys: readonly string[];
  /** Name of the reference (key part or field) that is the parent in the tree people see, if any. */
  readonly parent: string | null;
  field(name: string): Field<unknown, unknown>;
  /** A record as a system gives it; values are normalised and checked when the run loads it. */
  record(values: RecordInput<K, F>, origin?: RecordOrigin): RawRecord;
  /** A record whose values are known to be canonical (references as key strings): skips normalising. */
  canonical(values: Readonly<Record<string, unknown>>, origin?: RecordOrigin): RawRecord;
}
