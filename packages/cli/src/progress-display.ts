import type { SyncEvent, SyncPhase } from "@plumbline/sync";
import { createTerminalBars } from "./terminal-bars.ts";

const phaseLabels: Readonly<Record<SyncPhase, string>> = {
  "load-source": "load source",
  "load-target": "load target",
  plan: "compare",
  apply: "apply",
};

export interface ProgressDisplay {
  show(event: SyncEvent): void;
  close(): void;
}

/** Shows a run's progress on standard error: bars on a terminal, a line per finished phase in a pipe. */
export function createProgressDisplay(): ProgressDisplay {
  return process.stderr.isTTY ? createBars() : createLines();
}

/** Adds up a phase's progress over its models. */
function createTally(): (event: { model: string | null; done: number; total: number | null }) => {
  done: number;
  total: number;
} {
  const models = new Map<string | null, { done: number; total: number }>();
  return ({ model, done, total }) => {
    models.set(model, { done, total: Math.max(total ?? 0, done) });
    const sums = { done: 0, total: 0 };
    for (const each of models.values()) {
      sums.done += each.done;
      sums.total += each.total;
    }
    return sums;
  };
}

function createBars(): ProgressDisplay {
  const bars = createTerminalBars();
  const tallies = new Map<SyncPhase, ReturnType<typeof createTally>>();
  return {
    show(event) {
      if (event.type === "phase-started") {
        tallies.set(event.phase, createTally());
      } else if (event.type === "phase-progress") {
        const tally = tallies.get(event.phase);
        if (tally) bars.set(phaseLabels[event.phase], tally(event));
      } else if (event.type === "log" && (event.level === "warning" || event.level === "error")) {
        bars.line(`${event.level}: ${event.message}`);
      }
    },
    close: () => bars.close(),
  };
}

function createLines(): ProgressDisplay {
  const phases = new Map<SyncPhase, { done: number; tally: ReturnType<typeof createTally> }>();
  return {
    show(event) {
      if (event.type === "phase-started") {
        phases.set(event.phase, { done: 0, tally: createTally() });
      } else if (event.type === "phase-progress") {
        const phase = phases.get(event.phase);
        if (phase) phase.done = phase.tally(event).done;
      } else if (event.type === "phase-finished") {
        const done = phases.get(event.phase)?.done ?? 0;
        process.stderr.write(
          `${phaseLabels[event.phase]}: ${String(done)} in ${(event.durationMs / 1000).toFixed(1)} s\n`,
        );
      } else if (event.type === "log" && (event.level === "warning" || event.level === "error")) {
        process.stderr.write(`${event.level}: ${event.message}\n`);
      }
    },
    close: () => undefined,
  };
}
