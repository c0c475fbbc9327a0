import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type ConformanceCase, type Observed, requireKnown } from "./case-format.ts";
import { parseCaseJson } from "./case-json.ts";
import { compareObserved } from "./compare-observed.ts";
import { runDeclarationCase } from "./declaration-case.ts";
import { checkDifference } from "./differences.ts";
import { runStoreCase } from "./store-case.ts";
import { runSyncCase } from "./sync-case.ts";

export interface CaseResult {
  readonly file: string;
  readonly name: string;
  readonly verdict: "passed" | "failed" | "differs on purpose";
  /** What is wrong, or what differs. */
  readonly details: readonly string[];
}

/** The `.json` files of a directory, in order of their names. */
export async function caseFiles(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".json")).sort();
  if (names.length === 0) throw new Error(`There are no case files (*.json) in ${directory}.`);
  return names.map((name) => join(directory, name));
}

/** Runs the cases of a file. */
export async function* runCases(path: string): AsyncGenerator<CaseResult> {
  const file = basename(path);
  const cases = parseCaseJson(await readFile(path, "utf8"));
  if (!Array.isArray(cases)) throw new Error(`${file} is not a list of cases.`);
  for (const given of cases as unknown as readonly ConformanceCase[]) {
    yield await judge(file, given);
  }
}

async function judge(file: string, given: ConformanceCase): Promise<CaseResult> {
  const { name, expect } = given;
  try {
    requireKnown(given);
    const observed = await observe(given);
    const problems = compareObserved(expect, observed);
    if (problems.length === 0) return { file, name, verdict: "passed", details: [] };
    const difference = checkDifference(given, observed);
    if (!difference) return { file, name, verdict: "failed", details: problems };
    return difference.problems.length > 0
      ? { file, name, verdict: "failed", details: difference.problems }
      : { file, name, verdict: "differs on purpose", details: [difference.code, ...problems] };
  } catch (error) {
    const details = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    return { file, name, verdict: "failed", details };
  }
}

async function observe(given: ConformanceCase): Promise<Observed> {
  if (given.kind === "sync") return runSyncCase(given);
  if (given.kind === "store") return runStoreCase(given);
  if (given.kind === "declaration") return runDeclarationCase(given);
  throw new Error(`The kind "${given.kind}" is unknown.`);
}
