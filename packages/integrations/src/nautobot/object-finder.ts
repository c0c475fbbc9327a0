import { type HubModel, hubModels } from "@plumbline/models";
import type { HttpClient } from "@plumbline/plugin-kit";
import { type Canonical, InvalidDeclarationError, type Schema } from "@plumbline/sync";
import { listOf } from "./list-reader.ts";
import { listObjects, queryGraphql, type RemoteObject, statusOf } from "./nautobot-api.ts";
import { plainValue } from "./remote-fields.ts";
import { referredIds, targetOf } from "./remote-values.ts";

/** Finds single objects of a Nautobot, many in a request, and remembers which id has which key. */
export interface ObjectFinder {
  /** The ids of the objects that have these keys: usually one; keys of none are absent. */
  find(model: string, keys: Iterable<string>): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The objects with these ids that are there. */
  read(model: string, ids: readonly string[]): Promise<ReadonlyMap<string, RemoteObject>>;
  /** Which of these ids are there. */
  which(model: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  remember(model: string, key: string, id: string): void;
  /** After renames and deletes a key may be another object's, or nobody's. */
  forget(): void;
}

/** A web server in front of Nautobot may take requests of 4 kB only. */
const longestQuery = 3000;
const mostRemembered = 200_000;

interface Wanted {
  readonly key: string;
  /** By key part: its value, or the id of what it refers to. */
  readonly parts: readonly (Canonical | null)[];
}

export function hubModelOf(name: string): HubModel {
  const hub = hubModels.find(({ model }) => model.name === name);
  if (hub === undefined) {
    throw new InvalidDeclarationError(`Nautobot cannot be written for model ${name}.`);
  }
  return hub;
}

export function createObjectFinder(client: HttpClient, name: string, schema: Schema): ObjectFinder {
  const known = new Map<string, string>();
  let hasGraphql = true;
  const place = (model: string, key: string): string => `${model} ${key}`;

  function remember(model: string, key: string, id: string): void {
    if (known.size >= mostRemembered) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    known.set(place(model, key), id);
  }

  async function find(
    model: string,
    keys: Iterable<string>,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = new Map<string, string[]>();
    const unknown: string[] = [];
    for (const key of new Set(keys)) {
      const id = known.get(place(model, key));
      if (id === undefined) unknown.push(key);
      else found.set(key, [id]);
    }
    if (unknown.length === 0) return found;
    const hub = hubModelOf(model);
    const wanted = await withIds(hub, unknown.sort());
    const requests = [...chunks(hub, wanted)].map(async (chunk) => {
      const byParts = new Map(chunk.map(({ key, parts }) => [matchText(hub, parts), key]));
      const objects = await listObjects(client, name, listOf(hub), queryFor(hub, chunk));
      for (const object of objects) {
        const key = byParts.get(matchText(hub, partsOf(hub, object)));
        if (key === undefined) continue;
        const ids = found.get(key);
        if (ids) ids.push(object.id);
        else found.set(key, [object.id]);
      }
    });
    await Promise.all(requests);
    for (const key of unknown) {
      const [id, another] = found.get(key) ?? [];
      if (id !== undefined && another === undefined) remember(model, key, id);
    }
    return found;
  }

  /** Keys with the ids of what they refer to; those that refer to nothing there are left out. */
  async function withIds({ model }: HubModel, keys: readonly string[]): Promise<Wanted[]> {
    const parsed = keys.map((key) => ({
      key,
      parts: model.keyNames.map((part) => schema.keyPart(model, key, part)),
    }));
    const ids = new Map<number, ReadonlyMap<string, readonly string[]>>();
    for (const [index, part] of model.keyNames.entries()) {
      const target = targetOf(model.field(part));
      if (target === null) continue;
      const referred = parsed.flatMap(({ parts }) => {
        const value = parts[index];
        return typeof value === "string" ? [value] : [];
      });
      ids.set(index, await find(target, referred));
    }
    return parsed.flatMap(({ key, parts }) => {
      const resolved = parts.map((value, index) => {
        const found = ids.get(index);
        if (found === undefined || typeof value !== "string") return value;
        const [id, another] = found.get(value) ?? [];
        return another === undefined ? id : undefined;
      });
      return resolved.includes(undefined) ? [] : [{ key, parts: resolved as Canonical[] }];
    });
  }

  async function read(
    model: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, RemoteObject>> {
    const hub = hubModelOf(model);
    const objects = new Map<string, RemoteObject>();
    const perRequest = Math.floor(longestQuery / 40);
    const parts: string[][] = [];
    for (let start = 0; start < ids.length; start += perRequest) {
      parts.push(ids.slice(start, start + perRequest));
    }
    await Promise.all(
      parts.map(async (part) => {
        const query = new URLSearchParams(part.map((id): [string, string] => ["id", id]));
        for (const object of await listObjects(client, name, listOf(hub), query)) {
          objects.set(object.id, object);
        }
      }),
    );
    return objects;
  }

  return {
    find,
    read,
    remember,
    async which(model, ids) {
      // Over REST an object comes with all it has, which takes Nautobot longer than many writes.
      if (hasGraphql && ids.length > 0) {
        try {
          const list = listOf(hubModelOf(model));
          const objects = await queryGraphql(client, name, list, "id", { ids });
          return new Set(objects.map(({ id }) => id));
        } catch (error) {
          if (![400, 403, 404, 405].includes(statusOf(error) ?? 0)) throw error;
          hasGraphql = false;
        }
      }
      return new Set((await read(model, ids)).keys());
    },
    forget() {
      known.clear();
    },
  };
}

/** A part of a key that an object has by way of another: told by the query, not by the answer. */
function isIndirect({ model }: HubModel, part: string): boolean {
  return model.field(part).facts.through !== undefined;
}

function matchText(hub: HubModel, parts: readonly (Canonical | null)[]): string {
  const own = parts.filter((_, index) => !isIndirect(hub, hub.model.keyNames[index] ?? ""));
  return JSON.stringify(own);
}

function partsOf(hub: HubModel, object: RemoteObject): readonly (Canonical | null)[] {
  return hub.model.keyNames.map((part) => {
    const field = hub.model.field(part);
    if (isIndirect(hub, part)) return null;
    if (targetOf(field) !== null) return referredIds(object[part])[0] ?? null;
    return plainValue(part, field, object);
  });
}

/** As many as a request's address has room for; with one value of each part that the answer does not tell. */
function* chunks(hub: HubModel, wanted: readonly Wanted[]): Generator<Wanted[]> {
  const indirect = hub.model.keyNames.findIndex((part) => isIndirect(hub, part));
  const groups = Map.groupBy(wanted, ({ parts }) => (indirect < 0 ? null : parts[indirect]));
  for (const group of groups.values()) {
    let chunk: Wanted[] = [];
    let length = 0;
    for (const one of group) {
      const own = one.parts.reduce<number>(
        (sum, part) => sum + encodeURIComponent(asParameter(part)).length + 12,
        0,
      );
      if (chunk.length > 0 && length + own > longestQuery) {
        yield chunk;
        chunk = [];
        length = 0;
      }
      chunk.push(one);
      length += own;
    }
    if (chunk.length > 0) yield chunk;
  }
}

function asParameter(value: Canonical): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What each part may be: more objects may answer to it than are wanted. */
function queryFor(hub: HubModel, chunk: readonly Wanted[]): URLSearchParams {
  const query = new URLSearchParams();
  const joined = Object.entries(hub.rest?.joined ?? {});
  for (const [index, part] of hub.model.keyNames.entries()) {
    const isReference = targetOf(hub.model.field(part)) !== null;
    const values = new Set(chunk.map(({ parts }) => parts[index] ?? null));
    // Only references can be asked for by their absence.
    if (values.has(null) && !isReference) continue;
    const parameter = joined.find(([, [first]]) => first === part)?.[0] ?? part;
    for (const value of values) query.append(parameter, asParameter(value));
  }
  return query;
}
