import type pg from "pg";
import type { Model, Values } from "@plumbline/sync";
import type { RenamedObject } from "./former-object.ts";
import { merged } from "./journal.ts";

/**
 * Fills a journal with what a sync did to the hub, from the hub's own history: exactly what was written, by the hub's
 * own models, however the sync ended. To be done after the hub was read: what is changed meanwhile is then known to be.
 */
export async function fillHubJournal(pool: pg.Pool, syncId: string, table: string): Promise<void> {
  await pool.query(
    `insert into ${table} (model, id, label, existed, is_whole, former, changed_by)
     select w.model, w.object_id::text, w.label, w.existed, w.is_whole, ${merged("w.befores")},
            case when later.time is not null then
              format('%s at %s', coalesce(later.source_name, later.user_name, 'the program'),
                     to_char(later.time at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')) end
       from (
         select object_id, max(id) as last_id, min(model) as model,
                (array_agg(label order by id desc))[1] as label,
                (array_agg(action order by id))[1] <> 'create' as existed,
                bool_or(action = 'delete') as is_whole,
                -- What the first change found was there before the sync.
                array_agg(before order by id desc) as befores
           from object_change where sync_id = $1 group by object_id) w
       left join lateral (select time, user_name, source_name from object_change c
                           where c.object_id = w.object_id and c.id > w.last_id
                           order by c.id desc limit 1) later on true
      order by w.last_id desc`,
    [syncId],
  );
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

/** What others renamed or moved after the sync began: what it referred to by its name then. */
export async function readRenamedSince(
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
