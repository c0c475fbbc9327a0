import type pg from "pg";
import type { SyncCounts } from "@plumbline/sync";

/** Counts of a sync's plan and of what became of it. */
export async function countSync(
  executor: Pick<pg.ClientBase | pg.Pool, "query">,
  syncId: string,
): Promise<SyncCounts> {
  const { rows } = await executor.query<SyncCounts>(
    `select ${sum("planned", "create")} as "create",
            ${sum("planned", "update")} as "update",
            ${sum("planned", "delete")} as "delete",
            ${sum("applied", "create")} as created,
            ${sum("applied", "update")} as updated,
            ${sum("applied", "delete")} as deleted,
            ${sum("failed")} as failed,
            ${sum("skipped")} as skipped,
            ${sum("stale")} as stale,
            ${sum("cancelled")} as cancelled,
            ${sum("held")} as held,
            ${sum("held_unasked")} as "heldDeletes",
            ${sum("rejected")} as rejected,
            (select count(*) from sync_finding where sync_id = $1 and kind <> 'unknown-field') as findings
     from sync_count where sync_id = $1`,
    [syncId],
  );
  const counts = rows[0];
  if (counts === undefined) throw new Error(`Counting the sync ${syncId} gave no row.`);
  return counts;
}

function sum(column: string, action?: string): string {
  const filter = action === undefined ? "" : ` filter (where action = '${action}')`;
  return `coalesce(sum(${column})${filter}, 0)::bigint`;
}
