// A run as it happens: its result whenever that changed, and its new log lines.
import { setTimeout as sleep } from "node:timers/promises";
import { isFinal } from "@plumbline/sync";
import type { Reader } from "../syncs/queries/conditions.ts";
import { listJobLogs } from "../syncs/queries/job-logs.ts";
import type { JobLog } from "../syncs/queries/job-logs.ts";
import { getJobResult } from "../syncs/queries/job-results.ts";
import type { JobResultDetail } from "../syncs/queries/job-results.ts";
import type { EventFeed } from "./event-feed.ts";
import { createWake } from "./wake.ts";

/** The shortest time between two readings for one follower: four a second. */
const pauseMs = 250;
/** Read anew even when nothing was announced, and say that the connection lives. */
const heartbeatMs = 10_000;
const linesAtOnce = 500;
/**
 * Two writers commit their lines in another order than their ids; a line may turn up this many ids below
 * the newest one seen.
 */
const lateness = 100;

export type FollowEvent =
  | { readonly event: "result"; readonly data: JobResultDetail }
  | { readonly event: "logs"; readonly data: JobLog[] }
  | { readonly event: "heartbeat" }
  | { readonly event: "end" };

export interface FollowOptions {
  readonly jobResultId: string;
  /** Lines up to this id are known to the follower. */
  readonly after: number;
  readonly signal: AbortSignal;
}

/** Ends with `end` once the result is final and every line was given. @throws NotFoundError */
export async function* followJobResult(
  reader: Reader,
  feed: EventFeed,
  { jobResultId, after, signal }: FollowOptions,
): AsyncGenerator<FollowEvent> {
  const wake = createWake();
  const unsubscribe = feed.subscribe((announced) => {
    if (announced === null || announced.id === jobResultId) wake.call();
  });
  try {
    const readNewLines = createLineReader(reader, jobResultId, after);
    let shown = "";
    while (!signal.aborted) {
      // The result first: lines that come after it was read are read below, or next time.
      const result = await getJobResult(reader, jobResultId);
      const text = JSON.stringify(result);
      const isChanged = text !== shown;
      shown = text;
      if (isChanged) yield { event: "result", data: result };
      for await (const lines of readNewLines()) yield { event: "logs", data: lines };
      if (isFinal(result.status)) {
        yield { event: "end" };
        return;
      }
      if (!isChanged) yield { event: "heartbeat" };
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      await wake.wait(heartbeatMs, signal);
    }
  } finally {
    unsubscribe();
  }
}

/** Reads what was not given before, in batches. */
function createLineReader(reader: Reader, jobResultId: string, after: number) {
  let newest = after;
  const given = new Set<number>();
  return async function* (): AsyncGenerator<JobLog[]> {
    for (let from = Math.max(after, newest - lateness); ; from = newest) {
      const paging = { limit: linesAtOnce, offset: 0 };
      const { items } = await listJobLogs(reader, jobResultId, { after: from }, paging);
      const fresh = items.filter(({ id }) => !given.has(id));
      for (const { id } of fresh) given.add(id);
      newest = Math.max(newest, items.at(-1)?.id ?? 0);
      for (const id of given) if (id < newest - lateness) given.delete(id);
      if (fresh.length > 0) yield fresh;
      if (items.length < linesAtOnce) return;
    }
  };
}
