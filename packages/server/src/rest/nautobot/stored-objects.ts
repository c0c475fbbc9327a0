import { customFieldsName } from "../../inventory/custom-fields/definitions.ts";
import type { Queryable } from "../../inventory/inventory.ts";
import type { ReadRecord } from "../../inventory/key-strings.ts";
import type { JsonRow } from "../../inventory/lists/select.ts";
import { idsIn } from "../../inventory/lists/list.ts";
import {
  isHiddenSet,
  type Resource,
  type Resources,
  type RestField,
  type StoredObject,
} from "./resource.ts";

/** Which sets of references are read: those that an answer does not show cost a statement's time for nothing. */
export type Sets = "all" | "tags" | "nested" | "none";

const isReadAs: Readonly<Record<Sets, (resource: Resource, field: RestField) => boolean>> = {
  all: () => true,
  tags: (_resource, field) => !isHiddenSet(field),
  nested: ({ nestedSets }, { name }) => nestedSets.includes(name),
  none: () => false,
};

/** The columns of rows `alias` that `toStored` reads. */
export function objectColumns(resource: Resource, alias: string, sets: Sets): string {
  const columns = resource.fields
    .filter((field) => field.join === null || isReadAs[sets](resource, field))
    .map((field) => `${field.read(alias)} as "${field.name}"`);
  if (resource.hasCustomFields) columns.push(`${alias}.${customFieldsName}`);
  // What is no record of the hub is called by what it displays.
  const name = resource.table === null ? [`${alias}.display`, `${alias}.natural_key`] : [];
  return [`${alias}.id`, ...name, ...columns].join(", ");
}

export function rowsOf(rows: readonly JsonRow[]): ReadRecord[] {
  return rows.map(({ row }) => row);
}

/** Objects as they were read, with their keys. */
export async function toStored(
  client: Queryable,
  resource: Resource,
  rows: readonly ReadRecord[],
): Promise<StoredObject[]> {
  const keys = await resource.readKeys(client, rows);
  return rows.map((values) => ({
    ...{ resource, values, id: values.id },
    key: keys.get(values.id) ?? [],
  }));
}

/** What a field's value refers to; null for none. */
export function referredBy(
  { target, form }: RestField,
  value: unknown,
): { readonly target: string; readonly ids: readonly string[] } | null {
  if (target !== null) return { target, ids: idsIn(value) };
  if (form !== "object" || typeof value !== "object" || value === null) return null;
  const { model, id } = value as { readonly model: string; readonly id: string };
  return { target: model, ids: [id] };
}

/** What refers to others. */
type Holder = Pick<StoredObject, "resource" | "values">;

/** Objects that others refer to, by resource and id. */
export type Related = ReadonlyMap<string, ReadonlyMap<string, StoredObject>>;

/**
 * What objects refer to, and so on `depth` times: one statement for each step, whatever the number of
 * models and objects.
 */
export async function readRelated(
  client: Queryable,
  resources: Resources,
  objects: readonly Holder[],
  { depth, showsSets }: { readonly depth: number; readonly showsSets: boolean },
): Promise<Related> {
  const related = new Map<string, Map<string, StoredObject>>();
  let edge: readonly Holder[] = objects;
  for (let step = 0; step < depth && edge.length > 0; step += 1) {
    const wanted = new Map<string, Set<string>>();
    for (const { resource, values } of edge) {
      for (const field of resource.fields) {
        const referred = referredBy(field, values[field.name]);
        if (referred === null) continue;
        const { target } = referred;
        // Sets are shown on the objects asked for, not on those they refer to.
        if (field.join !== null && (step > 0 || (isHiddenSet(field) && !showsSets))) continue;
        for (const id of referred.ids) {
          if (related.get(target)?.has(id)) continue;
          const ids = wanted.get(target);
          if (ids) ids.add(id);
          else wanted.set(target, new Set([id]));
        }
      }
    }
    const found = await readByIds(client, resources, wanted, showsSets ? "nested" : "none");
    edge = found;
    for (const object of found) {
      const known = related.get(object.resource.name) ?? new Map<string, StoredObject>();
      related.set(object.resource.name, known);
      known.set(object.id, object);
    }
  }
  return related;
}

/** Objects of several resources by their ids, in one statement. */
async function readByIds(
  client: Queryable,
  resources: Resources,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
  sets: Sets,
): Promise<StoredObject[]> {
  if (wanted.size === 0) return [];
  const values: string[][] = [];
  const selects = [...wanted].map(([name, ids]) => {
    const resource = resources.get(name);
    const place = `$${values.push([...ids])}`;
    return `select '${name}' as resource, to_json(r) as row
              from (select ${objectColumns(resource, "t", sets)} from ${resource.source} t
                     where t.id = any(${place}::uuid[])) r`;
  });
  const { rows } = await client.query<JsonRow & { readonly resource: string }>(
    selects.join(" union all "),
    values,
  );
  const found = Map.groupBy(rows, ({ resource }) => resource);
  const stored = await Promise.all(
    [...found].map(([name, each]) => toStored(client, resources.get(name), rowsOf(each))),
  );
  return stored.flat();
}
