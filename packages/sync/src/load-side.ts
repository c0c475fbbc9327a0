import type { Adapter, LoadContext, Logger } from "./adapter.ts";
import { breathe, cancelled, neverAborted, throwIfCancelled } from "./cancel.ts";
import { shorten } from "./create-field.ts";
import { InvalidDeclarationError } from "./errors.ts";
import type { Finding, SideName } from "./finding.ts";
import { keyLabel } from "./key-label.ts";
import { silentLogger } from "./logger.ts";
import type { Model } from "./model.ts";
import { createNormaliser, type Normaliser, type ValueProblem } from "./normalise.ts";
import { providedFields } from "./provided-fields.ts";
import type { RawRecord, SideRecord } from "./record.ts";
import type { Schema } from "./schema.ts";
import { checkScope, loadScopeOf, type Scope } from "./scope.ts";
import type { Store } from "./store.ts";

/** How far a load has come, for one model. */
export interface LoadProgress {
  readonly side: SideName;
  /** Model name. */
  readonly model: string;
  /** Records read of the model so far. */
  readonly done: number;
  /** Records the side declared, when it did. */
  readonly total: number | null;
}

/** Where one side is loaded to, and who is told. */
export interface LoadOptions {
  readonly side: SideName;
  readonly schema: Schema;
  readonly store: Store;
  /** Models to load; those of the adapter that the schema has where absent. Others are passed over. */
  readonly models?: readonly Model[] | undefined;
  /** Told to the adapter, which may leave out by it; what it gives all the same is kept. */
  readonly scope?: Scope | null | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly logger?: Logger | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  readonly onFinding?: ((finding: Finding) => void) | undefined;
}

/** What a side gave, by model name. */
export interface LoadSummary {
  readonly side: SideName;
  readonly counts: Readonly<Record<string, number>>;
  /** Why the model was not read completely; models that were are absent. */
  readonly incomplete: Readonly<Record<string, string>>;
  /** Of these, what the side keeps no records of, which matters only where the other side has some. */
  readonly absent: readonly string[];
  /** Names of the fields the side provides, key parts included, derived ones not. */
  readonly provides: Readonly<Record<string, readonly string[]>>;
}

interface Lane {
  readonly model: Model;
  readonly normaliser: Normaliser;
  batch: SideRecord[];
  shields: string[];
  done: number;
  /** Of these, those told of. */
  reported: number;
  total: number | null;
  incomplete: string | null;
  isAbsent: boolean;
}

/** Small, so that a batch dies young: what outlives two collections stays until the next full one. */
const batchSize = 50;
const recordsBetweenReports = 1000;
const msBetweenReports = 1000;
const recordsBetweenBreaths = 20_000;

/**
 * Reads one side into the store: records normalised, keyed, findings collected.
 * @throws CancelledError; whatever the adapter throws. Either way nothing may be written.
 */
