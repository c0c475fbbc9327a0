import type pg from "pg";
import type { Logger } from "@plumbline/sync";
import { inTransaction } from "../database/transaction.ts";
import { dropClaimsOfDeleted } from "../inventory/claims.ts";
import { announce } from "./announce.ts";
import { findObstacle, type Obstacle, throwObstacle } from "./obstacle.ts";
import { answeredOnce, type RequestKey } from "./once.ts";

interface Connected {
  readonly pool: pg.Pool;
}

export interface DeletedSyncs {
  readonly deleted: number;
  /** Those that stay, and why: fact and next step. */
  readonly kept: { readonly syncId: string; readonly reason: string }[];
}

/**
 * Deletes the records of syncs: plan, decisions, outcomes, job results, logs. What they wrote stays. Each in a
 * transaction of its own, so that a large one keeps nobody else waiting; asked for with a key all in one, which is
 * that of the answer: sent again, nothing more is deleted, and the answer is that of the first time.
 */
export async function deleteSyncs(
  database: Connected,
  syncIds: readonly string[],
  userId: string | null,
  once?: RequestKey,
): Promise<DeletedSyncs> {
  if (once === undefined) return deleteEach(syncIds, (syncId) => tryDelete(database, syncId));
  return inTransaction(database, ({ client }) =>
    answeredOnce(client, userId, once, () =>
      deleteEach(syncIds, (syncId) => deleteWithin(client, syncId)),
    ),
  );
}

async function deleteEach(
  syncIds: readonly string[],
  remove: (syncId: string) => Promise<Obstacle | null>,
): Promise<DeletedSyncs> {
  const kept: { syncId: string; reason: string }[] = [];
  let deleted = 0;
  // In one order, so that two such requests do not wait for each other.
  for (const syncId of [...new Set(syncIds)].sort()) {
    const obstacle = await remove(syncId);
    if (obstacle === null) deleted += 1;
    else kept.push({ syncId, reason: obstacle.reason });
  }
  return { deleted, kept };
}

/**
 * Deletes the record of one sync.
 * @throws NotFoundError; ConflictError while a run of it is at work
 */
export async function deleteSync(database: Connected, syncId: string): Promise<void> {
  throwObstacle(await tryDelete(database, syncId));
}

/** Why it stays; null once it is deleted. */
function tryDelete(database: Connected, syncId: string): Promise<Obstacle | null> {
  return inTransaction(database, ({ client }) => deleteWithin(client, syncId));
}

/** The same within the caller's transaction. */
async function deleteWithin(client: pg.ClientBase, syncId: string): Promise<Obstacle | null> {
  // Whoever is about to start a run of it waits, and then finds no sync.
  await client.query("select from sync where id = $1 for update", [syncId]);
  const obstacle = await findObstacle(client, syncId, "delete");
  if (obstacle !== null) return obstacle;
  await dropClaimsOfDeleted(client, syncId);
  await client.query("delete from sync where id = $1", [syncId]);
  await announce(client, "sync", syncId);
  return null;
}

const batchSize = 100;

/**
 * Deletes the records of syncs that ended more than so many days ago, a batch at a time. The newest of each job
 * stays, whatever its age: the dashboard and the next form show it. Any number of workers may do so at once.
 * Gives how many were deleted.
 */
export async function deleteOldSyncs(
  database: Connected,
  keepDays: number,
  { logger, signal }: { readonly logger: Logger; readonly signal: AbortSignal },
): Promise<number> {
  let total = 0;
  for (;;) {
    const { rows } = await database.pool.query<{ id: string }>(
      `select s.id from sync s
        where coalesce(s.finished_at, s.created_at) < now() - make_interval(days => $1)
          and exists (select from sync n where n.job_id = s.job_id and n.created_at > s.created_at)
          and not exists (select from job_result r where r.sync_id = s.id
                            and (r.status in ('pending', 'waiting', 'running')
                                 or r.finished_at > now() - make_interval(days => $1)))
        order by s.created_at limit $2`,
      [keepDays, batchSize],
    );
    const before = total;
    for (const { id } of rows) {
      if (signal.aborted) break;
      if ((await tryDelete(database, id)) === null) total += 1;
    }
    // Nothing left; or another worker was quicker, or somebody has started one of them again: next time.
    if (total === before) break;
  }
  if (total > 0) {
    logger.info(`Deleted the records of ${total} syncs that ended more than ${keepDays} days ago`);
  }
  return total;
}
