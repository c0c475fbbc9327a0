// Keys as the API shows them: natural slug, columns of CSV.
import type { KeyPart, Model } from "@plumbline/sync";
import type { Inventory } from "../../inventory/inventory.ts";

/** What a natural slug is made of: the key as texts in a row, references spelled out, a network as address and length. */
export function slugParts(
  inventory: Inventory,
  model: Model,
  key: readonly KeyPart[],
  id: string,
): (string | null)[] {
  const parts = textsOf(inventory, model, key);
  return parts.length === 0 ? [id] : parts;
}

function textsOf(inventory: Inventory, model: Model, key: readonly KeyPart[]): (string | null)[] {
  const { keyNames, name: modelName } = model;
  const names = inventory.table(modelName).hubModel.rest?.slugOf ?? keyNames;
  return names.flatMap((name) => {
    if (!keyNames.includes(name)) return [null];
    const field = model.field(name);
    const part = key[keyNames.indexOf(name)] ?? null;
    const { target } = field.facts;
    if (target !== undefined) {
      const owner = inventory.table(target).model;
      if (part !== null) return textsOf(inventory, owner, part as readonly KeyPart[]);
      // A tree ends at its root; another reference leaves its places empty.
      return target === modelName ? [] : textsOf(inventory, owner, []);
    }
    if (part === null) return field.kind === "prefix" ? [null, null] : [null];
    return field.kind === "prefix" ? String(part).split("/") : [String(part)];
  });
}

/** A cell of a key in CSV: null for no value, undefined where there is no such object. */
export type KeyCell = readonly [column: string, value: string | null | undefined];

/**
 * The key as cells by their columns, as in parent__name; a tree's path to the depth that its model's trees have.
 * @param key null for the columns alone, of no object
 */
export function keyCells(
  inventory: Inventory,
  model: Model,
  key: readonly KeyPart[] | null,
  depthOf: (model: string) => number,
): KeyCell[] {
  const cellsOf = (at: readonly KeyPart[] | null, levels: number): KeyCell[] =>
    model.keyNames.flatMap((name, index): KeyCell[] => {
      const field = model.field(name);
      const part = at?.[index] ?? null;
      const { target } = field.facts;
      if (target !== undefined) {
        const below = part as readonly KeyPart[] | null;
        const isTree = target === model.name;
        if (isTree && levels === 0) return [];
        const cells = isTree
          ? cellsOf(below, levels - 1)
          : keyCells(inventory, inventory.table(target).model, below, depthOf);
        return cells.map(([column, value]) => [`${name}__${column}`, value]);
      }
      const value = at === null ? undefined : part === null ? null : String(part);
      if (field.kind !== "prefix") return [[name, value]];
      const [network, length] = value?.split("/") ?? [value, value];
      return [
        ["network", network],
        ["prefix_length", length],
      ];
    });
  return cellsOf(key, depthOf(model.name));
}

/** "dev-01_acme_site-01_026d": the natural key and the beginning of the id; what has no such key is "unknown". */
export function naturalSlug(parts: readonly (string | null)[] | null, id: string): string {
  if (parts === null) return "unknown";
  const kept = parts.map((part) => (part === null ? "" : slugify(part)));
  while (kept.length > 0 && kept.at(-1) === "") kept.pop();
  return [...kept, id.slice(0, 4)].join("_");
}

/** Parts of keys are the same for many objects: their locations, their tenants. */
const slugs = new Map<string, string>();
const mostSlugs = 10_000;

function slugify(text: string): string {
  const known = slugs.get(text);
  if (known !== undefined) return known;
  if (slugs.size >= mostSlugs) slugs.clear();
  const slug = text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-+|-+$/g, "");
  slugs.set(text, slug);
  return slug;
}
