import { float, type Value } from "@plumbline/sync/diffsync";

/**
 * Reads JSON as Python does: `1.0` is not `1`, whole numbers have any size, objects keep the order in which
 * they are written. Objects with number-like names become Maps, as JavaScript would sort those names.
 */
export function parseCaseJson(text: string): Value {
  let at = 0;

  function fail(expected: string): never {
    throw new SyntaxError(`Expected ${expected} at character ${at}: ${text.slice(at, at + 40)}`);
  }

  function skipSpace(): void {
    while (at < text.length && " \t\r\n".includes(text.charAt(at))) at++;
  }

  function take(mark: string): boolean {
    skipSpace();
    if (text.charAt(at) !== mark) return false;
    at++;
    return true;
  }

  function readValue(): Value {
    skipSpace();
    const first = text.charAt(at);
    if (first === "{") return readObject();
    if (first === "[") return readList();
    if (first === '"') return readText();
    for (const [word, value] of words) {
      if (!text.startsWith(word, at)) continue;
      at += word.length;
      return value;
    }
    return readNumber();
  }

  function readText(): string {
    skipSpace();
    stringPattern.lastIndex = at;
    const [found] = stringPattern.exec(text) ?? fail("text");
    at += found.length;
    return JSON.parse(found) as string;
  }

  function readNumber(): Value {
    numberPattern.lastIndex = at;
    const [found, fraction] = numberPattern.exec(text) ?? fail("a value");
    at += found.length;
    const value = Number(found);
    if (fraction !== "") return Number.isInteger(value) ? float(value) : value;
    return Number.isSafeInteger(value) ? value + 0 : BigInt(found);
  }

  function readList(): Value {
    const items: Value[] = [];
    at++;
    if (take("]")) return items;
    do items.push(readValue());
    while (take(","));
    if (!take("]")) fail('"]"');
    return items;
  }

  function readObject(): Value {
    const entries = new Map<string, Value>();
    at++;
    if (take("}")) return {};
    do {
      const name = readText();
      if (!take(":")) fail('":"');
      entries.set(name, readValue());
    } while (take(","));
    if (!take("}")) fail('"}"');
    return [...entries.keys()].some(isUnordered) ? entries : Object.fromEntries(entries);
  }

  const value = readValue();
  skipSpace();
  if (at < text.length) fail("the end");
  return value;
}

const words: readonly (readonly [string, Value])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
];
const stringPattern = /"(?:[^"\\]|\\.)*"/y;
const numberPattern = /-?\d+((?:\.\d+)?(?:[eE][+-]?\d+)?)/y;

/** Names that JavaScript puts before all others, and the one that is no name at all. */
function isUnordered(name: string): boolean {
  return /^(0|[1-9]\d*)$/.test(name) || name === "__proto__";
}

type Entries = ReadonlyMap<string, Value> | Readonly<Record<string, Value>>;

/** The entries of an object or Map. */
export function entries(value: Value | undefined): readonly (readonly [string, Value])[] {
  if (value === undefined || value === null) return [];
  return value instanceof Map
    ? [...(value as ReadonlyMap<string, Value>)]
    : Object.entries(value as Readonly<Record<string, Value>>);
}

/** An object's entries as a plain object; for names that are identifiers of a language, never numbers. */
export function record(value: Entries | Value | undefined): Readonly<Record<string, Value>> {
  return Object.fromEntries(entries(value as Value | undefined));
}
