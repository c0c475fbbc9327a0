import { hubModels } from "@plumbline/models";
import type { DataSyncJob } from "@plumbline/plugin-kit";
import { createSchema, type Model, type Schema } from "@plumbline/sync";

export interface JobSchema {
  /** The job's models, and those of the hub that they refer to: a tenant's key may be needed to name a prefix. */
  readonly schema: Schema;
  /** The job's own models in dependency order: what is loaded, compared and written. */
  readonly models: readonly Model[];
}

/** @throws InvalidDeclarationError when a model refers to one that neither the job nor the hub has. */
export function createJobSchema(job: Pick<DataSyncJob, "models">): JobSchema {
  const known = new Map(job.models.map((model) => [model.name, model]));
  const hub = new Map(hubModels.map(({ model }) => [model.name, model]));
  const open = [...job.models];
  for (let model = open.pop(); model !== undefined; model = open.pop()) {
    for (const name of model.names) {
      const { facts } = model.field(name);
      const target = facts.target ?? facts.members?.facts.target;
      const referred = target === undefined ? undefined : hub.get(target);
      if (referred === undefined || known.has(referred.name)) continue;
      known.set(referred.name, referred);
      open.push(referred);
    }
  }
  // The job's own once more: two of one name contradict each other.
  const schema = createSchema([...job.models, ...known.values()], hub.keys());
  const own = new Set(job.models.map(({ name }) => name));
  return { schema, models: schema.order.filter(({ name }) => own.has(name)) };
}
