import type pg from "pg";
import {
  checkCeiling,
  type Hold,
  type PlannedChange,
  type Schema,
  visitReferences,
} from "@plumbline/sync";
import type { DataSyncJob } from "@plumbline/plugin-kit";

export interface ForeignDeletesOptions {
  readonly pool: Pick<pg.Pool, "query">;
  readonly schema: Schema;
  readonly job: DataSyncJob;
  /** How many objects of a model in scope the hub has; asked once all models are compared. */
  readonly hubCount: (model: string) => number;
}

/**
 * Holds deletes of hub objects that are not the job's own alone: made by runs of this job, written by no
 * other job since, and remembered by no other connection. What the job lacks may be all that another
 * source, or a person, has put there. The ceiling is then asked of what is left, so that a source that
 * gives nothing any more is seen as empty however much others keep in the hub.
 * Deletes come model by model, what refers before what is referred to.
 */
export async function* holdForeignDeletes(
  stream: AsyncIterable<readonly PlannedChange[]>,
  options: ForeignDeletesOptions,
): AsyncGenerator<PlannedChange[]> {
  const pinned = new Map<string, PlannedChange>();
  const emptying: PlannedChange[] = [];
  const ruled: PlannedChange[][] = [];
  let deletes: PlannedChange[] = [];
  for await (const batch of stream) {
    const [first] = batch;
    if (first === undefined) continue;
    if (deletes.length > 0 && deletes[0]?.model !== first.model) {
      const group = await ruleOn(deletes, pinned, options);
      if (emptying.length > 0) ruled.push(group);
      else yield group;
      deletes = [];
    }
    if (first.step === 0) emptying.push(...batch);
    else if (first.action === "delete") deletes.push(...batch);
    else yield [...batch];
  }
  if (deletes.length > 0) ruled.push(await ruleOn(deletes, pinned, options));
  yield* emptying.length > 0 ? spreadRound(emptying, ruled, options.schema) : ruled;
}

/**
 * Where what is deleted refers to each other in a circle: what is held keeps what it refers to wherever that
 * stands in the order, and its references as they are.
 */
function spreadRound(
  emptying: readonly PlannedChange[],
  ruled: readonly PlannedChange[][],
  schema: Schema,
): PlannedChange[][] {
  const emptied = new Map(emptying.map((change) => [address(change.model, change.key), change]));
  const holds = new Map<string, Hold | null>();
  const held: PlannedChange[] = [];
  for (const change of ruled.flat()) {
    holds.set(address(change.model, change.key), change.hold);
    if (change.hold !== null) held.push(change);
  }
  const byAddress = new Map(
    ruled.flat().map((change) => [address(change.model, change.key), change] as const),
  );
  for (let change = held.pop(); change !== undefined; change = held.pop()) {
    const by = change;
    const before = { ...by.before, ...emptied.get(address(by.model, by.key))?.before };
    for (const { name, field } of schema.referenceFields(by.model)) {
      visitReferences(field, before[name], (target, key) => {
        const referred = byAddress.get(address(target, key));
        if (referred === undefined || holds.get(address(target, key)) !== null) return;
        holds.set(address(target, key), stillReferenced(by));
        held.push(referred);
      });
    }
  }
  return [emptying, ...ruled].map((changes) =>
    changes.map((change) => ({
      ...change,
      hold: holds.get(address(change.model, change.key)) ?? null,
    })),
  );
}

/** All deletes of one model. */
async function ruleOn(
  deletes: readonly PlannedChange[],
  pinned: Map<string, PlannedChange>,
  { pool, schema, job, hubCount }: ForeignDeletesOptions,
): Promise<PlannedChange[]> {
  const [first] = deletes;
  if (first === undefined) return [];
  const model = schema.model(first.model);
  const open = deletes.filter(({ hold }) => hold === null || hold.guard === "still-referenced");
  const own = await findOwn(pool, job, open);
  const foreign = open.filter(({ targetId }) => targetId === null || !own.has(targetId)).length;
  const ceiling = checkCeiling(
    model,
    open.length - foreign,
    hubCount(model.name) - foreign,
    job.deleteCeiling,
  );

  const rule = (change: PlannedChange): Hold | null => {
    if (change.hold !== null) return change.hold;
    if (change.targetId === null || !own.has(change.targetId)) return notOwner(change);
    if (ceiling !== null) return ceiling;
    const by = pinned.get(address(change.model, change.key));
    return by === undefined ? null : stillReferenced(by);
  };
  return deletes.map((change) => {
    const hold = rule(change);
    if (hold !== null) {
      for (const { name, field } of schema.referenceFields(model)) {
        visitReferences(field, change.before?.[name], (target, key) => {
          pinned.set(address(target, key), change);
        });
      }
    }
    return { ...change, hold };
  });
}

const idsPerQuery = 5000;

/** Of the objects that deletes are about, the ids of those that are the job's alone. */
async function findOwn(
  pool: Pick<pg.Pool, "query">,
  job: DataSyncJob,
  deletes: readonly PlannedChange[],
): Promise<ReadonlySet<string>> {
  const own = new Set<string>();
  for (let start = 0; start < deletes.length; start += idsPerQuery) {
    const part = deletes.slice(start, start + idsPerQuery);
    const { rows } = await pool.query<{ id: string }>(
      `select o.id from unnest($1::uuid[]) as o(id)
       where exists (
           select from object_change c join job_result r on r.id = c.job_result_id
           where c.object_id = o.id and c.action = 'create' and r.job_id = $2)
         and not exists (
           select from object_change c join job_result r on r.id = c.job_result_id
           where c.object_id = o.id and r.job_id <> $2)
         and not exists (
           select from identity i
           where i.hub_id = o.id and i.connection <> $3)`,
      [part.map(({ targetId }) => targetId).filter((id) => id !== null), job.id, job.connection],
    );
    for (const { id } of rows) own.add(id);
  }
  return own;
}

function notOwner({ label }: PlannedChange): Hold {
  return {
    guard: "not-owner",
    reason:
      `The source lacks ${label}, but it is not this job's alone: it was made by a person or another job, ` +
      "or another one wrote it since. Have the job that made it delete it.",
  };
}

function stillReferenced({ label }: PlannedChange): Hold {
  return {
    guard: "still-referenced",
    reason: `${label} stays and refers to it. Delete or change that one first.`,
  };
}

function address(model: string, key: string): string {
  return `${model} ${key}`;
}
