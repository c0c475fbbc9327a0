import type pg from "pg";
import type { Queryable } from "../../inventory/inventory.ts";
import type { ReadRecord } from "../../inventory/key-strings.ts";
import { readFilters } from "../../inventory/lists/given-filters.ts";
import { listOrder } from "../../inventory/lists/list-order.ts";
import {
  asJson,
  type JsonRow,
  type ListQuery,
  readRows,
  select,
} from "../../inventory/lists/select.ts";
import type { ListRequest } from "./list-request.ts";
import { refuseFields } from "./refused.ts";
import type { Resource, Resources, StoredObject } from "./resource.ts";
import { objectColumns, rowsOf, type Sets, toStored } from "./stored-objects.ts";

type Selected = Pick<
  ListRequest,
  "filters" | "inTree" | "search" | "sort" | "custom" | "showsSets"
>;

/** A page of a list and how many objects the whole list has. */
export async function readPage(
  pool: pg.Pool,
  resources: Resources,
  resource: Resource,
  request: ListRequest,
): Promise<{ readonly rows: readonly ReadRecord[]; readonly count: number }> {
  const query = await readQuery(pool, resources, request);
  const columns = objectColumns(resource, "t", request.showsSets ? "all" : "tags");
  return readRows(pool, resources, resource, query, request, { columns, isJson: true });
}

/** The objects with these ids, in the list's own order. */
export async function readObjects(
  client: Queryable,
  resources: Resources,
  resource: Resource,
  ids: readonly string[],
): Promise<StoredObject[]> {
  return toStored(client, resource, await readRowsById(client, resources, resource, ids, "all"));
}

/** What `toStored` makes the objects with these ids of, in the list's own order. */
export async function readRowsById(
  client: Queryable,
  resources: Resources,
  resource: Resource,
  ids: readonly string[],
  sets: Sets,
): Promise<ReadRecord[]> {
  if (ids.length === 0) return [];
  const { joins, orderBy } = listOrder(resources, resource, { sort: [], emptiesLast: false });
  const { rows } = await client.query<JsonRow>(
    asJson(`select ${objectColumns(resource, "t", sets)} from ${resource.source} t ${joins}
              where t.id = any($1::uuid[]) order by ${orderBy}`),
    [ids],
  );
  return rowsOf(rows);
}

const streamedAtOnce = 1000;

/** Every object of a list, as of one moment, some at a time. */
export async function* streamObjects(
  pool: pg.Pool,
  resources: Resources,
  resource: Resource,
  request: Selected,
): AsyncGenerator<readonly StoredObject[]> {
  const query = await readQuery(pool, resources, request);
  const { joins, where, orderBy, values } = select(resources, resource, query);
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query("begin isolation level repeatable read read only");
    await client.query(
      `declare listed no scroll cursor for ${asJson(
        `select ${objectColumns(resource, "t", request.showsSets ? "all" : "tags")}
           from ${resource.source} t ${joins} ${where} order by ${orderBy}`,
      )}`,
      values,
    );
    for (;;) {
      const { rows } = await client.query<JsonRow>(`fetch ${streamedAtOnce} from listed`);
      if (rows.length === 0) return;
      yield await toStored(client, resource, rowsOf(rows));
    }
  } finally {
    await client.query("rollback").catch(() => {
      isBroken = true;
    });
    client.release(isBroken);
  }
}

/** @throws Refused naming every filter with a wrong value, and those that name what there is not */
async function readQuery(
  client: Queryable,
  resources: Resources,
  { filters: given, inTree, search, sort, custom }: Omit<Selected, "showsSets">,
): Promise<ListQuery> {
  const { filters, faults, unknown } = await readFilters(client, resources, given);
  const wrong = { ...unknown, ...faults };
  if (Object.keys(wrong).length > 0) throw refuseFields(wrong);
  return { filters, inTree, search, sort, custom, emptiesLast: false };
}
