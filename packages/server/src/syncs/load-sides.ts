import {
  checkIgnore,
  ignorableModels,
  loadSide,
  PlumblineError,
  providedFields,
  RemoteSystemError,
  type Adapter,
  type Finding,
  type LoadSummary,
  type Model,
  type SideName,
  type Store,
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

interface Sides {
  readonly source: Adapter;
  readonly target: Adapter;
}

/** Loads both sides in parallel. When one fails the other is stopped, and nothing will be written. */
export async function loadSides(
  context: RunContext,
  jobSchema: JobSchema,
  sides: Sides,
  rules: RunRules,
): Promise<LoadedSides> {
  const ignored = checkIgnore(ignorableModels(jobSchema.schema), rules.ignore);
  const { source, target } = sides;
  return withStore(
    context,
    jobSchema,
    (model) => {
      const inTarget = new Set(providedFields(target, model));
      const inBoth = providedFields(source, model).filter((name) => inTarget.has(name));
      const passedOver = ignored.fields(model.name);
      return inBoth.filter((name) => !passedOver.has(name));
    },
    async (store) => {
      const failing = new AbortController();
      const findings: Finding[] = [];
      const load = async (side: SideName): Promise<LoadSummary> => {
        const signal = AbortSignal.any([context.signal, failing.signal]);
        try {
          const loading = { adapter: sides[side], side, scope: rules.scope, signal, findings };
          return await loadOne(context, jobSchema, store, loading);
        } catch (error) {
          failing.abort(error);
          throw error;
        }
      };
      const [loadedSource, loadedTarget] = await Promise.allSettled([
        load("source"),
        load("target"),
      ]);
      context.signal.throwIfAborted();
      // The side that failed says why; the other one was only stopped for it.
      if (failing.signal.aborted) throw failing.signal.reason;
      if (loadedSource.status === "rejected") throw loadedSource.reason;
      if (loadedTarget.status === "rejected") throw loadedTarget.reason;
      return { store, source: loadedSource.value, target: loadedTarget.value, findings };
    },
  );
}

/** Both sides of a way back are read more than once: no more than so many records of them are held in memory. */
const mostOfWayBackInMemory = 20_000;

/** Loads the target, and then the source that is made of it; the findings of the making are added. */
export async function loadTargetFirst<
  S extends { readonly source: Adapter; readonly findings: readonly Finding[] },
>(
  context: RunContext,
  jobSchema: JobSchema,
  target: Adapter,
  makeSource: (store: Store) => Promise<S>,
): Promise<{ readonly loaded: LoadedSides; readonly made: S }> {
  const { signal } = context;
  const findings: Finding[] = [];
  const provided = (model: Model): readonly string[] => providedFields(target, model);
  const load = async (store: StagingStore) => {
    const both = { scope: null, signal, findings };
    const onTarget = { adapter: target, side: "target", ...both } as const;
    const loadedTarget = await loadOne(context, jobSchema, store, onTarget);
    const made = await makeSource(store);
    findings.push(...made.findings);
    const onSource = { adapter: made.source, side: "source", ...both } as const;
    const source = await loadOne(context, jobSchema, store, onSource);
    return { loaded: { store, source, target: loadedTarget, findings }, made };
  };
  return withStore(context, jobSchema, provided, load, mostOfWayBackInMemory);
}

/** Has the store closed where the loading fails. */
async function withStore<T>(
  context: RunContext,
  { schema }: JobSchema,
  provided: (model: Model) => readonly string[],
  load: (store: StagingStore) => Promise<T>,
  mostInMemory?: number,
): Promise<T> {
  const options = {
    pool: context.database.pool,
    schema,
    runId: context.request.jobResultId,
    provided: (model: Model) => [...model.keyNames, ...provided(model)],
  };
  const store = createRunStore(options, mostInMemory);
  try {
    return await load(store);
  } catch (error) {
    await store.close();
    throw error;
  }
}

interface Loading {
  readonly adapter: Adapter;
  readonly side: SideName;
  readonly scope: RunRules["scope"];
  readonly signal: AbortSignal;
  /** Takes what is found. */
  readonly findings: Finding[];
}

async function loadOne(
  context: RunContext,
  { schema, models }: JobSchema,
  store: Store,
  { adapter, side, scope, signal, findings }: Loading,
): Promise<LoadSummary> {
  const phase = await context.progress.start(side);
  const done = new Map<string, number>();
  const totals = new Map<string, number>();
  try {
    const summary = await loadSide(adapter, {
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
      .map(([name, count]) => {
        const { label, pluralLabel } = schema.model(name);
        return `${count} ${count === 1 ? label : pluralLabel}`;
      })
      .join(", ");
    context.log.write("info", side, `Loaded ${adapter.name}: ${counts || "nothing"}`);
    return summary;
  } catch (error) {
    throw naming(adapter, error);
  }
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
