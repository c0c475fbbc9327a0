import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Objects = Record<string, unknown>[];

/**
 * Answers recorded from a Nautobot 3.2.7, cut down to a few objects that belong together; hardware, VLANs, VRFs
 * and roles were added by hand in the same forms.
 */
export interface Recording {
  status: Record<string, unknown>;
  /** By path: "dcim/locations". */
  rest: Record<string, Objects>;
  /** By root field: "locations". */
  graphql: Record<string, Objects>;
}

/** A request as a test decides about it. */
export interface FakeRequest {
  readonly path: string;
  /** Of a GraphQL query: its `selection`. */
  readonly query: URLSearchParams;
  /** Of a GraphQL query. */
  readonly root: string | null;
  readonly offset: number;
  /** Whether it asks beyond the end, for the number of objects alone. */
  readonly isCount: boolean;
  /** The how-manyth request with this path, root and offset it is, from 1. */
  readonly attempt: number;
}

/** What a test does instead of answering. `answer` is the body that would have been sent. */
export type Fault = (response: ServerResponse, answer: string) => void;

export interface FakeNautobot {
  readonly url: string;
  readonly requests: readonly FakeRequest[];
  readonly recording: Recording;
  close(): Promise<void>;
}

export const faults = {
  status:
    (code: number, headers: Record<string, string> = {}, body = '{"detail":"No."}'): Fault =>
    (response) =>
      void response.writeHead(code, headers).end(body),
  cut: (response: ServerResponse, answer: string): void => {
    response.writeHead(200, { "content-length": String(Buffer.byteLength(answer)) });
    response.write(answer.slice(0, answer.length / 2), () =>
      setTimeout(() => response.destroy(), 10),
    );
  },
  truncated: (response: ServerResponse, answer: string): void => {
    response.end(answer.slice(0, answer.length / 2));
  },
};

const fixture = new URL("../fixtures/nautobot-3.2.json", import.meta.url);

export const readRecording = (): Recording =>
  JSON.parse(readFileSync(fixture, "utf8")) as Recording;

/**
 * Plays a recording as Nautobot would, save what `decide` answers otherwise; it may also change the
 * recording on the way, as people do who work in Nautobot while it is read.
 */
export async function startFakeNautobot(
  decide: (request: FakeRequest, recording: Recording) => Fault | undefined = () => undefined,
): Promise<FakeNautobot> {
  const recording = readRecording();
  const requests: FakeRequest[] = [];
  const attempts = new Map<string, number>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://fake");
    const path = url.pathname.replace(/^\/api\//, "").replace(/\/$/, "");
    const sent = path === "graphql" ? parseQuery(await readBody(request)) : null;
    const offset = sent?.offset ?? Number(url.searchParams.get("offset") ?? 0);
    const limit = sent?.limit ?? Number(url.searchParams.get("limit") ?? 50);
    const query = new URLSearchParams(url.searchParams);
    if (sent !== null) query.set("selection", sent.selection);
    const name = `${path} ${sent?.root ?? ""} ${offset} ${limit}`;
    const attempt = (attempts.get(name) ?? 0) + 1;
    attempts.set(name, attempt);
    const seen: FakeRequest = {
      path,
      query,
      root: sent?.root ?? null,
      offset,
      isCount: limit === 1 && offset > 1_000_000,
      attempt,
    };
    requests.push(seen);
    const fault = decide(seen, recording);
    const { code, body } =
      request.headers.authorization === "Token right"
        ? play(recording, path, sent, url, offset, limit)
        : { code: 403, body: { detail: "Invalid token" } };
    if (fault) fault(response, JSON.stringify(body));
    else response.writeHead(code, { "api-version": "3.2" }).end(JSON.stringify(body));
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    recording,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

interface Query {
  readonly root: string;
  readonly limit: number;
  readonly offset: number;
  readonly fields: readonly string[];
  /** Of a query by ids. */
  readonly ids: readonly string[] | null;
  readonly selection: string;
  readonly isTagged: boolean;
}

function play(
  recording: Recording,
  path: string,
  query: Query | null,
  url: URL,
  offset: number,
  limit: number,
): { code: number; body: unknown } {
  if (path === "status") return { code: 200, body: recording.status };
  if (query) {
    const objects = recording.graphql[query.root] ?? [];
    const unknown = query.fields.find((name) => objects[0] && !(name in objects[0]));
    if (unknown !== undefined) {
      return { code: 400, body: { errors: [{ message: `Cannot query field '${unknown}'.` }] } };
    }
    const { ids } = query;
    const found = objects
      .filter(({ id }) => ids === null || ids.includes(String(id)))
      .filter((object) => !query.isTagged || isTagged(object));
    return {
      code: 200,
      body: { data: { [query.root]: found.slice(offset, offset + limit) } },
    };
  }
  const all = recording.rest[path];
  if (!all) return { code: 404, body: { detail: "Not found." } };
  const wantsTagged = url.searchParams.get("tags__isnull") === "false";
  const objects = wantsTagged ? all.filter(isTagged) : all;
  const end = offset + limit;
  return {
    code: 200,
    body: {
      count: objects.length,
      next: end < objects.length ? `${url.origin}/api/${path}/?offset=${end}` : null,
      previous: null,
      results: objects.slice(offset, end),
    },
  };
}

function isTagged({ tags }: Record<string, unknown>): boolean {
  return Array.isArray(tags) && tags.length > 0;
}

function parseQuery(body: string): Query {
  const { query } = JSON.parse(body) as { query: string };
  const parts = /^query \{ (\w+)(?:\(([^)]*)\))? \{ (.*) \} \}$/.exec(query);
  if (!parts) throw new Error(`not a query the fake knows: ${query}`);
  const [, root = "", given = "", selection = ""] = parts;
  const number = (name: string): number | undefined => {
    const found = new RegExp(`\\b${name}: (\\d+)`).exec(given)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const fields = selection
    .replace(/\{[^}]*\}/g, "")
    .split(/\s+/)
    .filter(Boolean);
  const ids = /\bid: (\[[^\]]*\])/.exec(given)?.[1];
  return {
    root,
    limit: number("limit") ?? Infinity,
    offset: number("offset") ?? 0,
    fields,
    ids: ids === undefined ? null : (JSON.parse(ids) as string[]),
    selection,
    isTagged: given.includes("tags__isnull: false"),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
