import { entriesOf, isFloat, isList, type Value } from "./value.ts";

/**
 * A value as DiffSync prints it: `None`, `True`, `1.5`, text as it is, lists and objects with quoted text inside.
 * Unique ids, short names and the text of a diff are made of it.
 */
export function textOf(value: Value): string {
  return typeof value === "string" ? value : quotedTextOf(value);
}

/** A value as DiffSync prints it inside a list or an object: text in quotes, with escapes. */
export function quotedTextOf(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "string") return quote(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberText(value);
  if (typeof value === "bigint") return value.toString();
  if (isFloat(value)) return floatText(value.number);
  if (isList(value)) return `[${value.map(quotedTextOf).join(", ")}]`;
  return entriesText(entriesOf(value));
}

/** `{'name': value, …}` of entries in their order. */
export function entriesText(entries: Iterable<readonly [string, Value]>): string {
  const parts = Array.from(entries, ([name, value]) => `${quote(name)}: ${quotedTextOf(value)}`);
  return `{${parts.join(", ")}}`;
}

/** `['a', 'b']`. */
export function listText(items: readonly string[]): string {
  return `[${items.map(quote).join(", ")}]`;
}

/** `('a', 'b')`, and `('a',)` for one. */
export function tupleText(items: readonly string[]): string {
  return `(${items.map(quote).join(", ")}${items.length === 1 ? "," : ""})`;
}

function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value === 0 ? 0 : value);
  return Number.isInteger(value) ? BigInt(value).toString() : floatText(value);
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const sign = value < 0 ? "-" : "";
  const [mantissa = "", power = "0"] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${digits.charAt(0)}${fraction}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/** What is not printed as it is: controls, separators other than the space, unassigned and private characters. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u;
const special = /['\\]|[^\u0020-\u007e]/;
const short = new Map([
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\\", "\\\\"],
]);

function quote(text: string): string {
  if (!special.test(text)) return `'${text}'`;
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  let quoted = mark;
  for (const character of text) quoted += escape(character, mark);
  return quoted + mark;
}

function escape(character: string, mark: string): string {
  const known = short.get(character);
  if (known !== undefined) return known;
  if (character === mark) return `\\${character}`;
  if (character === " " || !unprintable.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}
