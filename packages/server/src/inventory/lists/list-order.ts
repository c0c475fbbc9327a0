import { isSortedByKey } from "../table.ts";
import { findField, type List, type ListField, type Lists } from "./list.ts";

/** The order of a list's rows `t` as SQL. */
export interface Order {
  /** Tables of references that the order looks into. */
  readonly joins: string;
  readonly orderBy: string;
  /** The same from the end. */
  readonly reversed: string;
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

interface Term {
  readonly place: string;
  readonly isDescending: boolean;
  readonly isNullable: boolean;
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
  const termsOf = (names: readonly string[], isOwn: boolean): Term[] =>
    names.flatMap((given): Term | readonly Term[] => {
      const isDescending = given.startsWith("-");
      const name = isDescending ? given.slice(1) : given;
      if (name === "id") return { place: "t.id", isDescending, isNullable: false };
      const field = findField(list, name) ?? custom.find((each) => each.name === name);
      if (!field || field.join) return [];
      const { isNullable, target } = field;
      const place = field.place("t");
      // In its own order a list has what refers to the same together: an index serves that.
      if (target === null || isOwn) return { place, isDescending, isNullable };
      const other = lists.get(target);
      const alias = `o${joins.length}`;
      joins.push(`left join ${other.source} ${alias} on ${alias}.id = ${place}`);
      const called = findField(other, other.calledBy)?.place(alias) ?? `${alias}.id`;
      return { place: called, isDescending, isNullable: true };
    });
  const terms = termsOf(sort, false);
  const path = inTree === true && terms.length === 0 ? treePath(list) : null;
  if (path !== null) {
    joins.push(path);
    terms.push({ place: "tree.path", isDescending: false, isNullable: false });
  }
  const isOwnOrder = terms.length === 0;
  // What a custom field does not tell apart stands in the list's own order; no index would serve it either way.
  const isByCustom = sort.some((name) => isNamed(custom, name));
  if (isOwnOrder || isByCustom) terms.push(...termsOf(list.sort, true));
  const last = terms.at(-1);
  // What nothing else tells apart, the id does; an index of the key serves what goes by the key.
  const isTotal = isOwnOrder && list.table !== null && isSortedByKey(list.table);
  if (last?.place !== "t.id" && !isTotal) {
    terms.push({ place: "t.id", isDescending: false, isNullable: false });
  }
  return {
    joins: joins.join(" "),
    orderBy: terms.map((term) => orderTerm(term, emptiesLast, false)).join(", "),
    reversed: terms.map((term) => orderTerm(term, emptiesLast, true)).join(", "),
  };
}

/** Joins what objects are called on the way from the root of their tree; null for a list that is none. */
function treePath(list: List): string | null {
  const above = findField(list, list.treeField ?? "");
  const called = findField(list, list.calledBy);
  if (!above || !called) return null;
  return `cross join lateral (
    with recursive up (name, above, step) as (
      select ${called.place("t")}, ${above.place("t")}, 0
      union all
      select ${called.place("p")}, ${above.place("p")}, up.step + 1
        from up join ${list.source} p on p.id = up.above
    ) select array_agg(up.name order by up.step desc) as path from up) tree`;
}

function isNamed(fields: readonly ListField[], given: string): boolean {
  return fields.some(({ name }) => name === given.replace(/^-/, ""));
}

function orderTerm(
  { place, isDescending, isNullable }: Term,
  emptiesLast: boolean,
  isReversed: boolean,
): string {
  const direction = isDescending === isReversed ? "" : " desc";
  // Stated only where it matters: an index serves the order as it is.
  const isStated = isNullable && isDescending && emptiesLast;
  return `${place}${direction}${isStated ? ` nulls ${isReversed ? "first" : "last"}` : ""}`;
}
