import type { FieldManifest, ModelManifest } from "../api/shapes.ts";

export type Models = ReadonlyMap<string, ModelManifest>;

/**
 * A key string as people write it: "Germany → Berlin" where the key refers to its own model,
 * "10.0.0.0/8 (Global)" else. Text that is no key string comes back as it is.
 */
export function keyLabel(models: Models, model: string | null, key: string): string {
  const parts = parseKey(key);
  return parts ? partsLabel(models, model, parts) : key;
}

function parseKey(text: string): unknown[] | null {
  if (!text.startsWith("[")) return null;
  try {
    const parts: unknown = JSON.parse(text);
    return Array.isArray(parts) ? parts : null;
  } catch {
    return null;
  }
}

function partsLabel(models: Models, model: string | null, parts: readonly unknown[]): string {
  const fields = keyFields(model === null ? undefined : models.get(model));
  let trail = "";
  const words: string[] = [];
  parts.forEach((part, index) => {
    if (part === null) return;
    const field = fields[index];
    const target = field?.kind === "reference" ? field.target : null;
    if (!Array.isArray(part)) words.push(typeof part === "string" ? part : JSON.stringify(part));
    else if (target !== null && target === model) trail = partsLabel(models, target, part);
    else words.push(partsLabel(models, target, part));
  });
  const [head = "", ...rest] = words;
  const own = rest.length > 0 ? `${head} (${rest.join(", ")})` : head;
  if (!trail) return own;
  return own ? `${trail} → ${own}` : trail;
}

function keyFields(model: ModelManifest | undefined): FieldManifest[] {
  return model?.fields.filter((field) => field.isKey) ?? [];
}
