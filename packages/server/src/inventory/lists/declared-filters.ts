// The filters that a model declares beside its fields: by what lies at the end of references.
import type { DeclaredFilter, FilterPath } from "@plumbline/models";
import {
  type Filter,
  filter,
  type FilterCondition,
  negation,
  orEmpty,
  withNegation,
} from "./filter.ts";
import { notAChoice, readBoolean, readInteger, readUuid } from "./filter-values.ts";
import { findField, type List, type ListField, type Lists } from "./list.ts";
import { membersOf } from "./reference-filters.ts";
import { above, below, upFrom, withinLevels } from "./trees.ts";

/** The filters of a field where it stands in its own list. */
export type FieldFilters = (list: List, field: ListField) => readonly Filter[];

export function declaredFilters(lists: Lists, list: List, fieldFilters: FieldFilters): Filter[] {
  const declared = Object.entries(list.table?.hubModel.filters ?? {});
  return declared.flatMap(([name, facts]) => filtersFor(lists, list, fieldFilters, name, facts));
}

function filtersFor(
  lists: Lists,
  list: List,
  fieldFilters: FieldFilters,
  name: string,
  facts: DeclaredFilter,
): readonly Filter[] {
  if ("along" in facts) {
    return alongFilters(
      list,
      name,
      facts.along.map((path) => pathEnd(lists, list, fieldFilters, path)),
    );
  }
  if ("has" in facts) {
    return [
      hasFilter(
        list,
        name,
        facts.has.map((path) => pathEnd(lists, list, fieldFilters, path)),
      ),
    ];
  }
  if ("anyIn" in facts) {
    const place = fieldOf(list, facts.anyIn).place("t");
    return withNegation(
      filter(name, (values, parameters) => `${place} && ${parameters.add(values)}::text[]`),
    );
  }
  if ("groups" in facts) return [groupFilter(list, name, facts.of, facts.groups)];
  if ("tree" in facts) return treeFilter(list, name, facts.tree, facts.takes);
  return [reachFilter(lists, list, name, facts)];
}

/** Where a path leads, seen from the rows `t` that it begins at. */
interface PathEnd {
  /** By what follows the declared name: "", "__ic", "_id". */
  readonly filters: ReadonlyMap<string, Filter>;
  /** The condition on rows at the end, as one on those at the beginning. */
  readonly seen: (condition: string) => string;
  /** That there is something at the end. */
  readonly exists: string;
}

function pathEnd(lists: Lists, list: List, fieldFilters: FieldFilters, path: FilterPath): PathEnd {
  if (typeof path !== "string") {
    const [along, only] = path.map((each) => pathEnd(lists, list, fieldFilters, each));
    if (!along || !only) throw new Error(`${list.name}: a path and its flag.`);
    const flag = only.seen(only.exists);
    return { ...along, seen: (condition) => `(${along.seen(condition)} and ${flag})` };
  }
  const steps = path.split("__");
  const last = steps.pop() ?? "";
  let at = list;
  let seen = (condition: string) => condition;
  for (const step of steps) {
    const [next, from] = stepAlong(lists, at, step);
    const before = seen;
    seen = (condition) => before(from(condition));
    at = next;
  }
  return lastStep(lists, at, last, seen, fieldFilters);
}

function lastStep(
  lists: Lists,
  list: List,
  step: string,
  seen: PathEnd["seen"],
  fieldFilters: FieldFilters,
): PathEnd {
  if (step.includes(".")) {
    const [other, from] = stepAlong(lists, list, step);
    const back = fieldOf(other, step.slice(step.indexOf(".") + 1));
    const byId = filter("", (ids, parameters) => `t.id = any(${parameters.add(ids)}::uuid[])`, {
      target: other.name,
      takesNull: true,
    });
    return {
      filters: new Map([["", byId]]),
      seen: (condition) => seen(from(condition)),
      // As the index of the reference says it, which holds no others.
      exists: back.isNullable ? `${back.place("t")} is not null` : "true",
    };
  }
  const field = fieldOf(list, step);
  const filters = fieldFilters(list, field).flatMap((each): [string, Filter][] => {
    const rest = each.name.slice(step.length);
    return each.name.startsWith(step) && /^$|^__|^_id$/.test(rest) ? [[rest, each]] : [];
  });
  const value = field.kind === "boolean" ? field.place("t") : `${field.place("t")} is not null`;
  return {
    filters: new Map(filters),
    seen,
    exists: field.join ? `exists (${membersOf(field.join, "t")})` : value,
  };
}

function fieldOf(list: List, name: string): ListField {
  const field = findField(list, name);
  if (!field) throw new Error(`${list.name} has no ${name} to be filtered along.`);
  return field;
}

type Step = readonly [next: List, from: (condition: string) => string];

