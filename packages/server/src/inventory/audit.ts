import type { Change } from "@plumbline/sync";
import type { Queryable } from "./inventory.ts";
import type { Permits } from "./permits.ts";

/** What became of an object. */
export interface ObjectChange {
  readonly id: string;
  readonly change: Pick<Change, "model" | "action" | "label" | "before" | "after">;
}

/** On whose behalf the hub is written. */
export interface Author {
  readonly userName: string | null;
  readonly jobResultId: string | null;
  readonly syncId: string | null;
  /** Who keeps what it creates: a connection, or `person`; nobody where absent. */
  readonly claimant?: string | undefined;
  /** What the writer may do; everything where absent. */
  readonly permits?: Permits | null | undefined;
  /** What the plan that is being applied will still do to the objects with these ids; absent for who has no plan. */
  readonly findPlanned?:
    ((client: Queryable, ids: readonly string[]) => Promise<readonly PlannedChange[]>) | undefined;
}

/** A change of an object that is there, which a plan holds and has not made yet. */
export interface PlannedChange {
  readonly id: string;
  readonly action: "update" | "delete";
  readonly fields: readonly string[];
  /** False for what is held or rejected. */
  readonly isAllowed: boolean;
}

/**
 * Writes an audit row for each change, in the transaction that makes them. What it tells of the sync stays when the
 * record of the sync is deleted.
 */
export async function recordObjectChanges(
  client: Queryable,
  author: Author,
  changes: readonly ObjectChange[],
): Promise<void> {
  const rows = changes.map(({ id, change }) => ({
    model: change.model,
    object_id: id,
    action: change.action,
    label: change.label,
    before: change.before,
    after: change.after,
  }));
  await client.query(
    `insert into object_change (user_name, job_result_id, sync_id, source_name, undo_of,
                                model, object_id, action, label, before, after)
     select $2, $3, $4, s.source_name, s.undo_of, r.model, r.object_id, r.action, r.label, r.before, r.after
       from json_to_recordset($1::json)
              as r(model text, object_id uuid, action text, label text, before jsonb, after jsonb)
            left join sync s on s.id = $4`,
    [JSON.stringify(rows), author.userName, author.jobResultId, author.syncId],
  );
}
