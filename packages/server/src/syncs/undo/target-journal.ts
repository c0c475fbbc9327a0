import type pg from "pg";
import { mapKeyReferences, type Schema } from "@plumbline/sync";
import { readRows } from "../../staging/read-rows.ts";
import { joinLatestOutcome } from "../latest.ts";
import { merged } from "./journal.ts";

/**
 * Fills a journal with what a sync did to a target outside the hub, from the rows of its plan: those that were
 * applied, and those that were sent and perhaps arrived.
 */
export async function fillTargetJournal(
  pool: pg.Pool,
  schema: Schema,
  syncId: string,
  table: string,
): Promise<void> {
  await pool.query(
    `insert into ${table} (model, id, key, label, existed, is_whole, former, written, is_confirmed)
     select w.model, w.id, w.key, w.label, w.existed, w.is_whole, ${merged("w.befores")},
            case when not w.is_whole then ${merged("w.afters")} end, w.is_confirmed
       from (
         -- The rows of one object have one key.
         select c.model, c.key, max(c.position) as last,
                (array_agg(written_id order by c.position desc) filter (where written_id is not null))[1] as id,
                (array_agg(c.label order by c.position))[1] as label,
                (array_agg(c.action order by c.position))[1] <> 'create' as existed,
                bool_or(c.action = 'delete') as is_whole,
                array_agg(c.before order by c.position desc) as befores,
                array_agg(c.after order by c.position) as afters,
                bool_and(outcome.status is not distinct from 'applied') as is_confirmed
           from sync_change c ${joinLatestOutcome}
           left join sync_sent t on t.sync_id = c.sync_id and t.position = c.position
           cross join lateral (select coalesce(outcome.target_id, c.target_id) as written_id) written
          where c.sync_id = $1 and (outcome.status = 'applied' or t.position is not null)
          group by c.model, c.key) w
      order by w.last desc`,
    [syncId],
  );
  await renameKeys(pool, schema, syncId, table);
}

/** Gives each object of the journal the key that it has since the plan was applied. */
async function renameKeys(
  pool: pg.Pool,
  schema: Schema,
  syncId: string,
  table: string,
): Promise<void> {
  const { rows } = await pool.query<{ model: string; key: string; renamed_to: string }>(
    `select c.model, c.key, c.renamed_to from sync_change c ${joinLatestOutcome}
      where c.sync_id = $1 and c.renamed_to is not null and outcome.status = 'applied'`,
    [syncId],
  );
  if (rows.length === 0) return;
  const renamed = new Map(rows.map((row) => [`${row.model} ${row.key}`, row.renamed_to]));
  const keyAfter = (model: string, key: string): string =>
    renamed.get(`${model} ${key}`) ?? mapKeyReferences(schema, model, key, keyAfter);
  const planned = readRows<{ place: number; model: string; key: string }>(
    pool,
    `select place, model, key from ${table}`,
  );
  for await (const page of planned) {
    const other = page
      .map(({ place, model, key }) => ({ place, key, after: keyAfter(model, key) }))
      .filter(({ key, after }) => after !== key);
    await pool.query(
      `update ${table} j set key = other.key
         from unnest($1::bigint[], $2::text[]) as other(place, key) where j.place = other.place`,
      [other.map(({ place }) => place), other.map(({ after }) => after)],
    );
  }
}
