import {
  InvalidDeclarationError,
  NotAllowedError,
  type Adapter,
  type Store,
} from "@plumbline/sync";
import type { DataSyncJob, SyncRun } from "@plumbline/plugin-kit";
import { createJobSchema, type JobSchema } from "../plugins/job-schema.ts";
import { applyPlan } from "./apply-plan.ts";
import { comparesOnly } from "./comparison.ts";
import { createRunHub, isIntoHub } from "./hub.ts";
import { rememberPairs, type PairScope } from "./identity.ts";
import { type JobKind, makesPlan } from "./job-kind.ts";
import type { JobLog } from "./job-log.ts";
import { settleClaims } from "./claims.ts";
import { settleMissing } from "./missing-objects.ts";
import { loadSides, loadTargetFirst, type LoadedSides } from "./load-sides.ts";
import { makePlan, type MadePlan } from "./make-plan.ts";
import { createOutcomeRecorder, type OutcomeRecorder } from "./outcome-recorder.ts";
import { rehearse } from "./rehearse.ts";
import type { RunContext } from "./run-context.ts";
import { withCustomFieldsOf } from "./job-custom-fields.ts";
import { closeGate, type RunGate } from "./run-gate.ts";
import { recordRules, type RunRules } from "./run-rules.ts";
import { dropStaged } from "../staging/drop-staging.ts";
import { fillHubJournal, readRenamedSince } from "./undo/hub-journal.ts";
import { stageJournal } from "./undo/journal.ts";
import { restoreClaims } from "./undo/restore-claims.ts";
import { fillTargetJournal } from "./undo/target-journal.ts";
import { findWayBack, type WayBack } from "./undo/way-back.ts";
import { wayBackJob } from "./undo/way-back-job.ts";
import { verifyApplied } from "./verify.ts";

/** What a run that came to its end says beside its counts. */
export interface RunResult {
  readonly planDigest: string | null;
  /** How many objects did not read back as written, and the first of them: thing, fact, next step. */
  readonly mismatches: number;
  /** Changes of a dry run that the hub would refuse. */
  readonly refused: number;
  readonly firstMismatches: readonly string[];
}

const namedMismatches = 3;

interface Sides {
  /** Null where a recorded plan is applied, or another sync taken back. */
  readonly source: Adapter | null;
  readonly target: Adapter;
}

/**
 * Does a run from its first step to its last and records everything but its end.
 * @throws whatever ends the run; what was recorded and applied until then stays.
 */
export async function executeRun(asked: RunContext): Promise<RunResult> {
  const { database, request, log } = asked;
  const job = await withCustomFieldsOf(
    database,
    request.undoOf === null ? asked.job : await wayBackJob(database, asked.job, request.undoOf),
  );
  if (job.direction === "comparison" && !(request.kind === "run" && request.isDryRun)) {
    throw new NotAllowedError(comparesOnly(job.id));
  }
  const context: RunContext = { ...asked, job };
  const jobSchema = createJobSchema(job);
  const gate = closeGate(log);
  const recorder = createOutcomeRecorder(database, request);
  const sides = await openSides(context, recorder, gate);
  log.write("info", "run", openingLine(context, sides));
  const steps = createSteps(context, jobSchema, sides, recorder, gate);
  try {
    if (!makesPlan(request.kind)) {
      await steps.applyRecorded();
    } else if (job.sync !== null) {
      await job.sync(steps.forAuthor());
    } else {
      await steps.load();
      await steps.plan();
      await steps.apply();
    }
    return steps.result();
  } finally {
    await steps.close();
    await closeSides(sides, log);
  }
}

interface Steps {
  readonly load: () => Promise<void>;
  readonly plan: () => Promise<void>;
  /** Applies what was planned; nothing in a dry run. */
  readonly apply: () => Promise<void>;
  /** Applies the plan of an earlier dry run. */
  readonly applyRecorded: () => Promise<void>;
  readonly forAuthor: () => SyncRun;
  readonly result: () => RunResult;
  /** Drops what was loaded. */
  readonly close: () => Promise<void>;
}