export async function loadSide(adapter: Adapter, options: LoadOptions): Promise<LoadSummary> {
  const { side, schema, store } = options;
  const signal = options.signal ?? neverAborted;
  const logger = options.logger ?? silentLogger;
  const models = options.models ?? adapter.models.filter((model) => schema.has(model.name));
  const scope = checkScope(schema, options.scope);
  const lanes = new Map(models.map((model) => [model.name, createLane(adapter, schema, model)]));
  const declared = new Set(adapter.models.map((model) => model.name));

  const report = (finding: Omit<Finding, "side">): void => {
    options.onFinding?.({ ...finding, side });
  };

  const context: LoadContext = {
    signal,
    logger,
    scope: scope && loadScopeOf(schema, scope),
    expect(model, total) {
      const lane = lanes.get(model.name);
      if (!lane) return;
      lane.total = total;
      reportProgress(lane);
    },
    report(finding) {
      const lane = lanes.get(finding.model);
      // Reported once for the model, when the side has been read.
      if (lane && finding.kind === "incomplete-read") lane.incomplete ??= finding.message;
      else report(finding);
      // What it is about is read all the same.
      if (finding.kind === "unknown-field") return;
      // A finding without a key could speak of any record of the model.
      if (finding.key !== null) lane?.shields.push(finding.key);
      else if (lane) lane.incomplete ??= finding.message;
    },
    incomplete(model, reason) {
      const lane = lanes.get(model.name);
      if (lane) lane.incomplete ??= reason;
    },
    absent(model, reason) {
      const lane = lanes.get(model.name);
      if (!lane || lane.incomplete !== null) return;
      lane.incomplete = reason;
      lane.isAbsent = true;
    },
    unkeyed(model, reason) {
      const lane = lanes.get(model.name);
      if (!lane) return;
      report(unkeyed(model, reason, side));
      if (side === "source") lane.incomplete ??= reason;
    },
  };

  async function flush(lane: Lane, isLast: boolean): Promise<void> {
    if (lane.batch.length > 0) {
      const batch = lane.batch;
      lane.batch = [];
      await store.add(side, lane.model.name, batch);
    }
    if (lane.shields.length > 0) {
      const shields = lane.shields;
      lane.shields = [];
      await store.shield(side, lane.model.name, shields);
    }
    if (isLast || lane.done - lane.reported >= recordsBetweenReports) reportProgress(lane);
  }

  function reportProgress(lane: Lane): void {
    lane.reported = lane.done;
    options.onProgress?.({ side, model: lane.model.name, done: lane.done, total: lane.total });
  }

  function reportUntold(): void {
    for (const lane of lanes.values()) if (lane.done > lane.reported) reportProgress(lane);
  }

  const problems: ValueProblem[] = [];

  function take(raw: RawRecord): Lane | null {
    const lane = lanes.get(raw.model.name);
    if (!lane) {
      if (declared.has(raw.model.name)) return null;
      throw new InvalidDeclarationError(
        `${adapter.name} gave a record of model ${raw.model.name}, which it does not declare. ` +
          "Add the model to the adapter's `models`.",
      );
    }
    lane.done += 1;
    const record = lane.normaliser.normalise(raw, problems);
    if (problems.length > 0) noteProblems(lane, raw, record);
    if (record) lane.batch.push(record);
    return lane;
  }

  function noteProblems(lane: Lane, raw: RawRecord, record: SideRecord | null): void {
    const label = record ? keyLabel(schema, lane.model, record.key) : null;
    for (const problem of problems) report(badValue(lane.model, record, label, raw, problem));
    const secondKey = problems.find(({ field }) => lane.model.secondKeys.includes(field));
    problems.length = 0;
    // It might be what is told apart by it: any object without counterpart.
    if (secondKey) lane.incomplete ??= `The ${secondKey.field} of a record could not be read.`;
    if (record) lane.shields.push(record.key);
    else lane.incomplete ??= "The key of a record could not be read.";
  }

  async function consume(): Promise<void> {
    let sinceBreath = 0;
    for await (const item of adapter.load(context)) {
      throwIfCancelled(signal);
      const records: readonly RawRecord[] = isBatch(item) ? item : [item];
      for (const raw of records) {
        const lane = take(raw);
        if (lane && lane.batch.length >= batchSize) await flush(lane, false);
      }
      sinceBreath += records.length;
      if (sinceBreath >= recordsBetweenBreaths) {
        sinceBreath = 0;
        await breathe();
      }
    }
  }

  throwIfCancelled(signal);
  // A source slow to give its records leaves the thread free for the timer; a fast one never needs it.
  const timer = setInterval(reportUntold, msBetweenReports);
  try {
    await untilAborted(consume(), signal);
    throwIfCancelled(signal);
  } finally {
    clearInterval(timer);
    reportUntold();
  }
  for (const lane of lanes.values()) await flush(lane, true);

  for (const { model, key, records } of await store.seal(side)) {
    for (const record of records.slice(1)) {
      report(duplicate(schema, model, key, records[0], record));
    }
  }
  for (const lane of lanes.values()) {
    const { model, done, total } = lane;
    if (total !== null && done < total) {
      lane.incomplete ??= `${adapter.name} declared ${total} ${model.pluralLabel} and gave ${done}.`;
    } else if (total !== null && done > total) {
      logger.info(`${adapter.name} declared ${total} ${model.pluralLabel} and gave ${done}.`);
    }
    if (done > 0) lane.isAbsent = false;
    if (lane.incomplete !== null && !lane.isAbsent) {
      report(incompleteRead(model, lane.incomplete));
    }
  }
  return summarise(side, lanes);
}

