import { notify } from "../database/notify.ts";
import type { Executor } from "../database/executor.ts";

export type AnnouncedKind = "job-result" | "job-log" | "sync" | "progress";

/** Tells listening pages that something changed; within a transaction, at its commit. They read it anew. */
export async function announce(executor: Executor, kind: AnnouncedKind, id: string): Promise<void> {
  await notify(executor, "plumbline_event", JSON.stringify({ kind, id }));
}
