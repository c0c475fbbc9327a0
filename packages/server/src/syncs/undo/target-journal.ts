import type pg from "pg";
import { mapKeyReferences, type Schema } from "@plumbline/sync";
import { joinLatestOutcome } from "../latest.ts";
import { changeColumns, type ChangeRow } from "../read-plan.ts";
import type { FormerObject, Journal } from "./former-object.ts";

interface WrittenRow extends ChangeRow {
  renamed_to: string | null;
  written_id: string | null;
  is_confirmed: boolean;
}

const pageSize = 5000;

/**
 * What a sync did to a target outside the hub, from the rows of its plan: those that were applied, and those that
 * were sent and perhaps arrived.
 */
export async function readTargetJournal(
  pool: pg.Pool,
  schema: Schema,
  syncId: string,
): Promise<Journal> {
  const keyAfter = await readRenames(pool, schema, syncId);
  const objects = new Map<string, FormerObject>();
  // From the last to the first: what is met later was there earlier.
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const { rows } = await pool.query<WrittenRow>(
      `select ${changeColumns}, c.renamed_to, true as is_open,
              coalesce(outcome.target_id, c.target_id) as written_id,
              outcome.status is not distinct from 'applied' as is_confirmed
         from sync_change c ${joinLatestOutcome}
         left join sync_sent t on t.sync_id = c.sync_id and t.position = c.position
        where c.sync_id = $1 and c.position < $2
          and (outcome.status = 'applied' or t.position is not null)
        order by c.position desc limit $3`,
      [syncId, before, pageSize],
    );
    for (const row of rows) take(objects, row, keyAfter);
    before = rows.at(-1)?.position ?? before;
    if (rows.length < pageSize) break;
  }
  return { objects: [...objects.values()], renamedSince: [] };
}

type KeyAfter = (model: string, key: string) => string;

function take(objects: Map<string, FormerObject>, row: WrittenRow, keyAfter: KeyAfter): void {
  // The rows of one object have one key.
  const place = `${row.model} ${row.key}`;
  const known = objects.get(place);
  const isDelete = row.action === "delete";
  const written = known?.written;
  objects.set(place, {
    model: row.model,
    id: known?.id ?? row.written_id,
    key: keyAfter(row.model, row.key),
    label: row.label,
    existed: row.action !== "create",
    isWhole: (known?.isWhole ?? false) || isDelete,
    values: { ...known?.values, ...row.before },
    changedBy: null,
    written: {
      values: isDelete || written?.values === null ? null : { ...row.after, ...written?.values },
      isConfirmed: row.is_confirmed && (written?.isConfirmed ?? true),
    },
  });
}

/** The key that an object of the plan has once what was applied of it is. */
async function readRenames(pool: pg.Pool, schema: Schema, syncId: string): Promise<KeyAfter> {
  const { rows } = await pool.query<{ model: string; key: string; renamed_to: string }>(
    `select c.model, c.key, c.renamed_to from sync_change c ${joinLatestOutcome}
      where c.sync_id = $1 and c.renamed_to is not null and outcome.status = 'applied'`,
    [syncId],
  );
  const renamed = new Map(rows.map((row) => [`${row.model} ${row.key}`, row.renamed_to]));
  const keyAfter: KeyAfter = (model, key) =>
    renamed.get(`${model} ${key}`) ?? mapKeyReferences(schema, model, key, keyAfter);
  return keyAfter;
}
