import { createField, expected } from "./create-field.ts";
import { InvalidInputError } from "./errors.ts";
import type { Field, FieldFacts, TextOrder } from "./field.ts";

/** Limits of a text, and how it is written. */
export interface TextOptions {
  /** Most characters (Unicode code points). */
  readonly maxLength?: number;
  /** The text must match it, whole. */
  readonly pattern?: RegExp;
  /** Letter case does not matter: the canonical form is lower case. */
  readonly fold?: "lower";
  /** How lists of the hub order it; by code point where absent. Keys are ordered by code point all the same. */
  readonly order?: TextOrder;
}

// eslint-disable-next-line no-control-regex -- ASCII without NUL needs no further look
const needsLook = /[^\u0001-\u007f]/;

/** Text: Unicode NFC, without white space at either end. */
export function text(options: TextOptions = {}): Field<string> {
  const { maxLength, fold } = options;
  const whole = options.pattern && wholePattern(options.pattern);
  return createField("text", { ...options }, (input) => {
    let value = readText(input);
    if (fold === "lower") value = value.toLowerCase();
    if (maxLength !== undefined && value.length > maxLength) {
      const length = Array.from(value).length;
      if (length > maxLength) {
        throw new InvalidInputError(
          `expected at most ${maxLength} characters, got ${length}: ${JSON.stringify(value.slice(0, 60))}…`,
        );
      }
    }
    if (whole && value !== "" && !whole.test(value)) {
      throw expected(`text like ${String(options.pattern)}`, input);
    }
    return value;
  });
}

function readText(input: unknown): string {
  let value: string;
  if (typeof input === "string") value = input;
  else if (typeof input === "number" && Number.isFinite(input)) value = String(input);
  else throw expected("text", input);
  value = value.trim();
  if (needsLook.test(value)) {
    // PostgreSQL, among others, cannot keep it.
    if (value.includes("\u0000")) {
      throw new InvalidInputError("expected text, got a NUL character in it");
    }
    if (!value.isWellFormed()) {
      throw new InvalidInputError("expected text, got half of a surrogate pair in it");
    }
    value = value.normalize("NFC");
  }
  return value;
}

function wholePattern(pattern: RegExp): RegExp {
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gy]/g, ""));
}

/** Limits of a number. */
export interface NumberOptions {
  /** Bounds, inclusive. */
  readonly min?: number;
  readonly max?: number;
}

/** A whole number within JavaScript's safe range. */
export function integer(options: NumberOptions = {}): Field<number, number | string> {
  return createField("integer", { ...options }, (input) => {
    const value =
      typeof input === "number"
        ? input
        : typeof input === "string" && /^\s*[+-]?\d+\s*$/.test(input)
          ? Number(input)
          : Number.NaN;
    if (!Number.isSafeInteger(value)) throw expected("a whole number", input);
    checkBounds(value, options, input);
    return value === 0 ? 0 : value;
  });
}

/** Limits of a decimal number. */
export interface DecimalOptions extends NumberOptions {
  /** Most digits after the point. */
  readonly scale?: number;
}

/** A decimal number, kept as text without needless zeros: "1.50" and 1.5 are both "1.5". */
export function decimal(options: DecimalOptions = {}): Field<string, string | number> {
  return createField("decimal", { ...options }, (input) => {
    const given = typeof input === "number" ? plainNumber(input) : input;
    const match =
      typeof given === "string" ? /^\s*([+-]?)(\d*)(?:\.(\d*))?\s*$/.exec(given) : undefined;
    const [, sign = "", whole = "", fraction = ""] = match ?? [];
    if (!match || whole + fraction === "") throw expected("a decimal number", input);
    const digits = whole.replace(/^0+(?=\d)/, "") || "0";
    const rest = fraction.replace(/0+$/, "");
    if (options.scale !== undefined && rest.length > options.scale) {
      throw expected(`at most ${options.scale} digits after the point`, input);
    }
    const amount = rest === "" ? digits : `${digits}.${rest}`;
    const value = sign === "-" && amount !== "0" ? `-${amount}` : amount;
    checkBounds(Number(value), options, input);
    return value;
  });
}

function plainNumber(input: number): string {
  const shown = String(input);
  return /e-/.test(shown) ? input.toFixed(20) : shown;
}

function checkBounds(value: number, { min, max }: NumberOptions, input: unknown): void {
  if (min !== undefined && value < min) throw expected(`at least ${min}`, input);
  if (max !== undefined && value > max) throw expected(`at most ${max}`, input);
}

/** True or false; the words are read too, in any case. */
export function boolean(): Field<boolean, boolean | "true" | "false"> {
  return createField("boolean", {}, (input) => {
    if (typeof input === "boolean") return input;
    const word = typeof input === "string" ? input.trim().toLowerCase() : "";
    if (word === "true") return true;
    if (word === "false") return false;
    throw expected("true or false", input);
  });
}

/** One of the given words, spelled exactly so. */
export function choice<const C extends readonly [string, ...string[]]>(
  ...choices: C
): Field<C[number]> {
  const facts: FieldFacts = { choices };
  const known = new Set<string>(choices);
  return createField("choice", facts, (input) => {
    const word = typeof input === "string" ? input.trim() : "";
    if (!known.has(word)) throw expected(`one of ${choices.join(", ")}`, input);
    return word;
  });
}

/** A moment: ISO 8601 in UTC with milliseconds. The input names its zone. */
export function dateTime(): Field<string, string | Date> {
  return createField("date-time", {}, (input) => {
    const moment =
      input instanceof Date
        ? input
        : typeof input === "string" && /T.*(Z|[+-]\d\d:?\d\d)\s*$/i.test(input)
          ? new Date(input.trim())
          : undefined;
    if (!moment || Number.isNaN(moment.getTime())) {
      throw expected("a date and time with a zone", input);
    }
    return moment.toISOString();
  });
}
