import type pg from "pg";
import { assertSameRequest, type RequestKey } from "../once.ts";
import type { Decided } from "./ruling.ts";

interface Asked {
  readonly syncId: string;
  readonly userId: string | null;
  readonly request: RequestKey | undefined;
}

/**
 * What the same request was answered with; null where it is new. The same request sent at the same time waits for
 * the caller's transaction to end.
 * @throws ConflictError where the key was used for something else
 */
export async function findRuled(
  client: pg.ClientBase,
  { syncId, userId, request }: Asked,
): Promise<Decided | null> {
  if (request === undefined) return null;
  await client.query("select from sync where id = $1 for update", [syncId]);
  const { rows } = await client.query<{ request_hash: string; answer: Decided }>(
    `select request_hash, answer from sync_ruling
      where sync_id = $1 and user_id is not distinct from $2 and request_key = $3`,
    [syncId, userId, request.key],
  );
  const [earlier] = rows;
  if (earlier === undefined) return null;
  assertSameRequest(request, earlier.request_hash);
  return earlier.answer;
}

export async function noteRuled(
  client: pg.ClientBase,
  { syncId, userId, request }: Asked,
  answer: Decided,
): Promise<void> {
  if (request === undefined) return;
  await client.query(
    `insert into sync_ruling (sync_id, user_id, request_key, request_hash, answer)
     values ($1, $2, $3, $4, $5)`,
    [syncId, userId, request.key, request.hash, JSON.stringify(answer)],
  );
}
