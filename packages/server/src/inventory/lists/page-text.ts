import type { List } from "./list.ts";
import type { Along, OrderPart } from "./order-parts.ts";
import { orderText } from "./order-terms.ts";

export interface Bounds {
  readonly limit: number;
  readonly offset: number;
}

export interface Position extends Bounds {
  /** Whether the offset counts from the end. */
  readonly isFromEnd: boolean;
}

/** What is read of a part of a list. */
export interface PartOfList {
  readonly list: List;
  readonly part: OrderPart;
  /** "where …", or nothing: that of the list and that of the part. */
  readonly where: string;
  /** Columns of rows `t`. */
  readonly columns: string;
  /** Whether they are so few that all of them are read and sorted, wherever an index may have them. */
  readonly areFew: boolean;
}

/** The statement that reads a page. */
export function pageText(read: PartOfList, position: Position): string {
  const { list, part, columns, areFew } = read;
  if (list.table === null) return sortedText(read, position, columns);
  const ids =
    part.along && !areFew
      ? alongText(read, part.along, position)
      : sortedText(read, position, "t.id");
  // Records are read by their ids, so that nothing is read of those skipped.
  return `select r.*
            from (select id, row_number() over () as place from (${ids}) i) p
           cross join lateral (select ${columns} from ${list.source} t where t.id = p.id limit 1) r
           order by p.place${position.isFromEnd ? " desc" : ""}`;
}

function sortedText(
  { list: { source }, part, where, areFew }: PartOfList,
  { limit, offset, isFromEnd }: Position,
  columns: string,
): string {
  // Behind "offset 0" PostgreSQL does not look for them in the order's index, where it may have to pass most others.
  const read = part.along === null ? "t.*" : columnsAlong(part.along).join(", ");
  const rows = areFew ? `(select ${read} from ${source} t ${where} offset 0) t` : `${source} t`;
  return `select ${columns} from ${rows} ${part.joins} ${areFew ? "" : where}
    order by ${isFromEnd ? part.reversed : part.orderBy} limit ${limit} offset ${offset}`;
}

/** What the order reads of rows `t`: where an index has all of it, nothing else is read. */
function columnsAlong({ reference, rest }: Along): string[] {
  return [...new Set(["t.id", reference, ...rest.map(({ place }) => place)])];
}

/**
 * Goes along the objects that are referred to, counts what refers to each no further than the page's end, and reads
 * what refers to those where the page is.
 */
function alongText(
  { list: { source }, where }: PartOfList,
  along: Along,
  { limit, offset, isFromEnd }: Position,
): string {
  const order = (alias: string): string => along.orderOf(alias, isFromEnd);
  const { rest, emptiesLast } = along;
  // In their order also where they are counted: without it PostgreSQL would look for a few of them in the whole table.
  const rows = (columns: string, alias: string): string =>
    `select ${columns} from ${source} t ${both(where, `${along.reference} = ${alias}.id`)}
      order by ${orderText(rest, emptiesLast, isFromEnd)}`;
  const values = rest.map(({ place }, i) => `${place} as r${i}`);
  const named = rest.map((term, i) => ({ ...term, place: `t.r${i}` }));
  return `select t.id
    from (select o.called, o.id, c.count,
                 sum(c.count) over (order by ${order("o")} rows unbounded preceding) - c.count as start
            from (select o.id, o.called
                    from (select o.id, ${along.called} as called from ${along.source} o) o order by ${order("o")}) o
           cross join lateral (
             select count(*) as count from (${rows("1", "o")} limit ${offset + limit}) c) c) p
   cross join lateral (
     ${rows(`t.id, ${values.join(", ")}`, "p")}
     limit ${limit} offset greatest(${offset} - p.start, 0)::bigint) t
   where p.start + p.count > ${offset}
   order by ${order("p")}, ${orderText(named, emptiesLast, isFromEnd)} limit ${limit}`;
}

/** "where …" with one condition more, if there is one. */
export function both(where: string, condition: string | null): string {
  if (condition === null) return where;
  return where === "" ? `where ${condition}` : `${where} and ${condition}`;
}
