import type pg from "pg";
import type { Approval } from "../../src/syncs/decisions/approval.ts";

/** What somebody who looks at the sync now approves. */
export async function approvalOf(pool: pg.Pool, syncId: string): Promise<Approval> {
  const { rows } = await pool.query<Approval>(
    `select coalesce(plan_digest, '') as "planDigest", decisions_revision as "decisionsRevision"
       from sync where id = $1`,
    [syncId],
  );
  return rows[0] ?? { planDigest: "", decisionsRevision: 0 };
}
