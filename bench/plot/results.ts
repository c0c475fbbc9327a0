import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Comparison } from "../compare/ratios.ts";
import type { Spread } from "../compare/repeat.ts";
import type { StagedRun } from "../compare/staged-run.ts";
import type { Series } from "./chart.ts";

/** One stored result, as `bench:peer` or `bench:postgres` printed it. */
type Result = Comparison | StagedRun;

/** A size and what it took: loading both sides and comparing them, in seconds; peak memory in MiB. */
interface Point {
  readonly size: number;
  readonly seconds: number;
  readonly mib: number;
}

/** The stored results of a folder, flat records through the main entry, as lines of two charts. */
export function readSeries(folder: string): { time: Series[]; memory: Series[] } {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const results = files.map((name): Result => {
    return JSON.parse(readFileSync(join(folder, name), "utf8")) as Result;
  });
  const diffsync: Point[] = [];
  const inMemory: Point[] = [];
  const inPostgres: Point[] = [];
  for (const result of results) {
    if (!("ratios" in result)) {
      if (result.shape === "flat") inPostgres.push(pointOf(result.size, result));
      continue;
    }
    if (result.entry !== "native" || result.plumbline.shape !== "flat") continue;
    diffsync.push(pointOf(result.diffsync.size, result.diffsync));
    inMemory.push(pointOf(result.plumbline.size, result.plumbline));
  }
  const lines = [
    { name: "DiffSync", points: diffsync },
    { name: "Plumbline, in memory", points: inMemory },
    { name: "Plumbline, in PostgreSQL", points: inPostgres },
  ];
  const seriesOf = (figure: (point: Point) => number): Series[] =>
    lines.map(({ name, points }) => ({
      name,
      points: points
        .map((point) => ({ x: point.size, y: figure(point) }))
        .sort((a, b) => a.x - b.x),
    }));
  return { time: seriesOf(({ seconds }) => seconds), memory: seriesOf(({ mib }) => mib) };
}

type Figures = Readonly<Record<string, number | Spread>>;

function pointOf(
  size: number,
  { seconds, rss_mib }: { readonly seconds: Figures; readonly rss_mib: Figures },
): Point {
  const phases = ["load_source", "load_destination", "load_both", "diff"];
  return {
    size,
    seconds: phases.reduce((sum, phase) => sum + middle(seconds[phase] ?? 0), 0),
    mib: middle(rss_mib["peak"] ?? 0),
  };
}

const middle = (figure: number | Spread): number =>
  typeof figure === "number" ? figure : figure.median;
