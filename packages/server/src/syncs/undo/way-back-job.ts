import { hubModels } from "@plumbline/models";
import { type DataSyncJob, projectionOf } from "@plumbline/plugin-kit";
import type { Database } from "../../database/connect.ts";
import { isIntoHub } from "../hub.ts";
import { readWrittenModels } from "./hub-journal.ts";

/**
 * The job as a sync that takes another one back runs it: nothing is out of scope, ignored or kept by a policy. Of
 * the hub it sees the objects as they are, and all of the models that were written: what a projection does not show
 * was deleted too.
 */
export async function wayBackJob(
  { pool }: Pick<Database, "pool">,
  job: DataSyncJob,
  undoOf: string,
): Promise<DataSyncJob> {
  const whole = { ...job, scope: null, ignore: [], deletePolicy: {}, sync: null };
  if (!isIntoHub(job)) return whole;
  const names = new Set(job.models.map((model) => projectionOf(model)?.of.name ?? model.name));
  for (const name of await readWrittenModels(pool, undoOf)) names.add(name);
  const models = hubModels.flatMap(({ model }) => (names.has(model.name) ? [model] : []));
  return { ...whole, models };
}
