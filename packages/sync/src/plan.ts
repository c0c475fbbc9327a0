import { throwIfCancelled } from "./cancel.ts";
import { checkCeiling, defaultCeiling, type DeleteCeiling } from "./ceiling.ts";
import type { Hold, PlannedChange } from "./change.ts";
import { flat, isTree } from "./depth.ts";
import { createPlanDigest } from "./digest.ts";
import { InvalidInputError } from "./errors.ts";
import type { Finding } from "./finding.ts";
import { type Pairs, readIdentity } from "./identity.ts";
import { type CheckedIgnore, checkIgnore, ignorableModels, type IgnoreRule } from "./ignore.ts";
import { incompleteRead, type LoadSummary } from "./load-side.ts";
import { matchModel } from "./match-model.ts";
import type { Model } from "./model.ts";
import { planDeletes, planEmptying, spreadPins } from "./plan-deletes.ts";
import { passOver } from "./pass-over.ts";
import type { ModelCounts, ModelState, PlanState } from "./plan-state.ts";
import { planSecondSteps, planWrites } from "./plan-writes.ts";
import { createScopeJudge } from "./out-of-scope.ts";
import type { Schema } from "./schema.ts";
import { checkScope, type CheckedScope, type Scope } from "./scope.ts";
import type { Store } from "./store.ts";

