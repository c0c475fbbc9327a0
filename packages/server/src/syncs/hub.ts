import { hubModels } from "@plumbline/models";
import { NotAllowedError, UnsupportedOperationError, type Model } from "@plumbline/sync";
import type { Hub } from "@plumbline/plugin-kit";
import type { Database } from "../database/connect.ts";
import { createHubAdapter } from "../inventory/hub-adapter.ts";
import { hubName } from "../plugins/describe-job.ts";
import { checkFence } from "./fence.ts";
import type { OutcomeRecorder } from "./outcome-recorder.ts";
import type { RunRequest } from "./run-request.ts";

const ownModels = new Map(hubModels.map(({ model }) => [model.name, model]));

/** Open while the run applies its plan. */
export interface WriteGate {
  isOpen: boolean;
}

/**
 * The hub as a run sees it: whatever it writes is checked against the run's fence first, and
 * the recorder adds to the same transaction what became of the changes.
 */
export function createRunHub(
  database: Database,
  request: RunRequest,
  gate: WriteGate,
  recorder: OutcomeRecorder,
): Hub {
  return {
    name: hubName,
    adapter(models) {
      const adapter = createHubAdapter(database, models.map(ownModel), {
        name: hubName,
        run: {
          jobResultId: request.jobResultId,
          syncId: request.syncId,
          userName: request.userName,
          checkFence: (client) => checkFence(client, request),
          recordOutcomes: (client, outcomes) => recorder.recordWithin(client, outcomes),
          areRecorded: (outcomes) => recorder.areRecorded(outcomes),
        },
      });
      return {
        ...adapter,
        writer(context) {
          if (gate.isOpen && adapter.writer !== undefined) return adapter.writer(context);
          throw new NotAllowedError(
            "The hub is written by the run's apply step alone; until then it can only be read.",
          );
        },
      };
    },
  };
}

/** The hub's own declaration of a model that a plugin may have from its own copy of the package. */
function ownModel(model: Model): Model {
  const own = ownModels.get(model.name);
  if (own === undefined || own.names.join() !== model.names.join()) {
    throw new UnsupportedOperationError(
      `The hub keeps no ${model.pluralLabel} as the job declares them (${model.name}); it keeps ${[...ownModels.keys()].join(", ")}.`,
    );
  }
  return own;
}
