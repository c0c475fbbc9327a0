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
  /** How many objects of a model the hub has. */
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
  let deletes: PlannedChange[] = [];
  for await (const batch of stream) {
    const [first] = batch;
    if (first === undefined) continue;
    if (deletes.length > 0 && deletes[0]?.model !== first.model) {
      yield await ruleOn(deletes, pinned, options);
      deletes = [];
    }
    if (first.action === "delete") deletes.push(...batch);
    else yield [...batch];
  }
  if (deletes.length > 0) yield await ruleOn(deletes, pinned, options);
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