/** What is compared, and what the guards go by. */
export interface PlanOptions {
  /** Models to compare; those that both sides loaded where absent. */
  readonly models?: readonly Model[] | undefined;
  readonly source: LoadSummary;
  readonly target: LoadSummary;
  /** Whether deletes may be applied. They are planned and shown, and held where not. */
  readonly asksDeletes: boolean;
  /** 10 per cent and 10 where absent; null for none. */
  readonly ceiling?: DeleteCeiling | null | undefined;
  /** What the run is about; everything where absent. The same for both sides, whatever they were loaded with. */
  readonly scope?: Scope | null | undefined;
  /** What of the models is passed over. */
  readonly ignore?: readonly IgnoreRule[] | undefined;
  /** Remembered pairs of a model's objects. */
  readonly pairs?: Pairs | undefined;
  /** Told which of a model's objects in the target, by its ids, the source has too, equal or not. */
  readonly onCounterparts?:
    ((model: string, targetIds: readonly string[]) => Promise<void> | void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onFinding?: ((finding: Finding) => void) | undefined;
  /** Told as each model has been compared. */
  readonly onProgress?: ((progress: PlanProgress) => void) | undefined;
}

/** How far the comparison has come, for one model. */
export interface PlanProgress {
  readonly model: string;
  /** Source records compared so far, and in all. */
  readonly done: number;
  readonly total: number;
  /** The target's objects of the model that are in scope. */
  readonly targetInScope: number;
}

/** The counts of one model in a plan. */
export interface ModelPlanSummary extends Readonly<ModelCounts> {
  readonly model: string;
  /** Why the model was not read completely, or null. */
  readonly sourceIncomplete: string | null;
  readonly targetIncomplete: string | null;
}

/** What a plan holds, once it has been read. */
export interface PlanSummary {
  /** In the order of dependency. */
  readonly models: readonly ModelPlanSummary[];
  /** Sums over the models. */
  readonly totals: Readonly<ModelCounts>;
  /** SHA-256 of what would be written: equal plans have equal digests. */
  readonly digest: string;
  /** Findings of the planning; those of the loads were reported by them. */
  readonly findings: readonly Finding[];
}

/**
 * Changes in the order of applying: creates and updates by dependency, what of them waited for others, then
 * deletes against it.
 */
export interface PlanStream extends AsyncIterable<PlannedChange[]> {
  /** Known once the changes have been read to the end. @throws InvalidInputError before */
  readonly summary: PlanSummary;
}

/** Compares the two sides of a store and lets the guards rule. To be read once, from the start. */
export function plan(store: Store, schema: Schema, options: PlanOptions): PlanStream {
  let summary: PlanSummary | null = null;
  const changes = planChanges(store, schema, options, (finished) => {
    summary = finished;
  });
  return {
    [Symbol.asyncIterator]: () => changes,
    get summary() {
      if (summary === null) {
        throw new InvalidInputError("A plan's summary is known once its changes have been read.");
      }
      return summary;
    },
  };
}

async function* planChanges(
  store: Store,
  schema: Schema,
  options: PlanOptions,
  onSummary: (summary: PlanSummary) => void,
): AsyncGenerator<PlannedChange[], void, undefined> {
  const { signal } = options;
  const findings: Finding[] = [];
  const digest = createPlanDigest();
  const onFinding = (finding: Finding): void => {
    findings.push(finding);
    options.onFinding?.(finding);
  };
  const { source, target } = options;
  const models = modelsOf(schema, options);
  const scope = checkScope(schema, options.scope);
  const ignore = checkIgnore(ignorableModels(schema), options.ignore);
  const shields = new Map(
    models.map(({ name }) => [name, { source: new Set<string>(), target: new Set<string>() }]),
  );
  const identity = await readIdentity({
    schema,
    store,
    models,
    pairs: options.pairs,
    secondKeys: {
      compared: (model) => comparedNames(options, model, ignore),
      isWhole: ({ name }) =>
        whyIncomplete(name, source, target) === null &&
        whyIncomplete(name, target, source) === null,
      isShielded: (model, side, key) => shields.get(model)?.[side].has(key) ?? false,
    },
    onAmbiguous(finding, keys) {
      onFinding(finding);
      for (const side of ["source", "target"] as const) {
        for (const key of keys[side]) shields.get(finding.model)?.[side].add(key);
      }
    },
  });
  for (const finding of findMissed(models, source, target)) onFinding(finding);
  const states = new Map<string, ModelState>();
  const state: PlanState = { schema, store, identity, models: states, onFinding };
  for (const model of models) {
    states.set(
      model.name,
      await createModelState(state, options, model, { models, scope, ignore }),
    );
  }
  const judge = scope
    ? await createScopeJudge({ schema, store, identity, scope, models, source, target, signal })
    : null;

  const total = [...states.values()].reduce((sum, { counts }) => sum + counts.source, 0);
  async function* recorded(
    changes: AsyncGenerator<PlannedChange[], number>,
  ): AsyncGenerator<PlannedChange[], number> {
    let next = await changes.next();
    for (; next.done !== true; next = await changes.next()) {
      digest.add(next.value);
      yield next.value;
      throwIfCancelled(signal);
    }
    return next.value;
  }

  // All of them first: what is written of one may depend on what becomes of a later one.
  let done = 0;
  for (const current of states.values()) {
    throwIfCancelled(signal);
    const { model } = current;
    const shielded = shields.get(model.name) ?? { source: new Set(), target: new Set() };
    const context = { schema, store, identity, shields: shielded, signal, onFinding };
    if (judge !== null) {
      const out = await judge.exclude(model);
      current.counts.outOfScope = out.objects;
      current.targetInScope -= out.inTarget;
    }
    const matching = await matchModel(context, model, current.indexes);
    if (options.onCounterparts) {
      for await (const ids of matching.readCounterparts()) {
        await options.onCounterparts(model.name, ids);
      }
    }
    current.matching = await passOver(state, current, matching);
    await take(state, current, options);
    done += current.counts.source;
    const { targetInScope } = current;
    options.onProgress?.({ model: model.name, done, total, targetInScope });
  }
  let rank = 0;
  const inOrder = [...states.values()];
  for (const current of inOrder) rank = yield* recorded(planWrites(state, current, rank));
  for (const current of inOrder) rank = yield* recorded(planSecondSteps(state, current, rank));
  await spreadPins(state);
  for (const current of inOrder) rank = yield* recorded(planEmptying(state, current, rank));
  for (const current of inOrder.reverse())
    rank = yield* recorded(planDeletes(state, current, rank));
  onSummary(summarise([...states.values()], digest.finish(), findings));
}

function modelsOf(schema: Schema, { models, source, target }: PlanOptions): readonly Model[] {
  const isLoaded = ({ name }: Model): boolean => name in source.counts && name in target.counts;
  for (const model of models ?? []) {
    if (isLoaded(model)) continue;
    throw new InvalidInputError(
      `${model.pluralLabel} were not loaded on both sides. Load them, or leave ${model.name} out of the plan.`,
    );
  }
  const asked = new Set((models ?? schema.models.filter(isLoaded)).map(({ name }) => name));
  return schema.order.filter(({ name }) => asked.has(name));
}

/** A model that a side keeps nothing of was read completely where the other side has nothing of it either. */
function whyIncomplete(model: string, side: LoadSummary, other: LoadSummary): string | null {
  const isNowhere = side.absent.includes(model) && (other.counts[model] ?? 0) === 0;
  return isNowhere ? null : (side.incomplete[model] ?? null);
}

/** Of the models that one side keeps nothing of, those that the other has records of. */
function* findMissed(
  models: readonly Model[],
  source: LoadSummary,
  target: LoadSummary,
): Generator<Finding> {
  for (const [side, other] of [
    [source, target],
    [target, source],
  ] as const) {
    for (const model of models) {
      const reason = whyIncomplete(model.name, side, other);
      if (reason === null || !side.absent.includes(model.name)) continue;
      yield { ...incompleteRead(model, reason), side: side.side };
    }
  }
}

/** What a run is about. */
interface RunRules {
  readonly models: readonly Model[];
  readonly scope: CheckedScope | null;
  readonly ignore: CheckedIgnore;
}

/** Names of the fields that both sides provide and the run does not ignore, key parts included. */
function comparedNames(
  { source, target }: PlanOptions,
  { name }: Model,
  ignore: CheckedIgnore,
): ReadonlySet<string> {
  const ignored = ignore.fields(name);
  const inTarget = new Set(target.provides[name]);
  return new Set(
    source.provides[name]?.filter((field) => inTarget.has(field) && !ignored.has(field)),
  );
}

async function createModelState(
  { schema, store }: PlanState,
  options: PlanOptions,
  model: Model,
  { models, scope, ignore }: RunRules,
): Promise<ModelState> {
  const { name } = model;
  const { source, target } = options;
  const compared = comparedNames(options, model, ignore);
  const inRun = new Set(models.map((each) => each.name));
  const targetCount = await store.count("target", name);
  return {
    model,
    place: models.indexOf(model),
    indexes: [...model.names.entries()]
      .filter(([, field]) => compared.has(field))
      .map(([index]) => index),
    references: schema
      .referenceFields(model)
      .filter(({ isDerived, targets }) => !isDerived && targets.some((each) => inRun.has(each))),
    isTree: isTree(schema, model),
    sourceIncomplete: whyIncomplete(name, source, target),
    targetIncomplete: whyIncomplete(name, target, source),
    matching: null,
    standing: flat,
    pinning: null,
    removals: null,
    waiting: 0,
    missing: new Set(),
    heldUpdates: new Set(),
    deletable: new Set(),
    pins: new Map(),
    deleteHold: null,
    isScoped: scope?.reaches(name) ?? false,
    ignores: ignore.actions(name),
    targetInScope: targetCount,
    counts: {
      source: await store.count("source", name),
      target: targetCount,
      create: 0,
      update: 0,
      delete: 0,
      unchanged: 0,
      held: 0,
      shielded: 0,
      outOfScope: 0,
      ignored: 0,
    },
  };
}

/** Takes in what matching found. */
async function take(state: PlanState, current: ModelState, options: PlanOptions): Promise<void> {
  const { matching, counts, missing, deletable, model } = current;
  if (matching === null) return;
  counts.create = matching.creates;
  counts.delete = matching.deletes;
  counts.unchanged = matching.matched;
  counts.shielded = matching.shielded;
  for (const key of matching.missing) missing.add(key);
  current.deleteHold = ruleOnDeletes(current, options);
  // Who refers to them does not matter where nobody can, or where they are all held anyway.
  const isReferred = [...state.models.values()].some(({ references }) =>
    references.some(({ targets }) => targets.includes(model.name)),
  );
  if (!isReferred || current.deleteHold !== null) return;
  for await (const batch of matching.readDeletes()) {
    for (const { key } of batch) deletable.add(key);
  }
}

function ruleOnDeletes(current: ModelState, options: PlanOptions): Hold | null {
  const { model, counts, targetInScope, sourceIncomplete, targetIncomplete } = current;
  const incomplete = sourceIncomplete ?? targetIncomplete;
  if (incomplete !== null) {
    const side = sourceIncomplete === null ? "target" : "source";
    return {
      guard: "incomplete-read",
      reason: `The ${side}'s ${model.pluralLabel} were not read completely: ${incomplete}`,
    };
  }
  if (!options.asksDeletes) {
    return {
      guard: "deletes-not-asked",
      reason: "The source lacks it, and the run did not ask for deletes. Run again with deletes.",
    };
  }
  const ceiling = options.ceiling === undefined ? defaultCeiling : options.ceiling;
  return checkCeiling(model, counts.delete, targetInScope, ceiling);
}

function summarise(
  states: readonly ModelState[],
  digest: string,
  findings: readonly Finding[],
): PlanSummary {
  const totals: ModelCounts = {
    source: 0,
    target: 0,
    create: 0,
    update: 0,
    delete: 0,
    unchanged: 0,
    held: 0,
    shielded: 0,
    outOfScope: 0,
    ignored: 0,
  };
  for (const { counts } of states) {
    for (const name of Object.keys(totals) as (keyof ModelCounts)[]) totals[name] += counts[name];
  }
  return {
    models: states.map(({ model, counts, sourceIncomplete, targetIncomplete }) => ({
      model: model.name,
      ...counts,
      sourceIncomplete,
      targetIncomplete,
    })),
    totals,
    digest,
    findings,
  };
}
