import type { Change, OutcomeError } from "@plumbline/sync";
import { writeBatch } from "./batch.ts";
import type { BatchContext, Result } from "./batch-context.ts";
import type { Author } from "./audit.ts";
import { readCustomFieldsOf } from "./custom-fields/definitions.ts";
import { customNames, foldCustomValues } from "./custom-fields/model-fields.ts";
import { createHubLookup } from "./hub-lookup.ts";
import type { HubView } from "./hub-view.ts";
import { identify } from "./identify.ts";
import type { Queryable } from "./inventory.ts";
import { idsByKey } from "./key-lookup.ts";
import { readRecords } from "./read-records.ts";
import type { Table } from "./table.ts";
import { createReferenceTranslation } from "./translate-references.ts";
import { toHubChange } from "./to-hub-change.ts";

export interface ViewContext {
  readonly client: Queryable;
  readonly view: HubView;
  readonly author: Author;
}

/**
 * Writes changes of one model and one action as a job sees them: each becomes the change of the hub's object
 * that it means, with the hub's own key and references, and is written like any other.
 */
export async function writeInView(
  { client, view, author }: ViewContext,
  { model, changes }: { readonly model: string; readonly changes: readonly Change[] },
): Promise<Result[]> {
  const context: BatchContext = { client, inventory: view.base, author };
  const facts = view.projection(model);
  const base = view.base.table(view.baseName(model));
  const isPlain =
    facts === null &&
    !view.hasOtherKeys(model) &&
    !view.schema
      .referenceFields(model)
      .some(({ targets }) => targets.some((target) => view.hasOtherKeys(target)));
  if (isPlain) return writeOwn(context, base, changes);

  const table = view.table(model);
  const action = changes[0]?.action ?? "update";
  const { identified, results } = await identify(
    { client, inventory: view, author },
    table,
    action,
    changes,
  );
  const refuse = (change: Change, error: OutcomeError): void => {
    results.push({ change, status: "failed", targetId: null, error });
  };

  const existing = action === "create" ? [] : identified.map(({ id }) => id);
  const custom = customNames(table.model).length > 0 ? await readCustomFieldsOf(client, base) : [];
  const records = await readRecords(client, view.base, base.model.name, existing, custom);
  const translation = await createReferenceTranslation(client, view, table.model, changes);
  const lookup = createHubLookup(client, view.base);
  const made = await Promise.all(
    identified.map(async ({ change, id }) => {
      const current = records.get(id) ?? null;
      return {
        change,
        made: await toHubChange(view, change, { id, current, translation, lookup }),
      };
    }),
  );

  const meant = new Map<Change, Change>();
  for (const { change, made: one } of made) {
    if ("error" in one) refuse(change, one.error);
    else if (action === "update" && one.change.fields.length === 0) {
      // What differs is in the eye of the projection: the hub has these values.
      results.push({ change, status: "applied", targetId: one.change.targetId, error: null });
    } else meant.set(one.change, change);
  }
  if (action === "create") {
    // An object that the job does not see, or sees by another key, may have the hub's own key.
    const keys = [...meant.keys()].map(({ key }) => key);
    const taken = await idsByKey(client, view.base, base.model.name, keys);
    for (const [own, change] of meant) {
      if (!taken.has(own.key)) continue;
      meant.delete(own);
      refuse(change, {
        code: "conflict",
        message:
          `The hub has the ${base.model.label} ${own.label} already, and not as ` +
          `${table.model.keyNames.join(", ")} ${change.label}. Give that one this key, or change one of the two.`,
        field: base.model.keyNames[0] ?? null,
        value: own.label,
      });
    }
  }
  for (const result of await writeSeen(context, view, table, [...meant.keys()])) {
    results.push({ ...result, change: meant.get(result.change) ?? result.change });
  }
  return results;
}

/** Writes changes of the hub's own objects, with custom fields among their values. */
async function writeOwn(
  context: BatchContext,
  table: Table,
  changes: readonly Change[],
): Promise<Result[]> {
  const given = new Map(changes.map((change) => [withFoldedValues(change), change]));
  const results = await writeBatch(context, table, [...given.keys()]);
  return results.map((result) => ({
    ...result,
    change: given.get(result.change) ?? result.change,
  }));
}

function withFoldedValues(change: Change): Change {
  const before = change.before && foldCustomValues(change.before);
  const after = change.after && foldCustomValues(change.after);
  return before === change.before && after === change.after ? change : { ...change, before, after };
}

/** Writes changes of the hub's own objects; those that the projection would no longer see are refused. */
async function writeSeen(
  context: BatchContext,
  view: HubView,
  { where, model, name }: Table,
  changes: readonly Change[],
): Promise<Result[]> {
  const { client } = context;
  const base = view.base.table(view.baseName(model.name));
  const [first] = changes;
  if (where === null || first === undefined || first.action === "delete") {
    return writeOwn(context, base, changes);
  }
  await client.query("savepoint hub_view");
  const results = await writeOwn(context, base, changes);
  const { rows } = await client.query<{ id: string }>(
    `select t.id from ${name} t where t.id = any($1::uuid[]) and (${where}) is not true`,
    [results.flatMap(({ status, targetId }) => (status === "applied" ? (targetId ?? []) : []))],
  );
  if (rows.length === 0) {
    await client.query("release savepoint hub_view");
    return results;
  }
  await client.query("rollback to savepoint hub_view");
  const out = new Set(rows.map(({ id }) => id));
  const refused = results.filter(({ targetId }) => targetId !== null && out.has(targetId));
  const isRefused = new Set(refused.map(({ change }) => change));
  const rest = changes.filter((change) => !isRefused.has(change));
  return [
    ...refused.map(({ change }): Result => ({
      change,
      status: "failed",
      targetId: null,
      error: {
        code: "invalid-value",
        message:
          `${change.label} would be none of the ${model.pluralLabel} that the job sees: \`where\` leaves it out. ` +
          "Correct the record, or what the projection makes of it.",
        field: null,
        value: null,
      },
    })),
    ...(await writeSeen(context, view, view.table(model.name), rest)),
  ];
}
