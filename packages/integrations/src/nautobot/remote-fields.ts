import { customFieldKey, type HubModel } from "@plumbline/models";
import {
  type Canonical,
  equalCanonical,
  type Field,
  InvalidInputError,
  type Schema,
  type Values,
  visitReferences,
} from "@plumbline/sync";
import { hasCustomValue } from "./custom-fields.ts";
import type { RemoteObject } from "./nautobot-api.ts";
import { readValue, referredIds, targetOf } from "./remote-values.ts";

/** An object as it is sent. */
export type Body = Record<string, unknown>;

/** The id of the object with that key; undefined where there is none, or more than one. */
export type IdOf = (target: string, key: string) => string | undefined;

/** A reference that has no object to point to. */
export interface Dangling {
  readonly field: string;
  readonly target: string;
  readonly key: string;
}

/** What values refer to, by model name. */
export function referencesIn(
  hub: HubModel,
  given: readonly (Values | null)[],
): Map<string, Set<string>> {
  const keys = new Map<string, Set<string>>();
  for (const name of hub.model.names) {
    const field = hub.model.field(name);
    if (targetOf(field) === null || field.isDerived) continue;
    for (const values of given) {
      visitReferences(field, values?.[name], (target, key) => {
        const known = keys.get(target);
        if (known) known.add(key);
        else keys.set(target, new Set([key]));
      });
    }
  }
  return keys;
}

/** A field's value without references, in canonical form; as Nautobot gives it where it fits no field of ours. */
export function plainValue(
  name: string,
  field: Field<unknown, unknown>,
  object: RemoteObject,
): Canonical {
  const value = readValue(name, field, object, () => undefined, []);
  try {
    return field.normalise(value, () => "");
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return value as Canonical;
  }
}

/** The parts of an object's key by name, with what else is given of it. */
export function withKey(
  schema: Schema,
  { model }: HubModel,
  key: string,
  values: Values | null,
): Values {
  const own = Object.fromEntries(
    model.keyNames.map((name) => [name, schema.keyPart(model, key, name)]),
  );
  return { ...own, ...values };
}

/** The first field in which an object is not as these values say; null where it is. */
export function differingField(
  { model }: HubModel,
  object: RemoteObject,
  values: Values,
  idOf: IdOf,
): string | null {
  for (const [name, wanted] of Object.entries(values)) {
    const custom = customFieldKey(name);
    if (custom !== null) {
      if (!hasCustomValue(object, custom, wanted)) return name;
      continue;
    }
    const field = model.field(name);
    // An object does not tell what it has by way of another, nor what its version lacks.
    if (field.isDerived || field.facts.through !== undefined || object[name] === undefined) {
      continue;
    }
    if (targetOf(field) === null) {
      if (!equalCanonical(plainValue(name, field, object), wanted)) return name;
      continue;
    }
    const ids: (string | undefined)[] = [];
    visitReferences(field, wanted, (target, key) => void ids.push(idOf(target, key)));
    const now = referredIds(object[name]);
    if (ids.length !== now.length || ids.some((id) => id === undefined || !now.includes(id))) {
      return name;
    }
  }
  return null;
}

/** The values as Nautobot takes them. What cannot be pointed to goes to `dangling`. */
export function makeBody(
  schema: Schema,
  hub: HubModel,
  key: string,
  values: Values,
  idOf: IdOf,
  dangling: Dangling[],
): Body {
  const { model, rest = {} } = hub;
  const body: Body = {};
  const custom: Body = {};
  const joined = new Set<string>(Object.values(rest.joined ?? {}).flat());
  for (const [name, value] of Object.entries(values)) {
    const ofCustom = customFieldKey(name);
    if (ofCustom !== null) {
      custom[ofCustom] = value;
      continue;
    }
    const field = model.field(name);
    if (field.isDerived || joined.has(name)) continue;
    if (targetOf(field) === null) {
      body[name] = plainBody(hub, name, value);
      continue;
    }
    const ids: string[] = [];
    visitReferences(field, value, (target, referred) => {
      const id = idOf(target, referred);
      if (id === undefined) dangling.push({ field: name, target, key: referred });
      else ids.push(id);
    });
    body[name] = field.facts.members ? ids : (ids[0] ?? null);
  }
  // Those that are not named stay.
  if (Object.keys(custom).length > 0) body["custom_fields"] = custom;
  for (const [name, parts] of Object.entries(rest.joined ?? {})) {
    if (!parts.some((part) => part in values)) continue;
    const whole = withKey(schema, hub, key, values);
    body[name] = parts.map((part) => joinedText(whole[part])).join("/");
  }
  return body;
}

function joinedText(value: Canonical | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Nautobot has empty texts where the hub has none, save where two empty ones would be equal. */
function plainBody({ model, rest = {} }: HubModel, name: string, value: Canonical): unknown {
  if (value !== null) return value;
  const isText = model.field(name).kind === "text" || (rest.plainChoices ?? []).includes(name);
  return isText && !(rest.nullTexts ?? []).includes(name) ? "" : null;
}
