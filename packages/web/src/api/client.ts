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

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The query parameters that have a value, as text. */
function parametersOf(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") parameters.set(name, String(value));
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
    return new ApiError(
      0,
      "unreachable",
      "The Plumbline server does not answer. Check that it runs, then try again.",
      {},
    );
  },
});

/** The answer itself. @throws ApiError with the server's own message. */
export async function answerOf<T>(result: Promise<{ data?: T }>): Promise<T> {
  const { data } = await result;
  // What was refused has thrown; an answer without content has none in its type either.
  return data as T;
}

async function refusalOf(response: Response): Promise<ApiError> {
  const answer = parse(await response.text());
  const error = isRecord(answer) && isRecord(answer["error"]) ? answer["error"] : {};
  const message =
    typeof error["message"] === "string"
      ? error["message"]
      : `The server answered with status ${response.status} and no explanation. Its log says more.`;
  return new ApiError(
    response.status,
    typeof error["code"] === "string" ? error["code"] : "unknown",
    message,
    isRecord(error["details"]) ? error["details"] : {},
  );
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
