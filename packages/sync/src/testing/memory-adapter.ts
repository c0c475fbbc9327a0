import type { Adapter, ApplyContext, Writer } from "../adapter.ts";
import { throwIfCancelled } from "../cancel.ts";
import type { Change } from "../change.ts";
import { keyLabel } from "../key-label.ts";
import { ConflictError, InvalidInputError, PlumblineError } from "../errors.ts";
import type { Model } from "../model.ts";
import { createNormaliser, type ValueProblem } from "../normalise.ts";
import type { Outcome } from "../outcome.ts";
import type { Canonical, RawRecord, SideRecord } from "../record.ts";
import { emptyValue, mapReferences, visitReferences } from "../references.ts";
import type { Schema } from "../schema.ts";

/** How an adapter in memory behaves. */
export interface MemoryAdapterOptions {
  /** Names of the fields provided, by model name; all where absent. */
  readonly provides?: Readonly<Record<string, readonly string[]>>;
  readonly batchSize?: number;
  /** Yields its records in arrays of this size; singly where absent. */
  readonly loadBatch?: number;
  /** Asked before each change is applied; an error it throws is that change's outcome. */
  readonly beforeChange?: (change: Change) => void;
}

/** An adapter over records in memory: the reference for what an adapter and a writer must do. */
export interface MemoryAdapter extends Adapter {
  readonly writer: (context: ApplyContext) => Writer;
  /** The records as they are now, canonical, by model in the schema's order and then by key. */
  records(): readonly RawRecord[];
}

interface Entry {
  readonly id: string;
  readonly model: Model;
  version: number;
  values: Readonly<Record<string, Canonical>>;
}

/**
 * Holds records as they would be in a system with ids: references follow a renamed object, a change
 * that would leave one dangling is refused, keys are unique.
 * @throws InvalidInputError for records that contradict this from the start
 */
