import { entriesOf, float, isFloat, isList, type Value } from "./value.ts";

/** Plain JSON that stands for a value. A list begins with the kind of what it stands for. */
type Encoded = null | boolean | number | string | readonly Encoded[];

/** Values as JSON text from which they come back as they were. */
export function encodeValues(values: readonly Value[]): string {
  return JSON.stringify(values.map(encode));
}

export function decodeValues(text: string): Value[] {
  return (JSON.parse(text) as Encoded[]).map(decode);
}

function encode(value: Value): Encoded {
  if (typeof value === "bigint") return ["whole", value.toString()];
  if (isFloat(value)) return ["float", Object.is(value.number, -0) ? "-0" : String(value.number)];
  if (typeof value === "number" && !Number.isFinite(value)) return ["float", String(value)];
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return ["list", ...value.map(encode)];
  const entries = entriesOf(value).map(([name, item]) => [name, encode(item)] as const);
  return [value instanceof Map ? "map" : "object", ...entries];
}

function decode(encoded: Encoded): Value {
  if (typeof encoded !== "object" || encoded === null) return encoded;
  const [kind, ...rest] = encoded;
  if (kind === "list") return rest.map(decode);
  if (kind === "whole") return BigInt(String(rest[0]));
  if (kind === "float") {
    const number = Number(rest[0]);
    return Number.isFinite(number) ? float(number) : number;
  }
  const entries = (rest as (readonly [string, Encoded])[]).map(
    ([name, item]) => [name, decode(item)] as const,
  );
  return kind === "map" ? new Map(entries) : Object.fromEntries(entries);
}
