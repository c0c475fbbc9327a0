import type { SyncPhase } from "../../api/shapes.ts";
import { formatCount, formatDuration } from "../../components/format.ts";
import classes from "./duration-bar.module.css";

interface DurationBarProps {
  phases: SyncPhase[];
  sourceName: string;
  targetName: string;
  /** Its source is the way back, which is found and not loaded. */
  isUndo: boolean;
}

/** Where the time went: the phases on one bar, each as wide as it was long. */
export function DurationBar({ phases, sourceName, targetName, isUndo }: DurationBarProps) {
  const labels: Record<SyncPhase["phase"], string> = {
    source: isUndo ? "find the way back" : `load ${sourceName}`,
    target: `load ${targetName}`,
    diff: "diff",
    rehearsal: "rehearsal",
    apply: "apply",
    verify: "verify",
  };
  const parts = phases.flatMap(({ phase, durationMs, jobResultId, done }) =>
    durationMs === null ? [] : [{ phase, durationMs, jobResultId, done }],
  );
  if (parts.length === 0) return null;
  return (
    <>
      <div className={classes.bar} aria-hidden>
        {parts.map((part) => (
          <span
            key={part.jobResultId + part.phase}
            data-phase={part.phase}
            style={{ flexGrow: Math.max(part.durationMs, 1) }}
          />
        ))}
      </div>
      <ul className={classes.legend}>
        {parts.map((part) => (
          <li key={part.jobResultId + part.phase}>
            <span className={classes.swatch} data-phase={part.phase} aria-hidden />
            <span>{labels[part.phase]}</span>
            <span className="number">
              {part.done > 0 && part.durationMs > 0 && `${rateOf(part)} · `}
              {formatDuration(part.durationMs)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function rateOf({ done, durationMs }: { done: number; durationMs: number }): string {
  return `${formatCount(Math.round((done / durationMs) * 1000))}/s`;
}
