import type { HttpClient } from "@plumbline/plugin-kit";
import { InvalidInputError, RemoteSystemError, UnsupportedOperationError } from "@plumbline/sync";

/** An object as Nautobot gives it, over either API. */
export type RemoteObject = Readonly<Record<string, unknown>> & { readonly id: string };

/** A list of objects in both APIs. */
export interface RemoteList {
  /** Under the REST API: "ipam/prefixes". */
  readonly path: string;
  /** GraphQL's root field: "prefixes". */
  readonly root: string;
  /** For messages: "Prefixes". */
  readonly things: string;
  /** What the token's user needs to read it. */
  readonly permission: string;
  /** Narrows the list, in the words of either API. */
  readonly filter?: {
    readonly rest: Readonly<Record<string, string>>;
    readonly graphql: string;
  };
}

/** What one small request tells about a model's objects. */
export interface Survey {
  readonly total: number;
  /** Names of the fields this version has; null where there is no object to tell. */
  readonly fields: ReadonlySet<string> | null;
  /** Parameters of lists that this version knows. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Page {
  readonly objects: readonly RemoteObject[];
  /** How far the next page is; less than asked where the server gives no more at once. */
  readonly step: number;
}

/** The HTTP status behind an error, or null. */
export function statusOf(error: unknown): number | null {
  if (!(error instanceof RemoteSystemError)) return null;
  const { status } = error.details;
  return typeof status === "number" ? status : null;
}

/** Refuses what is no Nautobot of a supported version. Returns the version. */
export async function checkVersion(
  client: HttpClient,
  name: string,
  tokenOrigin: string,
): Promise<string> {
  let status: unknown;
  try {
    status = await client.getJson("status/");
  } catch (error) {
    throw explainFirstFailure(error, client, name, tokenOrigin);
  }
  const version = isObject(status) ? status["nautobot-version"] : undefined;
  if (typeof version !== "string") {
    throw new InvalidInputError(
      `${name}: ${client.baseUrl}status/ does not answer as Nautobot does; check the connection's URL.`,
    );
  }
  if (Number.parseInt(version, 10) < 2) {
    throw new UnsupportedOperationError(
      `${name}: it runs Nautobot ${version}, and only 2.x and 3.x can be read; upgrade it first.`,
    );
  }
  return version;
}

function explainFirstFailure(
  error: unknown,
  client: HttpClient,
  name: string,
  tokenOrigin: string,
): unknown {
  const status = statusOf(error);
  const details = error instanceof RemoteSystemError ? error.details : {};
  if (status === 401 || status === 403) {
    const said = typeof details["answer"] === "string" ? `: "${details["answer"]}"` : "";
    return new RemoteSystemError(
      `${name}: the token was refused (${status}) by ${client.baseUrl}${said}; check the ${tokenOrigin}, and that the token is neither expired nor deleted.`,
      { cause: error, details: { ...details } },
    );
  }
  if (status === 404) {
    return new RemoteSystemError(
      `${name}: there is no Nautobot API at ${client.baseUrl} (404); give the address of its home page as the connection's URL.`,
      { cause: error, details: { ...details } },
    );
  }
  return error;
}

const listParameters: Readonly<Record<string, string>> = {
  depth: "0",
  // Hidden unless asked for: the locations of a prefix.
  exclude_m2m: "false",
  // The usual orders leave ties, which may come in any order on the next page.
  sort: "id",
};

/** Counts a model's objects and learns which fields they have. @throws RemoteSystemError naming a missing permission. */
export async function survey(client: HttpClient, name: string, list: RemoteList): Promise<Survey> {
  for (const parameters of [listParameters, { depth: "0" }]) {
    try {
      const answer = await getList(client, name, list, { ...parameters, limit: "1" });
      const [first] = answer.results;
      return {
        total: answer.count,
        fields: first === undefined ? null : new Set(Object.keys(first)),
        parameters,
      };
    } catch (error) {
      // Older versions refuse parameters they do not know.
      if (statusOf(error) !== 400 || parameters !== listParameters) throw error;
    }
  }
  throw new Error("unreachable");
}

/** Where no list reaches: Nautobot then counts, and need not put an object together. */
const beyondTheEnd = "1000000000";

/** How many objects of a model there are now. */
export async function countObjects(
  client: HttpClient,
  name: string,
  list: RemoteList,
): Promise<number> {
  const answer = await getList(client, name, list, {
    limit: "1",
    offset: beyondTheEnd,
    depth: "0",
  });
  return answer.count;
}

