// What an object of the hub was like after a change, or before it went: told again from its audit rows, as an object
// of the API was and flat.
import { parseKey, type KeyPart } from "@plumbline/sync";
import { customFieldsName } from "../../inventory/custom-fields/definitions.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { idsByKey } from "../../inventory/key-lookup.ts";
import { findField, idsIn } from "../../inventory/lists/list.ts";
import type { Table } from "../../inventory/table.ts";
import { type PastState, readGone, readPastStates } from "./past-states.ts";
import { renderObject, type RenderOptions } from "./render-object.ts";
import type { RelatedContext, Resource, StoredObject } from "./resource.ts";
import { objectColumns, readRelated } from "./stored-objects.ts";

type Ids = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Records that name an object of any model, which is null where that is gone. */
export async function withObjectIfThere(
  name: string,
  { client }: Pick<RelatedContext, "client">,
  records: readonly StoredObject[],
): Promise<StoredObject[]> {
  const idOf = ({ values }: StoredObject) => (values[name] as { readonly id: string } | null)?.id;
  const gone = await readGone(
    client,
    records.flatMap((record) => idOf(record) ?? []),
  );
  return records.map((record) =>
    gone.has(idOf(record) ?? "")
      ? { ...record, values: { ...record.values, [name]: null } }
      : record,
  );
}

/** Object changes with `object_data` and `object_data_v2`; of what is no object of a model, as they are. */
export async function withObjectData(
  inventory: Inventory,
  context: RelatedContext,
  changes: readonly StoredObject[],
): Promise<StoredObject[]> {
  const states = await readPastStates(context.client, changes);
  const byModel = Map.groupBy(states.values(), ({ model }) => model);
  const ids = await findReferred(inventory, context, byModel);
  const past = new Map<number, StoredObject>();
  for (const resource of context.resources.all) {
    const known = byModel.get(resource.name);
    if (!known || resource.table === null) continue;
    for (const entry of await toPastObjects(context, resource, resource.table, known, ids)) {
      past.set(...entry);
    }
  }
  const shown = { depth: 1, showsSets: true };
  const related = await readRelated(context.client, context.resources, [...past.values()], shown);
  const { resources, customFields } = context;
  const options = {
    ...{ resources, customFields, related, ...shown },
    ...{ origin: "", counts: null, references: new Map<number, Map<string, unknown>>() },
  };
  const named = await withObjectIfThere("changed_object", context, changes);
  return named.map((change) => {
    const object = past.get(Number(change.values["line"]));
    return object === undefined ? change : withData(change, object, options);
  });
}

function withData(
  change: StoredObject,
  object: StoredObject,
  options: Omit<RenderOptions, "includes">,
): StoredObject {
  const rendered = { ...options, includes: new Set<never>() };
  const label = String(change.values["object_repr"]);
  const own = object.values[object.resource.calledBy];
  // Where it stood is told by the data.
  const called = typeof own === "string" ? own : label;
  return {
    ...change,
    key: change.key.map((part) => (typeof part === "string" ? part.replace(label, called) : part)),
    values: {
      ...change.values,
      object_repr: called,
      ...relatedTo(object, options),
      object_data: flatten(object, rendered),
      object_data_v2: renderObject(object, rendered),
    },
  };
}

/** What an object is a part of: an interface of its device. */
function relatedTo(
  { resource, values }: StoredObject,
  { resources }: Pick<RenderOptions, "resources">,
): Record<string, unknown> {
  const [name = ""] = resource.table?.hubModel.calledAfter ?? [];
  const target = findField(resource, name)?.target ?? null;
  if (target === null) return {};
  const [id = null] = idsIn(values[name]);
  const { contentType } = resources.get(target);
  return { related_object_type: id === null ? null : contentType, related_object_id: id };
}

/** The ids of what the states refer to, by model and key; what is gone has none. */
async function findReferred(
  inventory: Inventory,
  { client, resources }: RelatedContext,
  byModel: ReadonlyMap<string, readonly PastState[]>,
): Promise<Ids> {
  const keys = new Map<string, Set<string>>();
  for (const [model, states] of byModel) {
    const table = resources.all.find(({ name }) => name === model)?.table;
    for (const { name, target } of [...(table?.columns ?? []), ...(table?.joins ?? [])]) {
      if (target === null) continue;
      const known = keys.get(target) ?? new Set();
      keys.set(target, known);
      for (const { values } of states) for (const key of idsIn(values[name])) known.add(key);
    }
  }
  const ids = new Map<string, ReadonlyMap<string, string>>();
  for (const [target, wanted] of keys) {
    ids.set(target, await idsByKey(client, inventory, target, wanted));
  }
  return ids;
}

