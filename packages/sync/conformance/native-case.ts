import {
  createSchema,
  defineModel,
  type Fields,
  json,
  type Model,
  type RawRecord,
  ref,
  type Schema,
  type Store,
  sync,
  text,
} from "@plumbline/sync";
import { createMemoryAdapter } from "@plumbline/sync/testing";
import type { CaseModel, CaseRecord, CaseSide, ConformanceCase } from "./case-format.ts";

/** A recorded case in models and records of the kernel. */
export interface NativeCase {
  readonly schema: Schema;
  readonly source: readonly RawRecord[];
  readonly destination: readonly RawRecord[];
}

/** What a sync did, or DiffSync recorded of one, in the same words. */
export interface NativeActions {
  /** "create device {…identifiers}", sorted. */
  readonly actions: readonly string[];
  /** How many changes a second comparison finds. */
  readonly left: number;
}

/**
 * A case of comparing and syncing two trees, in the kernel's words: a child's key is its parent's and its own
 * identifiers. Null for what the kernel has other words for (flags, orders, callbacks, failures) or gives
 * another answer to on purpose.
 */
export function expressNatively(given: ConformanceCase): NativeCase | null {
  const { models = [], topLevel = [], source, destination } = given;
  if (given.kind !== "sync" || !source || !destination || hasOwnWords(given)) return null;
  const isPlain = [source, destination].every((side) =>
    side.objects.every(
      ({ model, ids, attrs, parent }) =>
        isJson(attrs) &&
        (parent !== undefined || topLevel.includes(model)) &&
        Object.values(ids).every((id) => typeof id === "string" && id !== ""),
    ),
  );
  if (!isPlain) return null;
  const declared = declareModels(models);
  if (declared === null) return null;
  const schema = createSchema([...declared.values()]);
  return {
    schema,
    source: buildSide(schema, models, source),
    destination: buildSide(schema, models, destination),
  };
}

/** Python's floats that are whole numbers, and those beyond JSON's, come as objects of a class. */
function isJson(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== "object" || value === null) return typeof value !== "bigint";
  const isPlain = Object.getPrototypeOf(value) === Object.prototype;
  return isPlain && Object.values(value).every(isJson);
}

function hasOwnWords(given: ConformanceCase): boolean {
  const { quirk, flags = [], order, failures = [], mutateBeforeSync = [], readyDiff } = given;
  const sides = [given.source, given.destination];
  return (
    quirk !== undefined ||
    flags.length + failures.length + mutateBeforeSync.length > 0 ||
    order !== undefined ||
    readyDiff !== undefined ||
    "error" in given.expect ||
    sides.some((side) => side?.models !== undefined || side?.topLevel !== undefined) ||
    sides.some((side) =>
      side?.objects.some(({ modelFlags, childUids }) => modelFlags ?? childUids),
    ) ||
    (given.models ?? []).some(({ modelFlags, omitFields }) => modelFlags ?? omitFields)
  );
}

/** Null where a model has no key, or two models of parents. */
function declareModels(models: readonly CaseModel[]): ReadonlyMap<string, Model> | null {
  const declared = new Map<string, Model>();
  for (const { name, identifiers, attributes } of models) {
    const parents = models.filter(({ children }) => name in children);
    if (parents.length > 1 || identifiers.length === 0) return null;
    const [parent] = parents;
    const key: Record<string, Fields[string]> = {};
    if (parent) key["parent_object"] = ref(parent.name).nullable();
    for (const part of identifiers) key[part] = text();
    const fields = Object.fromEntries(attributes.map((field) => [field, json().nullable()]));
    declared.set(name, defineModel<Fields, Fields>(name, { key, fields }));
  }
  return declared;
}

function buildSide(
  schema: Schema,
  models: readonly CaseModel[],
  { objects }: CaseSide,
): readonly RawRecord[] {
  const parentOf = ({ parent }: CaseRecord): unknown => {
    const above = parent === undefined ? undefined : objects[parent];
    if (!above) return null;
    const parts = schema.model(above.model).keyNames.includes("parent_object")
      ? { parent_object: parentOf(above), ...above.ids }
      : above.ids;
    return { encodedKey: schema.encodeKey(above.model, parts) };
  };
  return objects.map((record) => {
    const model = schema.model(record.model);
    const declared = models.find(({ name }) => name === record.model);
    const hasParent = model.keyNames.includes("parent_object");
    return model.record({
      ...declared?.defaults,
      ...record.attrs,
      ...record.ids,
      ...(hasParent && { parent_object: parentOf(record) }),
    });
  });
}

/** Syncs a case through a store, twice. */
export async function runNatively(
  { schema, source, destination }: NativeCase,
  open: () => Promise<{ readonly store: Store; readonly close: () => Promise<void> }>,
): Promise<NativeActions> {
  const target = createMemoryAdapter("destination", schema, destination);
  const run = async (isDryRun: boolean) => {
    const { store, close } = await open();
    try {
      const from = createMemoryAdapter("source", schema, source);
      const options = { schema, source: from, target, store, isDryRun };
      return await sync({ ...options, asksDeletes: true, ceiling: null });
    } finally {
      await close();
    }
  };
  const first = await run(false);
  const failed = first.outcomes.filter(({ status }) => status !== "applied");
  const held = first.changes.filter(({ hold }) => hold !== null);
  if (failed.length + held.length + first.findings.length > 0) {
    throw new Error(
      `Not all was applied: ${JSON.stringify({ failed, held, findings: first.findings })}`,
    );
  }
  const actions = first.changes.map(({ action, model, key }) => {
    const ids = schema
      .model(model)
      .keyNames.filter((name) => name !== "parent_object")
      .map((name) => [name, schema.keyPart(model, key, name)] as const);
    return written(action, model, ids);
  });
  return { actions: actions.sort(), left: (await run(true)).changes.length };
}

/** What DiffSync did of a case. */
export function recordedActions({ expect }: ConformanceCase): NativeActions {
  const elements = expect["elements"] as unknown as readonly {
    readonly model: string;
    readonly keys: Readonly<Record<string, string>>;
    readonly action: string | null;
  }[];
  const actions = elements.flatMap(({ action, model, keys }) =>
    action === null ? [] : [written(action, model, Object.entries(keys))],
  );
  const {
    create,
    update,
    delete: deletes,
  } = expect["secondDiffSummary"] as unknown as Readonly<
    Record<"create" | "update" | "delete", number>
  >;
  return { actions: actions.sort(), left: create + update + deletes };
}

function written(
  action: string,
  model: string,
  ids: readonly (readonly [string, unknown])[],
): string {
  const sorted = [...ids].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${action} ${model} ${JSON.stringify(Object.fromEntries(sorted))}`;
}
