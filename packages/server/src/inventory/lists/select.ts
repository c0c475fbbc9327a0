// What a list's query asks for, as SQL, and its pages.
import type { Queryable } from "../inventory.ts";
import type { ReadRecord } from "../key-strings.ts";
import { createParameters } from "../parameters.ts";
import type { Filter, FilterValue } from "./filter.ts";
import type { List, Lists } from "./list.ts";
import { listOrder, type Order } from "./list-order.ts";
import { searchCondition } from "./search.ts";

export interface ListQuery {
  /** Each must hold; values of filters by reference are ids. */
  readonly filters: readonly { readonly filter: Filter; readonly values: readonly FilterValue[] }[];
  /** Text to look for in the search fields; empty for none. */
  readonly search: string;
  /** Field names, "-" before it for descending; the list's own order where none is a field. */
  readonly sort: readonly string[];
  /** Whether what has no value comes last in a descending order too. */
  readonly emptiesLast: boolean;
}

export interface Selection extends Order {
  /** "where …", or nothing. */
  readonly where: string;
  readonly values: unknown[];
}

export function select(lists: Lists, list: List, query: ListQuery): Selection {
  const parameters = createParameters();
  const conditions = query.filters.map(({ filter, values }) =>
    filter.condition(values, parameters),
  );
  if (query.search !== "") conditions.push(searchCondition(list, query.search, parameters));
  return {
    ...listOrder(lists, list, query),
    where: conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`,
    values: parameters.values,
  };
}

export interface Bounds {
  readonly limit: number;
  readonly offset: number;
}

/** A select whose rows are one value each: numbers and times as JSON has them. */
export function asJson(select: string): string {
  return `select to_json(r) as row from (${select}) r`;
}

export interface JsonRow {
  readonly row: ReadRecord;
}

/** What is read of the objects on a page. */
export interface Wanted {
  /** Columns of rows `t`. */
  readonly columns: string;
  /** Whether values are as JSON has them. */
  readonly isJson: boolean;
}

/** A page of a list, in its order, and how many objects the whole list has. */
export async function readRows(
  client: Queryable,
  lists: Lists,
  list: List,
  query: ListQuery,
  { limit, offset }: Bounds,
  { columns, isJson }: Wanted,
): Promise<{ readonly rows: readonly ReadRecord[]; readonly count: number }> {
  const { joins, where, orderBy, values } = select(lists, list, query);
  const { source } = list;
  const page = (selected: string): string =>
    `select ${selected} from ${source} t ${joins} ${where}
      order by ${orderBy} limit ${limit} offset ${offset}`;
  // Records are read by their ids, so that nothing is read of those skipped.
  const text =
    list.table === null
      ? page(columns)
      : `select r.*
           from (select id, row_number() over () as place from (${page("t.id")}) i) p
          cross join lateral (select ${columns} from ${source} t where t.id = p.id limit 1) r
          order by p.place`;
  const [{ rows }, { rows: counts }] = await Promise.all([
    client.query<ReadRecord | JsonRow>(isJson ? asJson(text) : text, values),
    client.query<{ count: number }>(
      `select count(*)::float8 as count from ${source} t ${where}`,
      values,
    ),
  ]);
  return {
    rows: rows.map((row) => (isJson ? (row as JsonRow).row : (row as ReadRecord))),
    count: counts[0]?.count ?? 0,
  };
}
