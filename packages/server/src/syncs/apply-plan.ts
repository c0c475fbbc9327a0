import {
  apply,
  keyLabel,
  staleOutcome,
  StalePlanError,
  UnsupportedOperationError,
  type Adapter,
  type ApplyContext,
  type Schema,
  type Writer,
} from "@plumbline/sync";
import type { OutcomeRecorder } from "./outcome-recorder.ts";
import { confirmSent } from "./confirm-sent.ts";
import { isIntoHub } from "./hub.ts";
import { carriesOn, type JobKind } from "./job-kind.ts";
import { countOpen, type PlanRows, readPlan } from "./read-plan.ts";
import type { RecordedChange } from "./record-plan.ts";
import type { RunContext } from "./run-context.ts";
import { readReferences } from "./plan-references.ts";
import { type FindStale, readForStale, type StaleFinders } from "./stale-by-reading.ts";
import { findStaleInHub } from "./stale-references.ts";

const rowsOf: Readonly<Record<JobKind, PlanRows>> = {
  run: "open",
  apply: "open",
  undo: "open",
  rollback: "open",
  resume: "unfinished",
  retry: "failed",
};

/**
 * Applies the recorded rows of the sync's plan that are not held, through the target's writer, and
 * records an outcome for each. A plan made earlier is first checked whole against the target; where some of
 * it was applied before, each row is checked for itself.
 * Gives the number of changes applied.
 * @throws StalePlanError, before anything is written; CancelledError after the rest got its outcome.
 */
export async function applyPlan(
  context: RunContext,
  schema: Schema,
  target: Adapter,
  recorder: OutcomeRecorder,
  options: { readonly isPlanFresh: boolean },
): Promise<number> {
  const { database, job, request, log, signal } = context;
  const rows = rowsOf[request.kind];
  const isLenient = carriesOn(request.kind);
  let total = await countOpen(database, request.syncId, rows);
  if (total === 0) return 0;
  if (target.writer === undefined) {
    throw new UnsupportedOperationError(
      `${target.name} can only be read; use it as a source, or run dry.`,
    );
  }
  const logger = log.logger("apply");
  const applyContext: ApplyContext = { signal, logger };
  const opened = await target.writer(applyContext);
  // The hub's outcomes go with its transactions; what is sent elsewhere, files too, is noted before.
  const isHub = isIntoHub(job);
  const writer = isHub ? opened : recorder.journaled(opened);
  if (isLenient && !isHub) {
    const { models } = target;
    const { syncId } = request;
    const found = await confirmSent({ database, schema, models, target, syncId, signal, recorder });
    if (found > 0) {
      log.write("info", "apply", `${found} changes had been sent before and read back as written`);
      total -= found;
    }
  }
  let stale: ReadonlyMap<number, string> = new Map();
  // What is left of a plan is refused row by row; the hub's writer does so by itself.
  const isRefusedByRow = isLenient || opened.isolatesStale === true;
  if (!options.isPlanFresh && !(isHub && isLenient)) {
    const finders = await findersFor(context, schema, target, writer, applyContext, isHub);
    if (isRefusedByRow) stale = await findStaleRows(context, finders.ofChanges, rows);
    else await refuseStale(context, schema, finders, recorder);
  }

  const phase = await context.progress.start("apply", total);
  let done = 0;
  let applied = 0;
  for await (const outcomes of apply(readPlan(database, request.syncId, rows), writer, {
    schema,
    signal,
    logger,
    staleness: ({ position }) => stale.get(position) ?? null,
  })) {
    await recorder.take(outcomes);
    for (const { status, change, error } of outcomes) {
      if (status === "applied") applied += 1;
      else if (status === "failed" || status === "stale") {
        const reason = error?.message ?? status;
        const text = reason.includes(change.label) ? reason : `${change.label}: ${reason}`;
        log.write("error", "apply", text, {
          model: change.model,
          object: change.label,
        });
      }
    }
    done += outcomes.length;
    phase.advance(done, total);
    // What is left gets its outcome at the end of the run, in one statement.
    signal.throwIfAborted();
  }
  await phase.finish();
  log.write("info", "apply", `Applied ${applied} of ${total} changes`);
  return applied;
}

/**
 * How to tell what is stale: the writer of the target knows of the changed objects, the hub of those referred
 * to; for what a target cannot tell, it is read once more.
 */
async function findersFor(
  { database, job }: RunContext,
  schema: Schema,
  target: Adapter,
  writer: Writer,
  applyContext: ApplyContext,
  isHub: boolean,
): Promise<StaleFinders> {
  const findStale = writer.findStale?.bind(writer);
  if (findStale === undefined) return readForStale(target, schema, applyContext);
  const ofChanges: FindStale = async (changes) => findStale(changes, applyContext);
  if (isHub) return { ofChanges, ofReferences: findStaleInHub(database.pool, job.models) };
  // Read only where the plan refers to anything.
  let reading: Promise<StaleFinders> | undefined;
  return {
    ofChanges,
    async ofReferences(references) {
      reading ??= readForStale(target, schema, applyContext);
      return (await reading).ofReferences(references);
    },
  };
}

/** Why rows of the plan no longer fit a target of which only these are refused, by position. */
async function findStaleRows(
  { database, request }: RunContext,
  findStale: FindStale,
  rows: PlanRows,
): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  for await (const changes of readPlan(database, request.syncId, rows)) {
    // A second step's object is as its first step leaves it.
    const first = changes.filter(({ step }) => step !== 2);
    for (const { change, reason } of await findStale(first)) {
      found.set((change as RecordedChange).position, reason);
    }
  }
  return found;
}

/** Refuses the plan where any of it is stale; the rows that are have that as their outcome. */
async function refuseStale(
  { database, request, log }: RunContext,
  schema: Schema,
  finders: StaleFinders,
  recorder: OutcomeRecorder,
): Promise<void> {
  const named: string[] = [];
  let count = 0;
  const note = (model: string, label: string, reason: string): void => {
    count += 1;
    if (named.length < 20) named.push(`${label} (${reason})`);
    log.write("error", "apply", `${label}: ${reason}`, { model });
  };
  for await (const changes of readPlan(database, request.syncId)) {
    // A second step's object is as its first step leaves it.
    const first = changes.filter(({ step }) => step !== 2);
    const stale = await finders.ofChanges(first);
    for (const { change, reason } of stale) note(change.model, change.label, reason);
    await recorder.take(
      stale.map(({ change, reason }) => staleOutcome(change as RecordedChange, reason)),
    );
  }
  for await (const references of readReferences(database, request.syncId)) {
    for (const { reference, reason } of await finders.ofReferences(references)) {
      const { model, key } = reference;
      note(model, `${schema.model(model).label} ${keyLabel(schema, model, key)}`, reason);
    }
  }
  if (count === 0) return;
  const more = count > named.length ? ` and ${count - named.length} more` : "";
  throw new StalePlanError(
    `The plan no longer fits the target, and nothing was written: ${named.join("; ")}${more}. Start a new dry run.`,
  );
}
