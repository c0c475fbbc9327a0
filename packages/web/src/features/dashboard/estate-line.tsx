import type { Dashboard } from "../../api/shapes.ts";
import { countOf } from "../../components/format.ts";
import classes from "./dashboard.module.css";

/** One line of truth for everything that is synced. */
export function EstateLine({ dashboard, mayRun }: { dashboard: Dashboard; mayRun: boolean }) {
  const { agree, differ, failing, neverRun } = dashboard.summary;
  const total = agree + differ + failing + neverRun;
  if (total === 0) return <>No system is connected yet.</>;
  if (neverRun === total && dashboard.recentSyncs.length === 0) {
    if (!mayRun) return <>{countOf(total, "job")}; none has run yet.</>;
    const first = dashboard.sources[0] ?? dashboard.targets[0];
    const [comparison] = dashboard.comparisons;
    if (!first && comparison) {
      return (
        <>
          Start with <b>Compare</b> at {comparison.title}: it shows how the two differ and writes
          nothing.
        </>
      );
    }
    return (
      <>
        Start with <b>Sync</b> at {first?.title ?? "a Data Source"}: a dry run shows what would
        change and writes nothing.
      </>
    );
  }
  if (agree === total) {
    return (
      <span className={classes.estate}>
        <span data-tone="good">
          {total === 1 ? "The two systems agree." : `All ${total} jobs are in agreement.`}
        </span>
      </span>
    );
  }
  const cancelled = [...dashboard.sources, ...dashboard.targets, ...dashboard.comparisons].filter(
    (job) => job.state.kind === "never-run" && job.total > 0,
  ).length;
  const parts = [
    { count: failing, text: `${failing} failing`, tone: "bad" },
    { count: differ, text: `${differ} with differences`, tone: "warn" },
    { count: agree, text: `${agree} in agreement`, tone: "good" },
    { count: cancelled, text: `${cancelled} never finished`, tone: "none" },
    { count: neverRun - cancelled, text: `${neverRun - cancelled} never run`, tone: "none" },
  ].filter((part) => part.count > 0);
  return (
    <span className={classes.estate}>
      <span>{countOf(total, "job")}:</span>
      {parts.map((part) => (
        <span key={part.text} data-tone={part.tone}>
          {part.text}
        </span>
      ))}
    </span>
  );
}
