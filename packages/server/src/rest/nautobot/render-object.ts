import {
  type CustomFieldIndex,
  customFieldsName,
} from "../../inventory/custom-fields/definitions.ts";
import { idsIn } from "../../inventory/lists/list.ts";
import { naturalSlug } from "./natural-key.ts";
import type { RelatedCounts } from "./related-counts.ts";
import {
  isHiddenSet,
  type Resource,
  type Resources,
  type RestField,
  type StoredObject,
} from "./resource.ts";
import { referredBy, type Related } from "./stored-objects.ts";

export interface RenderOptions {
  readonly resources: Resources;
  /** "https://plumbline.example.net" */
  readonly origin: string;
  /** How many steps of references are given whole. */
  readonly depth: number;
  /** Whether sets of references other than tags are shown. */
  readonly showsSets: boolean;
  /** Whether objects say how deep in their tree they are. */
  readonly inTree?: boolean;
  readonly related: Related;
  readonly customFields: CustomFieldIndex;
  /** Null where they are not given. */
  readonly counts: RelatedCounts | null;
  /** What is given only where it is asked for. */
  readonly includes: ReadonlySet<Included>;
  /** What is referred to as it was rendered already, by depth and id. */
  readonly references: Map<number, Map<string, unknown>>;
}

export type Included = (typeof included)[number];
export const included = ["computed_fields", "relationships", "config_context"] as const;

export function objectUrl(origin: string, { path }: Resource, id: string): string {
  return `${origin}/api/${path}/${id}/`;
}

/** An object as the API gives it. */
export function renderObject(
  object: StoredObject,
  options: RenderOptions,
  isNested = false,
): Record<string, unknown> {
  const { resource, id, key, values } = object;
  const { origin } = options;
  const url = objectUrl(origin, resource, id);
  const rendered: Record<string, unknown> = {
    id,
    object_type: resource.contentType,
    display: resource.display(key, values),
    url,
    natural_slug: naturalSlug(resource.slugParts(key, id), id),
  };
  if (resource.treeField !== null && !isNested) {
    // Nautobot knows it only of what it looked for as a tree.
    rendered["tree_depth"] = options.inTree === true ? treeDepth(object) : null;
  }
  const isShown = (field: RestField): boolean =>
    isNested
      ? options.showsSets && resource.nestedSets.includes(field.name)
      : options.showsSets || !isHiddenSet(field);
  for (const field of resource.fields) {
    if (field.name === "tags" || resource.writeOnly.includes(field.name)) continue;
    if (isSet(field) && !isShown(field)) continue;
    rendered[field.name] = renderValue(field, values[field.name], options);
  }
  for (const [name, value] of resource.fixed) rendered[name] = value;
  for (const name in resource.unkept) rendered[name] = null;
  if (options.showsSets) {
    const { emptySets, nestedSets } = resource;
    const shown = isNested ? emptySets.filter((name) => nestedSets.includes(name)) : emptySets;
    for (const name of shown) rendered[name] = [];
  }
  if (!isNested) {
    const known = options.counts?.get(id);
    if (options.counts) {
      for (const name of Object.keys(resource.counts)) rendered[name] = known?.[name] ?? 0;
    }
    addIncluded(rendered, object, options.includes);
  }
  if (resource.hasNotes) rendered["notes_url"] = `${url}notes/`;
  if (resource.hasCustomFields) rendered[customFieldsName] = customValues(object, options);
  const tags = resource.fields.find(({ name }) => name === "tags");
  if (tags && !isNested) rendered["tags"] = renderValue(tags, values["tags"], options);
  return rendered;
}

/** How many are above an object in its tree; null where its key does not tell. */
function treeDepth({ resource, key }: StoredObject): number | null {
  const place = resource.table?.model.keyNames.indexOf(resource.treeField ?? "") ?? -1;
  if (place < 0) return null;
  let depth = 0;
  let above = key[place] ?? null;
  while (typeof above === "object" && above !== null) {
    depth += 1;
    above = above[place] ?? null;
  }
  return depth;
}

