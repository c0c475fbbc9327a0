// An order in parts, each of which PostgreSQL finds in an index, and stops where a page ends.
import { findField, type List, type Lists, orderPlace } from "./list.ts";
import { orderText, type RowOrder, type SortedBy, type Term, valueTerms } from "./order-terms.ts";

/** Rows that stand together, in their order. */
export interface OrderPart extends RowOrder {
  /** Which rows `t` they are; null for all. */
  readonly condition: string | null;
  /** How they are reached from what they refer to; null where an index of their own has them in order. */
  readonly along: Along | null;
}

/** The way along the objects of another list, as they are called, and to the rows that refer to each. */
export interface Along {
  readonly source: string;
  /** What refers to them, of rows `t`. */
  readonly reference: string;
  /** What they are called, of rows `o`. */
  readonly called: string;
  /** Their order: of `called` and `id` of an alias. */
  readonly orderOf: (alias: string, isReversed: boolean) => string;
  /** The order of the rows that refer to the same. */
  readonly rest: readonly Term[];
  readonly emptiesLast: boolean;
}

/** The order's parts; null where it goes by more than one reference, which no index serves. */
export function orderParts(
  lists: Lists,
  list: List,
  sorted: readonly SortedBy[],
  last: readonly Term[],
  emptiesLast: boolean,
): OrderPart[] | null {
  const [first, ...others] = sorted;
  if (!first) return null;
  if (others.some(({ field }) => field.target !== null)) return null;
  const { field, isDescending } = first;
  const place = orderPlace(field, "t");
  const rest = [...others.flatMap((by) => valueTerms(list, by)), ...last];
  const part = (condition: string | null, terms: readonly Term[]): OrderPart => ({
    ...{ condition, joins: "", along: null },
    orderBy: orderText(terms, emptiesLast),
    reversed: orderText(terms, emptiesLast, true),
  });
  // By the value also where there is none: PostgreSQL finds no other way from such an order to the column's index.
  const byValue = [{ place, isDescending, isNullable: false }, ...rest];
  const empty = part(`${place} is null`, byValue);
  if (field.target !== null) {
    const filled = partAlong(lists.get(field.target), place, first, rest, emptiesLast);
    if (!field.isNullable) return [{ ...filled, condition: null }];
    return isDescending && !emptiesLast ? [empty, filled] : [filled, empty];
  }
  // An index has what is empty at the end that a descending order begins with.
  if (!field.isNullable || !isDescending || !emptiesLast) return null;
  return [part(`${place} is not null`, byValue), empty];
}

function partAlong(
  other: List,
  reference: string,
  { isDescending }: SortedBy,
  rest: readonly Term[],
  emptiesLast: boolean,
): OrderPart {
  const field = findField(other, other.calledBy);
  const called = field ? orderPlace(field, "o") : "o.id";
  const names = (alias: string): Term[] => [
    { place: `${alias}.called`, isDescending, isNullable: field?.isNullable ?? false },
    { place: `${alias}.id`, isDescending, isNullable: false },
  ];
  const terms = [...names("o"), ...rest];
  return {
    condition: `${reference} is not null`,
    // Each by its id: of few rows, PostgreSQL would rather read the whole other table.
    joins: `cross join lateral (
      select o.id, ${called} as called from ${other.source} o where o.id = ${reference} limit 1) o`,
    orderBy: orderText(terms, emptiesLast),
    reversed: orderText(terms, emptiesLast, true),
    along: {
      ...{ source: other.source, reference, called, rest, emptiesLast },
      orderOf: (alias, isReversed) => orderText(names(alias), emptiesLast, isReversed),
    },
  };
}
