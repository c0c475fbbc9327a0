import type { HttpClient } from "@plumbline/plugin-kit";
import { type ListReader, type ListRequest, listOf, RefusedQuery } from "./list-reader.ts";
import type { HubModel } from "@plumbline/models";
import { countObjects, type RemoteList, statusOf } from "./nautobot-api.ts";

/** The members of a field that is read apart from its objects, by the objects' ids. */
export interface Links {
  readonly of: (id: string) => readonly unknown[];
  /** Why some may be missing; null where all were read. */
  readonly incomplete: string | null;
}

/** A field of which Nautobot gives the members slowly with the objects, and quickly as a list of its own. */
export interface LinkSource {
  readonly field: string;
  readonly list: RemoteList;
  readonly total: number;
  readonly selection: string;
  /** The id of the object an entry is about, and what it adds to the field. */
  readonly read: (entry: Readonly<Record<string, unknown>>) => {
    readonly id: unknown;
    readonly members: unknown;
  };
}

/** Reading tagged objects once more costs about as much as the tags of so many objects of all. */
const tagShare = 4;

/**
 * Which fields of a model are better read apart: a prefix's locations, and the tags of objects of which few
 * have any. Asked of Nautobot's own counts; a field it does not count so stays with the objects.
 */
export async function findLinkSources(
  client: HttpClient,
  name: string,
  hub: HubModel,
  fields: readonly string[],
  total: number,
): Promise<readonly LinkSource[]> {
  const list = listOf(hub);
  const sources: LinkSource[] = [];
  if (fields.includes("tags")) {
    const tagged: RemoteList = {
      ...list,
      filter: { rest: { tags__isnull: "false" }, graphql: "tags__isnull: false" },
    };
    const count = await countIfKnown(client, name, tagged);
    if (count !== null && count * tagShare <= total) {
      sources.push({
        field: "tags",
        list: tagged,
        total: count,
        selection: "id tags { id }",
        read: ({ id, tags }) => ({ id, members: tags }),
      });
    }
  }
  if (list.path === "ipam/prefixes" && fields.includes("locations")) {
    const assignments: RemoteList = {
      path: "ipam/prefix-location-assignments",
      root: "prefix_location_assignments",
      things: "prefix location assignments",
      permission: "ipam.view_prefixlocationassignment",
    };
    const count = await countIfKnown(client, name, assignments);
    if (count !== null) {
      sources.push({
        field: "locations",
        list: assignments,
        total: count,
        selection: "id prefix { id } location { id }",
        read: ({ prefix, location }) => ({ id: idOf(prefix), members: [location] }),
      });
    }
  }
  return sources;
}

/** @returns null where Nautobot refuses the query; the field is then to be read with its objects. */
export async function readLinks(
  reader: ListReader,
  source: LinkSource,
  parameters: ListRequest["parameters"],
): Promise<Links | null> {
  const { list, total, selection } = source;
  const members = new Map<string, unknown[]>();
  const pages = reader.readGraphql({ list, total, selection, parameters });
  try {
    for (;;) {
      const next = await pages.next();
      if (next.done) {
        return { of: (id) => members.get(id) ?? [], incomplete: next.value.incomplete };
      }
      for (const entry of next.value) {
        const { id, members: found } = source.read(entry);
        // What cannot be read stays for the objects' own reading to tell.
        if (typeof id !== "string" || !Array.isArray(found)) return null;
        const known = members.get(id);
        if (known) known.push(...(found as unknown[]));
        else members.set(id, [...(found as unknown[])]);
      }
    }
  } catch (error) {
    if (error instanceof RefusedQuery) return null;
    throw error;
  }
}

/** Null where this version or the token's user has no such list. */
async function countIfKnown(
  client: HttpClient,
  name: string,
  list: RemoteList,
): Promise<number | null> {
  try {
    return await countObjects(client, name, list);
  } catch (error) {
    const status = statusOf(error);
    if (status !== null && [400, 403, 404].includes(status)) return null;
    throw error;
  }
}

function idOf(value: unknown): unknown {
  return (value as { id?: unknown } | null | undefined)?.id;
}
