// Mutation tests of the kernel: npm run mutation [-- --mutate packages/sync/src/plan.ts]
// Installs the tool in this folder on first use, and prints the score of each folder at the end.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const here = import.meta.dirname;
const root = dirname(dirname(here));

function run(command: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

const stryker = join(here, "node_modules/@stryker-mutator/core/bin/stryker.js");
if (!existsSync(stryker)) run("npm", ["ci", "--no-audit", "--no-fund"], here);
const config = "tools/mutation/stryker.config.js";
run(process.execPath, [stryker, "run", config, ...process.argv.slice(2)], root);
