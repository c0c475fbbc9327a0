// Keys as SQL reads them and as the API shows them: display, natural slug, columns of CSV.
import type { KeyPart, Model } from "@plumbline/sync";
import type { Inventory } from "../../inventory/inventory.ts";
import { canonicalExpression, type Table } from "../../inventory/table.ts";

const deepestTree = 200;

/**
 * A JSON list of the key's parts of row `alias`. A reference is the key of what it refers to; one to the
 * model itself is the list of the keys above, nearest first, each with null in that place.
 */
export function keySql(inventory: Inventory, table: Table, alias: string, depth = 0): string {
  const columns = table.columns.filter(({ isKey }) => isKey);
  const inner = `k${depth}`;
  const partsOf = (row: string, withSelf: boolean): string => {
    const parts = columns.map((column) => {
      if (column.target === null) return canonicalExpression(row, column);
      const place = `${row}.${column.column}`;
      if (column.target === table.model.name) return withSelf ? above(place) : "null";
      const target = inventory.table(column.target);
      return `(select ${keySql(inventory, target, `${inner}r`, depth + 1)} from ${target.name} ${inner}r where ${inner}r.id = ${place})`;
    });
    return `json_build_array(${parts.join(", ")})`;
  };
  const self = columns.find(({ target }) => target === table.model.name);
  const above = (place: string): string => {
    const up = `${inner}up`;
    const column = self?.column ?? "id";
    return `(with recursive ${up} (at, level, parts) as (
        select ${inner}.${column}, 1, ${partsOf(inner, false)} from ${table.name} ${inner} where ${inner}.id = ${place}
        union all
        select ${inner}.${column}, ${up}.level + 1, ${partsOf(inner, false)}
          from ${up} join ${table.name} ${inner} on ${inner}.id = ${up}.at where ${up}.level < ${deepestTree}
      ) select json_agg(parts order by level) from ${up})`;
  };
  return partsOf(alias, true);
}

/** The key's parts, nested, out of what `keySql` gave. */
export function readKey(inventory: Inventory, model: Model, given: unknown): readonly KeyPart[] {
  const parts = given as readonly unknown[];
  return model.keyNames.map((name, index) => {
    const { target } = model.field(name).facts;
    const part = parts[index] ?? null;
    if (part === null || target === undefined) return part as KeyPart;
    const owner = inventory.table(target).model;
    if (target !== model.name) return readKey(inventory, owner, part);
    return (part as readonly (readonly unknown[])[]).reduceRight<KeyPart>((above, level) => {
      const plain = readKey(inventory, model, level);
      return plain.map((value, place) => (place === index ? above : value));
    }, null);
  });
}

/** The key as texts in a row: references spelled out, a network as address and length. */
export function naturalKey(
  inventory: Inventory,
  model: Model,
  key: readonly KeyPart[],
): (string | null)[] {
  return model.keyNames.flatMap((name, index) => {
    const field = model.field(name);
    const part = key[index] ?? null;
    const { target } = field.facts;
    if (target !== undefined) {
      const owner = inventory.table(target).model;
      if (part !== null) return naturalKey(inventory, owner, part as readonly KeyPart[]);
      // A tree ends at its root; another reference leaves its places empty.
      return target === model.name ? [] : naturalKey(inventory, owner, []);
    }
    if (part === null) return field.kind === "prefix" ? [null, null] : [null];
    return field.kind === "prefix" ? String(part).split("/") : [String(part)];
  });
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

/** "dev-01_acme_site-01_026d": the natural key and the beginning of the id. */
export function naturalSlug(parts: readonly (string | null)[], id: string): string {
  const kept = parts.map((part) => (part === null ? "" : slugify(part)));
  while (kept.length > 0 && kept.at(-1) === "") kept.pop();
  return [...kept, id.slice(0, 4)].join("_");
}

function slugify(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-+|-+$/g, "");
}
