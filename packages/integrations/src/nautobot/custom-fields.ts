import { customFieldKey, customFieldName, type HubModel, hubModels } from "@plumbline/models";
import type { HttpClient } from "@plumbline/plugin-kit";
import { type Canonical, equalCanonical, type Model, RemoteSystemError } from "@plumbline/sync";
import { listOf } from "./list-reader.ts";
import { getRestPage, type RemoteObject, statusOf } from "./nautobot-api.ts";

/** Keys of the custom fields that a Nautobot defines, by content type; null where the token's user may not read them. */
export type DefinedFields = ReadonlyMap<string, readonly string[]> | null;

/** GraphQL's name for all of an object's custom fields. */
export const customFieldsInGraphql = "_custom_field_data";

export async function readDefinedFields(client: HttpClient, name: string): Promise<DefinedFields> {
  const hub = hubModels.find(({ restPath }) => restPath === "extras/custom-fields");
  if (hub === undefined) return null;
  const defined = new Map<string, string[]>();
  try {
    for (const object of await readAll(client, name, hub)) {
      const { key, content_types: contentTypes } = object;
      if (typeof key !== "string" || !Array.isArray(contentTypes)) continue;
      for (const contentType of contentTypes.map(String)) {
        const known = defined.get(contentType);
        if (known) known.push(key);
        else defined.set(contentType, [key]);
      }
    }
  } catch (error) {
    if (![403, 404].includes(statusOf(error) ?? 0)) throw error;
    return null;
  }
  return defined;
}

async function readAll(
  client: HttpClient,
  name: string,
  hub: HubModel,
): Promise<readonly RemoteObject[]> {
  const all: RemoteObject[] = [];
  for (;;) {
    // No parameters that older versions refuse.
    const { objects, step } = await getRestPage(client, name, listOf(hub), {}, all.length, 1000);
    all.push(...objects);
    if (objects.length < step || objects.length === 0) return all;
  }
}

export function hasCustomFields({ names }: Model): boolean {
  return names.some((name) => customFieldKey(name) !== null);
}

/** Which custom fields both sides have for a model, by the names of its fields; keys of those that only Nautobot has. */
export function shareFields(
  { contentType }: HubModel,
  model: Model,
  defined: DefinedFields,
): { readonly custom: readonly string[]; readonly undefinedKeys: readonly string[] } {
  const keys = defined?.get(contentType) ?? [];
  const isInModel = (key: string): boolean => model.names.includes(customFieldName(key));
  return {
    custom: keys.filter(isInModel).map(customFieldName),
    undefinedKeys: keys.filter((key) => !isInModel(key)),
  };
}

/**
 * The value of a custom field in an object of either API.
 * @throws RemoteSystemError where the object has none at all, which does not say that there are none
 */
export function customValue(object: RemoteObject, key: string): unknown {
  const all = object["custom_fields"] ?? object[customFieldsInGraphql];
  if (typeof all !== "object" || all === null) {
    throw new RemoteSystemError(
      `Nautobot's object ${object.id} lacks its custom fields, so what they hold is unknown; run again, and look into Nautobot's log if it stays so.`,
    );
  }
  return (all as Readonly<Record<string, unknown>>)[key] ?? null;
}

/** Whether an object has the value; the order of several choices is nobody's. */
export function hasCustomValue(object: RemoteObject, key: string, wanted: Canonical): boolean {
  return equalCanonical(inAnyOrder(customValue(object, key) as Canonical), inAnyOrder(wanted));
}

function inAnyOrder(value: Canonical): Canonical {
  const isOfTexts = Array.isArray(value) && value.every((member) => typeof member === "string");
  return isOfTexts ? value.toSorted() : value;
}
