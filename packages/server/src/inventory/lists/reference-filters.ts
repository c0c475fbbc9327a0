// What narrows a list by the objects that its own refer to, or that refer to them.
import type { Parameters } from "../parameters.ts";
import type { Join } from "../table.ts";
import {
  type Filter,
  filter,
  orEmpty,
  type FilterCondition,
  type FilterValue,
  withNegation,
} from "./filter.ts";
import { readBoolean } from "./filter-values.ts";
import { findField, type List, type ListField, type Lists } from "./list.ts";
import { below } from "./trees.ts";

/** The members of a set of references of row `alias`. */
export function membersOf(join: Join, alias: string): string {
  return `select from ${join.table} m where m.${join.ownerColumn} = ${alias}.id`;
}

export function referenceFilters(
  lists: Lists,
  list: List,
  field: ListField,
  target: string,
  mayDescend: boolean,
): Filter[] {
  const { name, join, place } = field;
  const tree = lists.get(target);
  // Where a location is asked for, what lies below it may count; its own parent and members of a set are meant literally.
  const isSet = join?.name === name;
  const descends = mayDescend && tree.treeField !== null && target !== list.name && !isSet;
  const one = (values: readonly FilterValue[], parameters: Parameters): string => {
    const none = join ? `not exists (${membersOf(join, "t")})` : `${place("t")} is null`;
    return orEmpty(values, none, (named) => {
      const ids = parameters.add(named);
      const wanted = descends ? `in (${descendants(tree, ids)})` : `= any(${ids}::uuid[])`;
      return join
        ? `exists (${membersOf(join, "t")} and m.${join.memberColumn} ${wanted})`
        : `${place("t")} ${wanted}`;
    });
  };
  const condition: FilterCondition =
    name === "tags"
      ? (values, parameters) => `(${values.map((value) => one([value], parameters)).join(" and ")})`
      : one;
  const named = withNegation(filter(name, condition, { target, takesNull: true }));
  const byId = join
    ? []
    : [filter(`${name}_id`, condition, { type: "uuid", target, takesNull: true })];
  return [...named, ...byId];
}

/** `location=` beside `locations=`: a set that may be written as a single member is asked for by one. */
export function singleFilters(lists: Lists, list: List, mayDescend: boolean): Filter[] {
  const singles = Object.entries(list.table?.hubModel.rest?.single ?? {});
  return singles.flatMap(([name, set]) => {
    const field = findField(list, set);
    if (!field?.target) return [];
    return referenceFilters(lists, list, { ...field, name }, field.target, mayDescend);
  });
}

/** The ids of a tree's objects and of all below them. */
function descendants(tree: List, ids: string): string {
  const up = findField(tree, tree.treeField ?? "");
  if (!up) throw new Error(`${tree.name} is no tree.`);
  return below(tree, up, ids);
}

export function treeFilters(list: List): Filter[] {
  if (list.treeField === null) return [];
  const condition: FilterCondition = (values, parameters) =>
    `t.id in (${descendants(list, parameters.add(values))})`;
  return withNegation(filter("subtree", condition, { target: list.name }));
}

/** What refers to the objects: `devices=` by id or name, `has_devices=`. */
export function reverseFilters(lists: Lists, list: List): Filter[] {
  return lists.referrers(list.name).flatMap(({ list: other, field }) => {
    const plural = other.table?.model.plural;
    if (plural === undefined || other.name === list.name) return [];
    const { join } = field;
    const from = join
      ? `select from ${join.table} r where r.${join.memberColumn} = t.id`
      : `select from ${other.source} r where ${field.place("r")} = t.id`;
    const owner = join ? `r.${join.ownerColumn}` : "r.id";
    const condition: FilterCondition = (values, parameters) =>
      `exists (${from} and ${owner} = any(${parameters.add(values)}::uuid[]))`;
    return [
      ...withNegation(filter(plural, condition, { target: other.name })),
      filter(
        `has_${plural}`,
        ([isWanted]) => (isWanted === true ? `exists (${from})` : `not exists (${from})`),
        { type: "boolean", read: readBoolean },
      ),
    ];
  });
}
