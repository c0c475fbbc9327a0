/**
 * What a run is asked to do with its sync.
 *
 * | kind | does |
 * |---|---|
 * | run | load, diff, plan, and apply unless dry |
 * | apply | the plan of an earlier dry run |
 * | resume | what an applying that ended early left undone |
 * | retry | what failed, and what was skipped because of that |
 * | undo | plan the way back from what another sync applied, for review |
 * | rollback | plan the way back, and apply it at once |
 */
export const jobKinds = ["run", "apply", "resume", "retry", "undo", "rollback"] as const;

export type JobKind = (typeof jobKinds)[number];

/** Whether the run carries on with a plan of which something was tried before. */
export function carriesOn(kind: JobKind): boolean {
  return kind === "resume" || kind === "retry";
}

/** Whether the run makes its sync's plan; the others apply the one that is recorded. */
export function makesPlan(kind: JobKind): boolean {
  return kind === "run" || kind === "undo" || kind === "rollback";
}