export async function getRestPage(
  client: HttpClient,
  name: string,
  list: RemoteList,
  parameters: Readonly<Record<string, string>>,
  offset: number,
  limit: number,
): Promise<Page> {
  const { results, next } = await getList(client, name, list, {
    ...parameters,
    limit: String(limit),
    offset: String(offset),
  });
  const isCapped = next && results.length > 0 && results.length < limit;
  return { objects: results, step: isCapped ? results.length : limit };
}

/** Every object of a model that answers to these filters, with its sets. */
export async function listObjects(
  client: HttpClient,
  name: string,
  list: RemoteList,
  filters: URLSearchParams,
): Promise<readonly RemoteObject[]> {
  const objects: RemoteObject[] = [];
  for (;;) {
    const query = {
      depth: "0",
      exclude_m2m: "false",
      limit: "1000",
      offset: String(objects.length),
    };
    const page = await getList(client, name, list, query, `?${filters.toString()}`);
    objects.push(...page.results);
    if (!page.next || page.results.length === 0) return objects;
  }
}

interface List {
  readonly count: number;
  readonly next: boolean;
  readonly results: readonly RemoteObject[];
}

async function getList(
  client: HttpClient,
  name: string,
  list: RemoteList,
  query: Readonly<Record<string, string>>,
  filters = "",
): Promise<List> {
  let answer: unknown;
  try {
    answer = await client.getJson(`${list.path}/${filters}`, { ...list.filter?.rest, ...query });
  } catch (error) {
    throw statusOf(error) === 403 ? missingPermission(name, list, error) : error;
  }
  if (!isObject(answer) || typeof answer["count"] !== "number") {
    throw unexpected(name, `${client.baseUrl}${list.path}/`);
  }
  return {
    count: answer["count"],
    next: typeof answer["next"] === "string",
    results: readObjects(name, `${client.baseUrl}${list.path}/`, answer["results"]),
  };
}

/** What part of a list a query asks for: a page, some objects by their ids, or all of it. */
export type Part =
  { readonly offset: number; readonly limit: number } | { readonly ids: readonly string[] } | null;

/** A GraphQL query's list. @throws RemoteSystemError with Nautobot's own words where it refuses. */
export async function queryGraphql(
  client: HttpClient,
  name: string,
  list: RemoteList,
  selection: string,
  part: Part,
): Promise<readonly RemoteObject[]> {
  const { root } = list;
  const given = [list.filter?.graphql, part && describePart(part)].filter(Boolean).join(", ");
  const query = `query { ${root}${given && `(${given})`} { ${selection} } }`;
  const answer = await client.queryJson("graphql/", { query });
  const url = `${client.baseUrl}graphql/`;
  if (!isObject(answer)) throw unexpected(name, url);
  const { errors, data } = answer;
  if (Array.isArray(errors) && errors.length > 0) {
    const [first] = errors as unknown[];
    const message = isObject(first) ? String(first["message"]) : "an unnamed error";
    throw new RemoteSystemError(
      `${name}: the GraphQL query for ${root} failed: ${message.slice(0, 200)}; look into Nautobot's log.`,
      { details: { url } },
    );
  }
  return readObjects(name, url, isObject(data) ? data[root] : undefined);
}

function describePart(part: NonNullable<Part>): string {
  return "ids" in part
    ? `id: ${JSON.stringify(part.ids)}`
    : `limit: ${part.limit}, offset: ${part.offset}`;
}

export function missingPermission(
  name: string,
  { things, permission }: RemoteList,
  cause?: unknown,
): RemoteSystemError {
  return new RemoteSystemError(
    `${name}: the token's user may not read ${things}; grant it the permission ${permission}, or leave ${things} out of the connection's models.`,
    { cause, details: cause instanceof RemoteSystemError ? { ...cause.details } : {} },
  );
}

function readObjects(name: string, url: string, list: unknown): readonly RemoteObject[] {
  if (!Array.isArray(list)) throw unexpected(name, url);
  for (const entry of list as unknown[]) {
    if (!isObject(entry) || typeof entry["id"] !== "string") throw unexpected(name, url);
  }
  return list as RemoteObject[];
}

function unexpected(name: string, url: string): RemoteSystemError {
  return new RemoteSystemError(
    `${name}: ${url} answered with something else than a list of Nautobot's objects; check the connection's URL and Nautobot's version.`,
    { details: { url } },
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
