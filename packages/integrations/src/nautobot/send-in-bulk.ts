import { setTimeout as sleep } from "node:timers/promises";
import type { HttpClient, JsonAnswer } from "@plumbline/plugin-kit";
import { type Logger, RemoteSystemError } from "@plumbline/sync";
import type { RemoteObject } from "./nautobot-api.ts";
import type { Body } from "./remote-fields.ts";

/** What became of one row of a request. */
export type Sent =
  /** With the object's id, where the answer tells it. */
  | { readonly kind: "done"; readonly id: string | null }
  /** The object to change is not there. */
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly status: number; readonly answer: unknown }
  | { readonly kind: "unknown"; readonly reason: string };

export interface BulkRequest<R> {
  readonly method: "POST" | "PATCH" | "DELETE";
  /** Of the list: "dcim/devices". */
  readonly path: string;
  readonly body: (row: R) => Body;
  /**
   * Which of these rows were written, asked after an answer was lost. What was not is sent once more, so it must
   * be a write that the system refuses, or that changes nothing, where it came through after all.
   */
  readonly findWritten: (rows: readonly R[]) => Promise<ReadonlySet<R>>;
}

export interface BulkSender {
  /** Sends rows in one request; where it is refused, in smaller ones, until the rows at fault stand alone. */
  send<R>(request: BulkRequest<R>, rows: readonly R[]): Promise<Map<R, Sent>>;
}

/** Before it is looked whether a write came through whose answer was lost: it may still be under way. */
const patience = [1, 4, 10];

export function createBulkSender(
  client: HttpClient,
  name: string,
  options: { readonly logger: Logger; readonly pauseMs: number; readonly signal: AbortSignal },
): BulkSender {
  async function send<R>(
    request: BulkRequest<R>,
    rows: readonly R[],
    isRepeated = false,
  ): Promise<Map<R, Sent>> {
    if (rows.length === 0) return new Map();
    let answer: JsonAnswer;
    try {
      answer = await client.exchangeJson(
        request.method,
        `${request.path}/`,
        rows.map(request.body),
      );
    } catch (error) {
      if (!(error instanceof RemoteSystemError)) throw error;
      return recover(request, rows, isRepeated, error.message);
    }
    const { status, body } = answer;
    if (status < 300) return readDone(request, rows, body);
    if (isUnclear(answer)) {
      return recover(request, rows, isRepeated, `${request.path} answered ${status}`);
    }
    return singleOut(request, rows, answer, isRepeated);
  }

  async function singleOut<R>(
    request: BulkRequest<R>,
    rows: readonly R[],
    { status, body }: JsonAnswer,
    isRepeated: boolean,
  ): Promise<Map<R, Sent>> {
    const [first, ...others] = rows;
    if (first !== undefined && others.length === 0) {
      return new Map([[first, { kind: "refused", status, answer: faultsOf(body, 0) }]]);
    }
    if (status === 401 || status === 403) {
      return new Map(rows.map((row) => [row, { kind: "refused", status, answer: body }]));
    }
    // A list names each row's faults, and the others have none; else which row it was is found by halves.
    const isNamed =
      Array.isArray(body) &&
      body.length === rows.length &&
      body.some((_, at) => isAtFault(body, at));
    if (isNamed) {
      const sent = await send(
        request,
        rows.filter((_, at) => !isAtFault(body, at)),
        isRepeated,
      );
      for (const [at, row] of rows.entries()) {
        if (isAtFault(body, at)) {
          sent.set(row, { kind: "refused", status, answer: faultsOf(body, at) });
        }
      }
      return sent;
    }
    const half = Math.ceil(rows.length / 2);
    return new Map([
      ...(await send(request, rows.slice(0, half), isRepeated)),
      ...(await send(request, rows.slice(half), isRepeated)),
    ]);
  }

  /** Looks what was written, and sends the rest once more. */
  async function recover<R>(
    request: BulkRequest<R>,
    rows: readonly R[],
    isRepeated: boolean,
    reason: string,
  ): Promise<Map<R, Sent>> {
    options.logger.warning(
      `${name}: the answer to a ${request.method} of ${rows.length} was lost (${reason}); it is read back before anything is repeated.`,
    );
    let written: ReadonlySet<R> = new Set();
    try {
      for (const times of patience) {
        await sleep(times * options.pauseMs, undefined, { signal: options.signal });
        written = await request.findWritten(rows);
        if (written.size === rows.length) break;
      }
    } catch (error) {
      if (options.signal.aborted || !(error instanceof RemoteSystemError)) throw error;
      const why = `${reason} Whether it was written could not be read back: ${error.message}`;
      return new Map(rows.map((row) => [row, { kind: "unknown", reason: why }]));
    }
    const sent = new Map<R, Sent>([...written].map((row) => [row, { kind: "done", id: null }]));
    const rest = rows.filter((row) => !written.has(row));
    if (!isRepeated) {
      for (const [row, one] of await send(request, rest, true)) sent.set(row, one);
      // It was under way all the time, where the repeated one is refused.
      const refused = rest.filter((row) => sent.get(row)?.kind === "refused");
      const late = refused.length > 0 ? await request.findWritten(refused) : new Set<R>();
      for (const row of late) sent.set(row, { kind: "done", id: null });
      return sent;
    }
    for (const row of rest) {
      sent.set(row, {
        kind: "unknown",
        reason: `${reason} It was not there when it was read back.`,
      });
    }
    return sent;
  }

  return { send: (request, rows) => send(request, rows) };
}

/** Whether the answer leaves open if anything was written; Nautobot's own errors undo the whole request. */
function isUnclear({ status, body }: JsonAnswer): boolean {
  const isOwn = typeof body === "object" && body !== null && "exception" in body;
  return status === 408 || (status >= 500 && !isOwn);
}

function isAtFault(body: readonly unknown[], at: number): boolean {
  const fault = body[at];
  return typeof fault === "object" && fault !== null && Object.keys(fault).length > 0;
}

function faultsOf(body: unknown, at: number): unknown {
  return Array.isArray(body) ? (body as unknown[])[at] : body;
}

function readDone<R>(
  { method, body: bodyOf }: BulkRequest<R>,
  rows: readonly R[],
  answer: unknown,
): Map<R, Sent> {
  const ids = Array.isArray(answer)
    ? (answer as readonly RemoteObject[]).map(({ id }) => id)
    : null;
  if (method !== "PATCH" || ids === null) {
    return new Map(rows.map((row, at) => [row, { kind: "done", id: ids?.[at] ?? null }]));
  }
  // A list of changes passes over ids that are not there, and is answered in an order of its own.
  const there = new Set(ids);
  return new Map(
    rows.map((row) => {
      const id = String(bodyOf(row)["id"]);
      return [row, there.has(id) ? { kind: "done", id } : { kind: "absent" }];
    }),
  );
}
