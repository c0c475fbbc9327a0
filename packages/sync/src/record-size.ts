import type { Canonical } from "./record.ts";

/**
 * Most characters of a record's values together. What becomes of a record is written down with its values as they
 * were and as they are: no such row gets above 1 MB.
 */
const mostCharacters = 150_000;

/** Most characters of a key, which is looked for by indexes. */
export const mostKeyCharacters = 2_000;

/** How many characters a value has, in the form it is stored in; numbers and the like count as none. */
function countCharacters(value: Canonical | undefined): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  for (const [name, member] of Object.entries(value)) {
    count += name.length + 4 + countCharacters(member);
  }
  return count;
}

/** The value that makes a record too large. */
export interface Oversized {
  /** Its place among the values. */
  readonly index: number;
  readonly message: string;
}

/** The largest of a record's values, where they are too large together. */
export function findOversized(values: readonly (Canonical | undefined)[]): Oversized | null {
  let total = 0;
  for (const value of values) {
    // Nearly every value is a short text or no text at all.
    if (typeof value === "string") total += value.length;
    else if (typeof value === "object") total += countCharacters(value);
  }
  if (total <= mostCharacters) return null;
  const counts = values.map(countCharacters);
  const largest = Math.max(...counts);
  const message = `has ${largest} characters, and all values of an object may have ${mostCharacters} together`;
  return { index: counts.indexOf(largest), message };
}
