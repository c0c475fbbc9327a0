import type { DataSyncJob } from "@plumbline/plugin-kit";
import { checkIgnore, ignorableModels, ignoreTexts } from "@plumbline/sync";
import { checkHubSide } from "./check-hub-side.ts";
import { checkLinks } from "./object-link.ts";
import { describeJobScope } from "./job-scope.ts";
import { createJobSchema } from "./job-schema.ts";
import type { JobManifest } from "./manifest.ts";

/** What people call the built-in hub. */
export const hubName = "Plumbline";

const hubLock = "hub";

/** A job as data. @throws InvalidDeclarationError when its models contradict each other. */
export function describeJob(job: DataSyncJob, plugin: string): JobManifest {
  const { schema, models } = createJobSchema(job);
  checkIgnore(ignorableModels(schema), job.ignore);
  checkLinks(job.models, job.links);
  checkLinks(job.models, job.otherLinks);
  const isAhead = job.direction !== "target";
  if (job.hubSide !== null) checkHubSide(job);
  const other =
    job.openOther === null
      ? hubName
      : (job.otherSystem ?? `${job.title} (${isAhead ? "target" : "source"})`);
  return {
    id: job.id,
    title: job.title,
    description: job.description,
    direction: job.direction,
    system: job.system,
    sourceName: isAhead ? job.system : other,
    targetName: isAhead ? other : job.system,
    hubSide: job.hubSide,
    models: models.map((model) => model.name),
    variables: Object.entries(job.variables).map(([name, variable]) => ({
      name,
      ...variable,
      label: variable.label || labelOf(name),
    })),
    dryRunDefault: job.dryRunDefault,
    deletesDefault: job.deletesDefault,
    deleteRules: deleteRuleTexts(job),
    scope: describeJobScope(job, schema),
    ignored: ignoreTexts(job.ignore),
    mappings: job.mappings.map(({ source, sourceUrl, target, targetUrl }) => ({
      source,
      sourceUrl: sourceUrl ?? null,
      targetUrl: targetUrl ?? null,
      target,
    })),
    links: job.links,
    otherLinks: job.otherLinks,
    connection: job.connection,
    configuration: job.configuration,
    isExample: job.isExample,
    plugin,
    targetLock: targetLockOf(job),
  };
}

/** What the job does with deletes, a sentence each; nothing of models that are deleted like all. */
function deleteRuleTexts({ models, deletePolicy, deleteCeiling }: DataSyncJob): readonly string[] {
  const { percent, count, types, total } = deleteCeiling;
  const named = new Map(models.map(({ name, pluralLabel }) => [name, pluralLabel]));
  const kept = Object.entries(deletePolicy).flatMap(([model, policy]) => {
    const label = named.get(model) ?? model;
    if (policy === "now") return [];
    if (policy === "never") return `${label}: never deleted`;
    if ("setStatus" in policy) return `${label}: given the status ${policy.setStatus} instead`;
    return `${label}: once they have been missing for ${policy.afterDays} days`;
  });
  return [
    `Up to ${percent} % or ${count} objects of a type`,
    ...Object.entries(types).map(
      ([model, own]) =>
        `${named.get(model) ?? model}: up to ${own.percent ?? percent} % or ${own.count ?? count}`,
    ),
    ...(total === null ? [] : [`Up to ${total} objects in all`]),
    ...kept,
  ];
}

function targetLockOf(job: DataSyncJob): string {
  if (job.direction === "target") return `connection:${job.connection}`;
  return job.openOther === null ? hubLock : `job:${job.id}`;
}

function labelOf(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}
