import {
  type Adapter,
  type AnyModelClass,
  type Diff,
  type DiffElement,
  type DiffOptions,
  type DiffSyncModel,
  type Value,
} from "@plumbline/sync/diffsync";
import { describeError } from "./case-error.ts";
import { recordCalls } from "./case-calls.ts";
import { readSyncFlags } from "./case-flags.ts";
import type { CaseMutation, CaseSide, ConformanceCase, Observed } from "./case-format.ts";
import { createEventLog } from "./case-log.ts";
import { buildRecord, declareAdapter, declareModel } from "./case-models.ts";
import { declareDiffClass } from "./case-order.ts";
import { adapterDictView, eachRecord, withoutEmpty } from "./case-views.ts";

type SideName = "source" | "destination";

interface Side {
  readonly adapter: Adapter;
  readonly models: ReadonlyMap<string, AnyModelClass>;
}

/** A step that an error ended: what is then observed of the case. */
class Ended extends Error {
  readonly observed: Observed;

  constructor(observed: Observed) {
    super("The case ended with an error.");
    this.observed = observed;
  }
}

/** Loads both sides, compares them, syncs, compares again, and tells what was seen. */
export async function runSyncCase(given: ConformanceCase): Promise<Observed> {
  try {
    return await new SyncCase(given).run();
  } catch (error) {
    if (error instanceof Ended) return error.observed;
    throw error;
  }
}

class SyncCase {
  readonly #given: ConformanceCase;
  readonly #actions: Value[] = [];
  readonly #log = createEventLog();
  readonly #diffClass: new () => Diff;
  readonly #flags: number;
  #isComplete = false;

  constructor(given: ConformanceCase) {
    this.#given = given;
    this.#diffClass = declareDiffClass(given.order);
    this.#flags = readSyncFlags(given.flags ?? []);
  }

