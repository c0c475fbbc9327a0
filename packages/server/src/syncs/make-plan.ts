import { plan, type PlannedChange } from "@plumbline/sync";
import { createHubView } from "../inventory/hub-view.ts";
import { createInventory } from "../inventory/inventory.ts";
import { idsByKey } from "../inventory/key-lookup.ts";
import type { JobSchema } from "../plugins/job-schema.ts";
import { readPairs, type PairScope } from "./identity.ts";
import { holdForeignDeletes } from "./hold-foreign-deletes.ts";
import type { LoadedSides } from "./load-sides.ts";
import { createReferenceCollector, recordReferences } from "./plan-references.ts";
import { recordChanges, recordFindings, recordModels } from "./record-plan.ts";
import { createRenames } from "./renames.ts";
import { referencePaths } from "./reference-paths.ts";
import { rejectAgain } from "./decisions/decide.ts";
import { inRunTransaction } from "./fence.ts";
import type { RunRules } from "./run-rules.ts";
import type { RunContext } from "./run-context.ts";

export interface MadePlan {
  readonly digest: string;
}

const rowsPerTransaction = 5000;

/** Diffs the loaded sides, lets the guards rule, and records every row as the plan streams. */
export async function makePlan(
  context: RunContext,
  { schema, models }: JobSchema,
  loaded: LoadedSides,
  pairScope: PairScope | null,
  rules: RunRules,
): Promise<MadePlan> {
  const { database, job, request, log, signal } = context;
  const phase = await context.progress.start("diff");
  const isIntoHub = job.direction === "source" && job.openOther === null;
  const targetInScope = new Map<string, number>();
  const stream = plan(loaded.store, schema, {
    models,
    source: loaded.source,
    target: loaded.target,
    ...rules,
    onProgress: (compared) => void targetInScope.set(compared.model, compared.targetInScope),
    asksDeletes: request.asksDeletes,
    // Of the hub, asked of what is the job's own.
    ceiling: isIntoHub ? null : job.deleteCeiling,
    signal,
    ...(pairScope !== null && {
      pairs: (model) => readPairs(database.pool, pairScope, model),
    }),
  });
  let position = 0;
  const ruled =
    isIntoHub && request.asksDeletes
      ? holdForeignDeletes(stream, {
          pool: database.pool,
          schema,
          job,
          hubCount: (model) => targetInScope.get(model) ?? 0,
        })
      : stream;
  const hub = isIntoHub ? createHubView(createInventory(), models) : null;
  const collect = createReferenceCollector(
    schema,
    loaded.store,
    hub && ((model, keys) => idsByKey(database.pool, hub, model, keys)),
  );
  const renamedTo = createRenames(schema);
  for await (const batch of inBatches(ruled)) {
    signal.throwIfAborted();
    position = await recordChanges(database, request, request.syncId, batch, position, renamedTo);
    // A plan that is applied at once is not compared with what its objects were.
    if (request.isDryRun) {
      await recordReferences(database, request, request.syncId, await collect(batch));
    }
    phase.advance(position);
  }
  const { summary } = stream;
  const findings = [...loaded.findings, ...summary.findings];
  await recordFindings(database, request, request.syncId, findings);
  await recordModels(
    database,
    request,
    request.syncId,
    summary.models.map((model) => ({
      model: model.model,
      sourceCount: loaded.source.counts[model.model] ?? 0,
      targetCount: loaded.target.counts[model.model] ?? 0,
      unchangedCount: model.unchanged,
      outOfScopeCount: model.outOfScope,
      ignoredCount: model.ignored,
      sourceIncomplete: model.sourceIncomplete,
      targetIncomplete: model.targetIncomplete,
      referencePaths: referencePaths(schema, schema.model(model.model)),
    })),
  );
  const rejected = await inRunTransaction(database, request, (client) =>
    rejectAgain(client, request.syncId),
  );
  if (rejected > 0) {
    log.write(
      "info",
      "plan",
      `${rejected} of them were rejected in an earlier plan and are so until somebody accepts them`,
    );
  }
  await phase.finish();
  for (const finding of findings.slice(0, 200)) {
    log.write("warning", finding.side, finding.message, {
      model: finding.model,
      ...(finding.origin !== null && { origin: finding.origin }),
    });
  }
  if (findings.length > 200) {
    log.write(
      "warning",
      "plan",
      `${findings.length - 200} more findings are in the sync's record.`,
    );
  }
  log.write("info", "plan", `Planned ${position} changes; ${findings.length} findings`);
  return { digest: summary.digest };
}

/** A transaction per few thousand rows, where the kernel gives them by the thousand and fewer. */
async function* inBatches(stream: AsyncIterable<PlannedChange[]>): AsyncGenerator<PlannedChange[]> {
  let batch: PlannedChange[] = [];
  for await (const changes of stream) {
    batch.push(...changes);
    if (batch.length < rowsPerTransaction) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
