import type pg from "pg";
import type { PlannedChange, Schema } from "@plumbline/sync";
import type { DataSyncJob } from "@plumbline/plugin-kit";

/** A change as it is recorded: an update may stand in the place of a delete. */
export interface PlanRow extends PlannedChange {
  readonly insteadOfDelete?: true;
}

/**
 * Where the job's policy marks what its source lacks with a status, an update of the status takes the place of
 * the delete; what has the status already is left out. Of the hub's objects only what the source alone keeps.
 */
export async function* markInstead(
  stream: AsyncIterable<readonly PlannedChange[]>,
  pool: Pick<pg.Pool, "query">,
  schema: Schema,
  job: DataSyncJob,
  isIntoHub: boolean,
): AsyncGenerator<PlanRow[]> {
  for await (const changes of stream) {
    const doomed = changes.filter(
      ({ action, model, hold }) =>
        action === "delete" && statusFor(job, model) !== null && hold?.guard !== "incomplete-read",
    );
    if (doomed.length === 0) {
      yield [...changes];
      continue;
    }
    const own = isIntoHub ? await findOwn(pool, job.connection, doomed) : null;
    const isMarked = new Set(
      doomed.filter(({ targetId }) => own === null || (targetId !== null && own.has(targetId))),
    );
    yield changes.flatMap((change) =>
      isMarked.has(change) ? mark(schema, change, statusFor(job, change.model) ?? "") : [change],
    );
  }
}

function statusFor(job: DataSyncJob, model: string): string | null {
  const policy = job.deletePolicy[model];
  return typeof policy === "object" && "setStatus" in policy ? policy.setStatus : null;
}

function mark(schema: Schema, change: PlannedChange, status: string): PlanRow[] {
  const isReference = schema.model(change.model).field("status").facts.target !== undefined;
  const after = isReference ? JSON.stringify([status]) : status;
  const before = change.before?.["status"] ?? null;
  if (before === after) return [];
  return [
    {
      ...change,
      action: "update",
      before: { status: before },
      after: { status: after },
      fields: ["status"],
      insteadOfDelete: true,
    },
  ];
}

const idsPerQuery = 5000;

/** Of the objects, the ids of those that the connection alone keeps. */
async function findOwn(
  pool: Pick<pg.Pool, "query">,
  connection: string,
  changes: readonly PlannedChange[],
): Promise<ReadonlySet<string>> {
  const own = new Set<string>();
  for (let start = 0; start < changes.length; start += idsPerQuery) {
    const ids = changes.slice(start, start + idsPerQuery).flatMap(({ targetId }) => targetId ?? []);
    const { rows } = await pool.query<{ id: string }>(
      `select object_id as id from hub_claim where object_id = any($1::uuid[])
        group by object_id having bool_and(owner = $2)`,
      [ids, connection],
    );
    for (const { id } of rows) own.add(id);
  }
  return own;
}
