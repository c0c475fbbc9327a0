// Runs recorded cases of DiffSync against `@plumbline/sync/diffsync`:
//   npm run conformance [-- <directory>]
import { join, resolve } from "node:path";
import { caseFiles, runCases } from "./run-cases.ts";

const [given] = process.argv.slice(2);
const directory = given === undefined ? join(import.meta.dirname, "cases") : resolve(given);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const counts = { passed: 0, failed: 0, "differs on purpose": 0 };
for (const path of await caseFiles(directory)) {
  for await (const { file, name, verdict, details } of runCases(path)) {
    counts[verdict] += 1;
    if (verdict === "passed") continue;
    print(`${verdict}: ${file} ${name}`);
    for (const detail of details) print(`  ${detail}`);
  }
}
print(
  `${counts.passed} passed, ${counts.failed} failed, ${counts["differs on purpose"]} differ on purpose`,
);
process.exitCode = counts.failed > 0 ? 1 : 0;
