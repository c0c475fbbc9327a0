import type pg from "pg";
import { ConflictError, NotFoundError } from "@plumbline/sync";
import { inTransaction } from "../database/transaction.ts";
import { announce } from "./announce.ts";
import { endRun } from "./end-run.ts";
import { isFinal, type SyncStatus } from "@plumbline/sync";

/**
 * Asks a run to stop: one that has not begun ends at once, a running one stops writing within five
 * seconds and records what it did.
 * @throws NotFoundError; ConflictError when it has ended already.
 */
export async function cancelRun(
  database: { readonly pool: pg.Pool },
  jobResultId: string,
  userName: string | null,
): Promise<void> {
  await inTransaction(database, async ({ client }) => {
    // Not `for update`: that waits for the transactions of the run's process, and one that hangs in the
    // middle of such a transaction is just what has to be cancelled.
    const { rows } = await client.query<{ status: SyncStatus; fence: number }>(
      "select status, fence from job_result where id = $1 for no key update",
      [jobResultId],
    );
    const run = rows[0];
    if (run === undefined) {
      throw new NotFoundError(
        `There is no job result ${jobResultId}; the results page lists them.`,
      );
    }
    if (isFinal(run.status)) {
      throw new ConflictError(
        `The run has ended already (${run.status}); there is nothing to cancel.`,
      );
    }
    await client.query(
      `update job_result set cancel_requested_at = coalesce(cancel_requested_at, now()),
              cancel_requested_by = coalesce(cancel_requested_by, $2) where id = $1`,
      [jobResultId, userName],
    );
    if (run.status !== "running") {
      await endRun(
        client,
        { jobResultId, fence: run.fence },
        {
          status: "cancelled",
          reason: `Cancelled${userName === null ? "" : ` by ${userName}`} before it began; nothing was written.`,
          from: ["pending", "waiting"],
        },
      );
    }
    await announce(client, "job-result", jobResultId);
  });
}
