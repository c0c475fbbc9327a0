import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { CancelledError, InvalidInputError, type Logger, NotAllowedError } from "@plumbline/sync";
import got, { type Got, HTTPError, type Method, RequestError } from "got";
import PQueue from "p-queue";
import { failed, redirected, shownUrl } from "./http-failure.ts";
import { type RetryRules, retryDelayMs } from "./http-retry.ts";
import { closedGate } from "./write-gate.ts";

/** How the other system's certificate is checked. */
export interface TlsOptions {
  /** PEM file with the authority that signed the certificate, for one of your own. */
  readonly caFile?: string | undefined;
  /** False accepts any certificate: anyone on the way can then read the token. Default true. */
  readonly verify?: boolean | undefined;
}

/** Which system is spoken to, and how. */
export interface HttpClientOptions {
  /** What people call the system; errors begin with it. */
  readonly system: string;
  /** Where paths start: "https://nautobot.example/api/". */
  readonly baseUrl: string;
  /** Sent with every request. May hold a revealed secret: they appear in no error and no log line. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest time of one attempt, until the last byte of its answer. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Attempts after the first that failed for a passing reason. Default 4. */
  readonly retries?: number | undefined;
  /** Wait before the first of them; it doubles with each, up to 30 s, with jitter. Default 500. */
  readonly retryDelayMs?: number | undefined;
  /** Longest wait that a Retry-After header may ask for. Default 60,000. */
  readonly maxRetryAfterMs?: number | undefined;
  /** Requests under way at once. Default 4. */
  readonly concurrency?: number | undefined;
  readonly tls?: TlsOptions | undefined;
  /** Refuses everything but reads. On for a client that serves loading. */
  readonly isReadOnly?: boolean | undefined;
  /** Aborts every request of the client, waiting ones too. */
  readonly signal?: AbortSignal | undefined;
  readonly logger?: Logger | undefined;
}

/** Query parameters by their names, not yet encoded. */
export type QueryParameters = Readonly<Record<string, string | number | boolean>>;

/** What a system answered, be it a refusal. */
export interface JsonAnswer {
  readonly status: number;
  /** Null for an empty body; the text of one that is no JSON. */
  readonly body: unknown;
}

/**
 * Speaks JSON with one system. Answers that fail for a passing reason (408, 429, 5xx, a cut or refused
 * connection, a timeout, JSON that breaks off) are asked for again, save writes that may have been done.
 * @throws RemoteSystemError naming system, URL, fact and next step; `details.status` is the HTTP status.
 * @throws CancelledError when the signal was aborted.
 */
