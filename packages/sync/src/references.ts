import { compareCanonical, isList } from "./canonical.ts";
import type { Field } from "./field.ts";
import { parseKey, partValue } from "./key.ts";
import type { Canonical } from "./record.ts";
import type { Schema } from "./schema.ts";

/** Calls `visit` with model name and key string of everything a field's canonical value refers to. */
export function visitReferences(
  field: Field<unknown, unknown>,
  value: Canonical | undefined,
  visit: (target: string, key: string) => void,
): void {
  if (value === undefined || value === null) return;
  const { target, members, properties } = field.facts;
  if (target !== undefined) {
    if (typeof value === "string") visit(target, value);
  } else if (members) {
    if (isList(value)) for (const member of value) visitReferences(members, member, visit);
  } else if (properties && isList(value)) {
    for (const entry of value) {
      if (typeof entry !== "object" || entry === null || isList(entry)) continue;
      for (const [name, property] of Object.entries(properties)) {
        visitReferences(property, entry[name], visit);
      }
    }
  }
}

/** Whether anything that a field's canonical value refers to passes the test. */
export function someReference(
  field: Field<unknown, unknown>,
  value: Canonical | undefined,
  passes: (target: string, key: string) => boolean,
): boolean {
  let found = false;
  visitReferences(field, value, (target, key) => {
    found ||= passes(target, key);
  });
  return found;
}

/** What a field that may wait holds where nothing was given. */
export function emptyValue({ isNullable, facts }: Field<unknown, unknown>): Canonical {
  return facts.default ?? (isNullable ? null : []);
}

/** A field's canonical value with every reference in it replaced; still canonical. */
export function mapReferences(
  field: Field<unknown, unknown>,
  value: Canonical,
  replace: (target: string, key: string) => string,
): Canonical {
  if (value === null) return null;
  const { target, members, properties, by } = field.facts;
  if (target !== undefined) return typeof value === "string" ? replace(target, value) : value;
  if (!isList(value)) return value;
  if (members) {
    const mapped = value.map((member) => mapReferences(members, member, replace));
    return field.kind === "set" ? mapped.sort(compareCanonical) : mapped;
  }
  if (!properties) return value;
  const entries = value.map((entry): Canonical => {
    if (typeof entry !== "object" || entry === null || isList(entry)) return entry;
    return Object.fromEntries(
      Object.entries(entry).map(([name, member]) => {
        const property = properties[name];
        return [name, property ? mapReferences(property, member, replace) : member];
      }),
    );
  });
  const identity = (entry: Canonical): Canonical =>
    typeof entry === "object" && entry !== null && !isList(entry)
      ? (entry[by ?? ""] ?? null)
      : entry;
  return entries.sort((a, b) => compareCanonical(identity(a), identity(b)));
}

/** A key string with the references among its parts replaced; the same string where none changes. */
export function mapKeyReferences(
  schema: Schema,
  model: string,
  key: string,
  replace: (target: string, key: string) => string,
): string {
  const references = schema.referenceFields(model).filter((reference) => reference.isKey);
  if (references.length === 0) return key;
  const parts = [...parseKey(key)];
  let isChanged = false;
  for (const { index, targets } of references) {
    const part = parts[index];
    const target = targets[0];
    if (part === undefined || part === null || target === undefined) continue;
    const before = partValue(part);
    if (typeof before !== "string") continue;
    const after = replace(target, before);
    if (after === before) continue;
    parts[index] = parseKey(after);
    isChanged = true;
  }
  return isChanged ? JSON.stringify(parts) : key;
}

/** Whether one of the references among the parts of a key string passes. */
export function someKeyReference(
  schema: Schema,
  model: string,
  key: string,
  passes: (target: string, key: string) => boolean,
): boolean {
  let found = false;
  mapKeyReferences(schema, model, key, (target, part) => {
    found ||= passes(target, part);
    return part;
  });
  return found;
}
