import { findKeptModels } from "@plumbline/integrations/folder";
import { hubModels } from "@plumbline/models";
import {
  createSchema,
  type Model,
  parseIgnoreRule,
  sentenceOf,
  statusOf,
  sync,
  type SyncCounts,
  type SyncResult,
} from "@plumbline/sync";
import { exitCodeOf } from "../exit-codes.ts";
import { cancellable } from "../interrupt.ts";
import { checkPath, mayBecomeTarget, openPath } from "../open-path.ts";
import { createProgressDisplay } from "../progress-display.ts";
import { printJson, writeReport } from "../report.ts";

interface SyncPathsOptions {
  /** Whether the second path is one that is, or may be, written. */
  isTarget: boolean;
  apply?: boolean;
  deletes?: boolean;
  /** Fields and actions to pass over, as they were typed. */
  ignore?: readonly string[];
  json?: boolean;
  exitCode?: boolean;
}

/**
 * Compares two folders or JSON files in this process, and with `apply` makes the second agree with the first.
 * Returns the exit code.
 */
export async function syncPaths(
  from: string,
  to: string,
  options: SyncPathsOptions,
): Promise<number> {
  const all = hubModels.map(({ model }) => model);
  const schema = createSchema(all);
  const isDryRun = !options.apply;
  checkPath(from, { mayBeNew: false });
  checkPath(to, { mayBeNew: options.isTarget });
  const models = findModels(from, to, all);
  const source = openPath(from, { models, isTarget: false });
  // What may be written lacks nothing it does not name: a mere comparison shows what a sync would change.
  const isTarget = options.isTarget || mayBecomeTarget(to);
  const target = openPath(to, { models, isTarget });
  const progress = createProgressDisplay();
  const result = await cancellable((signal) =>
    sync({
      source,
      target,
      schema,
      models,
      isDryRun,
      asksDeletes: options.deletes ?? false,
      ignore: (options.ignore ?? []).map(parseIgnoreRule),
      signal,
      onEvent: (event) => progress.show(event),
    }),
  ).finally(() => progress.close());

  const counts = countsOf(result);
  const status = statusOf(counts, isDryRun);
  const sentence = sentenceOf(counts, { status, isDryRun });
  if (options.json) {
    printJson({
      status,
      sentence,
      isDryRun,
      source: source.name,
      target: target.name,
      digest: result.summary.digest,
      models: result.summary.models,
      changes: result.changes,
      outcomes: result.outcomes.map(({ change, ...outcome }) => ({
        model: change.model,
        key: change.key,
        action: change.action,
        ...outcome,
      })),
      findings: result.findings,
    });
  } else {
    await writeReport(result, { sentence, isDryRun, schema });
  }
  return exitCodeOf(status, options.exitCode ?? false);
}

/** Models that either path speaks of; all of them where both are silent, so that each is named as missing. */
function findModels(from: string, to: string, all: readonly Model[]): readonly Model[] {
  const kept = new Set([...findKeptModels(from, all), ...findKeptModels(to, all)]);
  return kept.size === 0 ? all : all.filter((model) => kept.has(model));
}

function countsOf({ summary, changes, outcomes, findings }: SyncResult): SyncCounts {
  const { totals } = summary;
  const applied = (action: string): number =>
    outcomes.filter(({ status, change }) => status === "applied" && change.action === action)
      .length;
  const ended = (status: string): number =>
    outcomes.filter((each) => each.status === status).length;
  return {
    create: totals.create,
    update: totals.update,
    delete: totals.delete,
    created: applied("create"),
    updated: applied("update"),
    deleted: applied("delete"),
    failed: ended("failed"),
    skipped: ended("skipped"),
    stale: ended("stale"),
    cancelled: ended("cancelled"),
    held: totals.held,
    rejected: 0,
    heldDeletes: changes.filter(({ hold }) => hold?.guard === "deletes-not-asked").length,
    findings: findings.length,
  };
}
