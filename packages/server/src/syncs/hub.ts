import { NotAllowedError } from "@plumbline/sync";
import type { DataSyncJob, Hub, WriteGate } from "@plumbline/plugin-kit";
import type { Database } from "../database/connect.ts";
import { createHubAdapter } from "../inventory/hub-adapter.ts";
import { createHubLookup } from "../inventory/hub-lookup.ts";
import { createInventory } from "../inventory/inventory.ts";
import { hubName } from "../plugins/describe-job.ts";
import { checkFence } from "./fence.ts";
import type { OutcomeRecorder } from "./outcome-recorder.ts";
import { plannedChangesOf } from "./planned-changes.ts";
import type { RunRequest } from "./run-request.ts";

/**
 * The hub as a run sees it: whatever it writes is checked against the run's fence first, and
 * the recorder adds to the same transaction what became of the changes. What it creates is the claimant's, a
 * connection's; nobody's where there is none.
 */
export function createRunHub(
  database: Database,
  request: RunRequest,
  gate: WriteGate,
  recorder: OutcomeRecorder,
  claimant: string | undefined,
): Hub {
  const { lookup } = createHubLookup(database.pool, createInventory());
  return {
    name: hubName,
    lookup,
    adapter(models) {
      const adapter = createHubAdapter(database, models, {
        name: hubName,
        run: {
          jobResultId: request.jobResultId,
          syncId: request.syncId,
          userName: request.userName,
          claimant,
          findPlanned: plannedChangesOf(request.syncId),
          checkFence: (client) => checkFence(client, request),
          recordOutcomes: (client, outcomes) => recorder.recordWithin(client, outcomes),
          areRecorded: (outcomes) => recorder.areRecorded(outcomes),
        },
      });
      return {
        ...adapter,
        writer(context) {
          if (gate.isOpen && adapter.writer !== undefined) return adapter.writer(context);
          const message =
            "The hub is written by the run's apply step alone; until then it can only be read.";
          gate.onRefused(message);
          throw new NotAllowedError(message);
        },
      };
    },
  };
}

/** Whether a job's target is the hub. */
export function isIntoHub(job: DataSyncJob): boolean {
  return job.direction === "source" && job.hubSide === "target";
}
