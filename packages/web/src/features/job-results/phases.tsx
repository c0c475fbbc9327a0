import {
  IconAlertTriangle,
  IconCheck,
  IconMinus,
  IconPlayerPlay,
  IconX,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { JobResultDetail, PhaseProgress } from "../../api/shapes.ts";
import { isFinal } from "../../components/badges.tsx";
import { countOf, formatCount, formatDuration, formatElapsed } from "../../components/format.ts";
import { makesPlan } from "../../components/job-kind.ts";
import { useNow } from "../../components/time.tsx";
import classes from "./phases.module.css";

type PhaseState = "waiting" | "running" | "done" | "warned" | "cut" | "skipped";

interface Step {
  name: string;
  label: string;
  unit: string;
}

/** The phases of a run with counts, rate, time so far and an estimate of the rest. */
export function Phases({ result }: { result: JobResultDetail }) {
  const now = useNow(1_000);
  return (
    <ol className={classes.phases}>
      {stepsOf(result).map((step) => (
        <Phase
          key={step.name}
          step={step}
          progress={result.progress[step.name]}
          isEnded={isFinal(result.status)}
          jobResultId={result.id}
          mismatches={step.name === "verify" ? result.mismatches : 0}
          now={now}
        />
      ))}
    </ol>
  );
}

function stepsOf(result: JobResultDetail): Step[] {
  const isComparison = result.direction === "comparison";
  const loading = (side: string, name: string) =>
    isComparison ? `Load ${name}` : `Load the ${side}`;
  const target = { name: "target", label: loading("target", result.targetName), unit: "records" };
  // The way back begins at the target as it is.
  const load: Step[] = [
    ...(result.kind === "run"
      ? [{ name: "source", label: loading("source", result.sourceName), unit: "records" }, target]
      : [target, { name: "source", label: "Find the way back", unit: "records" }]),
    { name: "diff", label: "Compare", unit: "records" },
  ];
  const write: Step[] = [
    { name: "apply", label: "Apply", unit: "changes" },
    { name: "verify", label: "Verify", unit: "changes" },
  ];
  if (!makesPlan(result.kind)) return write;
  if (!result.isDryRun) return [...load, ...write];
  // Only what goes into the hub can be tried against its rules.
  return "rehearsal" in result.progress
    ? [...load, { name: "rehearsal", label: "Rehearse", unit: "changes" }]
    : load;
}

function stateOf(progress: PhaseProgress | undefined, isEnded: boolean): PhaseState {
  if (!progress?.startedAt) return isEnded ? "skipped" : "waiting";
  if (progress.finishedAt) return "done";
  return isEnded ? "cut" : "running";
}

const stateIcons = {
  waiting: null,
  running: IconPlayerPlay,
  done: IconCheck,
  warned: IconAlertTriangle,
  cut: IconX,
  skipped: IconMinus,
};

const stateWords: Record<PhaseState, string> = {
  waiting: "not started",
  running: "running",
  done: "done",
  warned: "done",
  cut: "not finished",
  skipped: "not reached",
};

interface PhaseProps {
  step: Step;
  progress: PhaseProgress | undefined;
  isEnded: boolean;
  jobResultId: string;
  /** Objects that did not read back as written. */
  mismatches: number;
  now: number;
}

function Phase({ step, progress, isEnded, jobResultId, mismatches, now }: PhaseProps) {
  const reached = stateOf(progress, isEnded);
  const state = mismatches > 0 && reached === "done" ? "warned" : reached;
  const StateIcon = stateIcons[state];
  const share = progress ? shareOf(progress, state) : null;
  return (
    <li className={classes.phase} data-state={state}>
      <span className={classes.mark}>
        {StateIcon && <StateIcon size={13} stroke={2.4} aria-hidden />}
      </span>
      <div className={classes.text}>
        <div className={classes.line}>
          <span className={classes.label}>{step.label}</span>
          {mismatches > 0 && <Mismatches jobResultId={jobResultId} count={mismatches} />}
          <span className={classes.facts}>{factsOf(step, progress, state, now).join(" · ")}</span>
        </div>
        {state === "running" && (
          <div
            className={classes.track}
            role="progressbar"
            aria-label={step.label}
            {...(share === null
              ? {}
              : {
                  "aria-valuenow": Math.round(share * 100),
                  "aria-valuemin": 0,
                  "aria-valuemax": 100,
                })}
          >
            <span
              data-endless={share === null || undefined}
              style={share === null ? undefined : { width: `${share * 100}%` }}
            />
          </div>
        )}
      </div>
    </li>
  );
}

/** Leads to the lines of the log below that name the objects. */
function Mismatches({ jobResultId, count }: { jobResultId: string; count: number }) {
  return (
    <Link
      to="/extras/job-results/$jobResultId/"
      params={{ jobResultId }}
      search={{ grouping: "verify", level: "warning" }}
      className={classes.warning}
    >
      {countOf(count, "object does", "objects do")} not read back as written
    </Link>
  );
}

function shareOf(progress: PhaseProgress, state: PhaseState): number | null {
  if (state === "done" || state === "warned") return 1;
  if (!progress.total) return null;
  return Math.min(1, progress.done / progress.total);
}

function factsOf(
  step: Step,
  progress: PhaseProgress | undefined,
  state: PhaseState,
  now: number,
): string[] {
  if (!progress?.startedAt) return [stateWords[state]];
  const { done, total, perSecond, startedAt, finishedAt } = progress;
  const facts: string[] = [];
  if (state === "cut") facts.push(stateWords.cut);
  const isPart = total !== null && total > 0 && state === "running";
  facts.push(
    isPart
      ? `${formatCount(done)} of ${formatCount(total)} ${step.unit}`
      : `${formatCount(done)} ${step.unit}`,
  );
  if (perSecond !== null && perSecond > 0) facts.push(`${formatCount(Math.round(perSecond))}/s`);
  const start = new Date(startedAt).getTime();
  if (finishedAt) facts.push(formatDuration(new Date(finishedAt).getTime() - start));
  if (state === "running") {
    facts.push(formatElapsed(startedAt, now));
    if (isPart && perSecond !== null && perSecond > 0 && done < total) {
      facts.push(`about ${formatDuration(((total - done) / perSecond) * 1000)} left`);
    }
  }
  return facts;
}
