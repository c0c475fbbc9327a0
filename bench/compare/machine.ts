import { cpus, loadavg, release, totalmem } from "node:os";
import { round } from "./measured-run.ts";

/** What a figure depends on beside the program. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memory_gib: number;
  readonly kernel: string;
  readonly node: string;
  /** Processes that wanted a core in the last minute, before the measuring and after it. */
  readonly load: { readonly before: number; readonly after: number };
}

/** Notes the load now, and once more when the returned function tells of the machine. */
export function watchMachine(): () => Machine {
  const before = load();
  return () => ({
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memory_gib: round(totalmem() / 2 ** 30, 1),
    kernel: release(),
    node: process.versions.node,
    load: { before, after: load() },
  });
}

function load(): number {
  return round(loadavg()[0] ?? 0, 1);
}
