import { RemoteSystemError } from "@plumbline/sync";
import { HTTPError, type RequestError, TimeoutError } from "got";
import { isBrokenJson } from "./http-retry.ts";

const longestShownUrl = 200;

/** A URL for messages: one that asks for many objects by their ids fills pages. */
export function shownUrl({ href }: URL): string {
  return href.length > longestShownUrl ? `${href.slice(0, longestShownUrl)}…` : href;
}

interface Attempts {
  readonly attempts: number;
  readonly timeoutMs: number;
}

const unreachable = new Map([
  ["ECONNREFUSED", "the connection was refused"],
  ["ENOTFOUND", "the host name is not known"],
  ["EAI_AGAIN", "the host name could not be looked up"],
  ["ENETUNREACH", "there is no route to it"],
  ["EHOSTUNREACH", "there is no route to it"],
]);

const certificate = new Map([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "it is signed by itself"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "its chain ends in an authority that is not trusted"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "its authority is not known"],
  ["UNABLE_TO_GET_ISSUER_CERT", "its authority is not known"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "its authority is not known"],
  ["CERT_HAS_EXPIRED", "it has expired"],
  ["CERT_NOT_YET_VALID", "it is not valid yet"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "it is made out for another host name"],
]);

/** The error for people out of a request that failed for good: thing, fact, next step. */
export function failed(
  system: string,
  url: URL,
  error: RequestError,
  context: Attempts,
): RemoteSystemError {
  if (error instanceof HTTPError) return describeStatus(system, url, error, context);
  return new RemoteSystemError(`${system}: ${describeTransport(url, error, context)}`, {
    cause: withoutRequest(error),
    details: { url: shownUrl(url) },
    isRetryable: !certificate.has(error.code),
  });
}

/** The error for a redirect that is not followed. */
export function redirected(
  system: string,
  url: URL,
  status: number,
  location: string | undefined,
): RemoteSystemError {
  const target = location === undefined ? "elsewhere" : `to ${location}`;
  return new RemoteSystemError(
    `${system}: ${shownUrl(url)} redirects (${status}) ${target}; use that address in the connection.`,
    { details: { url: shownUrl(url), status } },
  );
}

/** got's errors hold the request, its headers and so its secrets: printing one would show them. */
function withoutRequest(error: RequestError): Error {
  return Object.assign(new Error(error.message), { name: error.name, code: error.code });
}

function describeStatus(
  system: string,
  url: URL,
  error: HTTPError,
  { attempts }: Attempts,
): RemoteSystemError {
  const { statusCode: status, statusMessage = "" } = error.response;
  const said = excerpt(error.response.body);
  return new RemoteSystemError(`${system}: ${describe()}`, {
    cause: withoutRequest(error),
    details: { url: shownUrl(url), status, ...(said === null ? {} : { answer: said }) },
    isRetryable: status === 429 || status >= 500,
  });

  function describe(): string {
    const quoted = said === null ? "" : `: "${said}"`;
    if (status === 401) {
      return `the credentials were refused (401) by ${shownUrl(url)}${quoted}; check the connection's secret.`;
    }
    if (status === 403) {
      return `access was refused (403) by ${shownUrl(url)}${quoted}; check the connection's secret and what its user may read.`;
    }
    if (status === 404) {
      return `there is nothing at ${shownUrl(url)} (404); check the connection's URL.`;
    }
    const tried = attempts > 1 ? ` in each of ${attempts} attempts` : "";
    if (status === 429) {
      return `${shownUrl(url)} is asked too often (429)${tried}; lower the connection's concurrency or try later.`;
    }
    if (status >= 500) {
      return `${shownUrl(url)} failed (${status} ${statusMessage})${tried}${quoted}; look into that system's log, or try later.`;
    }
    return `${shownUrl(url)} refused the request (${status} ${statusMessage})${quoted}; check the connection's URL and that system's version.`;
  }
}

function describeTransport(
  url: URL,
  error: RequestError,
  { attempts, timeoutMs }: Attempts,
): string {
  const tried = attempts > 1 ? ` in each of ${attempts} attempts` : "";
  if (error instanceof TimeoutError || error.code === "ETIMEDOUT") {
    return `${shownUrl(url)} did not answer within ${timeoutMs / 1000} s${tried}; check that system's load, or raise the connection's timeout.`;
  }
  const why = unreachable.get(error.code);
  if (why !== undefined) {
    return `${url.origin} cannot be reached: ${why}; check the connection's URL and that the system runs.`;
  }
  const flaw = certificate.get(error.code);
  if (flaw !== undefined) {
    return `the certificate of ${url.origin} was refused: ${flaw}; give the authority's file (caFile), or correct the certificate.`;
  }
  if (error.code === "EPROTO" || error.code.startsWith("ERR_SSL_")) {
    return `${url.origin} does not speak TLS as expected (${error.code}); check whether the URL should begin with http:// or https://.`;
  }
  if (isBrokenJson(error)) {
    return `${shownUrl(url)} answered with something that is not JSON, or breaks off${tried}; check that the URL leads to the API, not to a login page or proxy.`;
  }
  return `the connection to ${shownUrl(url)} broke (${error.code})${tried}; check the network between here and there, or try later.`;
}

/** What the system says about it: the text of `detail`, `error` or `message`, or else the start of a short plain body. */
function excerpt(body: unknown): string | null {
  let said: unknown = body;
  if (typeof said === "string") {
    try {
      said = JSON.parse(said);
    } catch {
      // A page for people: its markup explains nothing.
      if (/^\s*</.test(body as string)) return null;
    }
  }
  if (typeof said === "object" && said !== null) {
    const named = said as Record<string, unknown>;
    said = named["detail"] ?? named["error"] ?? named["message"] ?? JSON.stringify(said);
  }
  if (said === undefined) return null;
  const text = typeof said === "string" ? said : JSON.stringify(said);
  const short = text.replace(/\s+/g, " ").trim().slice(0, 200);
  return short === "" ? null : short;
}
