// Filters as a request gives them, read and with ids in the place of names.
import { InvalidInputError } from "@plumbline/sync";
import type { Queryable } from "../inventory.ts";
import { isUuid } from "../uuid.ts";
import type { Filter, FilterValue } from "./filter.ts";
import { notAChoice } from "./filter-values.ts";
import { findField, type List, type Lists, textPlace } from "./list.ts";
import type { ListQuery } from "./select.ts";

export interface GivenFilter {
  readonly filter: Filter;
  readonly texts: readonly string[];
}

export interface ReadFilters {
  readonly filters: ListQuery["filters"];
  /** Why a value cannot be, by the filter's name. */
  readonly faults: Readonly<Record<string, readonly string[]>>;
  /** The same of lenient filters. */
  readonly doubts: Readonly<Record<string, readonly string[]>>;
  /** The same for names and ids that no object has. */
  readonly unknown: Readonly<Record<string, readonly string[]>>;
}

/** Reads the values of filters; names of objects are looked up in one statement. */
export async function readFilters(
  client: Queryable,
  lists: Lists,
  given: readonly GivenFilter[],
): Promise<ReadFilters> {
  const ids = await idsByName(client, lists, given);
  const faults: Record<string, string[]> = {};
  const doubts: Record<string, string[]> = {};
  const unknown: Record<string, string[]> = {};
  const filters = given.map(({ filter, texts }) => {
    const known = filter.target === null ? null : ids.get(filter.target);
    const values = texts.flatMap((text): readonly FilterValue[] => {
      if (text === "null" && filter.takesNull) return [null];
      if (known !== null) {
        const matches = known?.get(isUuid(text) ? text.toLowerCase() : text);
        if (!matches) (unknown[filter.name] ??= []).push(notAChoice(text).message);
        return matches ?? [];
      }
      try {
        return [filter.read(text)];
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error;
        ((filter.isLenient ? doubts : faults)[filter.name] ??= []).push(error.message);
        return [];
      }
    });
    return { filter, values };
  });
  return { filters, faults, doubts, unknown };
}

/** By list and name or id: the ids of the objects so called. */
async function idsByName(
  client: Queryable,
  lists: Lists,
  given: readonly GivenFilter[],
): Promise<Map<string, Map<string, string[]>>> {
  const wanted = new Map<string, Set<string>>();
  for (const { filter, texts } of given) {
    if (filter.target === null) continue;
    const names = wanted.get(filter.target) ?? new Set();
    wanted.set(filter.target, names);
    for (const text of texts) if (text !== "null" || !filter.takesNull) names.add(text);
  }
  const values: string[][] = [];
  const selects = [...wanted].flatMap(([target, names]) => {
    const list = lists.get(target);
    const ids = [...names].filter(isUuid);
    const called = findField(list, list.calledBy);
    const parts: string[] = [];
    if (ids.length > 0) {
      parts.push(
        `select '${target}' as target, t.id::text as name, t.id from ${list.source} t
          where t.id = any($${values.push(ids)}::uuid[])`,
      );
    }
    if (called && ids.length < names.size) {
      const text = textPlace(called, "t");
      parts.push(
        `select '${target}' as target, ${text} as name, t.id from ${list.source} t
          where ${text} = any($${values.push([...names].filter((name) => !isUuid(name)))}::text[])`,
      );
    }
    parts.push(...selectWholes(list, names, values));
    return parts;
  });
  const found = new Map<string, Map<string, string[]>>();
  if (selects.length === 0) return found;
  const { rows } = await client.query<{ target: string; name: string; id: string }>(
    selects.join(" union all "),
    values,
  );
  for (const { target, name, id } of rows) {
    const names = found.get(target) ?? new Map<string, string[]>();
    found.set(target, names);
    names.set(name, [...(names.get(name) ?? []), id]);
  }
  return found;
}

/** Of names with a slash, those of the field that tells two as one: "10.1.1.1/24". */
function selectWholes(list: List, names: Iterable<string>, values: string[][]): string[] {
  const wholes = [...names].filter((name) => name.includes("/"));
  const whole = list.fields.find(({ parts }) => parts?.[0] === list.calledBy);
  const called = findField(list, list.calledBy);
  if (!called || !whole || wholes.length === 0) return [];
  // The first part is a column of its own, with an index.
  const starts = wholes.map((name) => name.slice(0, name.indexOf("/")));
  const place = whole.place("t");
  return [
    `select '${list.name}' as target, ${place} as name, t.id from ${list.source} t
      where ${textPlace(called, "t")} = any($${values.push(starts)}::text[])
        and ${place} = any($${values.push(wholes)}::text[])`,
  ];
}
