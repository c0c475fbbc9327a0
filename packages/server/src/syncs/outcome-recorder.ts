import type pg from "pg";
import type { Outcome, OutcomeStatus, Writer } from "@plumbline/sync";
import { orInterrupted, whenBack } from "../database/connection-loss.ts";
import { inTransaction } from "../database/transaction.ts";
import { inRunTransaction } from "./fence.ts";
import { recordOutcomes } from "./record-outcomes.ts";
import type { RecordedChange } from "./record-plan.ts";
import type { RunRequest } from "./run-request.ts";

export interface OutcomeRecorder {
  /** Records outcomes in the transaction that makes them true; `take` then passes them over. */
  recordWithin(client: pg.ClientBase, outcomes: readonly Outcome[]): Promise<void>;
  /**
   * Whether the transaction of `recordWithin` with these outcomes was committed, asked after its end was not
   * heard of. False also where that cannot be found out.
   */
  areRecorded(outcomes: readonly Outcome[]): Promise<boolean>;
  /** Records outcomes that are not recorded yet. */
  take(outcomes: readonly Outcome<RecordedChange>[]): Promise<void>;
  /**
   * For a writer whose writes are not in our database: notes what is about to be sent before it is,
   * so that a crash leaves named changes whose fate is unknown instead of silence.
   */
  journaled(writer: Writer): Writer;
}

export function createOutcomeRecorder(
  database: { readonly pool: pg.Pool },
  request: RunRequest,
): OutcomeRecorder {
  // A transaction whose commit fails takes its outcomes with it; then the status given to `take` differs.
  const recordedStatus = new Map<number, OutcomeStatus>();

  const recorder: OutcomeRecorder = {
    async recordWithin(client, outcomes) {
      const recorded = outcomes as readonly Outcome<RecordedChange>[];
      await recordOutcomes(client, request, recorded);
      for (const { change, status } of recorded) recordedStatus.set(change.position, status);
    },
    async areRecorded(outcomes) {
      const [first] = outcomes as readonly Outcome<RecordedChange>[];
      return first !== undefined && findRecorded(database, request, first.change.position);
    },
    async take(outcomes) {
      const missing = outcomes.filter(({ change, status }) => {
        const isRecorded = recordedStatus.get(change.position) === status;
        recordedStatus.delete(change.position);
        return !isRecorded;
      });
      if (missing.length === 0) return;
      await orInterrupted(() =>
        inRunTransaction(database, request, (client) => recordOutcomes(client, request, missing)),
      );
    },
    journaled: (writer) => ({
      batchSize: writer.batchSize,
      isTransactional: writer.isTransactional,
      ...(writer.findStale && { findStale: writer.findStale.bind(writer) }),
      ...(writer.finish && { finish: writer.finish.bind(writer) }),
      async *apply(changes, context) {
        const positions = (changes as readonly RecordedChange[]).map(({ position }) => position);
        await orInterrupted(() =>
          inRunTransaction(database, request, (client) =>
            client.query(
              `insert into sync_sent (sync_id, position, job_result_id)
               select $1, unnest($2::bigint[]), $3
               on conflict (sync_id, position) do update set job_result_id = excluded.job_result_id, created_at = now()`,
              [request.syncId, positions, request.jobResultId],
            ),
          ),
        );
        yield* writer.apply(changes, context);
      },
    }),
  };
  return recorder;
}

async function findRecorded(
  database: { readonly pool: pg.Pool },
  { jobResultId, syncId }: RunRequest,
  position: number,
): Promise<boolean> {
  const ask = (): Promise<boolean> =>
    inTransaction(database, async ({ client }) => {
      // A transaction that still lives holds the run: its end is waited for.
      await client.query("set local lock_timeout = '30s'");
      await client.query("select from job_result where id = $1 for update", [jobResultId]);
      const { rowCount } = await client.query(
        "select from sync_outcome where sync_id = $1 and position = $2 and job_result_id = $3",
        [syncId, position, jobResultId],
      );
      return rowCount !== 0;
    });
  try {
    // What broke the commit may keep us from asking, too.
    return await whenBack(ask);
  } catch {
    return false;
  }
}