export function createMemoryAdapter(
  name: string,
  schema: Schema,
  records: readonly RawRecord[] = [],
  options: MemoryAdapterOptions = {},
): MemoryAdapter {
  const byId = new Map<string, Entry>();
  let byKey = new Map<string, Entry>();
  let lastId = 0;

  const address = (model: Model | string, key: string): string =>
    `${typeof model === "string" ? model : model.name} ${key}`;
  const keyOfEntry = (entry: Entry): string =>
    schema.encodeKey(
      entry.model,
      entry.model.keyNames.map((part) => asInput(entry.model, part, entry.values[part] ?? null)),
    );

  function index(): void {
    const next = new Map<string, Entry>();
    for (const entry of byId.values()) next.set(address(entry.model, keyOfEntry(entry)), entry);
    byKey = next;
  }

  for (const raw of records) {
    const problems: ValueProblem[] = [];
    const record = createNormaliser(schema, raw.model, raw.model.names).normalise(raw, problems);
    const [problem] = problems;
    if (!record || problem) {
      throw new InvalidInputError(
        `${raw.model.name} ${problem?.field ?? ""}: ${problem?.message ?? ""}`,
      );
    }
    if (byKey.has(address(raw.model, record.key))) {
      throw new InvalidInputError(`${raw.model.name} ${record.key} is there twice.`);
    }
    const id = record.id ?? `${raw.model.name}-${++lastId}`;
    const entry: Entry = { id, model: raw.model, version: 1, values: valuesOf(raw.model, record) };
    byId.set(address(raw.model, id), entry);
    byKey.set(address(raw.model, record.key), entry);
  }
  for (const entry of byId.values()) checkReferences(entry.model, entry.values);

  function checkReferences(model: Model, values: Entry["values"]): void {
    for (const reference of schema.referenceFields(model)) {
      visitReferences(reference.field, values[reference.name], (target, key) => {
        if (byKey.has(address(target, key))) return;
        throw new ConflictError(
          `${reference.name} refers to ${target} ${keyLabel(schema, target, key)}, which is not there.`,
        );
      });
    }
  }

  function find(change: Change): Entry {
    const entry =
      change.targetId === null
        ? byKey.get(address(change.model, change.key))
        : byId.get(address(change.model, change.targetId));
    if (!entry) throw new ConflictError(`${change.label} is not there.`);
    return entry;
  }

  function create(change: Change): string {
    const model = schema.model(change.model);
    const values = complete(schema, model, change.after ?? {});
    if (byKey.has(address(model, change.key))) {
      throw new ConflictError(`${change.label} is there already.`);
    }
    checkReferences(model, values);
    const id = `${model.name}-${++lastId}`;
    const entry: Entry = { id, model, version: 1, values };
    if (keyOfEntry(entry) !== change.key) {
      throw new ConflictError(`${change.label}: its key ${change.key} contradicts its values.`);
    }
    byId.set(address(model, id), entry);
    byKey.set(address(model, change.key), entry);
    return id;
  }

  function update(change: Change): string {
    const entry = find(change);
    const values = { ...entry.values, ...change.after };
    checkReferences(entry.model, values);
    const before = keyOfEntry(entry);
    const after = keyOfEntry({ ...entry, values });
    if (before !== after && byKey.has(address(entry.model, after))) {
      throw new ConflictError(`${change.label}: its new key ${after} is taken.`);
    }
    entry.values = values;
    // Its own references follow too.
    if (before !== after) rename(entry.model, before, after);
    entry.version += 1;
    return entry.id;
  }

  /** Every reference to the old key becomes one to the new key, in keys that hold it too. */
  function rename(model: Model, before: string, after: string): void {
    const renamed = new Map([[address(model, before), after]]);
    for (let isDone = false; !isDone;) {
      isDone = true;
      for (const entry of byId.values()) {
        const old = keyOfEntry(entry);
        entry.values = Object.fromEntries(
          Object.entries(entry.values).map(([field, value]) => [
            field,
            mapReferences(
              entry.model.field(field),
              value,
              (target, key) => renamed.get(address(target, key)) ?? key,
            ),
          ]),
        );
        const now = keyOfEntry(entry);
        if (now === old) continue;
        renamed.set(address(entry.model, old), now);
        isDone = false;
      }
    }
    index();
  }

  function remove(change: Change): string {
    const entry = find(change);
    const key = keyOfEntry(entry);
    for (const other of byId.values()) {
      if (other === entry) continue;
      for (const { name: field, field: facts } of schema.referenceFields(other.model)) {
        visitReferences(facts, other.values[field], (target, referred) => {
          if (target !== entry.model.name || referred !== key) return;
          throw new ConflictError(`${change.label} is still referred to by a ${other.model.name}.`);
        });
      }
    }
    byId.delete(address(entry.model, entry.id));
    byKey.delete(address(entry.model, key));
    return entry.id;
  }

  const perform = { create, update, delete: remove };

  async function* applyAll(
    changes: readonly Change[],
    context: ApplyContext,
  ): AsyncGenerator<Outcome, void, undefined> {
    for (const change of changes) {
      throwIfCancelled(context.signal);
      try {
        options.beforeChange?.(change);
        const targetId = perform[change.action](change);
        yield { change, status: "applied", targetId, error: null };
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const code = error instanceof PlumblineError ? error.code : "unexpected";
        const refusal = { code, message: error.message, field: null, value: null };
        yield { change, status: "failed", targetId: null, error: refusal };
      }
    }
  }

  function snapshot(): RawRecord[] {
    const place = new Map(schema.order.map((model, position) => [model.name, position]));
    return [...byId.values()]
      .map((entry) => ({ entry, key: keyOfEntry(entry), at: place.get(entry.model.name) ?? 0 }))
      .sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1))
      .map(({ entry }) =>
        entry.model.canonical(entry.values, { id: entry.id, version: String(entry.version) }),
      );
  }

  const { provides, loadBatch, batchSize = 100 } = options;
  const adapter: MemoryAdapter = {
    name,
    models: schema.models,
    async *load(context) {
      const all = snapshot();
      for (const model of schema.models) {
        context.expect(model, all.filter((record) => record.model === model).length);
      }
      if (loadBatch === undefined) {
        for (const record of all) {
          throwIfCancelled(context.signal);
          yield record;
        }
        return;
      }
      for (let start = 0; start < all.length; start += loadBatch) {
        throwIfCancelled(context.signal);
        yield all.slice(start, start + loadBatch);
      }
    },
    writer: () => ({
      batchSize,
      isTransactional: false,
      async findStale(changes) {
        return changes.flatMap((change) => {
          // A second step finds what the first leaves behind.
          if (change.action === "create" || change.step === 2) return [];
          const entry = byId.get(address(change.model, change.targetId ?? ""));
          const { targetVersion } = change;
          if (entry && (targetVersion === null || String(entry.version) === targetVersion)) {
            return [];
          }
          return [{ change, reason: `${change.label} has changed since it was read.` }];
        });
      },
      apply: applyAll,
    }),
    records: snapshot,
  };
  if (provides) adapter.provides = (model) => provides[model.name] ?? model.names;
  return adapter;
}

function asInput(model: Model, part: string, value: Canonical): unknown {
  return model.field(part).kind === "reference" && typeof value === "string"
    ? { encodedKey: value }
    : value;
}

function valuesOf(model: Model, record: SideRecord): Readonly<Record<string, Canonical>> {
  return Object.fromEntries(
    model.names.flatMap((name, index) => {
      const value = record.values[index];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The values of a new object: what is not given gets its default, or is null where it may be. */
function complete(
  schema: Schema,
  model: Model,
  given: Readonly<Record<string, Canonical>>,
): Readonly<Record<string, Canonical>> {
  return Object.fromEntries(
    model.names
      .filter((name) => !model.field(name).isDerived)
      .map((name) => [name, given[name] ?? nothingGiven(schema, model, name)]),
  );
}

function nothingGiven(schema: Schema, model: Model, name: string): Canonical {
  const mayWait = schema.referenceFields(model).some((each) => each.name === name && each.mayWait);
  const field = model.field(name);
  return mayWait ? emptyValue(field) : field.normalise(undefined, schema.encodeReference);
}
