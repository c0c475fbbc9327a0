/**
 * A value of a record. Plain JSON, and besides: `bigint` for whole numbers beyond 2^53 - 1, `float(1)` where
 * `1.0` must not read as `1`, a `Map` where the order of an object's number-like names matters.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | { readonly [name: string]: Value };

/** A number whose text always shows a fraction or an exponent. Made by `float`. */
export interface Float {
  readonly number: number;
  toJSON(): number;
}

class FloatNumber implements Float {
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }

  toJSON(): number {
    return this.number;
  }
}

/** A number that reads `1.0` where `1` would read `1`. The two are equal. */
export function float(number: number): Float {
  return new FloatNumber(number);
}

/** Whether a value is a float of Python that is written like a whole number: `1.0`. */
export function isFloat(value: unknown): value is Float {
  return value instanceof FloatNumber;
}

/**
 * Whether two values are the same as DiffSync sees it: `1`, `1.0` and `true` are equal, lists in order,
 * objects without order, text by code points without normalising.
 */
export function equalValues(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a === "string" || typeof b === "string") return false;
  const left = numeric(a);
  const right = numeric(b);
  if (left !== undefined || right !== undefined) {
    return left !== undefined && right !== undefined && equalNumbers(left, right);
  }
  if (isList(a) || isList(b)) return isList(a) && isList(b) && equalLists(a, b);
  return equalObjects(a as ObjectValue, b as ObjectValue);
}

export type ObjectValue = ReadonlyMap<string, Value> | { readonly [name: string]: Value };

function numeric(value: Value): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  return isFloat(value) ? value.number : undefined;
}

function equalNumbers(a: number | bigint, b: number | bigint): boolean {
  if (typeof a === typeof b) return a === b;
  const [whole, other] = typeof a === "bigint" ? [a, b] : [b, a];
  return Number.isInteger(other) && BigInt(other) === whole;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function equalLists(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, index) => equalValues(item, b[index] ?? null));
}

function equalObjects(a: ObjectValue, b: ObjectValue): boolean {
  const others = new Map(entriesOf(b));
  const entries = entriesOf(a);
  return (
    entries.length === others.size &&
    entries.every(([name, value]) => {
      const other = others.get(name);
      return other !== undefined && equalValues(value, other);
    })
  );
}

/** The entries of an object value, in their order. */
export function entriesOf(value: ObjectValue): readonly (readonly [string, Value])[] {
  return value instanceof Map
    ? [...(value as ReadonlyMap<string, Value>)]
    : Object.entries(value as { readonly [name: string]: Value });
}

/** Whether a value can be changed from outside: a list or an object. */
export function isContainer(value: Value | undefined): boolean {
  return typeof value === "object" && value !== null && !isFloat(value);
}

/** A deep copy of lists and objects; other values as they are. */
export function copyValue(value: Value): Value {
  if (!isContainer(value)) return value;
  if (isList(value)) return value.map(copyValue);
  const entries = entriesOf(value as ObjectValue).map(
    ([name, item]) => [name, copyValue(item)] as const,
  );
  return value instanceof Map ? new Map(entries) : Object.fromEntries(entries);
}

/** Orders text by code points, as DiffSync does; JavaScript's own order is by UTF-16 units. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    // A surrogate belongs to a code point above all that are one unit long.
    const isLeftHigh = left >= 0xd800 && left < 0xe000;
    const isRightHigh = right >= 0xd800 && right < 0xe000;
    return isLeftHigh === isRightHigh ? left - right : isLeftHigh ? 1 : -1;
  }
  return a.length - b.length;
}
