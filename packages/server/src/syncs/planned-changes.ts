import type { Author, PlannedChange } from "../inventory/audit.ts";
import { isAllowed, joinLatestDecision, joinLatestOutcome } from "./latest.ts";

/** Looks up what the plan of a sync will still do to objects of the hub. */
export function plannedChangesOf(syncId: string): NonNullable<Author["findPlanned"]> {
  return async (client, ids) => {
    const { rows } = await client.query<PlannedChange>(
      `select c.target_id as id, c.action, c.fields, ${isAllowed} as "isAllowed"
         from sync_change c ${joinLatestDecision} ${joinLatestOutcome}
        where c.sync_id = $1 and c.target_id = any($2::text[]) and c.action <> 'create'
          and outcome.status is distinct from 'applied'`,
      [syncId, ids],
    );
    return rows;
  };
}
