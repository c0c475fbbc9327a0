import {
  checkIgnore,
  ignorableModels,
  loadSide,
  PlumblineError,
  RemoteSystemError,
  type Adapter,
  type Finding,
  type LoadSummary,
  type SideName,
} from "@plumbline/sync";
import type { JobSchema } from "../plugins/job-schema.ts";
import { createRunStore } from "../staging/run-store.ts";
import type { StagingStore } from "../staging/staging-store.ts";
import type { RunRules } from "./run-rules.ts";
import type { RunContext } from "./run-context.ts";

export interface LoadedSides {
  /** To be closed when the run is done with it. */
  readonly store: StagingStore;
  readonly source: LoadSummary;
  readonly target: LoadSummary;
  readonly findings: readonly Finding[];
}

/** Loads both sides in parallel. When one fails the other is stopped, and nothing will be written. */
export async function loadSides(
  context: RunContext,
  jobSchema: JobSchema,
  sides: { readonly source: Adapter; readonly target: Adapter },
  rules: RunRules,
): Promise<LoadedSides> {
  const ignored = checkIgnore(ignorableModels(jobSchema.schema), rules.ignore);
  const { source, target } = sides;
  const store = createRunStore({
    pool: context.database.pool,
    schema: jobSchema.schema,
    runId: context.request.jobResultId,
    provided: (model) => {
      const inTarget = new Set(target.provides?.(model) ?? model.names);
      const inBoth = (source.provides?.(model) ?? model.names).filter((name) => inTarget.has(name));
      const passedOver = ignored.fields(model.name);
      return [...model.keyNames, ...inBoth].filter((name) => !passedOver.has(name));
    },
  });
  try {
    return await loadInto(store, context, jobSchema, sides, rules.scope);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function loadInto(
  store: StagingStore,
  context: RunContext,
  { schema, models }: JobSchema,
  sides: { readonly source: Adapter; readonly target: Adapter },
  scope: RunRules["scope"],
): Promise<LoadedSides> {
  const findings: Finding[] = [];
  const failing = new AbortController();
  const signal = AbortSignal.any([context.signal, failing.signal]);

  const load = async (side: SideName): Promise<LoadSummary> => {
    const phase = await context.progress.start(side);
    const done = new Map<string, number>();
    const totals = new Map<string, number>();
    try {
      const summary = await loadSide(sides[side], {
        side,
        schema,
        store,
        signal,
        logger: context.log.logger(side),
        models,
        scope,
        onFinding: (finding) => void findings.push(finding),
        onProgress(progress) {
          done.set(progress.model, progress.done);
          if (progress.total !== null) totals.set(progress.model, progress.total);
          phase.advance(sum(done), totals.size === models.length ? sum(totals) : null);
        },
      });
      await phase.finish();
      const counts = Object.entries(summary.counts)
        .filter(([, count]) => count > 0)
        .map(([model, count]) => `${count} ${schema.model(model).pluralLabel}`)
        .join(", ");
      context.log.write("info", side, `Loaded ${sides[side].name}: ${counts || "nothing"}`);
      return summary;
    } catch (error) {
      const told = naming(sides[side], error);
      failing.abort(told);
      throw told;
    }
  };

  const [source, target] = await Promise.allSettled([load("source"), load("target")]);
  context.signal.throwIfAborted();
  // The side that failed says why; the other one was only stopped for it.
  if (failing.signal.aborted) throw failing.signal.reason;
  if (source.status === "rejected") throw source.reason;
  if (target.status === "rejected") throw target.reason;
  return { store, source: source.value, target: target.value, findings };
}

/** What an adapter throws without our knowing of it says nothing of which side it was. */
function naming(adapter: Adapter, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof PlumblineError || error.name === "AbortError") {
    return error;
  }
  return new RemoteSystemError(`${adapter.name} could not be read: ${error.message}`, {
    cause: error,
  });
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
