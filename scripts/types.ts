// Type checks the repository with the native compiler; the pages have settings of their own.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const root = dirname(import.meta.dirname);
const projects = ["tsconfig.json", "packages/web/tsconfig.json"];

const results = projects
  .filter((project) => existsSync(join(root, project)))
  .map((project) =>
    spawnSync(
      process.execPath,
      [join(root, "node_modules/ts7/bin/tsc"), "--noEmit", "-p", project],
      { cwd: root, stdio: "inherit" },
    ),
  );

process.exitCode = results.every((result) => result.status === 0) ? 0 : 1;
