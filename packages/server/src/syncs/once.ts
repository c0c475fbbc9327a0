import type pg from "pg";
import { ConflictError } from "@plumbline/sync";

/** What names a request, so that sending it again does nothing more. */
export interface RequestKey {
  /** Chosen by who asks; unique among their own. */
  readonly key: string;
  /** Hash of what is asked for. */
  readonly hash: string;
}

/**
 * The run that the same request has started already; null where it is new. The same request sent at the same
 * time waits for the caller's transaction to end.
 * @throws ConflictError where the key was used for something else
 */
export async function findStarted(
  client: pg.ClientBase,
  userId: string | null,
  request: RequestKey | undefined,
): Promise<{ readonly jobResultId: string; readonly syncId: string } | null> {
  if (request === undefined) return null;
  await client.query("select pg_advisory_xact_lock(hashtextextended($1, 7))", [
    `${userId ?? ""} ${request.key}`,
  ]);
  const { rows } = await client.query<{ id: string; sync_id: string; request_hash: string }>(
    `select id, sync_id, request_hash from job_result
      where request_key = $1 and user_id is not distinct from $2`,
    [request.key, userId],
  );
  const [earlier] = rows;
  if (earlier === undefined) return null;
  assertSameRequest(request, earlier.request_hash);
  return { jobResultId: earlier.id, syncId: earlier.sync_id };
}

/** @throws ConflictError where the key was used for something else */
export function assertSameRequest(request: RequestKey, earlierHash: string): void {
  if (earlierHash === request.hash) return;
  throw new ConflictError(
    `The Idempotency-Key ${request.key} was used for another request; choose a new one.`,
  );
}
