import { readFileSync } from "node:fs";
import type { Profile, Shape, Summary } from "./records.ts";

export interface RunOptions {
  readonly shape: Shape;
  readonly size: number;
  readonly profile: Profile;
  /** Diff again after the sync, untimed. */
  readonly verifies: boolean;
}

/** One measured run; the names are those of the peer's script. */
export interface MeasuredRun {
  readonly seconds: Readonly<Record<string, number>>;
  readonly cpu_seconds: Readonly<Record<string, number>>;
  readonly rss_mib: Readonly<Record<string, number>>;
  readonly summary: Summary;
  readonly summary_as_expected: boolean;
  readonly dict_top_level_entries: number;
  readonly converged_after_sync: boolean | null;
}

/** Takes the time of phases and the memory between them. */
export interface Meter {
  phase<T>(name: string, work: () => Promise<T> | T): Promise<T>;
  mark(name: string): void;
  finish(): Pick<MeasuredRun, "seconds" | "cpu_seconds" | "rss_mib">;
}

export function createMeter(): Meter {
  const seconds: Record<string, number> = {};
  const cpuSeconds: Record<string, number> = {};
  const marks: Record<string, number> = { baseline: currentMib() };
  return {
    async phase(name, work) {
      const started = performance.now();
      const before = process.cpuUsage();
      const result = await work();
      const { user, system } = process.cpuUsage(before);
      seconds[name] = round((performance.now() - started) / 1000, 4);
      cpuSeconds[name] = round((user + system) / 1e6, 4);
      return result;
    },
    mark(name) {
      marks[name] = currentMib();
    },
    finish() {
      const peak = round(process.resourceUsage().maxRSS / 1024, 1);
      const over = round(peak - (marks["baseline"] ?? 0), 1);
      return {
        seconds,
        cpu_seconds: cpuSeconds,
        rss_mib: { ...marks, peak, peak_over_baseline: over },
      };
    },
  };
}

function currentMib(): number {
  const pages = Number(readFileSync("/proc/self/statm", "utf8").split(" ")[1]);
  return round((pages * 4096) / 2 ** 20, 1);
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
