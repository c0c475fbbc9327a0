import { createMemoryStore } from "./memory-store.ts";
import type { Schema } from "./schema.ts";
import type { Store } from "./store.ts";
import { describeStore } from "./testing/describe-store.ts";

const numRuns = Number(process.env["PLUMBLINE_LAW_RUNS"] ?? 100);

describeStore(
  "in memory",
  (schema) => Promise.resolve({ store: createMemoryStore(schema), close: () => Promise.resolve() }),
  { numRuns },
);

/** As a store in a database answers: of the keys asked for alone, and with records of its own each time. */
function createStrictStore(schema: Schema): Store {
  const memory = createMemoryStore(schema);
  return {
    ...memory,
    which: (side, model, keys) => new Set(keys.filter((key) => memory.table(side, model).has(key))),
    find: (side, model, keys) =>
      new Map(
        keys.flatMap((key) => {
          const record = memory.table(side, model).get(key);
          return record ? [[key, structuredClone(record)]] : [];
        }),
      ),
  };
}

describeStore(
  "in memory, and strict",
  (schema) => Promise.resolve({ store: createStrictStore(schema), close: () => Promise.resolve() }),
  { numRuns: Number(process.env["PLUMBLINE_LAW_RUNS"] ?? 100) },
);
