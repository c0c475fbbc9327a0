import type pg from "pg";
import type { Adapter, Model, Outcome, Schema } from "@plumbline/sync";
import { isUnfinished, joinLatestDecision, joinLatestOutcome } from "./latest.ts";
import type { OutcomeRecorder } from "./outcome-recorder.ts";
import { readBack } from "./read-back.ts";
import { changeColumns, type ChangeRow, toChange } from "./read-plan.ts";
import type { RecordedChange } from "./record-plan.ts";

export interface ConfirmOptions {
  readonly database: { readonly pool: pg.Pool };
  readonly schema: Schema;
  readonly models: readonly Model[];
  readonly target: Adapter;
  readonly syncId: string;
  readonly signal: AbortSignal;
  readonly recorder: Pick<OutcomeRecorder, "take">;
}

/**
 * Changes that were sent to a target outside our database and never heard of again: those that read back as
 * written have been applied and get that outcome; the others are as if they had not been sent.
 * Gives how many were found applied.
 */
export async function confirmSent(options: ConfirmOptions): Promise<number> {
  const { database, schema, models, target, syncId, signal, recorder } = options;
  const { rows } = await database.pool.query<ChangeRow>(
    `select ${changeColumns}, true as is_open
       from sync_sent t
       join sync_change c on c.sync_id = t.sync_id and c.position = t.position
       ${joinLatestDecision} ${joinLatestOutcome}
      where t.sync_id = $1 and ${isUnfinished} order by c.position`,
    [syncId],
  );
  if (rows.length === 0) return 0;
  const sent = rows.map(toChange);
  const wanted = new Map<string, { keys: Set<string>; ids: Set<string> }>();
  for (const { model, key, targetId } of sent) {
    let objects = wanted.get(model);
    if (!objects) wanted.set(model, (objects = { keys: new Set(), ids: new Set() }));
    objects.keys.add(key);
    if (targetId !== null) objects.ids.add(targetId);
  }
  // Without renames taken into account: an object not found by the key it had counts as not written.
  const back = await readBack({ target, schema, models, signal, wanted, hasRenames: false });
  const confirmed = sent.filter((change) => back.faultOf(change) === null);
  await recorder.take(
    confirmed.map((change): Outcome<RecordedChange> => {
      const targetId = back.find(change)?.id ?? change.targetId;
      return { change, status: "applied", targetId, error: null };
    }),
  );
  return confirmed.length;
}
