import type { Parameters } from "../parameters.ts";
import { isUuid } from "../uuid.ts";
import { readNetwork } from "./filter-values.ts";
import { findField, type List, type ListField, type Lists, textPlace } from "./list.ts";

/** The condition that the list finds the text, in any of its search fields or beside them, or that it is the object's id. */
export function searchCondition(
  lists: Lists,
  list: List,
  text: string,
  parameters: Parameters,
): string {
  // A parameter that no condition reads is an error.
  let pattern: string | undefined;
  const patternPlace = () =>
    (pattern ??= parameters.add(`%${text.replaceAll(/[\\%_]/g, "\\$&")}%`));
  const network = networkOf(text);
  const alternatives = list.searchFields.flatMap((name) => {
    const [first = "", ...further] = name.split(".");
    const field = findField(list, first);
    if (!field) return [];
    if (field.target !== null) return namedBy(lists, field, further, "t", patternPlace());
    const place = field.place("t");
    // A number is known by all of it, not by digits that others have too.
    if (field.kind === "integer") return /^\d{1,15}$/.test(text) ? `${place} = ${text}` : [];
    if (field.type !== "inet" && field.type !== "cidr") {
      return `${textPlace(field, "t")} ilike ${patternPlace()}`;
    }
    // An address, a network or the beginning of one finds its place in the index.
    if (network !== null) return `${place} <<= ${parameters.add(network)}::inet`;
    return /^[0-9a-f.:/]+$/i.test(text) ? `${place}::text like ${patternPlace()}` : [];
  });
  const beside = list.alsoFound?.(text, parameters) ?? null;
  if (beside !== null) alternatives.push(beside);
  if (isUuid(text)) alternatives.push(`t.id = ${parameters.add(text)}::uuid`);
  return alternatives.length === 0 ? "false" : `(${alternatives.join(" or ")})`;
}

/**
 * The condition that what a reference of rows `alias` points to is called so; or, along `path`, what that refers to.
 * The ids are found first: an index has the rows that refer to them.
 */
function namedBy(
  lists: Lists,
  field: ListField,
  path: readonly string[],
  alias: string,
  pattern: string,
): string[] {
  const other = lists.get(field.target ?? "");
  const [next, ...further] = path;
  const called = findField(other, next ?? other.calledBy);
  if (!called) return [];
  const inner = `${alias}_o`;
  const condition =
    called.target === null
      ? `${textPlace(called, inner)} ilike ${pattern}`
      : namedBy(lists, called, further, inner, pattern).join("");
  const ids = `select ${inner}.id from ${other.source} ${inner} where ${condition}`;
  return [`${field.place(alias)} = any (array(${ids}))`];
}

/** "10.1." as 10.1.0.0/16; a whole address or network as it is; null for other text. */
function networkOf(text: string): string | null {
  const octets = /^(\d{1,3}\.){1,3}$/.test(text) ? text.split(".").slice(0, -1) : null;
  const candidate = octets
    ? `${[...octets, "0", "0", "0"].slice(0, 4).join(".")}/${octets.length * 8}`
    : text;
  try {
    return readNetwork(candidate);
  } catch {
    return null;
  }
}