/**
 * Objects as they were, by the number of their change: rows of the table's type, over what is there now of what no
 * audit row holds, read like rows of the table.
 */
async function toPastObjects(
  { client }: RelatedContext,
  resource: Resource,
  table: Table,
  states: readonly PastState[],
  ids: Ids,
): Promise<[line: number, object: StoredObject][]> {
  const given = states.map((state) => ({ line: state.line, row: rowOf(table, state, ids) }));
  const { rows } = await client.query<{ line: number; row: StoredObject["values"] }>(
    `select s.line, to_json(r) as row
       from jsonb_to_recordset($1::jsonb) as s(line float8, row jsonb)
       left join ${table.name} c on c.id = (s.row ->> 'id')::uuid
      cross join lateral jsonb_populate_record(c, s.row) t
      cross join lateral (select ${objectColumns(resource, "t", "all")}) r`,
    [JSON.stringify(given)],
  );
  const byLine = new Map(states.map((state) => [state.line, state]));
  return rows.flatMap(({ line, row }) => {
    const state = byLine.get(line);
    if (!state) return [];
    const values: Record<string, unknown> = { ...row };
    // Sets that others hold are not told in its own history.
    for (const { name, join, isReadOnly } of resource.fields) {
      if (join !== null && isReadOnly) values[name] = [];
    }
    for (const { name, target } of table.joins) {
      values[name] = idsIn(state.values[name]).flatMap((key) => ids.get(target)?.get(key) ?? []);
    }
    return [[line, { resource, id: state.id, key: keyOf(table, state), values }]];
  });
}

function rowOf(table: Table, state: PastState, ids: Ids): Record<string, unknown> {
  const { id, values, created, lastUpdated } = state;
  const row: Record<string, unknown> = { id, last_updated: lastUpdated };
  if (created !== null) row["created"] = created;
  if (table.hasCustomFields) row[customFieldsName] = values[customFieldsName] ?? {};
  for (const { name, column, target } of table.columns) {
    if (!(name in values)) continue;
    const [key] = idsIn(values[name]);
    row[column] = target === null ? values[name] : (ids.get(target)?.get(key ?? "") ?? null);
  }
  return row;
}

function keyOf({ model }: Table, { values }: PastState): KeyPart[] {
  return model.keyNames.map((name) => {
    const value = values[name] ?? null;
    const isReference = model.field(name).kind === "reference" && typeof value === "string";
    return isReference ? parseKey(value) : (value as KeyPart);
  });
}

/** Each field as one plain value: references as ids, tags by their names, choices as their word. */
function flatten(object: StoredObject, options: RenderOptions): Record<string, unknown> {
  const { resource, values } = object;
  const rendered = renderObject(object, { ...options, depth: 0 });
  const tags = options.related.get("tag");
  const flat = resource.fields.flatMap((field): [string, unknown][] => {
    const { name, join, kind, parts } = field;
    const isToldApart = parts !== null || kind === "prefix" || !(name in rendered);
    if (isToldApart || (join !== null && field.isReadOnly)) return [];
    if (name === "tags") {
      return [[name, idsIn(values[name]).map((id) => tags?.get(id)?.values["name"] ?? id)]];
    }
    if (kind === "choice" && rendered[name] === null) return [[name, ""]];
    return [[name, plain(kind === "date-time" ? inMilliseconds(rendered[name]) : rendered[name])]];
  });
  const unkept = Object.keys(resource.unkept).map((name): [string, null] => [name, null]);
  const custom = resource.hasCustomFields ? { custom_fields: rendered[customFieldsName] } : {};
  return { ...Object.fromEntries<unknown>([...flat, ...unkept]), ...custom };
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("value" in value && "label" in value) return value.value;
  return "id" in value && "object_type" in value ? value.id : value;
}

function inMilliseconds(moment: unknown): unknown {
  return typeof moment === "string" ? moment.replace(/\d{3}Z$/, "Z") : moment;
}
