// Keys as the API shows them: natural slug, columns of CSV.
import type { KeyPart, Model } from "@plumbline/sync";
import type { Inventory } from "../../inventory/inventory.ts";

/** The names of a model's parts of the key, as far as they are told. */
type NamesOf = (model: Model) => readonly string[];

/** The key as texts in a row: references spelled out, a network as address and length. */
export function naturalKey(
  inventory: Inventory,
  model: Model,
  key: readonly KeyPart[],
  namesOf: NamesOf = ({ keyNames }) => keyNames,
): (string | null)[] {
  return namesOf(model).flatMap((name) => {
    if (!model.keyNames.includes(name)) return [null];
    const field = model.field(name);
    const part = key[model.keyNames.indexOf(name)] ?? null;
    const { target } = field.facts;
    if (target !== undefined) {
      const owner = inventory.table(target).model;
      if (part !== null) return naturalKey(inventory, owner, part as readonly KeyPart[], namesOf);
      // A tree ends at its root; another reference leaves its places empty.
      return target === model.name ? [] : naturalKey(inventory, owner, [], namesOf);
    }
    if (part === null) return field.kind === "prefix" ? [null, null] : [null];
    return field.kind === "prefix" ? String(part).split("/") : [String(part)];
  });
}

/** The texts that a natural slug is made of. */
export function slugParts(
  inventory: Inventory,
  model: Model,
  key: readonly KeyPart[],
  id: string,
): (string | null)[] {
  const namesOf: NamesOf = ({ name, keyNames }) =>
    inventory.table(name).hubModel.rest?.slugOf ?? keyNames;
  const parts = naturalKey(inventory, model, key, namesOf);
  return parts.length === 0 ? [id] : parts;
}

/** What the texts of `naturalKey` are called: name, parent__name, parent__parent__name. */
export function keyColumns(
  inventory: Inventory,
  model: Model,
  depthOf: (model: string) => number,
): string[] {
  const levelsOf = (levels: number): string[] =>
    model.keyNames.flatMap((name) => {
      const field = model.field(name);
      const { target } = field.facts;
      if (target === model.name) {
        return levels === 0 ? [] : levelsOf(levels - 1).map((column) => `${name}__${column}`);
      }
      if (target !== undefined) {
        const owner = inventory.table(target).model;
        return keyColumns(inventory, owner, depthOf).map((column) => `${name}__${column}`);
      }
      return field.kind === "prefix" ? ["network", "prefix_length"] : [name];
    });
  return levelsOf(depthOf(model.name));
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