function createSteps(
  context: RunContext,
  jobSchema: JobSchema,
  sides: Sides,
  recorder: OutcomeRecorder,
  gate: RunGate,
): Steps {
  const { database, job, request, log, signal } = context;
  const { connection, hubSide } = job;
  const pairScope: PairScope | null = hubSide === null ? null : { connection, hubSide };
  const { schema, models } = jobSchema;
  let rules: RunRules | null = null;
  let loaded: LoadedSides | null = null;
  let made: MadePlan | null = null;
  let wayBack: WayBack | null = null;
  let mismatches = 0;
  let refused = 0;
  const firstMismatches: string[] = [];

  const write = async (isPlanFresh: boolean): Promise<void> => {
    gate.throwIfRefused();
    gate.isOpen = true;
    const wrote = await applyPlan(context, schema, sides.target, recorder, { isPlanFresh });
    gate.isOpen = false;
    const { id: jobId } = job;
    const { undoOf } = request;
    if (undoOf === null) {
      if (isIntoHub(job)) await settleClaims(database, request, { connection, jobId });
      else await settleMissing(database, request, job);
    } else if (isIntoHub(job)) {
      await restoreClaims(database, request, { connection, undoOf });
    }
    if (pairScope !== null) {
      const pairable = undoOf === null && loaded !== null ? { models, store: loaded.store } : null;
      await rememberPairs(database, request, pairScope, pairable);
    }
    if (wrote === 0) return;
    const phase = await context.progress.start("verify", wrote);
    await verifyApplied({
      database,
      schema,
      models,
      target: sides.target,
      syncId: request.syncId,
      jobResultId: request.jobResultId,
      signal,
      onProgress: (checked) => phase.advance(checked),
      onMismatch: (message) => {
        mismatches += 1;
        if (firstMismatches.length < namedMismatches) firstMismatches.push(message);
        log.write("warning", "verify", message);
      },
    });
    await phase.finish();
    if (mismatches === 0) log.write("success", "verify", "Everything written reads back equal.");
  };

  const steps: Steps = {
    async load() {
      const { source, target } = sides;
      if (loaded !== null) throw outOfOrder(job, "load() was called twice");
      rules = await recordRules(context, schema);
      if (source !== null) {
        loaded = await loadSides(context, jobSchema, { source, target }, rules);
      } else {
        ({ loaded, made: wayBack } = await loadTargetFirst(context, jobSchema, target, (store) =>
          readWayBack(context, jobSchema, target, store),
        ));
      }
      gate.throwIfRefused();
    },
    async plan() {
      if (loaded === null || rules === null)
        throw outOfOrder(job, "plan() was called before load()");
      if (made !== null) throw outOfOrder(job, "plan() was called twice");
      made = await makePlan(context, jobSchema, loaded, pairScope, rules, wayBack);
      if (request.isDryRun && isIntoHub(job)) refused = await rehearse(context, schema);
    },
    async apply() {
      if (made === null) throw outOfOrder(job, "apply() was called before plan()");
      if (request.isDryRun) return;
      await write(true);
    },
    applyRecorded: () => write(false),
    forAuthor: () => ({
      isDryRun: request.isDryRun,
      variables: request.variables,
      logger: log.logger("run"),
      signal,
      load: steps.load,
      plan: steps.plan,
      apply: steps.apply,
    }),
    result: () => ({ planDigest: made?.digest ?? null, mismatches, firstMismatches, refused }),
    async close() {
      await loaded?.store.close();
      // The journal of the sync that is taken back.
      if (request.undoOf !== null) await dropStaged(database.pool, request.jobResultId);
    },
  };
  return steps;
}

/** Opens both systems; to apply a recorded plan, or to take a sync back, the target alone. */
async function openSides(
  context: RunContext,
  recorder: OutcomeRecorder,
  gate: RunGate,
): Promise<Sides> {
  const { job, request, log, signal } = context;
  // What comes back is whose it was.
  const claimant = request.undoOf === null ? job.connection : undefined;
  const hub = createRunHub(context.database, request, gate, recorder, claimant);
  const open = async (side: "source" | "target"): Promise<Adapter> => {
    const isWritten = side === (job.direction === "target" ? "target" : "source");
    const opener = isWritten ? job.open : job.openOther;
    const adapter =
      opener === null
        ? hub.adapter(job.models)
        : await opener({
            models: job.models,
            variables: request.variables,
            hub,
            signal,
            dataDirectory: context.dataDirectory,
            logger: log.logger(side),
          });
    if (signal.aborted) throw signal.reason;
    assertDeclares(adapter, job);
    return adapter;
  };
  const source = request.kind === "run" ? await open("source") : null;
  return { source, target: await open("target") };
}

/** A model that a side never gives would look like one without records: everything of it deleted. */
function assertDeclares(adapter: Adapter, job: DataSyncJob): void {
  const declared = new Set(adapter.models.map(({ name }) => name));
  const missing = job.models.filter(({ name }) => !declared.has(name));
  if (missing.length === 0) return;
  throw new InvalidDeclarationError(
    `${adapter.name} does not have ${missing.map(({ pluralLabel }) => pluralLabel).join(", ")}, which the job ${job.id} syncs. Add them to the adapter's \`models\`, or leave them out of the job.`,
  );
}

async function closeSides(sides: Sides, log: JobLog): Promise<void> {
  for (const adapter of [sides.source, sides.target]) {
    if (adapter === null) continue;
    try {
      await adapter.close?.();
    } catch (error) {
      log.write("warning", "run", `Closing ${adapter.name} failed: ${String(error)}`);
    }
  }
}

const openings: Readonly<Record<JobKind, string>> = {
  run: "Run into ",
  apply: "Applying the recorded plan to ",
  resume: "Carrying on with what was not tried of the plan, to ",
  retry: "Trying again what failed of the plan, to ",
  undo: "Planning the way back of ",
  rollback: "Taking changes back from ",
};

/** The way back from what another sync did, by the target as it is now. */
async function readWayBack(
  { database, job, request }: RunContext,
  jobSchema: JobSchema,
  target: Adapter,
  store: Store,
): Promise<WayBack> {
  const { pool } = database;
  const undoOf = request.undoOf ?? "";
  const { schema, models } = jobSchema;
  const isHub = isIntoHub(job);
  const journal = await stageJournal(pool, request.jobResultId, (table) =>
    isHub ? fillHubJournal(pool, undoOf, table) : fillTargetJournal(pool, schema, undoOf, table),
  );
  const renamedSince = isHub ? await readRenamedSince(pool, undoOf, models) : [];
  return findWayBack(target, jobSchema, store, journal, renamedSince);
}

function openingLine({ job, request }: RunContext, { source, target }: Sides): string {
  if (source === null) return openings[request.kind] + target.name;
  if (job.direction === "comparison") return `Comparison: ${source.name} ↔ ${target.name}`;
  const kind = request.isDryRun ? "Dry run" : "Run";
  return `${kind}: ${source.name} → ${target.name}`;
}

function outOfOrder(job: DataSyncJob, fact: string): InvalidDeclarationError {
  return new InvalidDeclarationError(
    `The job ${job.id}: ${fact}; its sync function calls load(), plan() and apply() once each, in this order.`,
  );
}
