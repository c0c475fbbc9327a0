import { HTTPError, type RequestError } from "got";

export interface RetryRules {
  readonly retries: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  readonly maxRetryAfterMs: number;
}

interface FailedAttempt {
  /** How many were made. */
  readonly attempts: number;
  readonly error: RequestError;
  readonly isRead: boolean;
}

const passingStatuses = new Set([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]);
/** The system says that it did nothing, so that even a write may be sent again. */
const untouchedStatuses = new Set([425, 429, 503]);
const untouchedCodes = new Set(["ECONNREFUSED", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH"]);
const passingCodes = new Set([
  ...untouchedCodes,
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ERR_READING_RESPONSE_STREAM",
  "ERR_HTTP_CONTENT_LENGTH_MISMATCH",
]);

/** How long to wait before the next attempt; null when there is to be none. */
export function retryDelayMs(rules: RetryRules, failed: FailedAttempt): number | null {
  if (failed.attempts > rules.retries || !isPassing(failed)) return null;
  const asked = retryAfterMs(failed.error);
  if (asked !== null) return Math.min(asked, rules.maxRetryAfterMs);
  const delay = Math.min(rules.firstDelayMs * 2 ** (failed.attempts - 1), rules.maxDelayMs);
  // Half fixed, half random: clients that failed together do not come back together.
  return Math.round(delay * (0.5 + Math.random() / 2));
}

/** What a Retry-After header asks for, given in seconds or as a date; null without a readable one. */
function retryAfterMs(error: RequestError): number | null {
  const header = error.response?.headers["retry-after"]?.trim();
  if (!header) return null;
  const delay = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(delay) ? null : Math.max(0, delay);
}

function isPassing({ error, isRead }: FailedAttempt): boolean {
  if (error instanceof HTTPError) {
    return (isRead ? passingStatuses : untouchedStatuses).has(error.response.statusCode);
  }
  if (!isRead) return untouchedCodes.has(error.code);
  return passingCodes.has(error.code) || isBrokenJson(error);
}

/** Whether the answer arrived whole and was no JSON. */
export function isBrokenJson(error: RequestError): boolean {
  return error.name === "ParseError" || error.cause instanceof SyntaxError;
}
