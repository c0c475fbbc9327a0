// Prints `N passed, N failed[, N skipped]` over a test report and the static checks that ran before it.
//   node scripts/summary.ts <vitest JSON report> <exit code of the test run> <failed static checks>
import { existsSync, readFileSync } from "node:fs";

interface Report {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

const [reportPath = "", testsExit = "0", checksFailed = "0"] = process.argv.slice(2);
const report: Report = existsSync(reportPath)
  ? (JSON.parse(readFileSync(reportPath, "utf8")) as Report)
  : { testResults: [] };

let passed = 0;
let testsFailed = 0;
let skipped = 0;
for (const file of report.testResults) {
  const statuses = file.assertionResults.map((test) => test.status);
  const failed = statuses.filter((status) => status === "failed").length;
  passed += statuses.filter((status) => status === "passed").length;
  skipped += statuses.filter((status) => status !== "passed" && status !== "failed").length;
  // A file that does not load, or whose set-up fails, has no failed test to show for it.
  testsFailed += failed === 0 && file.status === "failed" ? 1 : failed;
}
// Nor has a run that died before it could report, or that met an error outside every test.
const runDied = !existsSync(reportPath) || (testsExit !== "0" && testsFailed === 0);

const failed = testsFailed + (runDied ? 1 : 0) + Number(checksFailed);
const counts = [`${passed} passed`, `${failed} failed`];
if (skipped > 0) counts.push(`${skipped} skipped`);
process.stdout.write(`${counts.join(", ")}\n`);
process.exitCode = failed === 0 ? 0 : 1;
