// Which HTTP status an error has. Routes never catch: what they throw ends here.
import { PlumblineError } from "@plumbline/sync";
import type { ErrorCode, Logger } from "@plumbline/sync";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { isDatabaseOut } from "../database/connection-loss.ts";

/** What goes wrong with a request before it reaches the product itself. */
export type RequestErrorCode =
  | "not-found"
  | "not-authenticated"
  | "not-allowed"
  | "foreign-request"
  | "too-large"
  | "too-many-requests"
  | "unavailable"
  | "internal";

const statuses: Readonly<Record<ErrorCode | RequestErrorCode, ContentfulStatusCode>> = {
  "invalid-input": 400,
  "not-authenticated": 401,
  "not-allowed": 403,
  "foreign-request": 403,
  "not-found": 404,
  conflict: 409,
  cancelled: 409,
  stale: 409,
  "too-large": 413,
  unsupported: 422,
  "too-many-requests": 429,
  "limit-exceeded": 429,
  "invalid-declaration": 500,
  internal: 500,
  "remote-system": 502,
  unavailable: 503,
};

/** PostgreSQL's code for a text that holds NUL. */
const characterNotStorable = "22021";

export class RequestError extends Error {
  readonly code: RequestErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: RequestErrorCode, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = "RequestError";
    this.code = code;
    this.headers = headers;
  }
}

export function answerError(error: Error, context: Context, logger: Logger): Response {
  if (error instanceof PlumblineError) {
    const details = Object.keys(error.details).length > 0 ? { details: error.details } : {};
    const { code, message } = error;
    if (statuses[code] === 500) logger.error(message, { code });
    return context.json({ error: { code, message, ...details } }, statuses[code]);
  }
  if (error instanceof RequestError) {
    const { code, message } = error;
    return context.json({ error: { code, message } }, statuses[code], error.headers);
  }
  if (error instanceof HTTPException && error.status < 500) {
    const message =
      error.status === 415
        ? "Send the body as JSON, with the header `Content-Type: application/json`."
        : error.message || "The request cannot be read.";
    return context.json({ error: { code: "invalid-input", message } }, error.status);
  }
  if ("code" in error && error.code === characterNotStorable) {
    const message = "The request holds a character that cannot be stored; leave it out.";
    return context.json({ error: { code: "invalid-input", message } }, 400);
  }
  logger.error(`${context.req.method} ${context.req.path} failed: ${error.message}`, {
    stack: error.stack,
  });
  if (isDatabaseOut(error)) {
    return context.json(
      {
        error: {
          code: "unavailable",
          message:
            "The database does not answer. Try again; if that does not help, read the server's log.",
        },
      },
      503,
    );
  }
  return context.json(
    {
      error: {
        code: "internal",
        message: "The server failed at this request. Its log says why; please report it.",
      },
    },
    500,
  );
}
