import { Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { LastRun, Status } from "../../api/shapes.ts";
import { statusLabel } from "../../components/badges.tsx";
import { countOf, formatExactTime } from "../../components/format.ts";
import classes from "./dashboard.module.css";

const tones: Record<Status, string> = {
  pending: "none",
  waiting: "none",
  running: "accent",
  planned: "accent",
  "in-agreement": "good",
  applied: "good",
  "not-converged": "bad",
  partial: "warn",
  held: "warn",
  failed: "bad",
  cancelled: "none",
  stale: "warn",
  lost: "bad",
};

/** The last runs as bars: height for changes, on a logarithmic scale, colour for the outcome. */
export function RunStrip({ runs, isComparison }: { runs: LastRun[]; isComparison: boolean }) {
  const highest = Math.max(...runs.map((run) => Math.log1p(run.changes)), 1);
  return (
    <span className={classes.bars}>
      {runs.map((run) => {
        const kind = isComparison ? "Comparison" : run.isDryRun ? "Dry run" : "Run";
        const rows = countOf(run.changes, isComparison ? "difference" : "change");
        const text = `${kind}: ${statusLabel(run.status)}, ${rows}, ${formatExactTime(run.startedAt ?? run.createdAt)}`;
        return (
          <Tooltip key={run.syncId} label={text}>
            <Link
              to="/plugins/ssot/history/$syncId/"
              params={{ syncId: run.syncId }}
              className={classes.bar}
              aria-label={text}
            >
              <span
                data-tone={tones[run.status]}
                data-dry={run.isDryRun || undefined}
                style={{ height: `${25 + (75 * Math.log1p(run.changes)) / highest}%` }}
              />
            </Link>
          </Tooltip>
        );
      })}
    </span>
  );
}
