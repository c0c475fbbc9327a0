import type { Model } from "./model.ts";

/** A canonical value: plain JSON, equal values are deeply equal. References are key strings. */
export type Canonical =
  string | number | boolean | null | readonly Canonical[] | { readonly [name: string]: Canonical };

/** Canonical values by field name, key parts included. */
export type Values = Readonly<Record<string, Canonical>>;

/** Where a record came from and what its side calls it. */
export interface RecordOrigin {
  /** The side's own id: stable over renames, used to remember pairs. */
  readonly id?: string | undefined;
  /** Changes whenever the side changes the object; used for compare-and-set. */
  readonly version?: string | undefined;
  /** For people: a file and row, a URL. */
  readonly origin?: string | undefined;
}

/** A record as an adapter yields it: not yet normalised. Made by `model.record(...)`. */
export interface RawRecord extends RecordOrigin {
  readonly model: Model;
  /** By field name. With `isCanonical` the values are trusted to be in canonical form already. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly isCanonical: boolean;
}

/**
 * A record of one side, normalised. Kept small: a run holds millions.
 * `values` has one place per name in `model.names`; undefined where the side does not provide the field.
 */
export interface SideRecord extends RecordOrigin {
  /** Key string. */
  readonly key: string;
  readonly values: readonly (Canonical | undefined)[];
}
