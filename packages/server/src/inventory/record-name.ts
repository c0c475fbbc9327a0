import { keyLabel, parseKey } from "@plumbline/sync";
import type { Inventory } from "./inventory.ts";
import { keyParts } from "./key-parts.ts";

/**
 * What an object is called where the place it has is plain: "Berlin" for "Germany → Berlin". With the names that
 * its model says it is called after: an interface with its device's.
 */
export function recordName(inventory: Inventory, model: string, key: string): string {
  const { hubModel, model: declared } = inventory.table(model);
  const values = keyParts(key);
  const nameOf = (name: string): string[] => {
    const index = declared.keyNames.indexOf(name);
    const { target } = declared.field(name).facts;
    const value = values[index] ?? null;
    return target === undefined || typeof value !== "string"
      ? []
      : [recordName(inventory, target, value)];
  };
  const own = declared.keyNames.filter((name) => declared.field(name).kind !== "reference");
  const parts = parseKey(key);
  const words = own.flatMap((name) => {
    const part = parts[declared.keyNames.indexOf(name)] ?? null;
    return part === null ? [] : [String(part)];
  });
  if (own.length > 0 && words.length === 0) return keyLabel(inventory.schema, model, key);
  if (own.length === 0) return declared.keyNames.flatMap(nameOf).join(", ");
  return [...(hubModel.calledAfter ?? []).flatMap(nameOf), ...words].join(" ");
}
