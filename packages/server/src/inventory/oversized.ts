import { findOversized, type Values } from "@plumbline/sync";

/** The largest value of an object's, where they are too large together, with what is wrong with it and what to do. */
export function oversizedValue(
  values: Values,
): { readonly name: string; readonly message: string } | null {
  const entries = Object.entries(values);
  const oversized = findOversized(entries.map(([, value]) => value));
  const name = entries[oversized?.index ?? 0]?.[0];
  if (oversized === null || name === undefined) return null;
  return { name, message: `${name} ${oversized.message}. Shorten it.` };
}
