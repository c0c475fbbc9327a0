import type pg from "pg";
import type { Queryable } from "../../inventory/inventory.ts";
import {
  createParameters,
  isUuid,
  type Parameters,
  searchCondition,
} from "../../inventory/list-filter.ts";
import {
  callingField,
  filterConditions,
  type FilterValue,
  filtersOf,
  textPlace,
} from "./filters.ts";
import type { ListRequest } from "./list-request.ts";
import { refuseFields } from "./refused.ts";
import { findField, type Resource, type Resources, type RowValues } from "./resource.ts";
import { objectColumns, type StoredObject, toStored } from "./stored-objects.ts";

type Selected = Pick<ListRequest, "filters" | "search" | "sort">;

interface Selection {
  readonly joins: string;
  readonly where: string;
  readonly orderBy: string;
  readonly values: unknown[];
}

/** A page of a list and how many objects the whole list has. */
export async function readPage(
  pool: pg.Pool,
  resources: Resources,
  resource: Resource,
  request: ListRequest,
): Promise<{ readonly objects: StoredObject[]; readonly count: number }> {
  const { joins, where, orderBy, values } = await select(pool, resources, resource, request);
  const { source } = resource;
  const [page, count] = await Promise.all([
    pool.query<{ row: RowValues }>(
      `select to_json(r) as row
         from (select ${objectColumns(resource, "t")} from ${source} t ${joins} ${where}
                order by ${orderBy} limit ${request.limit} offset ${request.offset}) r`,
      values,
    ),
    pool.query<{ count: number }>(
      `select count(*)::float8 as count from ${source} t ${where}`,
      values,
    ),
  ]);
  return {
    objects: page.rows.map(({ row }) => toStored(resource, row)),
    count: count.rows[0]?.count ?? 0,
  };
}

/** The objects with these ids, in the list's own order. */
export async function readObjects(
  client: Queryable,
  resources: Resources,
  resource: Resource,
  ids: readonly string[],
): Promise<StoredObject[]> {
  if (ids.length === 0) return [];
  const { joins, orderBy } = order(resources, resource, []);
  const { rows } = await client.query<{ row: RowValues }>(
    `select to_json(r) as row
       from (select ${objectColumns(resource, "t")} from ${resource.source} t ${joins}
              where t.id = any($1::uuid[]) order by ${orderBy}) r`,
    [ids],
  );
  return rows.map(({ row }) => toStored(resource, row));
}

const streamedAtOnce = 1000;

/** Every object of a list, as of one moment, some at a time; `columns` are read beside the object's own. */
export async function* streamObjects(
  pool: pg.Pool,
  resources: Resources,
  resource: Resource,
  request: Selected,
  columns: readonly string[],
): AsyncGenerator<readonly { readonly object: StoredObject; readonly row: RowValues }[]> {
  const { joins, where, orderBy, values } = await select(pool, resources, resource, request);
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query("begin isolation level repeatable read read only");
    await client.query(
      `declare listed no scroll cursor for
         select to_json(r) as row
           from (select ${[objectColumns(resource, "t"), ...columns].join(", ")}
                   from ${resource.source} t ${joins} ${where} order by ${orderBy}) r`,
      values,
    );
    for (;;) {
      const { rows } = await client.query<{ row: RowValues }>(
        `fetch ${streamedAtOnce} from listed`,
      );
      if (rows.length === 0) return;
      yield rows.map(({ row }) => ({ object: toStored(resource, row), row }));
    }
  } finally {
    await client.query("rollback").catch(() => {
      isBroken = true;
    });
    client.release(isBroken);
  }
}

