import { join } from "node:path";
import { describeNativeCases } from "../conformance/describe-native-cases.ts";
import { createMemoryStore } from "./memory-store.ts";

await describeNativeCases(
  "in memory",
  (schema) => Promise.resolve({ store: createMemoryStore(schema), close: () => Promise.resolve() }),
  join(import.meta.dirname, "../conformance/cases"),
);
