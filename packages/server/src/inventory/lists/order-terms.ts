// What rows are ordered by, one value after the other.
import { findField, type List, type ListField, orderPlace } from "./list.ts";

/** A value that rows are ordered by. */
export interface Term {
  readonly place: string;
  readonly isDescending: boolean;
  readonly isNullable: boolean;
}

/** A field that rows are sorted by. */
export interface SortedBy {
  readonly field: ListField;
  readonly isDescending: boolean;
}

/** The order of rows as SQL. */
export interface RowOrder {
  /** Tables that the order looks into. */
  readonly joins: string;
  readonly orderBy: string;
  /** The same from the end. */
  readonly reversed: string;
}

/** What a field's values are ordered by; what it tells as one by its two parts. */
export function valueTerms(list: List, { field, isDescending }: SortedBy): Term[] {
  const fields = field.parts?.flatMap((name) => findField(list, name) ?? []) ?? [field];
  return fields.map((each) => {
    return { place: orderPlace(each, "t"), isDescending, isNullable: each.isNullable };
  });
}

/** The terms as SQL, or with `isReversed` those of the same order from its end. */
export function orderText(
  terms: readonly Term[],
  emptiesLast: boolean,
  isReversed = false,
): string {
  return terms.map((term) => termText(term, emptiesLast, isReversed)).join(", ");
}

function termText(
  { place, isDescending, isNullable }: Term,
  emptiesLast: boolean,
  isReversed: boolean,
): string {
  const direction = isDescending === isReversed ? "" : " desc";
  // Stated only where it matters: an index serves the order as it is.
  const isStated = isNullable && isDescending && emptiesLast;
  return `${place}${direction}${isStated ? ` nulls ${isReversed ? "first" : "last"}` : ""}`;
}
