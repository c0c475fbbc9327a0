import { type Canonical, dateTime, InvalidInputError, json } from "@plumbline/sync";
import { readFlag } from "../lists/filter-values.ts";
import type { CustomFieldDefinition } from "./definitions.ts";

/** What decides whether a value fits a custom field. */
export type ValueRules = Pick<CustomFieldDefinition, "type" | "min" | "max" | "regex" | "choices">;

const anything = json();
const moment = dateTime();

/** A value of a custom field in canonical form; null for none. @throws InvalidInputError in Nautobot's words */
export function readCustomValue(rules: ValueRules, given: unknown): Canonical {
  if (given === undefined || given === null || given === "") return null;
  if (Array.isArray(given) && given.length === 0) return null;
  switch (rules.type) {
    case "text":
    case "url":
    case "markdown":
      if (typeof given !== "string") throw new InvalidInputError("Value must be a string");
      checkText(rules, given);
      return wellFormed(given);
    case "integer":
      return readInteger(rules, given);
    case "boolean":
      return readBoolean(given);
    case "date":
      return readDate(given);
    case "datetime":
      return readMoment(given);
    case "select":
      return readChoice(rules, given);
    case "multi-select":
      return readChoices(rules, given);
    case "json": {
      const value = anything.normalise(given, () => "");
      checkText(rules, JSON.stringify(value));
      return value;
    }
  }
}

/** Bounds and pattern of a text. */
export function checkText({ min, max, regex }: ValueRules, text: string): void {
  const length = Array.from(text).length;
  if (min !== null && length < min) {
    throw new InvalidInputError(`Value must be at least ${min} characters in length`);
  }
  if (max !== null && length > max) {
    throw new InvalidInputError(`Value must not exceed ${max} characters in length`);
  }
  if (regex !== null && !new RegExp(regex, "u").test(text)) {
    throw new InvalidInputError(`Value must match regex '${regex}'`);
  }
}

function wellFormed(text: string): string {
  const value = anything.normalise(text, () => "");
  return typeof value === "string" ? value : text;
}

function readInteger({ min, max }: ValueRules, given: unknown): number {
  const text = typeof given === "string" ? given.trim() : given;
  const value = typeof text === "string" && text !== "" ? Number(text) : text;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new InvalidInputError("Value must be an integer");
  }
  if (min !== null && value < min) throw new InvalidInputError(`Value must be at least ${min}`);
  if (max !== null && value > max) throw new InvalidInputError(`Value must not exceed ${max}`);
  return value;
}

function readBoolean(given: unknown): boolean {
  const isWord =
    typeof given === "string" || typeof given === "boolean" || typeof given === "number";
  const value = isWord ? readFlag(String(given)) : undefined;
  if (value === undefined) throw new InvalidInputError("Value must be true or false");
  return value;
}

function readDate(given: unknown): string {
  const text = typeof given === "string" ? given.trim() : "";
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  // The 31st of a month without one reads as the 1st of the next.
  if (date === null || Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text)) {
    throw new InvalidInputError("Date values must be in the format YYYY-MM-DD");
  }
  return text;
}

function readMoment(given: unknown): string {
  try {
    return moment.normalise(given, () => "") as string;
  } catch {
    throw new InvalidInputError(
      "Date and time values must be in ISO 8601 with a zone, as in 2026-01-31T12:30:00Z",
    );
  }
}

function readChoice({ choices }: ValueRules, given: unknown): string {
  if (typeof given === "string" && choices.includes(given)) return given;
  throw new InvalidInputError(
    `Invalid choice (${String(given)}). Available choices are: ${choices.join(", ")}`,
  );
}

function readChoices({ choices }: ValueRules, given: unknown): readonly string[] {
  const values: unknown[] = typeof given === "string" ? given.split(",") : [given].flat();
  const known = values.filter((value): value is string => choices.includes(value as string));
  if (known.length === values.length) return [...new Set(known)];
  throw new InvalidInputError(
    `Invalid choice(s) (${values.map(String).join(", ")}). Available choices are: ${choices.join(", ")}`,
  );
}