/** What objects that others hold do not show: sets of references, and of the models that something is for. */
function isSet({ join, kind }: RestField): boolean {
  return join !== null || kind === "set";
}

/** The hub computes no fields, knows no relationships but references, and merges no contexts into an object's own. */
function addIncluded(
  rendered: Record<string, unknown>,
  { resource, values }: StoredObject,
  includes: ReadonlySet<Included>,
): void {
  if (resource.hasCustomFields) {
    if (includes.has("computed_fields")) rendered["computed_fields"] = {};
    if (includes.has("relationships")) rendered["relationships"] = {};
  }
  const own = "local_config_context_data";
  if (includes.has("config_context") && resource.fields.some(({ name }) => name === own)) {
    rendered["config_context"] = values[own] ?? {};
  }
}

/** Every custom field of the model: null where the object has no value. */
function customValues(
  { resource, values }: StoredObject,
  { customFields }: RenderOptions,
): Record<string, unknown> {
  const stored = (values[customFieldsName] ?? {}) as Readonly<Record<string, unknown>>;
  const definitions = customFields.get(resource.contentType) ?? [];
  return Object.fromEntries(definitions.map(({ key }) => [key, stored[key] ?? null]));
}

function renderValue(field: RestField, value: unknown, options: RenderOptions): unknown {
  const { target, join } = field;
  if (target !== null) {
    if (join !== null) return idsIn(value).map((id) => renderReference(target, id, options));
    return typeof value === "string" ? renderReference(target, value, options) : null;
  }
  if (field.form === "object") return renderAnyObject(field, value, options);
  if (value === null || value === undefined) return field.form === "empty-text" ? "" : null;
  if (typeof value !== "string") return value;
  if (field.form === "value-and-label") return { value, label: labelOf(field, value) };
  if (field.form === "number-and-label") {
    return { value: Number(value), label: labelOf(field, value) };
  }
  if (field.form === "value-twice") return { value, label: value };
  if (field.kind === "mac") return value.toUpperCase();
  if (field.kind === "decimal" && field.scale !== null) {
    const [whole = "0", fraction = ""] = value.split(".");
    return field.scale === 0 ? whole : `${whole}.${fraction.padEnd(field.scale, "0")}`;
  }
  return value;
}

/** An object of any model; whole, it says that it might be of another. */
function renderAnyObject(field: RestField, value: unknown, options: RenderOptions): unknown {
  const referred = referredBy(field, value);
  if (referred === null) return null;
  const [rendered] = referred.ids.map((id) => renderReference(referred.target, id, options));
  const isWhole = typeof rendered === "object" && rendered !== null && "display" in rendered;
  return isWhole ? { ...rendered, generic_foreign_key: true } : rendered;
}

/** What an object refers to, whole or by name: rendered once for all that refer to it. */
function renderReference(target: string, id: string, options: RenderOptions): unknown {
  const { depth, references } = options;
  let known = references.get(depth);
  if (!known) references.set(depth, (known = new Map<string, unknown>()));
  let rendered = known.get(id);
  if (rendered === undefined) known.set(id, (rendered = renderNested(target, id, options)));
  return rendered;
}

function renderNested(target: string, id: string, options: RenderOptions): unknown {
  const { resources, origin, related, depth } = options;
  const whole = depth > 0 ? related.get(target)?.get(id) : undefined;
  if (whole) return renderObject(whole, { ...options, depth: depth - 1 }, true);
  const resource = resources.get(target);
  return { id, object_type: resource.contentType, url: objectUrl(origin, resource, id) };
}

/** A choice's word for people: "active-passive" is "Active passive" where nothing else is said. */
export function labelOf({ labels }: Pick<RestField, "labels">, choice: string): string {
  return labels?.[choice] ?? sentence(choice);
}

/** A name for programs as words: "vlan_count" is "Vlan count". */
export function sentence(choice: string): string {
  const words = choice.replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
