import type { Adapter, Logger, Writer } from "./adapter.ts";
import { apply } from "./apply.ts";
import { cancelled, neverAborted } from "./cancel.ts";
import type { DeleteCeiling } from "./ceiling.ts";
import type { PlannedChange } from "./change.ts";
import { UnsupportedOperationError } from "./errors.ts";
import { loadPhase, type OutcomeCounts, type SyncEvent, type SyncPhase } from "./event.ts";
import type { Finding, SideName } from "./finding.ts";
import type { Pairs } from "./identity.ts";
import { checkIgnore, ignorableModels, type IgnoreRule } from "./ignore.ts";
import { loadSide, type LoadSummary } from "./load-side.ts";
import { createMemoryStore } from "./memory-store.ts";
import type { Model } from "./model.ts";
import { createOutcomeCounter } from "./outcome-counter.ts";
import type { Outcome } from "./outcome.ts";
import { plan, type PlanSummary } from "./plan.ts";
import type { Schema } from "./schema.ts";
import { checkScope, type Scope } from "./scope.ts";
import type { Store } from "./store.ts";

/** What a run is made of. */
export interface SyncOptions {
  readonly source: Adapter;
  readonly target: Adapter;
  readonly schema: Schema;
  /** Models to sync; those both sides have where absent. */
  readonly models?: readonly Model[] | undefined;
  /** What the run is about; everything where absent. */
  readonly scope?: Scope | null | undefined;
  /** What of the models is passed over. */
  readonly ignore?: readonly IgnoreRule[] | undefined;
  /** Plan only: the target is not written. */
  readonly isDryRun: boolean;
  readonly asksDeletes?: boolean | undefined;
  readonly ceiling?: DeleteCeiling | null | undefined;
  readonly pairs?: Pairs | undefined;
  /** Empty, for this run alone; in this process's memory where absent. */
  readonly store?: Store | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: SyncEvent) => void) | undefined;
}

/** All that a run found and did, in memory. */
export interface SyncResult {
  readonly summary: PlanSummary;
  /** Every change of the plan, held ones included, in the order of applying. */
  readonly changes: readonly PlannedChange[];
  /** Empty in a dry run. */
  readonly outcomes: readonly Outcome<PlannedChange>[];
  readonly outcomeCounts: OutcomeCounts;
  /** Of the loads and of the planning. */
  readonly findings: readonly Finding[];
}

/**
 * A whole run in this process: loads both sides in parallel, plans, and applies unless it is a dry run.
 * The adapters stay open. @throws UnsupportedOperationError for a target that cannot be written or a model
 * that a side lacks; CancelledError when cancelled before applying; what a load throws.
 */
export async function sync(options: SyncOptions): Promise<SyncResult> {
  const { source, target, schema } = options;
  const signal = options.signal ?? neverAborted;
  const emit = options.onEvent ?? (() => undefined);
  const logger = createEventLogger(emit);
  const models = options.models ?? shared(schema, source, target);
  checkCapabilities(options, models);
  checkScope(schema, options.scope);
  checkIgnore(ignorableModels(schema), options.ignore);

  const findings: Finding[] = [];
  const onFinding = (finding: Finding): void => {
    findings.push(finding);
    emit({ type: "finding", finding });
  };

  const store = options.store ?? createMemoryStore(schema);
  const [fromSource, fromTarget] = await loadBoth(signal, (side, loadSignal) =>
    timed(emit, loadPhase(side), async () => {
      const summary = await loadSide(side === "source" ? source : target, {
        side,
        schema,
        store,
        models,
        scope: options.scope,
        signal: loadSignal,
        logger,
        onFinding,
        onProgress: ({ model, done, total }) =>
          emit({ type: "phase-progress", phase: loadPhase(side), model, done, total }),
      });
      emit({ type: "loaded", side, summary });
      return summary;
    }),
  );

  const changes: PlannedChange[] = [];
  const summary = await timed(emit, "plan", async () => {
    const stream = plan(store, schema, {
      models,
      source: fromSource,
      target: fromTarget,
      asksDeletes: options.asksDeletes ?? false,
      ceiling: options.ceiling,
      scope: options.scope,
      ignore: options.ignore,
      pairs: options.pairs,
      signal,
      onFinding,
      onProgress: ({ model, done, total }) =>
        emit({ type: "phase-progress", phase: "plan", model, done, total }),
    });
    for await (const batch of stream) for (const change of batch) changes.push(change);
    emit({ type: "planned", summary: stream.summary });
    return stream.summary;
  });

  const outcomes: Outcome<PlannedChange>[] = [];
  const counter = createOutcomeCounter();
  const toApply = changes.length - summary.totals.held;
  if (!options.isDryRun && toApply > 0) {
    await timed(emit, "apply", async () => {
      const writer = await openWriter(target, signal, logger);
      for await (const batch of apply([changes], writer, { schema, signal, logger })) {
        for (const outcome of batch) {
          counter.add(outcome);
          outcomes.push(outcome);
        }
        emit({ type: "outcomes", outcomes: batch, counts: { ...counter.counts } });
        const done = outcomes.length;
        emit({ type: "phase-progress", phase: "apply", model: null, done, total: toApply });
      }
    });
  }
  return { summary, changes, outcomes, outcomeCounts: counter.counts, findings };
}

