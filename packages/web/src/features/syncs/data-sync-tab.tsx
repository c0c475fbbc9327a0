import { Link } from "@tanstack/react-router";
import type { SyncDetail } from "../../api/shapes.ts";
import { useActionWords } from "../../components/action-words.ts";
import { isFinal } from "../../components/badges.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { formatBytes, formatDuration, formatName } from "../../components/format.ts";
import { InputValues } from "../../components/input-values.tsx";
import { Facts, Lines, Panel } from "../../components/page.tsx";
import { EmptyState } from "../../components/states.tsx";
import { syncType } from "../../components/sync-type.ts";
import { Time } from "../../components/time.tsx";
import { CountsTable } from "./counts-table.tsx";
import { DiffView } from "./diff-view.tsx";
import { DurationBar } from "./duration-bar.tsx";
import { Holds } from "./holds.tsx";
import classes from "./data-sync-tab.module.css";

export function DataSyncTab({ sync }: { sync: SyncDetail }) {
  const { create, update, delete: removed } = sync.counts;
  const { isComparison } = useActionWords();
  const hasChanges = create + update + removed > 0;
  return (
    <div className={classes.tab}>
      <div className={classes.top}>
        <div className={classes.left}>
          <Panel title="Statistics">
            {sync.models.length > 0 ? (
              <CountsTable sync={sync} />
            ) : (
              <EmptyState title={isFinal(sync.status) ? "No counts" : "Counts follow"}>
                {isFinal(sync.status)
                  ? "The run ended before both sides were read."
                  : "They appear here once both sides are read and compared."}
              </EmptyState>
            )}
          </Panel>
          {sync.holds.length > 0 && <Holds sync={sync} />}
        </div>
        <Panel title={isComparison ? "Comparison" : "Data Sync"}>
          <SyncFacts sync={sync} />
        </Panel>
      </div>
      {hasChanges ? (
        <DiffView sync={sync} />
      ) : (
        <Panel title="Differences">
          <EmptyState
            title={sync.status === "in-agreement" ? "Both sides agree" : "No differences recorded"}
          >
            {sync.status === "in-agreement"
              ? `${sync.sourceName} and ${sync.targetName} hold the same data${isComparison ? "" : "; there is nothing to apply"}.`
              : isFinal(sync.status)
                ? "The run ended before both sides were compared."
                : "They appear here once both sides are compared."}
          </EmptyState>
        </Panel>
      )}
    </div>
  );
}

/** Time spent running: without the days between a dry run and its apply. */
function runningMs(sync: SyncDetail): number | null {
  const parts = sync.jobResults.flatMap(({ startedAt, finishedAt }) =>
    startedAt === null || finishedAt === null
      ? []
      : [new Date(finishedAt).getTime() - new Date(startedAt).getTime()],
  );
  return parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0);
}

function SyncFacts({ sync }: { sync: SyncDetail }) {
  const duration = runningMs(sync);
  return (
    <Facts
      items={[
        [
          "Job",
          <Link key="job" to="/plugins/ssot/jobs/$jobId/" params={{ jobId: sync.jobId }}>
            {sync.jobTitle}
          </Link>,
        ],
        ["Type", formatName(syncType({ ...sync, isUndo: sync.undoOf !== null }))],
        ["Started", <Time key="started" at={sync.startedAt ?? sync.createdAt} />],
        ["User", sync.user],
        ["Scope", sync.scope.length > 0 ? <Lines key="scope" lines={sync.scope} /> : null],
        ["Ignored", sync.ignored.length > 0 ? sync.ignored.join(", ") : null],
        [
          "Duration",
          duration === null ? null : (
            <div key="duration">
              <span className="number">{formatDuration(duration)}</span>
              <DurationBar
                phases={sync.phases}
                sourceName={sync.sourceName}
                targetName={sync.targetName}
                isUndo={sync.undoOf !== null}
              />
            </div>
          ),
        ],
        ["Peak memory", sync.peakMemoryBytes === null ? null : formatBytes(sync.peakMemoryBytes)],
        ["Input", <InputValues key="input" jobId={sync.jobId} input={sync.input} />],
        [
          "Plan digest",
          sync.planDigest === null || sync.direction === "comparison" ? null : (
            <span key="digest" className={classes.digest}>
              <span className="mono">{sync.planDigest.slice(0, 16)}</span>
              <CopyButton text={sync.planDigest} label="Copy the plan's digest" />
            </span>
          ),
        ],
      ]}
    />
  );
}
