// How a Data Source or Target stands, in words, from its newest runs.
import type { z } from "@hono/zod-openapi";
import type { JobState as JobStateSchema } from "../../rest/declarations/job.ts";
import { isFinal } from "@plumbline/sync";
import type { Run } from "./runs.ts";

export type JobState = z.infer<typeof JobStateSchema>;

/** Whether the job is at work, and else how it stands. */
export function jobStateOf(newest: readonly Run[]): JobState {
  const current = newest[0];
  if (current !== undefined && !isFinal(current.status)) {
    const text = {
      pending: "waits for a worker",
      waiting: "waits for another run",
      running: "running",
    }[current.status as "pending" | "waiting" | "running"];
    return { kind: "running", text, at: (current.startedAt ?? current.createdAt).toISOString() };
  }
  return standingOf(newest);
}

/** How the job stands by its newest run that came to a result; a cancelled one says nothing. */
export function standingOf(
  newest: readonly Run[],
): JobState & { kind: "agree" | "differ" | "failing" | "never-run" } {
  const ended = newest.filter((run) => isFinal(run.status));
  const run = ended.find(({ status }) => status !== "cancelled");
  if (run === undefined) {
    return { kind: "never-run", text: ended.length > 0 ? "never finished" : "never run", at: null };
  }
  const at = run.finishedAt?.toISOString() ?? null;
  switch (run.status) {
    case "in-agreement":
      return { kind: "agree", text: "in agreement", at };
    case "applied":
    case "held":
      return run.held === 0
        ? { kind: "agree", text: "in agreement", at }
        : run.held === run.heldUnasked
          ? { kind: "differ", text: `in agreement save ${plural(run.held, "withheld delete")}`, at }
          : { kind: "differ", text: `${plural(run.held, "change")} held`, at };
    case "planned":
      return { kind: "differ", text: plural(run.planned, "difference"), at };
    case "partial":
      return {
        kind: "failing",
        text: leftUndone(run) || "some records could not be used",
        at,
      };
    case "not-converged":
    case "failed":
    case "stale":
    case "lost":
      return {
        kind: "failing",
        text: run.statusReason === null ? run.status : `${run.status}: ${run.statusReason}`,
        at,
      };
    case "cancelled":
    case "pending":
    case "waiting":
    case "running":
      return { kind: "never-run", text: "never run", at: null };
  }
}

/** "3 changes failed, 2 not written" */
function leftUndone({ failed, notWritten }: Run): string {
  const parts = [
    ...(failed > 0 ? [`${plural(failed, "change")} failed`] : []),
    ...(notWritten > 0
      ? [`${failed > 0 ? number(notWritten) : plural(notWritten, "change")} not written`]
      : []),
  ];
  return parts.join(", ");
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}

function plural(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}
