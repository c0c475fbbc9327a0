import {
  createMemoryStore,
  equalCanonical,
  keyLabel,
  loadSide,
  type Action,
  type Adapter,
  type Model,
  type Schema,
  type SideRecord,
  type SideTable,
  type Store,
  type Values,
} from "@plumbline/sync";

/** A written, or perhaps written, change: what of it is needed to tell. */
export interface WrittenChange {
  readonly model: string;
  readonly action: Action;
  readonly key: string;
  readonly after: Values | null;
  readonly targetId: string | null;
}

export interface ReadBackOptions {
  readonly target: Adapter;
  readonly schema: Schema;
  readonly models: readonly Model[];
  readonly signal: AbortSignal;
  /** Keys and ids of the objects asked about, by model; of all that is read only these are kept. */
  readonly wanted: ReadonlyMap<string, WantedObjects>;
  /** Whether the plan renames or moves objects: references may then read back by either of their names. */
  readonly hasRenames: boolean;
}

export interface WantedObjects {
  readonly keys: ReadonlySet<string>;
  readonly ids: ReadonlySet<string>;
}

/** The target as it is now, as far as it was asked about. */
export interface ReadBack {
  /** The object of a change as it is now. */
  readonly find: (change: WrittenChange) => SideRecord | undefined;
  /** How the object differs from what the change wrote: fact and next step; null where it does not. */
  readonly faultOf: (change: WrittenChange) => string | null;
}

const next = "Look at the object in the target, and run again.";

/** Reads the target and compares it with what was written. */
export async function readBack(options: ReadBackOptions): Promise<ReadBack> {
  const { target, schema, models, signal, wanted, hasRenames } = options;
  const memory = createMemoryStore(schema);
  /** Models whose records have ids. */
  const withIds = new Set<string>();
  const store: Store = {
    ...memory,
    add(side, model, records) {
      const known = wanted.get(model);
      if (records.some(({ id }) => id !== undefined)) withIds.add(model);
      const kept = records.filter(
        ({ key, id }) => known?.keys.has(key) === true || (id !== undefined && known?.ids.has(id)),
      );
      return memory.add(side, model, kept);
    },
  };
  await loadSide(target, { side: "target", schema, store, signal, models });
  const byId = new Map<string, ReadonlyMap<string, SideRecord>>();

  const find = ({ model, key, targetId }: WrittenChange): SideRecord | undefined => {
    const table = memory.table("target", model);
    let ids = byId.get(model);
    if (ids === undefined) byId.set(model, (ids = indexById(table)));
    return (targetId === null ? undefined : ids.get(targetId)) ?? table.get(key);
  };

  const faultOf = (change: WrittenChange): string | null => {
    const record = find(change);
    const hasIds = withIds.has(change.model);
    if (change.action === "delete") {
      const isSame = record !== undefined && (!hasIds || record.id === change.targetId);
      return isSame ? `was deleted and is still there. ${next}` : null;
    }
    if (record === undefined) {
      // Without ids a renamed object, or one under a renamed parent, is not found by the key it had.
      if (!hasIds && hasRenames) return null;
      return `was ${change.action}d and is not there. ${next}`;
    }
    const model = schema.model(change.model);
    for (const [name, expected] of Object.entries(change.after ?? {})) {
      const actual = record.values[model.names.indexOf(name)];
      if (actual === undefined || equalCanonical(actual, expected)) continue;
      // A reference to a renamed object was planned under one of its names and may read back as the other.
      if (hasRenames && model.field(name).kind === "reference") continue;
      const show = (value: unknown): string => textOf(schema, model, name, value);
      return `reads back with another ${name} than was written: ${show(actual)} instead of ${show(expected)}. ${next}`;
    }
    return null;
  };
  return { find, faultOf };
}

function indexById(table: SideTable): ReadonlyMap<string, SideRecord> {
  const ids = new Map<string, SideRecord>();
  for (const record of table.records()) {
    if (record.id !== undefined) ids.set(record.id, record);
  }
  return ids;
}

/** References by their labels, anything else as JSON. */
function textOf(schema: Schema, model: Model, name: string, value: unknown): string {
  const { kind, facts } = model.field(name);
  const isReference = kind === "reference" && facts.target !== undefined;
  const text =
    isReference && typeof value === "string"
      ? keyLabel(schema, facts.target, value)
      : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
