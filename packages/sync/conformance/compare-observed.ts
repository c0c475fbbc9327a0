import { isFloat, quotedTextOf, type Value } from "@plumbline/sync/diffsync";
import type { Observed } from "./case-format.ts";
import { entries } from "./case-json.ts";

/** Fields of `expect` that a case may leave out. */
const optional = ["destinationStatus", "destinationStr", "events", "returnedGivenDiff"];

/** Every way in which what was observed is not what was expected, as lines; none where all is well. */
export function compareObserved(expected: Observed, observed: Observed): readonly string[] {
  const problems: string[] = [];
  for (const [name, wanted] of Object.entries(expected)) {
    const seen = observed[name];
    if (seen === undefined) problems.push(`${name}: expected ${show(wanted)}, observed nothing`);
    else problems.push(...compare(name, wanted, seen));
  }
  for (const [name, seen] of Object.entries(observed)) {
    if (name in expected || optional.includes(name)) continue;
    problems.push(`${name}: expected nothing, observed ${show(seen)}`);
  }
  return problems;
}

function compare(path: string, expected: Value, observed: Value): readonly string[] {
  if (kindOf(expected) !== kindOf(observed)) return [difference(path, expected, observed)];
  if (Array.isArray(expected)) return compareLists(path, expected, observed as readonly Value[]);
  if (kindOf(expected) === "object") return compareMaps(path, expected, observed);
  return isSame(path, expected, observed) ? [] : [difference(path, expected, observed)];
}

function compareLists(
  path: string,
  expected: readonly Value[],
  observed: readonly Value[],
): readonly string[] {
  if (expected.length !== observed.length) return [difference(path, expected, observed)];
  return expected.flatMap((item, index) =>
    compare(`${path}[${index}]`, item, observed[index] ?? null),
  );
}

function compareMaps(path: string, expected: Value, observed: Value): readonly string[] {
  const seen = new Map(entries(observed));
  const wanted = new Map(entries(expected));
  // A message is only given where its text is the library's own.
  if (isError(path) && !wanted.has("message")) seen.delete("message");
  const missing = [...wanted.keys()].filter((name) => !seen.has(name));
  const surplus = [...seen.keys()].filter((name) => !wanted.has(name));
  if (missing.length > 0 || surplus.length > 0) return [difference(path, expected, observed)];
  return [...wanted].flatMap(([name, value]) =>
    compare(`${path}.${name}`, value, seen.get(name) ?? null),
  );
}

function isError(path: string): boolean {
  return /(^|\.)(error|secondDiffError)$/.test(path);
}

function isSame(path: string, expected: Value, observed: Value): boolean {
  if (isFloat(expected) && isFloat(observed)) {
    return Object.is(expected.number, observed.number);
  }
  if (typeof expected === "string" && typeof observed === "string" && isMessage(path)) {
    return sortSet(expected) === sortSet(observed);
  }
  return expected === observed;
}

function isMessage(path: string): boolean {
  return path.endsWith("rror.message");
}

/** Python prints the members of a set in any order. */
function sortSet(message: string): string {
  return message.replace(
    /^Fields \{(.*)\} are/,
    (_, members: string) => `Fields {${members.split(", ").sort().join(", ")}} are`,
  );
}

function kindOf(value: Value): string {
  if (value === null) return "null";
  if (isFloat(value)) return "float";
  return Array.isArray(value) ? "list" : typeof value;
}

function difference(path: string, expected: Value, observed: Value): string {
  return `${path}: expected ${show(expected)}, observed ${show(observed)}`;
}

function show(value: Value): string {
  const text = quotedTextOf(value);
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}
