import { parseKey } from "@plumbline/sync";

/** A key part as its field's canonical value: a reference is a key string. */
export type KeyPartValue = string | number | boolean | null;

export function keyParts(key: string): KeyPartValue[] {
  return parseKey(key).map((part) =>
    typeof part === "object" && part !== null ? JSON.stringify(part) : part,
  );
}
