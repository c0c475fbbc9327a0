import type pg from "pg";
import { ConflictError } from "@plumbline/sync";
import { inTransaction } from "../database/transaction.ts";

/** What a run's process shows at every transaction, to prove that it is still the one that may write. */
export interface RunFence {
  readonly jobResultId: string;
  readonly fence: number;
}

/** Raised in a process whose run was declared lost or ended by somebody else; it must stop writing. */
export class FencedError extends ConflictError {
  constructor(jobResultId: string) {
    super(
      `The run ${jobResultId} is no longer this process's: it was declared lost or ended elsewhere. Nothing more is written by it.`,
    );
  }
}

/**
 * Holds the run in place until the transaction ends: whoever ends the run waits for the commit, and
 * after that nothing of this process commits. Progress and heartbeats are not hindered.
 * @throws FencedError when the run has ended or was declared lost.
 */
export async function checkFence(
  client: Pick<pg.ClientBase, "query">,
  run: RunFence,
): Promise<void> {
  const { rowCount } = await client.query(
    "select from job_result where id = $1 and fence = $2 and status = 'running' for key share",
    [run.jobResultId, run.fence],
  );
  if (rowCount !== 1) throw new FencedError(run.jobResultId);
}

/** A transaction of a run: checked against its fence before anything else. */
export async function inRunTransaction<T>(
  database: { readonly pool: pg.Pool },
  run: RunFence,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return inTransaction(database, async ({ client }) => {
    await checkFence(client, run);
    return work(client);
  });
}
