// What a list's query asks for, as SQL, and its pages.
import type { Queryable } from "../inventory.ts";
import type { ReadRecord } from "../key-strings.ts";
import { createParameters } from "../parameters.ts";
import { countRows, guessRows } from "./count.ts";
import type { Filter, FilterValue } from "./filter.ts";
import type { List, Lists } from "./list.ts";
import { listOrder, type Order, type Ordering } from "./list-order.ts";
import { both, type Bounds, pageText, type Position } from "./page-text.ts";
import { type DecidedBy, decidedByFilter, decidedBySearch } from "./repeated-values.ts";
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
  /** What decides the condition, if it is a single column. */
  readonly decidedBy: DecidedBy | null;
  readonly values: unknown[];
}

export function select(lists: Lists, list: List, query: ListQuery): Selection {
  const parameters = createParameters();
  const { filters, search } = query;
  const conditions = filters.map(({ filter, values }) => filter.condition(values, parameters));
  if (search !== "") conditions.push(searchCondition(lists, list, search, parameters));
  const [only] = filters;
  const [condition = ""] = conditions;
  return {
    ...listOrder(lists, list, query),
    decidedBy:
      conditions.length !== 1
        ? null
        : only
          ? decidedByFilter(list, only.filter, condition, parameters.values)
          : decidedBySearch(lists, list, search, parameters.values),
    where: conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`,
    values: parameters.values,
  };
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
  bounds: Bounds,
  wanted: Wanted,
): Promise<{ readonly rows: readonly ReadRecord[]; readonly count: number }> {
  const page = openPage(client, lists, list, query, bounds, wanted);
  // The rows of a narrowed list may tell how many there are; those of a whole one do not.
  const isWhole = query.filters.length === 0 && query.search === "";
  const counted = isWhole ? page.count() : null;
  const [rows] = await Promise.all([page.rows(), counted]);
  return { rows, count: await (counted ?? page.count()) };
}

/** A page of a list; its reader says what is waited for. */
export interface OpenPage {
  rows(): Promise<readonly ReadRecord[]>;
  /** How many objects the whole list has; what its rows told is not counted again. */
  count(): Promise<number>;
}

export function openPage(
  client: Queryable,
  lists: Lists,
  list: List,
  query: ListQuery,
  { limit, offset }: Bounds,
  wanted: Wanted,
): OpenPage {
  const selection = select(lists, list, query);
  const { where, values, decidedBy } = selection;
  let total: number | null = null;
  const count = async (): Promise<number> =>
    total ?? (await countRows(client, list, where, values, { decidedBy }));
  const read = (from: Position) =>
    readParts(client, list, selection, wanted, from, (counted) => (total = counted));
  const start = { limit, offset, isFromEnd: false };
  return {
    count,
    async rows() {
      if (list.table === null || offset < farFromStart) return read(start);
      const guess = where === "" ? await guessRows(client, list) : null;
      if (guess !== null && offset < guess * surelyNearStart) return read(start);
      const rest = (await count()) - offset;
      if (rest <= 0) return [];
      const end = { limit: Math.min(limit, rest), offset: Math.max(rest - limit, 0) };
      return read(rest < offset ? { ...end, isFromEnd: true } : start);
    },
  };
}

/** From where on it is worth knowing first whether the end is nearer. */
const farFromStart = 5000;

/** Up to which part of a list, of which it is guessed how long it is, its start is the nearer end, or as near. */
const surelyNearStart = 0.55;

/**
 * As many rows are read and sorted faster than an index is searched for them that may have them at its end, or none of
 * them. PostgreSQL guesses how many there are, at times far off; so they are counted, that far. The index of a list's
 * own order is read fastest.
 */
const worthSorting = { inOwnOrder: 10_000, inOther: 100_000 };

/** The rows of a page, out of the parts of the order that it is in. Tells of the whole list's length where it learns it. */
async function readParts(
  client: Queryable,
  list: List,
  { isOwn, parts, where: condition, values }: Selection,
  { columns, isJson }: Wanted,
  { limit, offset, isFromEnd }: Position,
  learnTotal: (total: number) => void,
): Promise<ReadRecord[]> {
  const rows: ReadRecord[] = [];
  let toSkip = offset;
  const ordered = isFromEnd ? [...parts].reverse() : parts;
  for (const [index, part] of ordered.entries()) {
    const isLast = index === ordered.length - 1;
    const where = both(condition, part.condition);
    if (toSkip > 0 && !isLast) {
      const size = await countRows(client, list, where, values);
      if (size <= toSkip) {
        toSkip -= size;
        continue;
      }
    }
    const bound = isOwn ? worthSorting.inOwnOrder : worthSorting.inOther;
    const isNarrowed = list.table !== null && (part.along ? where !== "" : condition !== "");
    const counted = isNarrowed
      ? await countRows(client, list, where, values, { most: bound + 1 })
      : null;
    const areFew = counted !== null && counted <= bound;
    if (areFew && part.condition === null) learnTotal(counted);
    const text = pageText(
      { list, part, where, columns, areFew },
      { limit: limit - rows.length, offset: toSkip, isFromEnd },
    );
    const { rows: read } = await client.query<ReadRecord | JsonRow>(
      isJson ? asJson(text) : text,
      values,
    );
    const found = read.map((row) => (isJson ? (row as JsonRow).row : (row as ReadRecord)));
    if (isFromEnd) rows.unshift(...found);
    else rows.push(...found);
    if (rows.length >= limit) break;
    toSkip = 0;
  }
  return rows;
}