function createLane(adapter: Adapter, schema: Schema, model: Model): Lane {
  return {
    model,
    normaliser: createNormaliser(schema, model, providedFields(adapter, model)),
    batch: [],
    shields: [],
    done: 0,
    reported: 0,
    total: null,
    incomplete: null,
    isAbsent: false,
  };
}

function isBatch(item: RawRecord | readonly RawRecord[]): item is readonly RawRecord[] {
  return Array.isArray(item);
}

/** Ends with the work, or at once when the signal is aborted: an adapter may be slow to notice. */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(cancelled(signal));
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } catch (error) {
    // The adapter's own complaint about being aborted says less than that it was.
    throw signal.aborted ? cancelled(signal) : error;
  } finally {
    if (onAbort) signal.removeEventListener("abort", onAbort);
    work.catch(() => undefined);
  }
}

function badValue(
  model: Model,
  record: SideRecord | null,
  label: string | null,
  raw: RawRecord,
  problem: ValueProblem,
): Omit<Finding, "side"> {
  const what =
    label === null ? `${articleOf(model.label)} ${model.label}` : `${model.label} ${label}`;
  const consequence =
    record === null
      ? "Its key cannot be read, so nothing of this type is deleted. Correct it and run again."
      : "It and its counterpart are left as they are. Correct it and run again.";
  return {
    kind: "bad-value",
    model: model.name,
    key: record?.key ?? null,
    label,
    field: problem.field,
    value: problem.value,
    message: `${what}: ${problem.field} ${problem.message}. ${consequence}`,
    origin: raw.origin ?? null,
  };
}

/** Abbreviations are spoken letter by letter: "An IP address", "A VLAN". */
function articleOf(label: string): "A" | "An" {
  const isAbbreviation = /^[A-Z]{2}/.test(label);
  return (isAbbreviation ? /^[AEFHILMNORSX]/ : /^[aeiou]/i).test(label) ? "An" : "A";
}

function duplicate(
  schema: Schema,
  model: string,
  key: string,
  first: SideRecord | undefined,
  record: SideRecord,
): Omit<Finding, "side"> {
  const label = keyLabel(schema, model, key);
  const where = first?.origin === undefined ? "" : ` (the first: ${first.origin})`;
  return {
    kind: "duplicate",
    model,
    key,
    label,
    field: null,
    value: shorten(key),
    message:
      `${schema.model(model).label} ${label} is there more than once${where}. ` +
      "Which one is right is unknown, so its counterpart is left as it is. Remove all but one.",
    origin: record.origin ?? null,
  };
}

function unkeyed(model: Model, reason: string, side: SideName): Omit<Finding, "side"> {
  const consequence =
    side === "source" ? "Nothing of this type is deleted. Give" : "They are left as they are. Give";
  return {
    kind: "bad-value",
    model: model.name,
    key: null,
    label: null,
    field: model.keyNames[0] ?? null,
    value: null,
    message: `${reason} ${consequence} them one, or leave them out of the scope.`,
    origin: null,
  };
}

/** Says that a model was not read completely. */
export function incompleteRead(model: Model, reason: string): Omit<Finding, "side"> {
  return {
    kind: "incomplete-read",
    model: model.name,
    key: null,
    label: null,
    field: null,
    value: null,
    message: `${model.pluralLabel} were not read completely: ${reason}`,
    origin: null,
  };
}

function summarise(side: SideName, lanes: ReadonlyMap<string, Lane>): LoadSummary {
  const entries = [...lanes];
  return {
    side,
    counts: Object.fromEntries(entries.map(([name, lane]) => [name, lane.done])),
    incomplete: Object.fromEntries(
      entries.flatMap(([name, { incomplete }]) =>
        incomplete === null ? [] : [[name, incomplete]],
      ),
    ),
    absent: entries.flatMap(([name, { isAbsent }]) => (isAbsent ? [name] : [])),
    provides: Object.fromEntries(entries.map(([name, lane]) => [name, lane.normaliser.provides])),
  };
}
