import { parseKey } from "@plumbline/sync";
import type { KeyPart } from "@plumbline/sync";
import type { ModelManifest } from "../../plugins/manifest.ts";

/**
 * What people call the object with this key, by the manifest alone: "Germany → Berlin" where a key refers
 * to its own model, "10.0.0.0/8 (Global)" where it refers to others.
 */
export function readableKey(
  models: ReadonlyMap<string, ModelManifest>,
  model: string,
  key: string,
): string {
  return describe(models, model, parseKey(key));
}

function describe(
  models: ReadonlyMap<string, ModelManifest>,
  modelName: string,
  parts: readonly KeyPart[],
): string {
  const fields = models.get(modelName)?.fields.filter((field) => field.isKey) ?? [];
  const plain: string[] = [];
  const others: string[] = [];
  let above = "";
  parts.forEach((part, index) => {
    const target = fields[index]?.target ?? modelName;
    if (part === null) return;
    if (!isParts(part)) plain.push(String(part));
    else if (target === modelName) above = `${describe(models, modelName, part)} → `;
    else others.push(describe(models, target, part));
  });
  if (plain.length === 0) return above + others.join(", ");
  return above + plain.join(" ") + (others.length > 0 ? ` (${others.join(", ")})` : "");
}

function isParts(part: KeyPart): part is readonly KeyPart[] {
  return Array.isArray(part);
}
