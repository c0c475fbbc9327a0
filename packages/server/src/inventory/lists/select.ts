// What a list's query asks for, as SQL, and its pages.
import type { Queryable } from "../inventory.ts";
import type { ReadRecord } from "../key-strings.ts";
import { createParameters } from "../parameters.ts";
import { countRows } from "./count.ts";
import type { Filter, FilterValue } from "./filter.ts";
import type { List, Lists } from "./list.ts";
import { listOrder, type Order, type Ordering } from "./list-order.ts";
import { searchCondition } from "./search.ts";

export interface ListQuery extends Ordering {
  /** Each must hold; values of filters by reference are ids. */
  readonly filters: readonly { readonly filter: Filter; readonly values: readonly FilterValue[] }[];
  /** Text to look for in the search fields; empty for none. */
  readonly search: string;
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
  const selection = select(lists, list, query);
  const { where, values } = selection;
  const count = () => countRows(client, list, where, values);
  const read = async (from: Position): Promise<ReadRecord[]> => {
    const text = pageText(list, selection, from, columns);
    const { rows } = await client.query<ReadRecord | JsonRow>(isJson ? asJson(text) : text, values);
    return rows.map((row) => (isJson ? (row as JsonRow).row : (row as ReadRecord)));
  };
  const start = { limit, offset, isFromEnd: false };
  if (offset < farFromStart) {
    const [rows, total] = await Promise.all([read(start), count()]);
    return { rows, count: total };
  }
  const total = await count();
  const rest = total - offset;
  if (rest <= 0) return { rows: [], count: total };
  const isNearEnd = list.table !== null && rest < offset;
  const end = { limit: Math.min(limit, rest), offset: Math.max(rest - limit, 0), isFromEnd: true };
  return { rows: await read(isNearEnd ? end : start), count: total };
}

/** From where on it is worth knowing first whether the end is nearer. */
const farFromStart = 5000;

interface Position extends Bounds {
  /** Whether the offset counts from the end. */
  readonly isFromEnd: boolean;
}

function pageText(
  { source, table }: List,
  { joins, where, orderBy, reversed }: Selection,
  { limit, offset, isFromEnd }: Position,
  columns: string,
): string {
  const page = (selected: string): string =>
    `select ${selected} from ${source} t ${joins} ${where}
      order by ${isFromEnd ? reversed : orderBy} limit ${limit} offset ${offset}`;
  if (table === null) return page(columns);
  // Records are read by their ids, so that nothing is read of those skipped.
  return `select r.*
            from (select id, row_number() over () as place from (${page("t.id")}) i) p
           cross join lateral (select ${columns} from ${source} t where t.id = p.id limit 1) r
           order by p.place${isFromEnd ? " desc" : ""}`;
}
