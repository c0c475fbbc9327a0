// Runs the kernel's tests in the process that Stryker gives: loaded once, run for each mutant that they
// reach. Vitest starts a worker and loads everything anew for each, which takes ten times as long.
import { readdirSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";

// Few generated cases, the same for every mutant: a law is tried anew for each that it reaches.
process.env["PLUMBLINE_LAW_RUNS"] ??= "8";
const lawSeed = 20_261_123;

/** What the instrumented sources read and write. */
const mutation = (globalThis.__stryker__ ??= {});

/** The sources behind the package's entry points, by name. */
function readEntryPoints() {
  const folder = "packages/sync";
  const { name, exports } = JSON.parse(readFileSync(resolve(folder, "package.json"), "utf8"));
  return new Map(
    Object.entries(exports).map(([path, conditions]) => [
      name + path.slice(1),
      pathToFileURL(resolve(folder, conditions["@plumbline/source"])).href,
    ]),
  );
}

class OneProcessRunner {
  #tests = [];

  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    const vitest = new URL("tests-in-process.js", import.meta.url).href;
    const entryPoints = readEntryPoints();
    registerHooks({
      resolve(name, context, next) {
        if (name === "vitest") return { url: vitest, shortCircuit: true };
        // node_modules leads to the sources that are not mutated.
        return next(entryPoints.get(name) ?? name, context);
      },
    });
    const { default: fc } = await import(
      pathToFileURL(resolve("node_modules/fast-check/lib/fast-check.js")).href
    );
    fc.configureGlobal({ seed: lawSeed });
    const { collect } = await import(vitest);
    const folder = "packages/sync/src";
    const files = readdirSync(folder, { recursive: true })
      .filter((file) => file.endsWith(".test.ts"))
      .sort((a, b) => cost(a) - cost(b) || (a < b ? -1 : 1));
    for (const file of files) {
      const url = pathToFileURL(resolve(folder, file)).href;
      this.#tests.push(...(await collect(file, () => import(url))));
    }
  }

  async dryRun() {
    const results = await this.#run(this.#tests, (test) => {
      mutation.currentTestId = test.id;
    });
    mutation.currentTestId = undefined;
    return {
      status: DryRunStatus.Complete,
      tests: results,
      mutantCoverage: mutation.mutantCoverage,
    };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, disableBail }) {
    const asked = testFilter && new Set(testFilter);
    const tests = this.#tests.filter(({ id }) => asked?.has(id) ?? true);
    mutation.hitCount = 0;
    mutation.hitLimit = hitLimit;
    mutation.activeMutant = activeMutant.id;
    const results = await this.#run(tests, () => undefined, !disableBail);
    mutation.activeMutant = undefined;
    const timedOut = determineHitLimitReached(mutation.hitCount, hitLimit);
    return toMutantRunResult(timedOut ?? { status: DryRunStatus.Complete, tests: results });
  }

  async #run(tests, before, bails = false) {
    const results = [];
    for (const test of tests) {
      before(test);
      const started = performance.now();
      const result = {
        id: test.id,
        name: test.id,
        fileName: resolve("packages/sync/src", test.file),
      };
      try {
        const isRun = await test.run();
        result.status = isRun ? TestStatus.Success : TestStatus.Skipped;
      } catch (error) {
        result.status = TestStatus.Failed;
        result.failureMessage = String(
          error instanceof Error ? (error.stack ?? error.message) : error,
        );
      }
      result.timeSpentMs = performance.now() - started;
      results.push(result);
      if (bails && result.status === TestStatus.Failed) break;
    }
    return results;
  }
}

/** The cheap tests first: most mutants do not live to see the others. */
function cost(file) {
  if (/laws|conformance/.test(file)) return 2;
  return /memory-store|sqlite/.test(file) ? 1 : 0;
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, "one-process", OneProcessRunner),
];
