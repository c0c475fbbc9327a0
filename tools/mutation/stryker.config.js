// Mutation tests of packages/sync: `npm run mutation`, in the repository's root.
import { fileURLToPath } from "node:url";

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

export default {
  plugins: [here("ignore-messages.js"), here("one-process-runner.js")],
  testRunner: "one-process",
  coverageAnalysis: "perTest",
  mutate: [
    "packages/sync/src/**/*.ts",
    "!packages/sync/src/**/*.test.ts",
    // The suites and what they are made of are tests themselves.
    "!packages/sync/src/testing/**",
  ],
  // What is written for people to read; every other text is mutated.
  ignorers: ["messages"],
  // What runs as a module is loaded belongs to no test: each such mutant would run all of them.
  ignoreStatic: true,
  // What the kernel's tests do not need.
  ignorePatterns: [
    ...["/bench", "/examples", "/scripts", "/test", "/docs/images"],
    ...["cli", "integrations", "models", "plugin-kit", "server", "web"].map(
      (name) => `/packages/${name}`,
    ),
  ],
  tempDirName: "tools/mutation/.cache/sandbox",
  incremental: true,
  incrementalFile: "tools/mutation/.cache/incremental.json",
  concurrency: 2,
  timeoutMS: 10_000,
  disableTypeChecks: false,
  checkers: [],
  reporters: ["progress-append-only", "clear-text", "json", "html"],
  clearTextReporter: { reportTests: false, reportScoreTable: true, allowColor: false },
  jsonReporter: { fileName: "tools/mutation/.cache/report.json" },
  htmlReporter: { fileName: "tools/mutation/.cache/report.html" },
  thresholds: { high: 90, low: 80, break: 80 },
};
