import type pg from "pg";
import {
  type Change,
  mapKeyReferences,
  parseKey,
  type Schema,
  type Store,
  visitReferences,
} from "@plumbline/sync";
import { copyRows } from "./copy-rows.ts";
import { inRunTransaction, type RunFence } from "./fence.ts";

/** An object of the target that rows of a plan refer to. */
export interface PlanReference {
  readonly model: string;
  /** Its key when the plan was made. */
  readonly key: string;
  /** The key by which the plan refers to it: another one below what the plan itself renames. */
  readonly plannedKey: string;
  /** The target's own id of it; null where the target has no ids. */
  readonly targetId: string | null;
}

/** Finds the ids of objects by their keys, of models that were not loaded. */
export type FindIds = (model: string, keys: readonly string[]) => Promise<Map<string, string>>;

/**
 * Collects what the rows of a plan refer to, row by row in the plan's order; each object once. What the plan
 * itself creates is not among it.
 */
export function createReferenceCollector(
  schema: Schema,
  store: Pick<Store, "find">,
  findIds: FindIds | null,
): (changes: readonly Change[]) => Promise<PlanReference[]> {
  const seen = new Map<string, Set<string>>();
  // The key before the plan's renames, by model and by the key after.
  const renamed = new Map<string, Map<string, string>>();

  const keyBefore = (model: string, key: string): string => {
    const below = mapKeyReferences(schema, model, key, keyBefore);
    return renamed.get(model)?.get(below) ?? below;
  };

  function noteRename(change: Change): void {
    const { keyNames } = schema.model(change.model);
    const { after, fields } = change;
    if (change.action !== "update" || !fields.some((name) => keyNames.includes(name))) return;
    const references = new Set(
      schema.referenceFields(change.model).flatMap(({ name, isKey }) => (isKey ? [name] : [])),
    );
    const parts = parseKey(change.key).map((part, index) => {
      const name = keyNames[index] ?? "";
      const value = after?.[name];
      if (!fields.includes(name) || value === undefined) return part;
      return references.has(name) && typeof value === "string" ? parseKey(value) : value;
    });
    const key = mapKeyReferences(schema, change.model, JSON.stringify(parts), keyBefore);
    let known = renamed.get(change.model);
    if (!known) renamed.set(change.model, (known = new Map<string, string>()));
    known.set(key, change.key);
  }

  return async (changes) => {
    // By model: the key before, by the key of the plan.
    const wanted = new Map<string, Map<string, string>>();
    const want = (model: string, key: string): string => {
      let known = seen.get(model);
      if (!known) seen.set(model, (known = new Set()));
      if (known.has(key)) return key;
      known.add(key);
      let keys = wanted.get(model);
      if (!keys) wanted.set(model, (keys = new Map<string, string>()));
      keys.set(key, keyBefore(model, key));
      return key;
    };
    for (const change of changes) {
      noteRename(change);
      if (change.after === null) continue;
      if (change.action === "create") mapKeyReferences(schema, change.model, change.key, want);
      for (const { name, field, isDerived } of schema.referenceFields(change.model)) {
        if (!isDerived) visitReferences(field, change.after[name], want);
      }
    }

    const found: PlanReference[] = [];
    for (const [model, keys] of wanted) {
      const before = [...new Set(keys.values())];
      const records = await store.find("target", model, before);
      const unknown = before.filter((key) => records.get(key) === undefined);
      const ids = unknown.length > 0 ? await findIds?.(model, unknown) : undefined;
      for (const [plannedKey, key] of keys) {
        const record = records.get(key);
        const targetId = record?.id ?? ids?.get(key) ?? null;
        if (record === undefined && targetId === null) continue;
        found.push({ model, key, plannedKey, targetId });
      }
    }
    return found;
  };
}

export async function recordReferences(
  database: { readonly pool: pg.Pool },
  run: RunFence,
  syncId: string,
  references: readonly PlanReference[],
): Promise<void> {
  if (references.length === 0) return;
  await inRunTransaction(database, run, (client) =>
    copyRows(
      client,
      "sync_reference",
      ["sync_id", "model", "key", "planned_key", "target_id"],
      references.map(({ model, key, plannedKey, targetId }) => [
        syncId,
        model,
        key,
        plannedKey,
        targetId,
      ]),
    ),
  );
}

/** What the plan of a sync refers to, in pages, each of one model. */
export async function* readReferences(
  database: { readonly pool: pg.Pool },
  syncId: string,
  pageSize = 5000,
): AsyncGenerator<readonly PlanReference[]> {
  let model = "";
  let plannedKey = "";
  for (;;) {
    const { rows } = await database.pool.query<PlanReference>(
      `select model, key, planned_key as "plannedKey", target_id as "targetId" from sync_reference
       where sync_id = $1 and (model, planned_key) > ($2, $3)
       order by model, planned_key limit $4`,
      [syncId, model, plannedKey, pageSize],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    ({ model, plannedKey } = last);
    yield* Map.groupBy(rows, (row) => row.model).values();
    if (rows.length < pageSize) return;
  }
}
