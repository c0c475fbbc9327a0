import { type Change, mapKeyReferences, parseKey, type Schema } from "@plumbline/sync";

/**
 * Gives the key that a plan's updates make of their object's, null where it stays; row by row in the plan's
 * order, as what is below a renamed object is known by its new name.
 */
export function createRenames(schema: Schema): (change: Change) => string | null {
  const renamed = new Map<string, Map<string, string>>();
  const keyAfter = (model: string, key: string): string =>
    renamed.get(model)?.get(key) ?? mapKeyReferences(schema, model, key, keyAfter);

  return (change) => {
    const { keyNames } = schema.model(change.model);
    const { after, fields, model } = change;
    if (change.action !== "update" || !fields.some((name) => keyNames.includes(name))) return null;
    const references = new Set(
      schema.referenceFields(model).flatMap(({ name, isKey }) => (isKey ? [name] : [])),
    );
    const before = parseKey(mapKeyReferences(schema, model, change.key, keyAfter));
    const parts = before.map((part, index) => {
      const name = keyNames[index] ?? "";
      const value = after?.[name];
      if (!fields.includes(name) || value === undefined) return part;
      return references.has(name) && typeof value === "string" ? parseKey(value) : value;
    });
    const key = JSON.stringify(parts);
    let known = renamed.get(model);
    if (!known) renamed.set(model, (known = new Map<string, string>()));
    known.set(change.key, key);
    return key;
  };
}
