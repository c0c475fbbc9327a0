import { InvalidInputError } from "./errors.ts";
import type { EncodedKey } from "./field.ts";
import type { Canonical } from "./record.ts";

/** A part of a key: a plain value, or the parts of the key a reference holds. */
export type KeyPart = string | number | boolean | null | readonly KeyPart[];

/** Marks a key string as needing no encoding when given as a reference. */
export function keyOf(key: string): EncodedKey {
  return { encodedKey: key };
}

/** The parts of a key string. @throws InvalidInputError where it is not one. */
export function parseKey(key: string): readonly KeyPart[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(key);
  } catch {
    parsed = undefined;
  }
  if (!isKeyPart(parsed) || !Array.isArray(parsed)) {
    throw new InvalidInputError(
      `Not a key: ${key.slice(0, 100)}. A key is a JSON list of its parts.`,
    );
  }
  return parsed as readonly KeyPart[];
}

function isKeyPart(value: unknown): value is KeyPart {
  if (value === null) return true;
  if (Array.isArray(value)) return value.every(isKeyPart);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** The text of one part: a reference's key string goes in as it is, other values as JSON. */
export function encodePart(value: Canonical, isReference: boolean): string {
  return isReference && typeof value === "string" ? value : JSON.stringify(value);
}

/** A parsed part as the canonical value of its field. */
export function partValue(part: KeyPart): Canonical {
  return typeof part === "object" && part !== null ? JSON.stringify(part) : part;
}

/** The key string of encoded parts. Joined, not added up: a sum of strings would stay a tree in memory. */
export function joinParts(parts: readonly string[]): string {
  return ["[", parts.join(","), "]"].join("");
}
