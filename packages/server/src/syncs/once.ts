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
  await lockKey(client, userId, request);
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

/** So long a request may be sent again. */
const keptDays = 30;

/**
 * Does what a request asks for within the caller's transaction, once: the same request sent again is answered as the
 * first time; sent at the same time, it waits for the transaction to end.
 * @throws ConflictError where the key was used for something else
 */
export async function answeredOnce<T>(
  client: pg.ClientBase,
  userId: string | null,
  request: RequestKey | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (request === undefined) return work();
  await lockKey(client, userId, request);
  const { rows } = await client.query<{ request_hash: string; answer: T }>(
    `select request_hash, answer from request_answer
      where request_key = $1 and user_id is not distinct from $2`,
    [request.key, userId],
  );
  const [earlier] = rows;
  if (earlier !== undefined) {
    assertSameRequest(request, earlier.request_hash);
    return earlier.answer;
  }
  const answer = await work();
  await client.query(
    "delete from request_answer where created_at < now() - make_interval(days => $1)",
    [keptDays],
  );
  await client.query(
    `insert into request_answer (user_id, request_key, request_hash, answer) values ($1, $2, $3, $4)`,
    [userId, request.key, request.hash, JSON.stringify(answer)],
  );
  return answer;
}

async function lockKey(
  client: pg.ClientBase,
  userId: string | null,
  { key }: RequestKey,
): Promise<void> {
  await client.query("select pg_advisory_xact_lock(hashtextextended($1, 7))", [
    `${userId ?? ""} ${key}`,
  ]);
}

/** @throws ConflictError where the key was used for something else */
function assertSameRequest(request: RequestKey, earlierHash: string): void {
  if (earlierHash === request.hash) return;
  throw new ConflictError(
    `The Idempotency-Key ${request.key} was used for another request; choose a new one.`,
  );
}
