import {
  IconArrowRight,
  IconArrowsDiff,
  IconDatabase,
  IconPlayerPlay,
  IconServer2,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { JobCard, JobState } from "../../api/shapes.ts";
import { objectTypes, useMay } from "../../api/use-may.ts";
import { ButtonLink } from "../../components/button-link.tsx";
import { countOf } from "../../components/format.ts";
import { Time } from "../../components/time.tsx";
import { RunStrip } from "./run-strip.tsx";
import classes from "./dashboard.module.css";

/** `firstId` names the job a fresh installation should begin with. */
export function JobList({ jobs, firstId }: { jobs: JobCard[]; firstId: string | undefined }) {
  return (
    <ul className={classes.jobs}>
      {jobs.map((job) => (
        <JobRow key={job.id} job={job} isFirst={job.id === firstId} />
      ))}
    </ul>
  );
}

function JobRow({ job, isFirst }: { job: JobCard; isFirst: boolean }) {
  const isComparison = job.direction === "comparison";
  const verb = isComparison ? "Compare" : "Sync";
  const mayRun = useMay()(objectTypes.job, "run");
  return (
    <li className={classes.job}>
      <div className={classes.jobText}>
        <div className={classes.jobTitle}>
          <Link to="/plugins/ssot/jobs/$jobId/" params={{ jobId: job.id }}>
            {job.title}
          </Link>
          {job.isExample && <span className={classes.example}>example</span>}
        </div>
        <div className={classes.way}>
          <Side name={job.sourceName} isHub={job.hubSide === "source"} />
          {isComparison ? (
            <IconArrowsDiff size={14} stroke={1.8} aria-label="with" />
          ) : (
            <IconArrowRight size={14} stroke={1.8} aria-label="to" />
          )}
          <Side name={job.targetName} isHub={job.hubSide === "target"} />
        </div>
      </div>
      <StateText state={job.state} />
      <div className={classes.strip}>
        {job.lastRuns.length > 0 && (
          <>
            <RunStrip runs={job.lastRuns} isComparison={isComparison} />
            <span className={classes.total}>{countOf(job.total, "run")}</span>
          </>
        )}
      </div>
      {mayRun && (
        <ButtonLink
          size="xs"
          variant={isFirst ? "filled" : "default"}
          leftSection={<IconPlayerPlay size={14} stroke={2} aria-hidden />}
          aria-label={`${verb} ${job.title}`}
          to="/plugins/ssot/jobs/$jobId/run/"
          params={{ jobId: job.id }}
        >
          {verb}
        </ButtonLink>
      )}
    </li>
  );
}

function Side({ name, isHub }: { name: string; isHub: boolean }) {
  const SideIcon = isHub ? IconDatabase : IconServer2;
  return (
    <span className={classes.side}>
      <SideIcon size={14} stroke={1.6} aria-hidden />
      {name}
    </span>
  );
}

const tones: Record<JobState["kind"], string> = {
  agree: "good",
  differ: "warn",
  failing: "bad",
  running: "accent",
  "never-run": "none",
};

function StateText({ state }: { state: JobState }) {
  return (
    <div className={classes.state} data-tone={tones[state.kind]}>
      <span className={classes.dot} aria-hidden />
      <span>
        {state.at ? state.text.replace(/\.$/, "") : state.text}
        {state.at && (
          <span className="quiet">
            , <Time at={state.at} />
          </span>
        )}
      </span>
    </div>
  );
}
