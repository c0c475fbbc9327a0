// The ways a request names an object that another refers to, all of a request resolved at once.
import { type KeyPart, InvalidInputError, type Model } from "@plumbline/sync";
import type { Inventory, Queryable } from "../../inventory/inventory.ts";
import { idsByKey } from "../../inventory/key-lookup.ts";
import { keysById } from "../../inventory/key-strings.ts";
import { isUuid } from "../../inventory/uuid.ts";
import { findField, textPlace } from "../../inventory/lists/list.ts";
import type { Resource, Resources } from "./resource.ts";
import { textOf } from "./value-faults.ts";

/** An object a request refers to: found, or the text that says why not. */
export type Named =
  | { readonly id: string; readonly key: string; readonly fault?: undefined }
  | { readonly fault: string };

type Wish =
  | { readonly by: "id"; readonly id: string }
  | { readonly by: "key"; readonly key: string; readonly text: string }
  | { readonly by: "attributes"; readonly attributes: Attributes }
  | { readonly by: "fault"; readonly fault: string };

/** By path, as in parent__name. */
type Attributes = Readonly<Record<string, string | null>>;

export interface ReferenceResolver {
  /** Notes what a request refers to; the answer is there after `resolve`. */
  ask(target: string, input: unknown): () => Named;
  resolve(client: Queryable): Promise<void>;
}

export function createReferenceResolver(
  inventory: Inventory,
  resources: Resources,
): ReferenceResolver {
  const wishes = new Map<string, Map<string, Wish>>();
  const answers = new Map<string, Map<string, Named>>();

  return {
    ask(target, input) {
      const wish = readWish(inventory, inventory.table(target).model, input);
      const name = JSON.stringify(wish);
      const known = wishes.get(target);
      if (known) known.set(name, wish);
      else wishes.set(target, new Map([[name, wish]]));
      return () => answers.get(target)?.get(name) ?? { fault: notFound(input) };
    },

    async resolve(client) {
      for (const [target, wanted] of wishes) {
        answers.set(target, await resolveTarget(client, inventory, resources, target, wanted));
      }
    },
  };
}

function readWish(inventory: Inventory, model: Model, input: unknown): Wish {
  if (typeof input === "string") {
    if (isUuid(input)) return { by: "id", id: input.toLowerCase() };
    const inUrl = /^(?:https?:\/)?\/.*\/([0-9a-f-]{36})\/?$/i.exec(input)?.[1];
    if (inUrl !== undefined && isUuid(inUrl)) return { by: "id", id: inUrl.toLowerCase() };
    return readNaturalKey(inventory, model, input);
  }
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return {
      by: "fault",
      fault: `Related objects must be referenced by ID or by dictionary of attributes. Received an unrecognized value: ${String(input)}`,
    };
  }
  const given = input as Readonly<Record<string, unknown>>;
  const id = given["id"] ?? given["url"];
  if (typeof id === "string") return readWish(inventory, model, id);
  return { by: "attributes", attributes: flatten(given) };
}

/** "site-01;Germany;Europe": the parts of the key, each percent-encoded, null as %00. */
function readNaturalKey(inventory: Inventory, model: Model, text: string): Wish {
  try {
    const parts = text.split(";").map((part) => (part === "%00" ? null : decodeURIComponent(part)));
    const { key, rest } = nestKey(inventory, model, parts);
    if (rest.length > 0) return { by: "fault", fault: notFound(text) };
    return { by: "key", key: inventory.schema.encodeKey(model, key), text };
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof URIError) {
      return { by: "fault", fault: notFound(text) };
    }
    throw error;
  }
}

/** The key that flat parts make, and the parts it has no place for. */
function nestKey(
  inventory: Inventory,
  model: Model,
  parts: readonly (string | null)[],
): { readonly key: readonly KeyPart[]; readonly rest: readonly (string | null)[] } {
  let rest = parts;
  const key = model.keyNames.map((name): KeyPart => {
    const field = model.field(name);
    const { target } = field.facts;
    if (target !== undefined) {
      if (rest.length === 0 || rest.every((part) => part === null)) {
        rest = [];
        return null;
      }
      const nested = nestKey(inventory, inventory.table(target).model, rest);
      rest = nested.rest;
      return nested.key;
    }
    const [first = null, second = null] = rest;
    const isNetwork = field.kind === "prefix" && !(first ?? "").includes("/");
    rest = rest.slice(isNetwork ? 2 : 1);
    return isNetwork ? `${first ?? ""}/${second ?? ""}` : first;
  });
  return { key, rest };
}

function flatten(given: Readonly<Record<string, unknown>>, before = ""): Attributes {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, string | null][] => {
      const path = before + name;
      if (typeof value === "object" && value !== null) {
        return Object.entries(flatten(value as Readonly<Record<string, unknown>>, `${path}__`));
      }
      return [[path, value === null || value === undefined ? null : textOf(value)]];
    }),
  );
}

