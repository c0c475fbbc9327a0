import { createMemoryStore } from "./memory-store.ts";
import { describeLaws } from "./testing/describe-laws.ts";

// PLUMBLINE_LAW_RUNS=5000 tries each law with as many cases.
const numRuns = process.env["PLUMBLINE_LAW_RUNS"];

describeLaws(
  "in memory",
  (schema) => Promise.resolve({ store: createMemoryStore(schema), close: () => Promise.resolve() }),
  {
    kind: "second-keys",
    cases: 1_500,
    numRuns: numRuns === undefined ? undefined : Number(numRuns),
  },
);
