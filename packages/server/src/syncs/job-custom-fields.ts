import { hubModels } from "@plumbline/models";
import { type DataSyncJob, projectionOf } from "@plumbline/plugin-kit";
import type { Database } from "../database/connect.ts";
import { readCustomFields } from "../inventory/custom-fields/definitions.ts";
import { readComparedValue, withCustomFields } from "../inventory/custom-fields/model-fields.ts";

/**
 * The job with the custom fields that the hub has for its models by now. A projection has the fields that its author
 * names, and a job without the hub has its models as they are.
 */
export async function withCustomFieldsOf(
  { pool }: Pick<Database, "pool">,
  job: DataSyncJob,
): Promise<DataSyncJob> {
  if (job.hubSide === null) return job;
  const custom = await readCustomFields(pool);
  if (custom.size === 0) return job;
  const hub = new Map(hubModels.map((facts) => [facts.model.name, facts]));
  const models = job.models.map((model) => {
    const { contentType = "", lacks = [] } = hub.get(model.name) ?? {};
    if (lacks.includes("custom fields") || projectionOf(model) !== null) return model;
    return withCustomFields(model, custom.get(contentType) ?? [], readComparedValue);
  });
  return { ...job, models };
}
