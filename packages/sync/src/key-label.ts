import { type KeyPart, parseKey } from "./key.ts";
import type { Model } from "./model.ts";
import type { Schema } from "./schema.ts";

/**
 * What people call the object with this key: "Germany → Berlin" where the key refers to its own model,
 * "10.0.0.0/8 (Global)" where it refers to others.
 */
export function keyLabel(schema: Schema, model: Model | string, key: string): string {
  const resolved = typeof model === "string" ? schema.model(model) : model;
  return labelParts(schema, resolved, parseKey(key));
}

function labelParts(schema: Schema, model: Model, parts: readonly KeyPart[]): string {
  const plain: string[] = [];
  const others: string[] = [];
  let above = "";
  model.keyNames.forEach((name, index) => {
    const part = parts[index] ?? null;
    if (part === null) return;
    const target = model.field(name).facts.target;
    if (target === undefined || !isParts(part)) plain.push(isParts(part) ? "" : String(part));
    else if (target === model.name) above = `${labelParts(schema, model, part)} → `;
    else others.push(labelParts(schema, schema.model(target), part));
  });
  if (plain.length === 0) return above + (others.join(", ") || "(empty)");
  return above + plain.join(" ") + (others.length > 0 ? ` (${others.join(", ")})` : "");
}

function isParts(part: KeyPart): part is readonly KeyPart[] {
  return Array.isArray(part);
}
