import type { Adapter } from "../adapter.ts";
import type { RawRecord } from "../record.ts";
import type { Schema } from "../schema.ts";

/** A record as a faulty system gives it: not at all, twice, or with a bad value or key. */
export function spoil(record: RawRecord, kind: string): RawRecord[] {
  if (kind === "left-out") return [];
  if (kind === "twice") return [record, record];
  if (kind === "bad-field") return [{ ...record, values: { ...record.values, size: "many" } }];
  if (kind === "bad-serial")
    return [{ ...record, values: { ...record.values, serial: { number: 7 } } }];
  if (kind === "bad-key") return [{ ...record, values: { ...record.values, name: "" } }];
  return [record];
}

/** Yields the records as they are, right or wrong. */
export function readingAdapter(schema: Schema, records: readonly RawRecord[]): Adapter {
  return {
    name: "reading",
    models: schema.models,
    async *load() {
      yield records;
    },
  };
}
