import type pg from "pg";
import type { Model, Pair, SideRecord, Values } from "@plumbline/sync";
import { unfoldCustomValues } from "../../inventory/custom-fields/model-fields.ts";
import { stagingSchema, tablePrefix } from "../../staging/drop-staging.ts";
import { readRows } from "../../staging/read-rows.ts";
import type { FormerObject } from "./former-object.ts";

/** What reading the target said of an object of the journal. */
export interface Met {
  readonly place: number;
  readonly id: string | null;
  /** Whether what was sent of it never got to the target. */
  readonly isUnchanged: boolean;
  readonly hold: Hold | null;
}

/** Why an object is not taken back until a person says so. */
export interface Hold {
  /** Its key now, where it has no id. */
  readonly key: string | null;
  /** Thing, fact, next step. */
  readonly reason: string;
}

/**
 * All that a sync did to its target, a row for each object, from the last that it touched to the first. It is staged
 * as the records of a large run are: what reads it holds a page at a time.
 */
export interface Journal {
  /** Its table. */
  readonly table: string;
  /** The objects that some records are now. */
  find(model: string, records: readonly SideRecord[]): Promise<Lookup>;
  /** Notes what was met in the target. */
  note(met: readonly Met[]): Promise<void>;
  /** Notes why objects that are not there are held. */
  hold(holds: readonly (Hold & { readonly place: number })[]): Promise<void>;
  /** What was not met, of one model or of all. */
  absent(model?: string): AsyncGenerator<readonly FormerObject[]>;
  /** Those of some ids that were not met. */
  absentOf(ids: readonly string[]): Promise<readonly FormerObject[]>;
  /** Objects that were met are themselves, whatever they are called. */
  pairs(model: Model): AsyncGenerator<Pair>;
}

export type Lookup = (record: SideRecord) => FormerObject | undefined;

interface Row {
  place: number;
  model: string;
  id: string | null;
  key: string | null;
  label: string;
  existed: boolean;
  is_whole: boolean;
  former: Values;
  changed_by: string | null;
  written: Values | null;
  is_confirmed: boolean | null;
  is_unchanged: boolean;
}

const columns =
  "place, model, id, key, label, existed, is_whole, former, changed_by, written, is_confirmed, is_unchanged";

/**
 * Stages the journal of a sync. It is dropped with what else the run staged.
 * @param fill puts its rows into the table
 */
export async function stageJournal(
  pool: pg.Pool,
  runId: string,
  fill: (table: string) => Promise<void>,
): Promise<Journal> {
  const table = `${stagingSchema}.${tablePrefix(runId)}journal`;
  await pool.query(
    `create unlogged table ${table} (
       place bigint generated always as identity primary key,
       model text not null, id text, key text collate "C", label text not null,
       existed boolean not null, is_whole boolean not null, former jsonb not null,
       changed_by text, written jsonb, is_confirmed boolean,
       is_met boolean not null default false, is_unchanged boolean not null default false,
       met_id text, held_key text, reason text)`,
  );
  await fill(table);
  await pool.query(
    `create index on ${table} (id, model); create index on ${table} (model, key); analyze ${table}`,
  );

  return {
    table,
    async find(model, records) {
      const { rows } = await pool.query<Row>(
        `select ${columns} from ${table}
          where model = $1 and (id = any($2::text[]) or key = any($3::text[])) order by place`,
        [model, records.flatMap(({ id }) => id ?? []), records.map(({ key }) => key)],
      );
      return indexOf(rows.map(toObject));
    },
    async note(met) {
      if (met.length === 0) return;
      await pool.query(
        `update ${table} j set is_met = true, is_unchanged = met.is_unchanged, met_id = met.id,
                held_key = met.key, reason = met.reason
           from unnest($1::bigint[], $2::text[], $3::boolean[], $4::text[], $5::text[])
                as met(place, id, is_unchanged, key, reason)
          where j.place = met.place`,
        [
          met.map(({ place }) => place),
          met.map(({ id }) => id),
          met.map(({ isUnchanged }) => isUnchanged),
          met.map(({ hold }) => hold?.key ?? null),
          met.map(({ hold }) => hold?.reason ?? null),
        ],
      );
    },
    async hold(holds) {
      if (holds.length === 0) return;
      await pool.query(
        `update ${table} j set held_key = held.key, reason = held.reason
           from unnest($1::bigint[], $2::text[], $3::text[]) as held(place, key, reason)
          where j.place = held.place`,
        [
          holds.map(({ place }) => place),
          holds.map(({ key }) => key),
          holds.map(({ reason }) => reason),
        ],
      );
    },
    async *absent(model) {
      const rows = readRows<Row>(
        pool,
        `select ${columns} from ${table}
          where not is_met and ($1::text is null or model = $1) order by place`,
        [model ?? null],
      );
      for await (const page of rows) yield page.map(toObject);
    },
    async absentOf(ids) {
      const { rows } = await pool.query<Row>(
        `select ${columns} from ${table} where not is_met and id = any($1::text[]) order by place`,
        [ids],
      );
      return rows.map(toObject);
    },
    async *pairs({ name }) {
      const rows = readRows<{ id: string }>(
        pool,
        `select met_id as id from ${table}
          where model = $1 and is_met and not is_unchanged and met_id is not null order by place`,
        [name],
      );
      for await (const page of rows) {
        for (const { id } of page) yield { sourceId: id, targetId: id };
      }
    },
  };
}

/**
 * SQL of the members of several objects of JSON as one object: of a name given more than once, the last one's.
 * @param objects an array of jsonb
 */
export function merged(objects: string): string {
  return `coalesce(case cardinality(${objects}) when 1 then ${objects}[1] else (
    select jsonb_object_agg(member.key, member.value order by each.place)
      from unnest(${objects}) with ordinality as each(object, place), jsonb_each(each.object) member) end, '{}')`;
}

/** Finds the object of a record by its id, or by its key where it has none. */
function indexOf(objects: readonly FormerObject[]): Lookup {
  const ids = new Map<string, FormerObject>();
  const keys = new Map<string, FormerObject>();
  for (const object of objects) {
    if (object.id !== null) ids.set(object.id, object);
    if (object.key !== null) keys.set(object.key, object);
  }
  return ({ id, key }) => {
    const byId = id === undefined ? undefined : ids.get(id);
    if (byId !== undefined) return byId;
    const byKey = keys.get(key);
    // What was made again under its key is another object, and has another id.
    return byKey === undefined || byKey.id === null || id === undefined || byKey.isWhole
      ? byKey
      : undefined;
  };
}

function toObject(row: Row): FormerObject {
  return {
    place: row.place,
    model: row.model,
    id: row.id,
    key: row.key,
    label: row.label,
    existed: row.existed,
    isWhole: row.is_whole,
    values: unfoldCustomValues(row.former),
    changedBy: row.changed_by,
    written:
      row.is_confirmed === null ? null : { values: row.written, isConfirmed: row.is_confirmed },
    isUnchanged: row.is_unchanged,
  };
}
