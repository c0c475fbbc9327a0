// As much of Vitest as the kernel's tests use: they are collected once and can be run again and again.
import FakeTimers from "@sinonjs/fake-timers";
import { GLOBAL_EXPECT, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";
import * as chai from "chai";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

export const { expect } = chai;
globalThis[GLOBAL_EXPECT] = expect;

class Skipped extends Error {}

let suite = null;
let collected = [];
let finishers = [];

/** The tests that a file declares. */
export async function collect(file, load) {
  collected = [];
  suite = { name: file, parent: null, before: [], after: [] };
  await load();
  const seen = new Map();
  return collected.map(({ names, ...test }) => {
    const name = names.join(" > ");
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return { ...test, file, id: times === 1 ? name : `${name} #${times}` };
  });
}

function chain(of) {
  return of === null ? [] : [...chain(of.parent), of];
}

function body(args) {
  return args.find((arg) => typeof arg === "function");
}

function declareTest(name, ...args) {
  const suites = chain(suite);
  const work = body(args);
  collected.push({
    names: [...suites.map((each) => each.name), name],
    run: () => runTest(suites, work),
  });
}

/** Whether the test was run; false where it skipped itself. */
async function runTest(suites, work) {
  finishers = [];
  try {
    for (const each of suites) for (const hook of each.before) await hook();
    await work({
      skip(reason) {
        throw new Skipped(reason);
      },
    });
    return true;
  } catch (error) {
    if (error instanceof Skipped) return false;
    throw error;
  } finally {
    for (const each of [...suites].reverse()) for (const hook of each.after) await hook();
    for (const finish of finishers.reverse()) await finish();
  }
}

function declareSuite(name, ...args) {
  suite = { name, parent: suite, before: [], after: [] };
  try {
    body(args)?.();
  } finally {
    suite = suite.parent;
  }
}

function each(declare) {
  return (rows) =>
    (name, ...args) => {
      const work = body(args);
      rows.forEach((row, index) => {
        const values = Array.isArray(row) ? row : [row];
        declare(`${name}: row ${index + 1}`, () => work(...values));
      });
    };
}

export const it = Object.assign(declareTest, { each: each(declareTest) });
export const describe = Object.assign(declareSuite, { each: each(declareSuite) });
export const beforeEach = (hook) => suite.before.push(hook);
export const afterEach = (hook) => suite.after.push(hook);
export const onTestFinished = (finish) => finishers.push(finish);
// What is left behind for the tests of a file is left until the process ends.
export const afterAll = () => undefined;

/** Types are checked by the compiler. */
export const expectTypeOf = () => new Proxy(() => expectTypeOf(), { get: () => expectTypeOf() });

let clock = null;
export const vi = {
  useFakeTimers() {
    clock = FakeTimers.install();
  },
  advanceTimersByTimeAsync: (ms) => clock.tickAsync(ms),
  useRealTimers() {
    clock.uninstall();
  },
};
