import { hubModels } from "@plumbline/models";
import { projectionOf } from "@plumbline/plugin-kit";
import type { Model } from "@plumbline/sync";
import { describeJob } from "./describe-job.ts";
import { describeModel } from "./describe-model.ts";
import { loadErrorOf } from "./load-error.ts";
import type { LoadedJob, LoadedPlugins } from "./load-plugins.ts";
import type { JobManifest, LoadError, Manifest } from "./manifest.ts";

const idPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The manifest of what was loaded: the jobs that can be used, and a named error for each that cannot. */
export function buildManifest(loaded: LoadedPlugins): Manifest {
  const hubNames = new Set(hubModels.map(({ model }) => model.name));
  const errors: LoadError[] = [...loaded.errors];
  const jobs = new Map<string, { manifest: JobManifest; entry: LoadedJob }>();
  const ownModels = new Map<string, Model>();

  for (const entry of loaded.jobs) {
    const fault = faultOf(entry, jobs.get(entry.job.id)?.entry, hubNames);
    if (fault !== undefined) {
      errors.push({ file: entry.file, line: null, message: fault });
      continue;
    }
    try {
      jobs.set(entry.job.id, { manifest: describeJob(entry.job, entry.plugin), entry });
    } catch (error) {
      const { message } = loadErrorOf(error, entry.file);
      errors.push({ file: entry.file, line: null, message: `The job ${entry.job.id}: ${message}` });
      continue;
    }
    for (const model of entry.job.models) {
      if (!hubNames.has(model.name)) ownModels.set(model.name, model);
    }
  }

  return {
    jobs: [...jobs.values()].map(({ manifest }) => manifest),
    models: [
      ...hubModels.map(({ model, group }) => describeModel(model, group)),
      ...[...ownModels.values()].map((model) => describeModel(model, null)),
    ],
    errors,
  };
}

function faultOf(
  { job, file }: LoadedJob,
  earlier: LoadedJob | undefined,
  hubNames: ReadonlySet<string>,
): string | undefined {
  if (!idPattern.test(job.id)) {
    return `The job id "${job.id}" is not in kebab-case; use lower-case letters, digits and single hyphens, as in "site-list".`;
  }
  if (earlier !== undefined) {
    const place = earlier.file === file ? "the same place" : earlier.file;
    return `The job id "${job.id}" is taken by the job "${earlier.job.title}" of ${place}; give one of them another id.`;
  }
  if (job.models.length === 0) return `The job ${job.id} lists no models; name what it syncs.`;
  if (job.hubSide !== null) {
    const unknown = job.models
      .map((model) => projectionOf(model)?.of.name ?? model.name)
      .filter((name) => !hubNames.has(name));
    if (unknown.length > 0) {
      return `The job ${job.id} syncs ${unknown.join(", ")} with the hub, and the hub keeps no such records; give the job a \`${job.hubSide}\` of its own, or use the hub's models.`;
    }
  }
  return undefined;
}