async function select(
  client: Queryable,
  resources: Resources,
  resource: Resource,
  request: Selected,
): Promise<Selection> {
  const filters = await nameIds(client, resources, request.filters);
  const parameters = createParameters();
  const conditions = filterConditions(filters, parameters);
  if (request.search !== "") conditions.push(search(resource, request.search, parameters));
  const { joins, orderBy } = order(resources, resource, request.sort);
  return {
    joins,
    orderBy,
    where: conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`,
    values: parameters.values,
  };
}

/** What of an object's own text, or its id, holds what is looked for. */
function search(resource: Resource, text: string, parameters: Parameters): string {
  const alternatives = isUuid(text) ? [`t.id = ${parameters.add(text)}::uuid`] : [];
  if (resource.table) alternatives.push(searchCondition(resource.table, text, parameters));
  else {
    const pattern = parameters.add(`%${text.replaceAll(/[\\%_]/g, "\\$&")}%`);
    for (const name of resource.searchFields) {
      const field = findField(resource, name);
      if (field) alternatives.push(`${textPlace(field, "t")} ilike ${pattern}`);
    }
  }
  return `(${alternatives.join(" or ")})`;
}

/** A reference sorts by what its object is called; names that are no fields are passed over. */
function order(
  resources: Resources,
  resource: Resource,
  sort: readonly string[],
): { readonly joins: string; readonly orderBy: string } {
  const joins: string[] = [];
  const termsOf = (names: readonly string[]): string[] =>
    names.flatMap((given) => {
      const isDescending = given.startsWith("-");
      const name = isDescending ? given.slice(1) : given;
      const direction = isDescending ? " desc" : "";
      if (name === "id") return [`t.id${direction}`];
      const field = findField(resource, name);
      if (!field || field.join) return [];
      if (field.target === null) return [`${field.place("t")}${direction}`];
      const target = resources.get(field.target);
      const alias = `o${joins.length}`;
      joins.push(`left join ${target.source} ${alias} on ${alias}.id = ${field.place("t")}`);
      return [`${callingField(target)?.place(alias) ?? `${alias}.id`}${direction}`];
    });
  const terms = termsOf(sort);
  if (terms.length === 0) terms.push(...termsOf(resource.sort));
  return { joins: joins.join(" "), orderBy: [...terms, "t.id"].join(", ") };
}

/** Puts ids for the names by which filters call objects, in one statement. @throws Refused for those there are not. */
async function nameIds(
  client: Queryable,
  resources: Resources,
  filters: ListRequest["filters"],
): Promise<ListRequest["filters"]> {
  const byTarget = new Map<string, Set<string>>();
  for (const { filter, values } of filters) {
    if (filter.target === null) continue;
    const wanted = byTarget.get(filter.target) ?? new Set();
    byTarget.set(filter.target, wanted);
    for (const value of values) if (value !== null) wanted.add(value);
  }
  if (byTarget.size === 0) return filters;
  const ids = await idsByName(client, resources, byTarget);
  const faults: Record<string, string[]> = {};
  const named = filters.map(({ filter, values }) => {
    if (filter.target === null) return { filter, values };
    const known = ids.get(filter.target);
    const found = values.flatMap((value): readonly FilterValue[] => {
      if (value === null) return [null];
      const matches = known?.get(isUuid(value) ? value.toLowerCase() : value);
      if (matches) return matches;
      (faults[filter.name] ??= []).push(
        `Select a valid choice. ${value} is not one of the available choices.`,
      );
      return [];
    });
    return { filter, values: found };
  });
  if (Object.keys(faults).length > 0) throw refuseFields(faults);
  return named;
}

/** By resource and name or id: the ids of the objects so called. */
async function idsByName(
  client: Queryable,
  resources: Resources,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Map<string, Map<string, string[]>>> {
  const values: string[][] = [];
  const selects = [...wanted].flatMap(([target, names]) => {
    const resource = resources.get(target);
    const ids = [...names].filter(isUuid);
    const called = callingField(resource);
    const parts: string[] = [];
    if (ids.length > 0) {
      parts.push(
        `select '${target}' as target, t.id::text as name, t.id from ${resource.source} t
          where t.id = any($${values.push(ids)}::uuid[])`,
      );
    }
    if (called && ids.length < names.size) {
      const text = textPlace(called, "t");
      parts.push(
        `select '${target}' as target, ${text} as name, t.id from ${resource.source} t
          where ${text} = any($${values.push([...names].filter((name) => !isUuid(name)))}::text[])`,
      );
    }
    return parts;
  });
  const found = new Map<string, Map<string, string[]>>();
  if (selects.length === 0) return found;
  const { rows } = await client.query<{ target: string; name: string; id: string }>(
    selects.join(" union all "),
    values,
  );
  for (const { target, name, id } of rows) {
    const names = found.get(target) ?? new Map<string, string[]>();
    found.set(target, names);
    const known = names.get(name);
    if (known) known.push(id);
    else names.set(name, [id]);
  }
  return found;
}

/** The filters of each resource, made once. */
export function createFilterIndex(resources: Resources) {
  const index = new Map<string, ReturnType<typeof filtersOf>>();
  return (resource: Resource): ReturnType<typeof filtersOf> => {
    let filters = index.get(resource.name);
    if (!filters) index.set(resource.name, (filters = filtersOf(resources, resource)));
    return filters;
  };
}
