import { createMemoryStore } from "./memory-store.ts";
import { describeStore } from "./testing/describe-store.ts";

describeStore("in memory", (schema) =>
  Promise.resolve({ store: createMemoryStore(schema), close: () => Promise.resolve() }),
);
