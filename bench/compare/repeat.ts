import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type MeasuredRun, round, type RunOptions } from "./measured-run.ts";
import type { EntryName } from "./options.ts";
import type { Profile, Shape, Summary } from "./records.ts";

const run = promisify(execFile);
const main = fileURLToPath(new URL("../compare.ts", import.meta.url));
const cache = fileURLToPath(new URL("../../.cache/bench-code", import.meta.url));
const manifest = new URL("../../packages/sync/package.json", import.meta.url);

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** What was measured, and its version. */
export type Library = Readonly<Record<string, string>>;

/** The result of some runs, as the peer's script prints it. */
export interface Measurement {
  readonly library: Library;
  readonly shape: Shape;
  readonly size: number;
  readonly profile: Profile;
  readonly store: "local";
  readonly repeat: number;
  readonly seconds: Readonly<Record<string, Spread>>;
  readonly cpu_seconds: Readonly<Record<string, Spread>>;
  readonly rss_mib: Readonly<Record<string, Spread>>;
  readonly summary: Summary | undefined;
  readonly summary_as_expected: boolean;
  readonly converged_after_sync: boolean | null;
  readonly runs: readonly MeasuredRun[];
}

/** One run in a process of its own. */
export async function measureOnce(
  options: RunOptions & { entry: EntryName },
): Promise<MeasuredRun> {
  const { shape, size, profile, entry, verifies } = options;
  const { stdout } = await run(
    process.execPath,
    // A small young generation suits millions of small records that stay.
    ["-C", "@plumbline/source", "--max-semi-space-size=4", "--max-old-space-size=8192"].concat(
      [main, "--child"],
      ["--shape", shape, "--size", String(size), "--profile", profile, "--entry", entry],
      verifies ? ["--verify"] : [],
    ),
    // Compiled once, as a published package is: the compiler's memory is not the engine's.
    { env: { ...process.env, NODE_COMPILE_CACHE: cache }, maxBuffer: 2 ** 26 },
  );
  return JSON.parse(stdout) as MeasuredRun;
}

/** Fills the cache of compiled code, so that no measured run compiles. */
export async function warmUp(options: RunOptions & { entry: EntryName }): Promise<void> {
  await measureOnce({ ...options, size: 1000, verifies: false });
}

/** Plumbline as it lies here. */
export function ownLibrary(): Library {
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return { "@plumbline/sync": version, node: process.versions.node };
}

export function summarise(
  library: Library,
  { shape, size, profile }: RunOptions,
  runs: readonly MeasuredRun[],
): Measurement {
  const [first] = runs;
  return {
    library,
    shape,
    size,
    profile,
    store: "local",
    repeat: runs.length,
    seconds: spreadAll(runs.map((each) => each.seconds)),
    cpu_seconds: spreadAll(runs.map((each) => each.cpu_seconds)),
    rss_mib: spreadAll(runs.map((each) => each.rss_mib)),
    summary: first?.summary,
    summary_as_expected: runs.every((each) => each.summary_as_expected),
    converged_after_sync: first?.converged_after_sync ?? null,
    runs,
  };
}

function spreadAll(
  all: readonly Readonly<Record<string, number>>[],
): Readonly<Record<string, Spread>> {
  return Object.fromEntries(
    Object.keys(all[0] ?? {}).map((name) => [name, spread(all.map((each) => each[name] ?? 0))]),
  );
}

/** Of at least one value. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? 0;
  const high = sorted[Math.floor(middle)] ?? 0;
  return {
    min: sorted[0] ?? 0,
    median: round((low + high) / 2, 4),
    max: sorted.at(-1) ?? 0,
  };
}