  async run(): Promise<Observed> {
    const source = this.#declare("source");
    const destination = this.#declare("destination");
    this.#load("source", source);
    this.#load("destination", destination);

    const diffing = countCalls("diff");
    const options = { diffClass: this.#diffClass, flags: this.#flags };
    const first = orEnd("diff", () =>
      this.#diff(source, destination, { ...options, callback: diffing.callback }),
    );
    const shown = showDiff(first);
    for (const mutation of this.#given.mutateBeforeSync ?? []) {
      mutate(mutation.side === "source" ? source : destination, mutation);
    }

    this.#log.events.length = 0;
    this.#actions.length = 0;
    const syncing = countCalls("sync");
    const synced = await this.#sync(source, destination, first, syncing.callback);
    const { adapter } = destination;
    const events = [...this.#log.events];
    return {
      ...shown,
      callbackTotals: { diff: diffing.totals(), sync: syncing.totals() },
      actions: [...this.#actions],
      events,
      syncComplete: this.#isComplete,
      ...synced,
      destinationAfter: withoutEmpty(adapterDictView(adapter.dict())),
      destinationOrder: new Map(
        Array.from(
          eachRecord(adapter, () => null),
          ([model]) => [model, adapter.getAll(model).map((record) => record.getUniqueId())],
        ),
      ),
      destinationStr: adapter.str(),
      destinationStatus: eachRecord(adapter, (record) => record.getStatus()),
      ...this.#second(source, destination, options),
    };
  }

  #declare(side: SideName): Side {
    const given = this.#side(side);
    return orEnd("declaration", () => {
      const declared = (given.models ?? this.#given.models ?? []).map(declareModel);
      const models =
        side === "destination"
          ? declared.map((model) => recordCalls(model, this.#actions, this.#given.failures ?? []))
          : declared;
      const topLevel = given.topLevel ?? this.#given.topLevel ?? [];
      const made = declareAdapter(given.adapterName, models, topLevel);
      const adapter = new made({ name: given.instanceName, logger: this.#log.logger });
      adapter.syncComplete = () => {
        if (side === "destination") this.#isComplete = true;
      };
      return { adapter, models: new Map(models.map((model) => [model.modelName, model])) };
    });
  }

  #side(side: SideName): CaseSide {
    const given = this.#given[side];
    if (!given) throw new Error(`The case has no ${side}.`);
    return given;
  }

  #load(side: SideName, { adapter, models }: Side): void {
    const records: DiffSyncModel[] = [];
    this.#side(side).objects.forEach((given, index) => {
      orEnd(
        "load",
        () => {
          const record = buildRecord(models, given);
          records.push(record);
          adapter.add(record);
          if (given.parent !== undefined) records[given.parent]?.addChild(record);
        },
        { side, index },
      );
    });
  }

  #diff(source: Side, destination: Side, options: DiffOptions): Diff {
    return this.#given.operation === "syncTo"
      ? source.adapter.diffTo(destination.adapter, options)
      : destination.adapter.diffFrom(source.adapter, options);
  }

  async #sync(
    source: Side,
    destination: Side,
    first: Diff,
    callback: DiffOptions["callback"],
  ): Promise<Observed> {
    try {
      const ready = this.#readyDiff(source, destination, first);
      const options = { diffClass: this.#diffClass, flags: this.#flags, callback, diff: ready };
      const diff =
        this.#given.operation === "syncTo"
          ? await source.adapter.syncTo(destination.adapter, options)
          : await destination.adapter.syncFrom(source.adapter, options);
      return ready ? { returnedGivenDiff: diff === ready } : {};
    } catch (error) {
      return { error: describeError("sync", error) };
    }
  }

  #readyDiff(source: Side, destination: Side, first: Diff): Diff | undefined {
    const { readyDiff, readyDiffFlags = [] } = this.#given;
    const diffClass = this.#diffClass;
    const flags = this.#flags;
    if (readyDiff === undefined) return undefined;
    if (readyDiff === "same") return first;
    if (readyDiff === "empty") return new diffClass();
    if (readyDiff === "otherClass") return this.#diff(source, destination, { flags });
    if (readyDiff === "otherFlags") {
      return this.#diff(source, destination, { diffClass, flags: readSyncFlags(readyDiffFlags) });
    }
    throw new Error(`The ready diff "${readyDiff}" is unknown.`);
  }

  #second(source: Side, destination: Side, options: DiffOptions): Observed {
    try {
      return { secondDiffSummary: { ...this.#diff(source, destination, options).summary() } };
    } catch (error) {
      return { secondDiffSummary: null, secondDiffError: describeError("secondDiff", error) };
    }
  }
}

function orEnd<T>(where: string, step: () => T, more: Readonly<Record<string, Value>> = {}): T {
  try {
    return step();
  } catch (error) {
    throw new Ended({ error: describeError(where, error, more) });
  }
}

function countCalls(stage: string): {
  readonly callback: NonNullable<DiffOptions["callback"]>;
  readonly totals: () => Value;
} {
  const calls: [number, number][] = [];
  return {
    callback: (calledStage, current, total) => {
      if (calledStage === stage) calls.push([current, total]);
    },
    totals: () => {
      const first = calls[0];
      const last = calls.at(-1);
      return { calls: calls.length, ...(first && last && { first, last }) };
    },
  };
}

function showDiff(diff: Diff): Observed {
  return {
    hasDiffs: diff.hasDiffs(),
    length: diff.size,
    summary: { ...diff.summary() },
    diffDict: diff.dict() as Value,
    str: diff.str(),
    elements: [...walk(diff.getChildren(), 0)],
  };
}

function* walk(elements: Iterable<DiffElement>, depth: number): Generator<Value> {
  for (const element of elements) {
    const { type: model, name, keys, action } = element;
    yield { depth, model, name, keys, action };
    yield* walk(element.getChildren(), depth + 1);
  }
}

function mutate({ adapter, models }: Side, mutation: CaseMutation): void {
  const { op, object, model = "", uid = "" } = mutation;
  if (op === "add" && object) adapter.store.add(buildRecord(models, object));
  else if (op === "remove") {
    const removeChildren = mutation.removeChildren ?? false;
    adapter.remove(adapter.get(model, uid), { removeChildren });
  } else if (op === "setAttr") {
    adapter.get(model, uid).setField(mutation.attr ?? "", mutation.value ?? null);
  } else throw new Error(`The mutation "${op}" is unknown.`);
}