function shared(schema: Schema, source: Adapter, target: Adapter): readonly Model[] {
  const inTarget = new Set(target.models.map(({ name }) => name));
  return source.models.filter(({ name }) => inTarget.has(name) && schema.has(name));
}

function checkCapabilities(options: SyncOptions, models: readonly Model[]): void {
  for (const adapter of [options.source, options.target]) {
    const known = new Set(adapter.models.map(({ name }) => name));
    const missing = models.find(({ name }) => !known.has(name));
    if (!missing) continue;
    throw new UnsupportedOperationError(
      `${adapter.name} does not have ${missing.pluralLabel}. Leave ${missing.name} out of the sync.`,
    );
  }
  if (models.length === 0) {
    throw new UnsupportedOperationError(
      `${options.source.name} and ${options.target.name} have no model in common.`,
    );
  }
  if (!options.isDryRun && !options.target.writer) {
    throw new UnsupportedOperationError(
      `${options.target.name} can only be read. Make it the source, or ask for a dry run.`,
    );
  }
}

async function openWriter(target: Adapter, signal: AbortSignal, logger: Logger): Promise<Writer> {
  if (signal.aborted) throw cancelled(signal);
  const writer = await target.writer?.({ signal, logger });
  if (!writer) throw new UnsupportedOperationError(`${target.name} can only be read.`);
  return writer;
}

/** Loads in parallel; when one side fails the other is stopped, and waited for. */
async function loadBoth(
  signal: AbortSignal,
  load: (side: SideName, signal: AbortSignal) => Promise<LoadSummary>,
): Promise<readonly [LoadSummary, LoadSummary]> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  let failure: { readonly error: unknown } | null = null;
  const guarded = async (side: SideName): Promise<LoadSummary | null> => {
    try {
      return await load(side, both);
    } catch (error) {
      failure ??= { error };
      stop.abort(error);
      return null;
    }
  };
  const [source, target] = await Promise.all([guarded("source"), guarded("target")]);
  if (source && target) return [source, target];
  const failed = failure as { readonly error: unknown } | null;
  throw failed?.error;
}

async function timed<T>(
  emit: (event: SyncEvent) => void,
  phase: SyncPhase,
  work: () => Promise<T>,
): Promise<T> {
  emit({ type: "phase-started", phase });
  const started = performance.now();
  const result = await work();
  const durationMs = Math.round(performance.now() - started);
  emit({ type: "phase-finished", phase, durationMs });
  return result;
}

function createEventLogger(emit: (event: SyncEvent) => void): Logger {
  const at =
    (level: "debug" | "info" | "warning" | "error") =>
    (message: string, details?: Record<string, unknown>): void =>
      emit({ type: "log", level, message, details: details ?? null });
  return { debug: at("debug"), info: at("info"), warning: at("warning"), error: at("error") };
}
