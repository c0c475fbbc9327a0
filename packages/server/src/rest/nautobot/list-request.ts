// What the query of a request asks for.
import type { Filter } from "../../inventory/lists/filter.ts";
import { readFlag } from "../../inventory/lists/filter-values.ts";
import type { GivenFilter } from "../../inventory/lists/given-filters.ts";
import type { ListField } from "../../inventory/lists/list.ts";
import { type Included, included } from "./render-object.ts";
import { refuse, refuseFields } from "./refused.ts";

export interface ListRequest {
  readonly filters: readonly GivenFilter[];
  /** Whether it is about what is below something: objects come in the order of their tree, with their depth. */
  readonly inTree: boolean;
  readonly search: string;
  /** Field names, "-" before it for descending. */
  readonly sort: readonly string[];
  /** The custom fields that objects are sorted by. */
  readonly custom: readonly ListField[];
  readonly limit: number;
  readonly offset: number;
  readonly depth: number;
  readonly showsSets: boolean;
  readonly includes: ReadonlySet<Included>;
}

/** Parameters of a list that are no filters. */
export const listParameters = [
  "api_version",
  "depth",
  "exclude_m2m",
  "format",
  "include",
  "limit",
  "offset",
  "sort",
] as const;

const defaultLimit = 50;
/** Most objects on a page. */
const pageCeiling = 1000;
const deepest = 10;

/** @throws Refused for unknown filters, all of them named, and for a depth that cannot be. */
export function readListRequest(
  query: URLSearchParams,
  filters: ReadonlyMap<string, Filter>,
  custom: readonly ListField[] = [],
): ListRequest {
  const known = new Set<string>([...listParameters, "q"]);
  const unknown = [...new Set(query.keys())].filter(
    (name) => !known.has(name) && !filters.has(name),
  );
  if (unknown.length > 0) {
    throw refuseFields(Object.fromEntries(unknown.map((name) => [name, ["Unknown filter field"]])));
  }
  const given = [...filters.values()].flatMap((filter) => {
    // An empty value filters nothing.
    const texts = query.getAll(filter.name).filter((text) => text !== "");
    return texts.length === 0 ? [] : [{ filter, texts }];
  });
  const limit = readCount(query.get("limit"), defaultLimit);
  return {
    filters: given,
    inTree: given.some(({ filter }) => filter.name === "subtree"),
    search: query.getAll("q").at(-1)?.trim() ?? "",
    sort: (query.get("sort") ?? "").split(",").filter((name) => name !== ""),
    custom,
    limit: limit === 0 ? pageCeiling : Math.min(limit, pageCeiling),
    offset: readCount(query.get("offset"), 0),
    depth: readDepth(query),
    showsSets: readShowsSets(query),
    includes: readIncludes(query),
  };
}

/** Sets of references are hidden unless `exclude_m2m` is false. */
export function readShowsSets(query: URLSearchParams): boolean {
  return readFlag(query.get("exclude_m2m") ?? "true") === false;
}

/** Given several times, or once with commas between; what there is not is passed over. */
function readIncludes(query: URLSearchParams): ReadonlySet<Included> {
  const given = new Set(query.getAll("include").flatMap((text) => text.split(",")));
  return new Set(included.filter((name) => given.has(name)));
}

function readDepth(query: URLSearchParams): number {
  const text = query.get("depth") ?? "0";
  const depth = /^-?\d+$/.test(text) ? Number(text) : 0;
  if (depth >= 0 && depth <= deepest) return depth;
  throw refuse(400, `The depth parameter must be an integer between 0 and ${deepest}`);
}

function readCount(text: string | null, fallback: number): number {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : fallback;
}

/** Links to the pages beside this one, parameters in order of their names; null at an end. */
export function pageLinks(
  url: string,
  query: URLSearchParams,
  { limit, offset }: Pick<ListRequest, "limit" | "offset">,
  count: number,
): { readonly next: string | null; readonly previous: string | null } {
  const link = (to: number): string => {
    const parameters = new URLSearchParams(query);
    parameters.set("limit", String(limit));
    if (to > 0) parameters.set("offset", String(to));
    else parameters.delete("offset");
    parameters.sort();
    return `${url}?${parameters.toString()}`;
  };
  return {
    next: offset + limit < count ? link(offset + limit) : null,
    previous: offset > 0 ? link(Math.max(offset - limit, 0)) : null,
  };
}
