import type pg from "pg";
import type { Action, Adapter, Model, Schema, Values } from "@plumbline/sync";
import { joinLatestOutcome } from "./latest.ts";
import { readBack, type WantedObjects } from "./read-back.ts";

interface AppliedRow {
  position: number;
  model: string;
  action: Action;
  key: string;
  label: string;
  after: Values | null;
  fields: string[];
  target_id: string | null;
  /** Applied by this run; null without an outcome. */
  is_ours: boolean | null;
  step: 0 | 1 | 2;
}

export interface VerifyOptions {
  readonly database: { readonly pool: pg.Pool };
  readonly schema: Schema;
  readonly models: readonly Model[];
  readonly target: Adapter;
  readonly syncId: string;
  readonly jobResultId: string;
  readonly signal: AbortSignal;
  readonly onProgress: (checked: number) => void;
  /** Told of every object that does not read back as written: thing, fact, next step. */
  readonly onMismatch: (message: string) => void;
}

const pageSize = 5000;

/** Reads the target again and compares what this run applied with what is there. */
export async function verifyApplied(options: VerifyOptions): Promise<void> {
  const { database, schema, target, signal, models } = options;
  const wanted = await readWritten(options);
  const hasRenames = await planRenames(options);
  const back = await readBack({ target, schema, models, signal, wanted, hasRenames });
  let position = 0;
  let checked = 0;
  for (;;) {
    const { rows } = await database.pool.query<AppliedRow>(
      `select c.position, c.model, c.action, c.key, c.label, c.after, c.fields, c.step,
              coalesce(outcome.target_id, c.target_id) as target_id,
              outcome.status = 'applied' and outcome.job_result_id = $2 as is_ours
       from (select * from sync_change where sync_id = $1 and position > $3
             order by position limit $4) c
       ${joinLatestOutcome}
       order by c.position`,
      [options.syncId, options.jobResultId, position, pageSize],
    );
    for (const row of rows) {
      // What was emptied was deleted after.
      if (row.is_ours !== true || row.step === 0) continue;
      checked += 1;
      const fault = back.faultOf({ ...row, targetId: row.target_id });
      if (fault !== null) {
        options.onMismatch(`${schema.model(row.model).label} ${row.label} ${fault}`);
      }
    }
    options.onProgress(checked);
    position = rows.at(-1)?.position ?? position;
    if (rows.length < pageSize) return;
  }
}

/** Keys and ids of what this run applied, by model name. */
async function readWritten({
  database,
  syncId,
  jobResultId,
}: VerifyOptions): Promise<ReadonlyMap<string, WantedObjects>> {
  const written = new Map<string, { keys: Set<string>; ids: Set<string> }>();
  let position = 0;
  for (;;) {
    const { rows } = await database.pool.query<{
      position: number;
      model: string;
      key: string;
      target_id: string | null;
    }>(
      `select c.position, c.model, c.key, coalesce(o.target_id, c.target_id) as target_id
       from sync_outcome o join sync_change c on c.sync_id = o.sync_id and c.position = o.position
       where o.sync_id = $1 and o.job_result_id = $2 and o.status = 'applied' and c.position > $3
       order by c.position limit $4`,
      [syncId, jobResultId, position, pageSize],
    );
    for (const { model, key, target_id: id } of rows) {
      let objects = written.get(model);
      if (!objects) written.set(model, (objects = { keys: new Set(), ids: new Set() }));
      objects.keys.add(key);
      if (id !== null) objects.ids.add(id);
    }
    position = rows.at(-1)?.position ?? position;
    if (rows.length < pageSize) return written;
  }
}

/** Whether the sync's plan renames or moves objects. */
async function planRenames({
  database,
  models,
  syncId,
}: Pick<VerifyOptions, "database" | "models" | "syncId">): Promise<boolean> {
  const keyNames = models.flatMap((model) => model.keyNames.map((name) => `${model.name}.${name}`));
  const { rowCount } = await database.pool.query(
    `select from sync_change c, unnest(c.fields) as field
     where c.sync_id = $1 and c.model || '.' || field = any($2) limit 1`,
    [syncId, keyNames],
  );
  return rowCount !== 0;
}
