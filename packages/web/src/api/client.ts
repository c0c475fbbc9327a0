import createClient from "openapi-fetch";
import type { paths } from "./schema.d.ts";

/** What the server said when it refused, or why it could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(status: number, code: string, message: string, details: Record<string, unknown>) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** Whether the same request would be refused again: what it asks for is not there, or not askable. */
export function isHopeless(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 400 || error.status === 404);
}

/** Whether it was refused for want of a permission. */
export function isRefused(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403 && error.code !== "foreign-request";
}

/** What is wrong with a request, by field; nothing where the refusal is about the whole. */
export function refusedFields(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return (error.details["faults"] ?? {}) as Record<string, string>;
}

type QueryValue = string | number | boolean;

export type Query = Readonly<Record<string, QueryValue | readonly QueryValue[] | null | undefined>>;

/** The query parameters that have a value, as text. */
function parametersOf(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const values: readonly (QueryValue | null | undefined)[] = Array.isArray(value)
      ? (value as readonly QueryValue[])
      : [value as QueryValue | null | undefined];
    for (const each of values) {
      if (each !== null && each !== undefined && each !== "") parameters.append(name, String(each));
    }
  }
  return parameters.toString();
}

/** The path with the parameters that have a value. */
export function withQuery(path: string, query: Query): string {
  const text = parametersOf(query);
  return text ? `${path}?${text}` : path;
}

/** The API as its document describes it. Requests fail with an ApiError. */
export const api = createClient<paths>({
  headers: { accept: "application/json" },
  querySerializer: (query) => parametersOf(query as Query),
});

api.use({
  async onResponse({ response }) {
    if (!response.ok) throw await refusalOf(response);
  },
  onError({ request }) {
    if (request.signal.aborted) return;
    return unreachable();
  },
});

function unreachable(): ApiError {
  return new ApiError(
    0,
    "unreachable",
    "The Plumbline server does not answer. Check that it runs, then try again.",
    {},
  );
}

/** A request to a path that depends on data: a model's own in the API. @throws ApiError */
export async function send<T>(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { accept: "application/json", "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw unreachable();
  }
  if (!response.ok) throw await refusalOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** The answer itself. @throws ApiError with the server's own message. */
export async function answerOf<T>(result: Promise<{ data?: T }>): Promise<T> {
  const { data } = await result;
  // What was refused has thrown; an answer without content has none in its type either.
  return data as T;
}

async function refusalOf(response: Response): Promise<ApiError> {
  const answer = parse(await response.text());
  const error = isRecord(answer) && isRecord(answer["error"]) ? answer["error"] : null;
  if (error === null) return faultsOf(response.status, answer);
  const message =
    typeof error["message"] === "string" ? error["message"] : unexplained(response.status);
  return new ApiError(
    response.status,
    typeof error["code"] === "string" ? error["code"] : "unknown",
    message,
    isRecord(error["details"]) ? error["details"] : {},
  );
}

/** A refusal of a model's own path: a sentence as `detail`, or texts by field, of one object or of each. */
function faultsOf(status: number, answer: unknown): ApiError {
  if (isRecord(answer) && typeof answer["detail"] === "string") {
    return new ApiError(status, "refused", answer["detail"], {});
  }
  const objects: unknown[] = [answer].flat();
  const faulty = objects.find((each) => isRecord(each) && Object.keys(each).length > 0);
  if (!isRecord(faulty)) return new ApiError(status, "unknown", unexplained(status), {});
  const faults: Record<string, string> = Object.fromEntries(
    Object.entries(faulty).map(([name, texts]) => [name, [texts].flat().map(String).join(" ")]),
  );
  // What is said of a custom field stands for the whole object as well, in more words.
  const isTold = Object.keys(faults).some((name) => name.startsWith("cf_"));
  if (isTold) delete faults["__all__"];
  const message = Object.entries(faults)
    .map(([name, text]) => (/^(__all__|non_field_errors)$/.test(name) ? text : `${name}: ${text}`))
    .join(" ");
  return new ApiError(status, "invalid-input", message, { faults });
}

function unexplained(status: number): string {
  return `The server answered with status ${status} and no explanation. Its log says more.`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
