import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Packages import each other's sources through this private condition of their `exports`.
const condition = "@plumbline/source";
const conditions = [condition, "node", "development|production"];

const nodeMajor = Number(process.versions.node.split(".")[0]);
if (nodeMajor < 24) {
  throw new Error(
    `The tests run under Node 24 or newer, and this is Node ${process.version} (${process.execPath}). ` +
      "Start them with `npm test` or `npx vitest`, which use the Node that `npm ci` installed.",
  );
}

// One PostgreSQL for the tests of a project, with a migrated database to copy.
const globalSetup = ["packages/server/test/support/global-setup.ts"];

export default defineConfig({
  resolve: { conditions },
  // Where Vitest loads global set-ups; it takes the conditions of neither of the others.
  environments: { __vitest__: { resolve: { conditions } } },
  ssr: { resolve: { conditions, externalConditions: [condition, "node", "module-sync"] } },
  test: {
    environment: "node",
    setupFiles: ["test/generated-cases.ts"],
    pool: "forks",
    // Each worker costs some 100 MB, and many tests start processes of their own.
    maxWorkers: 2,
    // For the workers themselves, and for the Node processes that tests start.
    execArgv: ["--conditions", condition],
    env: {
      NODE_OPTIONS: `--conditions=${condition}`,
      // Tests start hundreds of processes; with what others compiled each is there in half the time.
      NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url)),
    },
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/*.d.ts", "packages/web/**"],
      reporter: ["text-summary", "html"],
      reportsDirectory: "coverage",
    },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "packages/*/src/**/*.test.{ts,tsx}",
            "examples/**/*.test.ts",
            "bench/**/*.test.ts",
          ],
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
          exclude: ["**/node_modules/**", "test/browser/**"],
          globalSetup,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // One Chromium at a time: two of them and a server starve each other on two cores.
          fileParallelism: false,
        },
      },
    ],
  },
});
