import { plan, type PlannedChange } from "@plumbline/sync";
import type pg from "pg";
import { createHubView } from "../inventory/hub-view.ts";
import { createInventory } from "../inventory/inventory.ts";
import { idsByKey } from "../inventory/key-lookup.ts";
import type { JobSchema } from "../plugins/job-schema.ts";
import { readPairs, type PairScope } from "./identity.ts";
import type { LoadedSides } from "./load-sides.ts";
import { createReferenceCollector, recordReferences } from "./plan-references.ts";
import { recordChanges, recordFindings, recordModels } from "./record-plan.ts";
import { createRenames } from "./renames.ts";
import { referencePaths } from "./reference-paths.ts";
import { noteSeen } from "./claims.ts";
import { spreadHolds } from "./decisions/rule.ts";
import { takeOverRejections } from "./decisions/standing-rejections.ts";
import { holdDeletes } from "./hold-deletes.ts";
import { isIntoHub } from "./hub.ts";
import { markInstead, type PlanRow } from "./mark-instead.ts";
import { inRunTransaction } from "./fence.ts";
import type { RunRules } from "./run-rules.ts";
import type { RunContext } from "./run-context.ts";
import { holdWayBack } from "./undo/hold-way-back.ts";
import type { WayBack } from "./undo/way-back.ts";

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
  wayBack: WayBack | null,
): Promise<MadePlan> {
  const { database, job, request, log, signal } = context;
  const phase = await context.progress.start("diff");
  const isHub = isIntoHub(job);
  const view = isHub ? createHubView(createInventory(), models) : null;
  const claimant = { connection: job.connection, jobId: job.id };
  const targetInScope = new Map<string, number>();
  const stream = plan(loaded.store, schema, {
    models,
    source: loaded.source,
    target: loaded.target,
    ...rules,
    onProgress: (compared) => void targetInScope.set(compared.model, compared.targetInScope),
    ...(view !== null &&
      wayBack === null && {
        onCounterparts: (model, ids) =>
          noteSeen(database, request, claimant, view.baseName(model), ids),
      }),
    asksDeletes: request.asksDeletes,
    // Asked of the recorded deletes, once it is known whose they are.
    ceiling: null,
    signal,
    ...(wayBack !== null && { pairs: (model) => wayBack.pairs(model) }),
    ...(wayBack === null &&
      pairScope !== null && {
        pairs: (model) => readPairs(database.pool, pairScope, model),
      }),
  });
  let position = 0;
  const rows =
    wayBack === null
      ? markInstead(stream, database.pool, schema, job, isHub)
      : comingBack(stream, wayBack, isHub);
  const collect = createReferenceCollector(
    schema,
    loaded.store,
    view && ((model, keys) => idsByKey(database.pool, view, model, keys)),
  );
  const renamedTo = createRenames(schema);
  for await (const batch of inBatches(rows)) {
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
  // Whoever looks at a large plan does so at once. Until PostgreSQL knows of its rows it takes them for few, and looks
  // through all of them for what lies below each.
  if (position >= large) await database.pool.query("analyze sync_change");
  const digest = await inRunTransaction(database, request, async (client) => {
    const { syncId } = request;
    const targetCount = (model: string): number => targetInScope.get(model) ?? 0;
    const ruled = await ruleOnRows(client, context, models, wayBack, targetCount);
    const { held, rejected, spread } = ruled;
    if (rejected > 0) {
      const be = rejected === 1 ? "change was" : "changes were";
      log.write(
        "info",
        "plan",
        `${rejected} ${be} rejected in an earlier plan and stand so until somebody accepts them`,
      );
    }
    if (spread !== null) await spreadHolds(client, syncId, spread);
    const whole =
      held + rejected === 0
        ? summary.digest
        : await digestWithHolds(client, syncId, summary.digest);
    // From here on the plan is whole, and can be carried on with if the run is lost.
    await client.query("update sync set plan_digest = $2 where id = $1", [syncId, whole]);
    return whole;
  });
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
  const made =
    job.direction === "comparison"
      ? `Found ${position} differences`
      : `Planned ${position} changes`;
  log.write("info", "plan", `${made}; ${findings.length} findings`);
  return { digest };
}

/** Rows of a plan that make a difference to what is known of all. */
const large = 10_000;

interface Ruled {
  readonly held: number;
  readonly rejected: number;
  /** Of what is held or rejected: what needs which is held with it. */
  readonly spread: "all" | "deletes" | null;
}

/** What owners, policies, ceilings and earlier rejections say of the recorded rows; of a way back, who changed what since. */
async function ruleOnRows(
  client: pg.ClientBase,
  { job, request }: RunContext,
  models: JobSchema["models"],
  wayBack: WayBack | null,
  targetCount: (model: string) => number,
): Promise<Ruled> {
  const { syncId, asksDeletes } = request;
  if (job.direction === "comparison") return { held: 0, rejected: 0, spread: null };
  const isHub = isIntoHub(job);
  if (wayBack !== null) {
    const connection = isHub ? job.connection : null;
    const held = await holdWayBack(client, { syncId, journal: wayBack.journal, connection });
    return { held, rejected: 0, spread: held > 0 ? "all" : null };
  }
  const deletes = { syncId, job, models, isIntoHub: isHub, asksDeletes, targetCount };
  const held = await holdDeletes(client, deletes);
  const rejected = await takeOverRejections(client, syncId);
  if (rejected > 0) return { held, rejected, spread: "all" };
  // Where deletes were not asked for every one is held already.
  return { held, rejected, spread: held > 0 && asksDeletes ? "deletes" : null };
}

/**
 * What comes back into the hub comes back with its id, and with what no model declares of it. The ids of what was are the target's own: they pair with
 * nothing of the source.
 */
async function* comingBack(
  stream: AsyncIterable<readonly PlannedChange[]>,
  wayBack: WayBack,
  isHub: boolean,
): AsyncGenerator<PlanRow[]> {
  for await (const changes of stream) {
    const ids = changes.flatMap(({ action, sourceId }) =>
      isHub && action === "create" && sourceId !== null ? [sourceId] : [],
    );
    const beside = ids.length === 0 ? null : await wayBack.beside(ids);
    yield changes.map((change) => {
      const row = { ...change, sourceId: null };
      if (!isHub || change.action !== "create") return row;
      const after = { ...change.after, ...beside?.get(change.sourceId ?? "") };
      return { ...row, after, targetId: change.sourceId };
    });
  }
}

/** A transaction per few thousand rows, where the kernel gives them by the thousand and fewer. */
async function* inBatches(stream: AsyncIterable<PlanRow[]>): AsyncGenerator<PlanRow[]> {
  let batch: PlanRow[] = [];
  for await (const changes of stream) {
    batch.push(...changes);
    if (batch.length < rowsPerTransaction) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The kernel's digest with what was ruled on the recorded rows: what is held belongs to what was reviewed. */
async function digestWithHolds(
  client: pg.ClientBase,
  syncId: string,
  digest: string,
): Promise<string> {
  const { rows } = await client.query<{ digest: string }>(
    `select encode(sha256(convert_to($2 || coalesce(string_agg(
              format('%s %s %s', position, verdict, guard), ',' order by position, id), ''), 'UTF8')), 'hex') as digest
       from sync_decision where sync_id = $1`,
    [syncId, digest],
  );
  return rows[0]?.digest ?? digest;
}
