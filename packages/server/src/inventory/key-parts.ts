import { type Model, parseKey, type Values } from "@plumbline/sync";

/** A key part as its field's canonical value: a reference is a key string. */
export type KeyPartValue = string | number | boolean | null;

export function keyParts(key: string): KeyPartValue[] {
  return parseKey(key).map((part) =>
    typeof part === "object" && part !== null ? JSON.stringify(part) : part,
  );
}

/** The key string of canonical values. */
export function keyOfValues(model: Model, values: Values): string {
  const parts = model.keyNames.map((name) => {
    const value = values[name] ?? null;
    return model.field(name).kind === "reference" && typeof value === "string"
      ? value
      : JSON.stringify(value);
  });
  return `[${parts.join(",")}]`;
}