async function resolveTarget(
  client: Queryable,
  inventory: Inventory,
  resources: Resources,
  target: string,
  wanted: ReadonlyMap<string, Wish>,
): Promise<Map<string, Named>> {
  const answers = new Map<string, Named>();
  const idOfWish = new Map<string, string>();
  const keys = new Set<string>();
  const byPaths = new Map<string, { name: string; attributes: Attributes }[]>();
  for (const [name, wish] of wanted) {
    if (wish.by === "id") idOfWish.set(name, wish.id);
    else if (wish.by === "key") keys.add(wish.key);
    else if (wish.by === "fault") answers.set(name, { fault: wish.fault });
    else {
      const paths = signatureOf(wish.attributes);
      const group = byPaths.get(paths);
      if (group) group.push({ name, attributes: wish.attributes });
      else byPaths.set(paths, [{ name, attributes: wish.attributes }]);
    }
  }
  for (const group of byPaths.values()) {
    const found = await findByAttributes(client, resources, resources.get(target), group);
    for (const [name, answer] of found) {
      if ("id" in answer) idOfWish.set(name, answer.id);
      else answers.set(name, answer);
    }
  }
  const idsOfKeys = await idsByKey(client, inventory, target, keys);
  const keysOfIds = await keysById(client, inventory, target, new Set(idOfWish.values()));
  for (const [name, wish] of wanted) {
    if (answers.has(name)) continue;
    const id = wish.by === "key" ? idsOfKeys.get(wish.key) : idOfWish.get(name);
    const key = wish.by === "key" ? wish.key : keysOfIds.get(id ?? "");
    if (id !== undefined && key !== undefined) answers.set(name, { id, key });
    else answers.set(name, { fault: notFoundWish(wish) });
  }
  return answers;
}

/** Which attributes are given, and which of them are null: lookups alike are one statement. */
function signatureOf(attributes: Attributes): string {
  return JSON.stringify(
    Object.entries(attributes)
      .map(([path, value]) => [path, value === null])
      .sort(),
  );
}

async function findByAttributes(
  client: Queryable,
  resources: Resources,
  resource: Resource,
  group: readonly { readonly name: string; readonly attributes: Attributes }[],
): Promise<Map<string, { readonly id: string } | { readonly fault: string }>> {
  const answers = new Map<string, { readonly id: string } | { readonly fault: string }>();
  const attributes = group[0]?.attributes ?? {};
  const paths = Object.keys(attributes);
  const joins: string[] = [];
  const places: (string | null)[] = paths.map((path) => placeOf(resources, resource, path, joins));
  const unknown = paths[places.indexOf(null)];
  if (unknown !== undefined || paths.length === 0) {
    const fault =
      unknown === undefined ? notFound({}) : `Cannot resolve keyword '${unknown}' into field.`;
    for (const { name } of group) answers.set(name, { fault });
    return answers;
  }
  const conditions = paths.map((path, index) =>
    attributes[path] === null
      ? `${places[index] ?? ""} is null`
      : `${places[index] ?? ""} = l.p${index}`,
  );
  const { rows } = await client.query<{ i: number; id: string }>(
    `select l.i, t.id
       from json_to_recordset($1::json) as l(i integer${paths.map((_, index) => `, p${index} text`).join("")})
       cross join ${resource.source} t ${joins.join(" ")}
      where ${conditions.join(" and ")}`,
    [
      JSON.stringify(
        group.map(({ attributes: given }, i) => ({
          i,
          ...Object.fromEntries(paths.map((path, index) => [`p${index}`, given[path] ?? null])),
        })),
      ),
    ],
  );
  const found = new Map<number, string[]>();
  for (const { i, id } of rows) found.set(i, [...(found.get(i) ?? []), id]);
  for (const [index, { name, attributes: given }] of group.entries()) {
    const [id, ...others] = found.get(index) ?? [];
    if (id === undefined) answers.set(name, { fault: notFound(given) });
    else if (others.length === 0) answers.set(name, { id });
    else {
      const fault = `Multiple objects match the provided attributes: ${pythonText(given)}`;
      answers.set(name, { fault });
    }
  }
  return answers;
}

/** The place of "parent__name", joining the tables on its way; null where there is no such field. */
function placeOf(
  resources: Resources,
  resource: Resource,
  path: string,
  joins: string[],
): string | null {
  let at = resource;
  let alias = "t";
  const steps = path.split("__");
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1;
    if (isLast && step === "id") return `${alias}.id::text`;
    const field = findField(at, step);
    if (!field || field.join) return null;
    if (isLast)
      return field.target === null ? textPlace(field, alias) : `${field.place(alias)}::text`;
    if (field.target === null) return null;
    const next = `j${joins.length}`;
    at = resources.get(field.target);
    joins.push(`left join ${at.source} ${next} on ${next}.id = ${field.place(alias)}`);
    alias = next;
  }
  return null;
}

function notFoundWish(wish: Wish): string {
  if (wish.by === "id") {
    return `Related object not found using the provided attributes: {'pk': UUID('${wish.id}')}`;
  }
  return notFound(wish.by === "key" ? wish.text : {});
}

function notFound(input: unknown): string {
  return `Related object not found using the provided attributes: ${pythonText(input)}`;
}

/** As Nautobot writes values in its messages. */
function pythonText(value: unknown): string {
  if (typeof value !== "object" || value === null) return `'${String(value)}'`;
  const parts = Object.entries(value).map(([name, part]) => `'${name}': ${pythonText(part)}`);
  return `{${parts.join(", ")}}`;
}