export interface HttpClient {
  readonly baseUrl: string;
  getJson(path: string, query?: QueryParameters): Promise<unknown>;
  /** A POST that only reads, as GraphQL queries are: allowed for a read-only client and retried. */
  queryJson(path: string, body: unknown): Promise<unknown>;
  /** @throws NotAllowedError where the client is read-only. */
  sendJson(
    method: "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<unknown>;
  /**
   * As `sendJson`, for a write whose refusal is read: an answer that is not tried again is given, whatever its
   * status. @throws RemoteSystemError where no answer came: the write may have been done, or not.
   */
  exchangeJson(
    method: "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<JsonAnswer>;
}

interface Call {
  readonly method: Method;
  readonly path: string;
  readonly query?: QueryParameters | undefined;
  readonly body?: unknown;
  readonly isRead: boolean;
  /** Whether a refusal is an answer too. */
  readonly takesRefusals?: boolean;
}

const never = new AbortController().signal;

/**
 * A client of one system.
 * @throws InvalidInputError for a base URL that is none
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const baseUrl = options.baseUrl.endsWith("/") ? options.baseUrl : `${options.baseUrl}/`;
  if (!/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? "")) {
    throw new InvalidInputError(
      `${options.system}: "${options.baseUrl}" is not a URL; give one that begins with http:// or https://.`,
    );
  }
  const signal = options.signal ?? never;
  const timeoutMs = options.timeoutMs ?? 30_000;
  const rules: RetryRules = {
    retries: options.retries ?? 4,
    firstDelayMs: options.retryDelayMs ?? 500,
    maxDelayMs: 30_000,
    maxRetryAfterMs: options.maxRetryAfterMs ?? 60_000,
  };
  const queue = new PQueue({ concurrency: options.concurrency ?? 4 });
  const client = extend(options, timeoutMs);

  async function send(call: Call, url: URL): Promise<JsonAnswer> {
    const response = await client(url, {
      method: call.method,
      signal,
      ...(call.body === undefined ? {} : { json: call.body }),
      // A redirected POST would turn into a GET and drop its body.
      followRedirect: call.method === "GET",
      // Parsed within the request, so that JSON that breaks off counts as a failed attempt.
      parseJson: (body) => (body === "" ? null : (JSON.parse(body) as unknown)),
      responseType: "json",
    });
    if (response.statusCode >= 300) {
      throw redirected(options.system, url, response.statusCode, response.headers.location);
    }
    return { status: response.statusCode, body: response.body };
  }

  async function sendUntilDone(call: Call, url: URL): Promise<JsonAnswer> {
    for (let attempts = 1; ; attempts++) {
      try {
        return await send(call, url);
      } catch (error) {
        if (signal.aborted) throw cancelled(options.system, signal);
        if (!(error instanceof RequestError)) throw error;
        const delayMs = retryDelayMs(rules, { attempts, error, isRead: call.isRead });
        if (delayMs === null) {
          if (call.takesRefusals && error instanceof HTTPError) {
            return { status: error.response.statusCode, body: error.response.body };
          }
          throw failed(options.system, url, error, { attempts, timeoutMs });
        }
        options.logger?.warning(
          `${options.system}: ${call.method} ${shownUrl(url)} failed (${reasonOf(error)}); attempt ${attempts + 1} follows in ${delayMs} ms.`,
        );
        await setTimeout(delayMs, undefined, { signal }).catch(() => {
          throw cancelled(options.system, signal);
        });
      }
    }
  }

  async function run(call: Call): Promise<JsonAnswer> {
    const url = new URL(call.path.replace(/^\/+/, ""), baseUrl);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      url.searchParams.set(name, String(value));
    }
    const gate = closedGate();
    if ((options.isReadOnly || gate !== null) && !call.isRead) {
      const message = `${options.system}: ${call.method} ${shownUrl(url)} was refused, because nothing may be written before a plan is applied; write in the adapter's writer.`;
      gate?.onRefused(message);
      throw new NotAllowedError(message);
    }
    try {
      return await queue.add(() => sendUntilDone(call, url), { signal });
    } catch (error) {
      // The queue rejects with the signal's reason when it is aborted before the request's turn.
      if (signal.aborted && !(error instanceof CancelledError)) {
        throw cancelled(options.system, signal);
      }
      throw error;
    }
  }

  async function read(call: Call): Promise<unknown> {
    return (await run(call)).body;
  }

  return {
    baseUrl,
    getJson: (path, query) => read({ method: "GET", path, query, isRead: true }),
    queryJson: (path, body) => read({ method: "POST", path, body, isRead: true }),
    sendJson: (method, path, body) => read({ method, path, body, isRead: false }),
    exchangeJson: (method, path, body) =>
      run({ method, path, body, isRead: method === "OPTIONS", takesRefusals: true }),
  };
}

/** In short: got's own words hold the whole URL again. */
function reasonOf(error: RequestError): string {
  if (!(error instanceof HTTPError)) return error.message;
  return `${error.response.statusCode} ${error.response.statusMessage ?? ""}`.trim();
}

function extend(options: HttpClientOptions, timeoutMs: number): Got {
  const verify = options.tls?.verify ?? true;
  if (!verify) {
    options.logger?.warning(
      `${options.system}: the certificate of ${options.baseUrl} is not checked; anyone on the way can read what is sent. Give the authority's file instead of switching the check off.`,
    );
  }
  return got.extend({
    headers: { accept: "application/json", "user-agent": "plumbline", ...options.headers },
    timeout: { request: timeoutMs },
    // Tried again here: got's own retry loses the cause of a refused connection and cannot be cancelled while it waits.
    retry: { limit: 0 },
    https: {
      rejectUnauthorized: verify,
      ...(options.tls?.caFile === undefined
        ? {}
        : { certificateAuthority: readAuthority(options.system, options.tls.caFile) }),
    },
  });
}

function readAuthority(system: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new InvalidInputError(
      `${system}: the certificate authority's file ${path} cannot be read; check the path and its permissions.`,
      { cause },
    );
  }
}

function cancelled(system: string, signal: AbortSignal): CancelledError {
  const reason: unknown = signal.reason;
  return reason instanceof CancelledError
    ? reason
    : new CancelledError(`${system}: the request was cancelled.`, { cause: reason });
}
