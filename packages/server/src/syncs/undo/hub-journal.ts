import type pg from "pg";
import type { Action, Model, Values } from "@plumbline/sync";
import type { FormerObject, Journal, RenamedObject } from "./former-object.ts";

interface ChangeRow {
  id: number;
  model: string;
  object_id: string;
  action: Action;
  label: string;
  before: Values | null;
}

const pageSize = 5000;
const nothing: Values = {};

/**
 * What a sync did to the hub, from the hub's own history: exactly what was written, by the hub's own models,
 * however the sync ended. To be read after the hub was: what is changed meanwhile is then known to be.
 */
export async function readHubJournal(
  pool: pg.Pool,
  syncId: string,
  models: readonly Model[],
): Promise<Journal> {
  const changedBy = await readChangedSince(pool, syncId);
  const objects = new Map<string, FormerObject>();
  // From the last to the first: what is met later was there earlier.
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const { rows } = await pool.query<ChangeRow>(
      `select id, model, object_id, action, label, before from object_change
        where sync_id = $1 and id < $2 order by id desc limit $3`,
      [syncId, before, pageSize],
    );
    for (const row of rows) {
      const known = objects.get(row.object_id) ?? {
        model: row.model,
        id: row.object_id,
        key: null,
        label: row.label,
        existed: true,
        isWhole: false,
        values: nothing,
        changedBy: changedBy.get(row.object_id) ?? null,
        written: null,
      };
      objects.set(row.object_id, {
        ...known,
        existed: row.action !== "create",
        isWhole: known.isWhole || row.action === "delete",
        // Most objects have one row, and what was made has no values of before.
        values:
          known.values === nothing ? (row.before ?? nothing) : { ...known.values, ...row.before },
      });
    }
    before = rows.at(-1)?.id ?? before;
    if (rows.length < pageSize) break;
  }
  const renamedSince = await readRenamedSince(pool, syncId, models);
  return { objects: [...objects.values()], renamedSince };
}

/** Names of the models whose objects a sync wrote. */
export async function readWrittenModels(
  pool: pg.Pool,
  syncId: string,
): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ model: string }>(
    "select distinct model from object_change where sync_id = $1",
    [syncId],
  );
  return new Set(rows.map(({ model }) => model));
}

/** By object: who last changed what the sync wrote, after it. */
async function readChangedSince(
  pool: pg.Pool,
  syncId: string,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ object_id: string; changed_by: string }>(
    `with written as (select object_id, max(id) as last_id from object_change where sync_id = $1 group by 1)
     select w.object_id,
            format('%s at %s', coalesce(s.source_name, later.user_name, 'the program'),
                   to_char(later.time at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')) as changed_by
       from written w
       cross join lateral (select time, user_name, sync_id from object_change c
                            where c.object_id = w.object_id and c.id > w.last_id order by c.id desc limit 1) later
       left join sync s on s.id = later.sync_id`,
    [syncId],
  );
  return new Map(rows.map((row) => [row.object_id, row.changed_by]));
}

/** What others renamed or moved after the sync began: what it referred to by its name then. */
async function readRenamedSince(
  pool: pg.Pool,
  syncId: string,
  models: readonly Model[],
): Promise<RenamedObject[]> {
  const keys = models.map(({ name, keyNames }) => ({ model: name, names: keyNames }));
  const { rows } = await pool.query<{ model: string; object_id: string; before: Values }>(
    `select c.model, c.object_id, c.before from object_change c
       join jsonb_to_recordset($2::jsonb) as key(model text, names text[])
            on key.model = c.model and c.before ?| key.names
      where c.action = 'update' and c.sync_id is distinct from $1
        and c.id > (select min(id) from object_change where sync_id = $1)
      order by c.id desc`,
    [syncId, JSON.stringify(keys)],
  );
  const renamed = new Map<string, RenamedObject>();
  for (const { model, object_id: id, before } of rows) {
    renamed.set(id, { model, id, values: { ...renamed.get(id)?.values, ...before } });
  }
  return [...renamed.values()];
}
