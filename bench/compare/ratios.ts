import type { Machine } from "./machine.ts";
import { type MeasuredRun, round } from "./measured-run.ts";
import type { EntryName } from "./options.ts";
import { type Measurement, spread } from "./repeat.ts";

/** Medians of both, and how many times DiffSync's is Plumbline's. */
export interface Ratio {
  readonly diffsync: number;
  readonly plumbline: number;
  readonly ratio: number;
}

/** What `npm run bench:peer -- --json` prints. */
export interface Comparison {
  readonly machine: Machine;
  readonly entry: EntryName;
  readonly ratios: Readonly<Record<string, Ratio>>;
  readonly plumbline: Measurement;
  readonly diffsync: Measurement;
}

type Figure = (run: MeasuredRun) => number;

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
const secondsOf =
  (...phases: string[]): Figure =>
  ({ seconds }) =>
    sum(phases.map((phase) => seconds[phase] ?? 0));

/** Figures of a run by name, with their unit. */
const figures: Readonly<Record<string, Figure>> = {
  "load (s)": secondsOf("load_source", "load_destination"),
  "diff (s)": secondsOf("diff"),
  "sync (s)": secondsOf("sync"),
  "whole cycle (s)": ({ seconds }) => sum(Object.values(seconds)),
  "whole cycle (processor s)": (run) => sum(Object.values(run.cpu_seconds)),
  "peak memory (MiB)": ({ rss_mib }) => rss_mib["peak"] ?? 0,
};

export function ratiosOf(
  diffsync: Measurement,
  plumbline: Measurement,
): Readonly<Record<string, Ratio>> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => {
      const theirs = spread(diffsync.runs.map(figure)).median;
      const ours = spread(plumbline.runs.map(figure)).median;
      return [
        name,
        { diffsync: round(theirs, 3), plumbline: round(ours, 3), ratio: round(theirs / ours, 2) },
      ];
    }),
  );
}
