import type pg from "pg";
import {
  createMemoryStore,
  equalCanonical,
  keyLabel,
  loadSide,
  type Action,
  type Adapter,
  type Model,
  type Schema,
  type SideRecord,
  type SideTable,
  type Store,
  type Values,
} from "@plumbline/sync";
import { joinLatestOutcome } from "./latest.ts";

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
  const { database, schema, target, signal } = options;
  const written = await readWritten(options);
  const memory = createMemoryStore(schema);
  /** Models whose records have ids. */
  const withIds = new Set<string>();
  // Of all that is read only what was written is kept.
  const store: Store = {
    ...memory,
    add(side, model, records) {
      const known = written.get(model);
      if (records.some(({ id }) => id !== undefined)) withIds.add(model);
      const kept = records.filter(
        ({ key, id }) => known?.keys.has(key) === true || (id !== undefined && known?.ids.has(id)),
      );
      return memory.add(side, model, kept);
    },
  };
  await loadSide(target, { side: "target", schema, store, signal, models: options.models });
  const byId = new Map<string, ReadonlyMap<string, SideRecord>>();
  const renamed = await hasRenames(options);
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
      const model = schema.model(row.model);
      const table = memory.table("target", row.model);
      let ids = byId.get(row.model);
      if (ids === undefined) byId.set(row.model, (ids = indexById(table)));
      const record =
        (row.target_id === null ? undefined : ids.get(row.target_id)) ?? table.get(row.key);
      const fault = faultOf(row, schema, record, withIds.has(row.model), renamed);
      if (fault !== null) options.onMismatch(`${model.label} ${row.label} ${fault}`);
    }
    options.onProgress(checked);
    position = rows.at(-1)?.position ?? position;
    if (rows.length < pageSize) return;
  }
}

interface WrittenObjects {
  readonly keys: Set<string>;
  readonly ids: Set<string>;
}

/** Keys and ids of what this run applied, by model name. */
async function readWritten({
  database,
  syncId,
  jobResultId,
}: VerifyOptions): Promise<ReadonlyMap<string, WrittenObjects>> {
  const written = new Map<string, WrittenObjects>();
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

function faultOf(
  row: AppliedRow,
  schema: Schema,
  record: SideRecord | undefined,
  hasIds: boolean,
  renamed: boolean,
): string | null {
  const model = schema.model(row.model);
  const next = "Look at the object in the target, and run again.";
  if (row.action === "delete") {
    const isSame = record !== undefined && (!hasIds || record.id === row.target_id);
    return isSame ? `was deleted and is still there. ${next}` : null;
  }
  if (record === undefined) {
    // Without ids a renamed object, or one under a renamed parent, is not found by the key it had.
    if (!hasIds && renamed) return null;
    return `was ${row.action}d and is not there. ${next}`;
  }
  for (const [name, expected] of Object.entries(row.after ?? {})) {
    const index = model.names.indexOf(name);
    const actual = record.values[index];
    if (actual === undefined || equalCanonical(actual, expected)) continue;
    // A reference to a renamed object was planned under one of its names and may read back as the other.
    if (renamed && model.field(name).kind === "reference") continue;
    const show = (value: unknown): string => textOf(schema, model, name, value);
    return `reads back with another ${name} than was written: ${show(actual)} instead of ${show(expected)}. ${next}`;
  }
  return null;
}

async function hasRenames({ database, models, syncId }: VerifyOptions): Promise<boolean> {
  const keyNames = models.flatMap((model) => model.keyNames.map((name) => `${model.name}.${name}`));
  const { rowCount } = await database.pool.query(
    `select from sync_change c, unnest(c.fields) as field
     where c.sync_id = $1 and c.model || '.' || field = any($2) limit 1`,
    [syncId, keyNames],
  );
  return rowCount !== 0;
}

function indexById(table: SideTable): ReadonlyMap<string, SideRecord> {
  const ids = new Map<string, SideRecord>();
  for (const record of table.records()) {
    if (record.id !== undefined) ids.set(record.id, record);
  }
  return ids;
}

/** References by their labels, anything else as JSON. */
function textOf(schema: Schema, model: Model, name: string, value: unknown): string {
  const { kind, facts } = model.field(name);
  const isReference = kind === "reference" && facts.target !== undefined;
  const text =
    isReference && typeof value === "string"
      ? keyLabel(schema, facts.target, value)
      : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
