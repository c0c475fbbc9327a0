import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { isRefused } from "../../api/client.ts";
import { every, jobResultQuery } from "../../api/queries.ts";
import type { JobResultDetail, Status } from "../../api/shapes.ts";
import { neededPermission, objectTypes, useMay } from "../../api/use-may.ts";
import { useJobResultEvents } from "../../api/use-job-result-events.ts";
import { isFinal, StatusBadge, JobResultTypeBadge } from "../../components/badges.tsx";
import { formatBytes, formatDuration, formatElapsed } from "../../components/format.ts";
import { InputValues } from "../../components/input-values.tsx";
import { kindName } from "../../components/job-kind.ts";
import { JobLogView } from "../../components/job-log.tsx";
import { Facts, Page, Panel } from "../../components/page.tsx";
import { OutcomeLine } from "../../components/outcome-line.tsx";
import { PageError } from "../../components/page-error.tsx";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { useIsServerGone } from "../../components/server-gone.ts";
import { NotAllowed } from "../../components/states.tsx";
import { Time, useNow } from "../../components/time.tsx";
import { JobResultActions } from "./job-result-actions.tsx";
import { Phases } from "./phases.tsx";
import classes from "./job-result-page.module.css";

export function JobResultPage() {
  const { jobResultId } = useParams({ from: "/frame/extras/job-results/$jobResultId" });
  const result = useQuery({
    ...jobResultQuery(jobResultId),
    // Events come sooner; this is for a connection that a proxy cuts.
    refetchInterval: (query) =>
      query.state.data && isFinal(query.state.data.status) ? false : every(10_000)(query),
  });
  if (result.isPending) return <PageSkeleton />;
  if (!result.data || isRefused(result.error)) {
    return (
      <PageError
        title="Job result"
        thing="job result"
        id={jobResultId}
        error={result.error}
        onRetry={() => void result.refetch()}
        list={{ label: "Look at all job results", to: "/extras/job-results/" }}
      />
    );
  }
  return <Content key={jobResultId} result={result.data} />;
}

function Content({ result }: { result: JobResultDetail }) {
  const isRunning = !isFinal(result.status);
  const { isConnected } = useJobResultEvents(result.id, isRunning);
  const isServerGone = useIsServerGone();
  const seesLines = useMay()(objectTypes.jobLog, "view");
  return (
    <Page
      title={result.jobTitle}
      windowTitle={`${result.jobTitle}: job result`}
      crumbs={[
        { label: "Jobs" },
        { label: "Results", to: "/extras/job-results/" },
        { label: result.jobTitle },
      ]}
      badge={
        <>
          <StatusBadge status={result.status} />
          <JobResultTypeBadge result={result} />
        </>
      }
      lead={
        result.waitsFor === null ? (
          <OutcomeLine
            status={result.status}
            sentence={
              isRunning
                ? (waitingSentences[result.status] ?? "The run is under way.")
                : result.sentence
            }
            reason={result.statusReason}
          />
        ) : (
          <WaitsFor holder={result.waitsFor} />
        )
      }
      actions={<JobResultActions result={result} />}
    >
      {isRunning && !isConnected && !isServerGone && (
        <p className={classes.connection} role="status">
          The server does not answer; trying again. What is shown here may be out of date.
        </p>
      )}
      <div className={classes.columns}>
        <div className={classes.left}>
          <Panel title="Progress">
            <Phases result={result} />
          </Panel>
          {seesLines ? (
            <JobLogView jobResultId={result.id} isRunning={isRunning} counts={result.logCounts} />
          ) : (
            <Panel title="Log">
              <NotAllowed>{neededPermission(objectTypes.jobLog, "view")}</NotAllowed>
            </Panel>
          )}
        </div>
        <Panel title="Summary">
          {result.jobDescription && <p className={classes.description}>{result.jobDescription}</p>}
          <Summary result={result} />
        </Panel>
      </div>
    </Page>
  );
}

function WaitsFor({ holder }: { holder: NonNullable<JobResultDetail["waitsFor"]> }) {
  return (
    <span>
      Waits for{" "}
      <Link to="/extras/job-results/$jobResultId/" params={{ jobResultId: holder.jobResultId }}>
        {holder.jobTitle}
      </Link>
      , which works on the same target.
    </span>
  );
}

const waitingSentences: Partial<Record<Status, string>> = {
  pending: "Waits for a worker.",
  waiting: "Waits for another run on the same target.",
};

function Summary({ result }: { result: JobResultDetail }) {
  return (
    <Facts
      items={[
        [
          "Job",
          <Link key="job" to="/plugins/ssot/jobs/$jobId/" params={{ jobId: result.jobId }}>
            {result.jobTitle}
          </Link>,
        ],
        ["Kind", result.kind === "run" ? null : kindName(result.kind)],
        ["User", result.user],
        ["Created", <Time key="created" at={result.createdAt} />],
        ["Duration", <Duration key="duration" result={result} />],
        [
          "Peak memory",
          result.peakMemoryBytes === null ? null : formatBytes(result.peakMemoryBytes),
        ],
        ["Input", <InputValues key="input" jobId={result.jobId} input={result.input} />],
      ]}
    />
  );
}

function Duration({ result }: { result: JobResultDetail }) {
  const now = useNow(1_000);
  if (result.durationMs !== null) {
    return <span className="number">{formatDuration(result.durationMs)}</span>;
  }
  if (result.startedAt === null) return <span className="quiet">not started</span>;
  return <span className="number">{formatElapsed(result.startedAt, now)} so far</span>;
}
