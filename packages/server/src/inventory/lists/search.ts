import type { Parameters } from "../parameters.ts";
import { isUuid } from "../uuid.ts";
import { readNetwork } from "./filter-values.ts";
import { findField, type List, textPlace } from "./list.ts";

/** The condition that any of the list's search fields holds the text, or that it is the object's id. */
export function searchCondition(list: List, text: string, parameters: Parameters): string {
  // A parameter that no condition reads is an error.
  let pattern: string | undefined;
  const patternPlace = () =>
    (pattern ??= parameters.add(`%${text.replaceAll(/[\\%_]/g, "\\$&")}%`));
  const network = networkOf(text);
  const alternatives = list.searchFields.flatMap((name) => {
    const field = findField(list, name);
    if (!field) return [];
    const place = field.place("t");
    if (field.type !== "inet" && field.type !== "cidr") {
      return `${textPlace(field, "t")} ilike ${patternPlace()}`;
    }
    // An address, a network or the beginning of one finds its place in the index.
    if (network !== null) return `${place} <<= ${parameters.add(network)}::inet`;
    return /^[0-9a-f.:/]+$/i.test(text) ? `${place}::text like ${patternPlace()}` : [];
  });
  if (isUuid(text)) alternatives.push(`t.id = ${parameters.add(text)}::uuid`);
  return alternatives.length === 0 ? "false" : `(${alternatives.join(" or ")})`;
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
