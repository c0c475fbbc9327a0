import { isSortedByKey, restOfKey } from "../table.ts";
import { findField, type List, type ListField, type Lists, orderPlace } from "./list.ts";
import { orderParts, type OrderPart } from "./order-parts.ts";
import { orderText, type RowOrder, type SortedBy, type Term, valueTerms } from "./order-terms.ts";
import { plainField } from "./table-list.ts";

/** The order of a list's rows `t`. */
export interface Order extends RowOrder {
  /** The same rows one part after the other, each in an order that an index has. */
  readonly parts: readonly OrderPart[];
  /** Whether it is the list's own. */
  readonly isOwn: boolean;
}

export interface Ordering {
  /** Field names, "-" before it for descending; the list's own order where none is a field. */
  readonly sort: readonly string[];
  /** Whether what has no value comes last in a descending order too. */
  readonly emptiesLast: boolean;
  /** Whether a list's own order is that of its tree: each object followed by what is below it. */
  readonly inTree?: boolean;
  /** What else objects are sorted by: custom fields. */
  readonly custom?: readonly ListField[];
}

/**
 * By the fields named ("-name" for descending), or the list's own order where none is; names of no field are passed
 * over. A reference asked for sorts by what its object is called; in the list's own order, by its id.
 */
export function listOrder(
  lists: Lists,
  list: List,
  { sort, emptiesLast, inTree, custom = [] }: Ordering,
): Order {
  const joins: string[] = [];
  const terms: Term[] = [];
  const sorted = sort.flatMap((given) => sortedBy(list, custom, given));
  for (const by of sorted) {
    const { field, isDescending } = by;
    if (field.target === null) {
      terms.push(...valueTerms(list, by));
      continue;
    }
    const other = lists.get(field.target);
    const alias = `o${joins.length}`;
    joins.push(`left join ${other.source} ${alias} on ${alias}.id = ${field.place("t")}`);
    const called = findField(other, other.calledBy);
    for (const place of [...(called ? [orderPlace(called, alias)] : []), `${alias}.id`]) {
      terms.push({ place, isDescending, isNullable: true });
    }
  }
  const path = inTree === true && sorted.length === 0 ? treePath(list) : null;
  if (path !== null) {
    joins.push(path);
    terms.push({ place: "tree.path", isDescending: false, isNullable: false });
  }
  const isByCustom = sorted.some(({ field }) => custom.includes(field));
  const last = lastTerms(list, sorted, isByCustom || sorted.length === 0);
  if (terms.at(-1)?.place !== "t.id") terms.push(...last);
  const whole: RowOrder = {
    joins: joins.join(" "),
    orderBy: orderText(terms, emptiesLast),
    reversed: orderText(terms, emptiesLast, true),
  };
  // What is a select, or stands in the values of custom fields, has no index.
  const hasIndex = list.table !== null && !isByCustom;
  return {
    ...whole,
    isOwn: sorted.length === 0,
    parts: (hasIndex ? orderParts(lists, list, sorted, last, emptiesLast) : null) ?? [
      { ...whole, condition: null, along: null },
    ],
  };
}

function sortedBy(list: List, custom: readonly ListField[], given: string): SortedBy[] {
  const isDescending = given.startsWith("-");
  const name = isDescending ? given.slice(1) : given;
  const field =
    name === "id"
      ? plainField("id", "text")
      : (findField(list, name) ?? custom.find((each) => each.name === name));
  return field && !field.join ? [{ field, isDescending }] : [];
}

/**
 * What tells apart what comes to the same otherwise: in the list's own order and in that of custom fields the list's
 * own, with the id where the key does not; in others the id, in the same direction, as indexes have it. What goes by the
 * first part of the key has an index with the others, in their order.
 */
function lastTerms(list: List, sorted: readonly SortedBy[], isOwn: boolean): Term[] {
  const { table, sort } = list;
  const isDescending = sorted.at(-1)?.isDescending ?? false;
  const [first, second] = sorted;
  const id = { place: "t.id", isDescending: isDescending && !isOwn, isNullable: false };
  const [part] = table?.columns.filter(({ isKey }) => isKey) ?? [];
  if (table && first && !second && first.field.target !== null && first.field.name === part?.name) {
    const rest = restOfKey(table);
    const terms = rest.map(({ column, orderColumn, field: { isNullable } }) => {
      return { place: `t.${orderColumn ?? column}`, isDescending, isNullable };
    });
    // Two names may come to the same, as two keys never do.
    return rest.some(({ orderColumn }) => orderColumn !== null) ? [...terms, id] : terms;
  }
  if (!isOwn) return [id];
  // In its own order a list has what refers to the same together: an index serves that.
  const own = sort
    .flatMap((given) => sortedBy(list, [], given))
    .flatMap((by) => valueTerms(list, by));
  return table !== null && sorted.length === 0 && isSortedByKey(table) ? own : [...own, id];
}

/**
 * Joins what objects are called on the way from the root of their tree, each with its id, which tells apart what comes to
 * the same; null for a list that is none.
 */
function treePath(list: List): string | null {
  const above = findField(list, list.treeField ?? "");
  const called = findField(list, list.calledBy);
  if (!above || !called) return null;
  return `cross join lateral (
    with recursive up (id, name, above, step) as (
      select t.id, ${orderPlace(called, "t")}, ${above.place("t")}, 0
      union all
      select p.id, ${orderPlace(called, "p")}, ${above.place("p")}, up.step + 1
        from up join ${list.source} p on p.id = up.above
    ) select array_agg((up.name, up.id) order by up.step desc) as path from up) tree`;
}
