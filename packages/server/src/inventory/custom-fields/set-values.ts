// The custom fields of what a batch writes. A change carries those that it sets, by key, under the name of a
// field; the others stay. What is stored for a field that is defined no more, or not for the model, stays too,
// unseen, and is there again if the field is.
import { customFieldName } from "@plumbline/models";
import {
  type Canonical,
  equalCanonical,
  InvalidInputError,
  type OutcomeError,
  type Values,
} from "@plumbline/sync";
import type { Author } from "../audit.ts";
import type { Queryable } from "../inventory.ts";
import { oversizedValue } from "../oversized.ts";
import { idsOf, type PendingChange } from "../pending-change.ts";
import type { Refusal } from "../refusal.ts";
import type { Table } from "../table.ts";
import { type CustomFieldDefinition, customFieldsName, readCustomFieldsOf } from "./definitions.ts";
import { readCustomValue } from "./read-value.ts";

export interface WithCustomFields {
  readonly pending: readonly PendingChange[];
  readonly refusals: Refusal[];
}

/**
 * Reads and completes the custom fields that creates and updates set. What is required is asked of new objects
 * and of writes of the field itself: a field that comes to be required later stops no other write.
 */
export async function setCustomFields(
  { client, author }: { readonly client: Queryable; readonly author: Author },
  table: Table,
  pending: readonly PendingChange[],
): Promise<WithCustomFields> {
  const isCreate = pending[0]?.change.action === "create";
  const concerned = isCreate ? pending : pending.filter((change) => givenIn(change) !== undefined);
  if (!table.hasCustomFields || concerned.length === 0) return { pending, refusals: [] };
  const definitions = await readCustomFieldsOf(client, table);
  const stored = isCreate
    ? await formerValues(client, table, author, concerned)
    : await storedValues(client, table, idsOf(concerned));
  const asked = new Set(idsOf(concerned));
  const done = new Map<string, PendingChange>();
  const refusals: Refusal[] = [];
  for (const change of concerned) {
    const had = stored.get(change.id) ?? {};
    const given = givenIn(change) ?? {};
    // What comes back brings along what nobody sees.
    const isAsPlanned = author.syncId !== null && !(isCreate && change.change.targetId !== null);
    const gone = isAsPlanned ? undefinedKey(definitions, given) : undefined;
    if (gone !== undefined) {
      refusals.push({ id: change.id, ...noLongerDefined(table, gone) });
      continue;
    }
    const read = readGiven(definitions, given, isCreate ? had : null);
    if ("refused" in read) refusals.push({ id: change.id, ...read.refused });
    else if (isCreate) done.set(change.id, withValues(change, { ...had, ...read.values }, {}));
    else done.set(change.id, withValues(change, read.values, had));
  }
  return {
    pending: pending.flatMap((change) =>
      asked.has(change.id) ? (done.get(change.id) ?? []) : change,
    ),
    refusals,
  };
}

/** Deletes with the custom fields of what goes, for its record. */
export async function withStoredValues(
  client: Queryable,
  table: Table,
  pending: readonly PendingChange[],
): Promise<readonly PendingChange[]> {
  if (!table.hasCustomFields) return pending;
  const stored = await storedValues(client, table, idsOf(pending));
  if (stored.size === 0) return pending;
  return pending.map((one) => {
    const values = stored.get(one.id);
    if (values === undefined) return one;
    const before = { ...one.change.before, [customFieldsName]: values };
    return { ...one, change: { ...one.change, before } };
  });
}

/** What objects have, by id, those without any left out. */
async function storedValues(
  client: Queryable,
  { name }: Table,
  ids: readonly string[],
): Promise<Map<string, Values>> {
  const { rows } = await client.query<{ id: string; values: Values }>(
    `select id, ${customFieldsName} as values from ${name}
      where id = any($1::uuid[]) and ${customFieldsName} <> '{}'`,
    [ids],
  );
  return new Map(rows.map(({ id, values }) => [id, values]));
}

/** What objects had that a sync brings back with their ids. */
async function formerValues(
  client: Queryable,
  { model }: Table,
  author: Author,
  pending: readonly PendingChange[],
): Promise<Map<string, Values>> {
  const back = author.syncId === null ? [] : pending.filter(({ change }) => change.targetId);
  if (back.length === 0) return new Map();
  const { rows } = await client.query<{ id: string; values: Values }>(
    `select distinct on (object_id) object_id as id, coalesce(before -> $3, '{}') as values
       from object_change
      where object_id = any($1::uuid[]) and model = $2 and action = 'delete'
      order by object_id, id desc`,
    [idsOf(back), model.name, customFieldsName],
  );
  return new Map(rows.map(({ id, values }) => [id, values]));
}

function givenIn({ change }: PendingChange): Values | undefined {
  const given = change.after?.[customFieldsName];
  return typeof given === "object" && given !== null && !Array.isArray(given)
    ? (given as Values)
    : undefined;
}

/** What has a value, and nothing says of what. */
function undefinedKey(
  definitions: readonly CustomFieldDefinition[],
  given: Values,
): string | undefined {
  return Object.keys(given).find(
    (key) => given[key] !== null && definitions.every((each) => each.key !== key),
  );
}

/** A plan may be older than the end of a custom field. */
function noLongerDefined({ model }: Table, key: string): OutcomeError {
  const message = `The hub no longer has the custom field '${key}' for ${model.pluralLabel}. Run again.`;
  return fault("stale", key, message, null);
}

/** @param former of a new object, what it had before; null for one that is there and keeps what is not given */
function readGiven(
  definitions: readonly CustomFieldDefinition[],
  given: Values,
  former: Values | null,
): { readonly values: Values } | { readonly refused: OutcomeError } {
  const values: Record<string, Canonical> = {};
  for (const definition of definitions) {
    const { key, required } = definition;
    const isGiven = Object.hasOwn(given, key);
    if (!isGiven && (former === null || Object.hasOwn(former, key))) continue;
    let value: Canonical;
    try {
      value = isGiven ? readCustomValue(definition, given[key]) : definition.default;
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      return { refused: fault("invalid-value", key, `${error.message}.`, given[key] ?? null) };
    }
    if (value === null && required) {
      const missing = `Missing required custom field '${key}'. Give it a value, or give the field a default.`;
      return {
        refused: isGiven
          ? fault("invalid-value", key, "Required field cannot be empty.", null)
          : fault("missing-value", key, missing, null),
      };
    }
    if (value !== null || isGiven) values[key] = value;
  }
  const oversized = oversizedValue(values);
  if (oversized !== null) {
    return { refused: fault("invalid-value", oversized.name, oversized.message, null) };
  }
  return { values };
}

function fault(code: string, key: string, message: string, value: Canonical): OutcomeError {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return { code, message, field: customFieldName(key), value: value === null ? null : text };
}

/** The change with what is stored in the end, and for its record what it was before. */
function withValues(change: PendingChange, values: Values, stored: Values): PendingChange {
  const { [customFieldsName]: _given, ...after } = change.change.after ?? {};
  const changed = Object.entries(values).filter(
    ([key, value]) => !equalCanonical(stored[key] ?? null, value),
  );
  const row = { ...change.row, [customFieldsName]: { ...stored, ...values } };
  if (changed.length === 0) return { ...change, change: { ...change.change, after }, row };
  const before = change.change.before && {
    ...change.change.before,
    [customFieldsName]: Object.fromEntries(changed.map(([key]) => [key, stored[key] ?? null])),
  };
  return {
    ...change,
    change: {
      ...change.change,
      before,
      after: { ...after, [customFieldsName]: Object.fromEntries(changed) },
    },
    row,
  };
}