/** One step along a reference or a set, or with "model.field" from what refers to the rows. */
function stepAlong(lists: Lists, list: List, step: string): Step {
  const [model = "", back] = step.split(".");
  const other = back === undefined ? list : lists.get(model);
  const { join, place, target } = fieldOf(other, back ?? step);
  if (back !== undefined) {
    const rows = (column: string, condition: string) =>
      `select ${column} from ${other.source} t where ${condition}`;
    return [
      other,
      (condition) =>
        join
          ? `t.id in (select m.${join.memberColumn} from ${join.table} m where m.${join.ownerColumn} in (${rows("t.id", condition)}))`
          : `t.id in (${rows(place("t"), condition)})`,
    ];
  }
  if (target === null) throw new Error(`${list.name}: ${step} refers to nothing.`);
  const next = lists.get(target);
  const named = (condition: string) => `(select t.id from ${next.source} t where ${condition})`;
  return [
    next,
    (condition) =>
      join
        ? `t.id in (select m.${join.ownerColumn} from ${join.table} m where m.${join.memberColumn} in ${named(condition)})`
        : `${place("t")} in ${named(condition)}`,
  ];
}

/** Any of the conditions, each found by its own index. */
function anyRow({ source }: List, conditions: readonly string[]): string {
  if (conditions.length === 1) return conditions[0] ?? "false";
  const each = conditions.map((condition) => `select t.id from ${source} t where ${condition}`);
  return `t.id in (${each.join(" union all ")})`;
}

const seenOf = ({ seen, exists }: PathEnd): string => seen(exists);
const negative = /__(n|nic|nisw|niew|nie|nre|nire|isnull)$/;

function alongFilters(list: List, name: string, ends: readonly PathEnd[]): Filter[] {
  const [first] = ends;
  return [...(first?.filters ?? [])].flatMap(([rest, facts]) => {
    if (negative.test(rest)) return [];
    const condition: FilterCondition = (values, parameters) =>
      orEmpty(values, `not coalesce(${anyRow(list, ends.map(seenOf))}, false)`, (given) =>
        anyRow(
          list,
          ends.flatMap(({ filters, seen }) => {
            const inner = filters.get(rest)?.condition(given, parameters);
            return inner === undefined ? [] : [seen(inner)];
          }),
        ),
      );
    const positive = { ...facts, name: `${name}${rest}`, condition };
    const opposite = rest === "" ? "__n" : rest.replace(/^__/, "__n");
    const isNegated = first?.filters.has(opposite) ?? false;
    return isNegated || (rest === "" && facts.target !== null)
      ? [positive, negation(positive, `${name}${opposite}`)]
      : [positive];
  });
}

function hasFilter(list: List, name: string, ends: readonly PathEnd[]): Filter {
  const has = anyRow(list, ends.map(seenOf));
  return filter(name, ([isWanted]) => (isWanted === true ? has : `not coalesce(${has}, false)`), {
    type: "boolean",
    read: readBoolean,
  });
}

function groupFilter(
  list: List,
  name: string,
  fieldName: string,
  groups: Readonly<Record<string, readonly string[]>>,
): Filter {
  const place = fieldOf(list, fieldName).place("t");
  return filter(
    name,
    (values, parameters) => {
      const members = values.flatMap((value) => groups[String(value)] ?? []);
      return `${place} = any(${parameters.add(members)}::text[])`;
    },
    {
      choices: Object.keys(groups),
      read: (value) => {
        if (Object.hasOwn(groups, value)) return value;
        throw notAChoice(value);
      },
    },
  );
}

function treeFilter(
  list: List,
  name: string,
  fieldName: string,
  takes: "above" | "below" | "levels",
): Filter[] {
  const field = fieldOf(list, fieldName);
  if (takes === "levels") {
    const condition: FilterCondition = ([levels], parameters) =>
      Number(levels) < 1
        ? "true"
        : `t.id in (${withinLevels(list, field, parameters.add(Number(levels)))})`;
    return [filter(name, condition, { type: "integer", read: readInteger })];
  }
  const rows = takes === "above" ? above : below;
  const condition: FilterCondition = (ids, parameters) =>
    `t.id in (${rows(list, field, parameters.add(ids))})`;
  const positive = filter(name, condition, { target: list.name });
  return [positive, negation(positive, `${name}__n`)];
}

/** Objects that are nowhere in particular, or where what is named is, or above. */
function reachFilter(
  lists: Lists,
  list: List,
  name: string,
  { reach, of, at }: { readonly reach: string; readonly of: string; readonly at: string },
): Filter {
  const { join, target } = fieldOf(list, reach);
  const other = lists.get(of);
  const places = lists.get(target ?? "");
  const up = fieldOf(places, places.treeField ?? "");
  if (!join) throw new Error(`${list.name}: ${reach} is no set.`);
  const members = membersOf(join, "t");
  const condition: FilterCondition = (ids, parameters) => {
    const named = `from ${other.source} o where o.id = any(${parameters.add(ids)}::uuid[])`;
    const ends = `array(select ${fieldOf(other, at).place("o")} ${named})`;
    return `(exists (select ${named}) and (not exists (${members})
      or exists (${members} and m.${join.memberColumn} in (${upFrom(places, up, ends)}))))`;
  };
  return filter(name, condition, { type: "uuid", read: readUuid });
}
