import type pg from "pg";
import { StalePlanError } from "@plumbline/sync";

/** What a person saw when they approved a plan. */
export interface Approval {
  readonly planDigest: string;
  readonly decisionsRevision: number;
}

/** @throws StalePlanError saying what changed, where the plan or what is decided about it is another by now */
export async function checkApproval(
  client: pg.ClientBase,
  syncId: string,
  { planDigest, decisionsRevision }: Approval,
): Promise<void> {
  const { rows } = await client.query<{ plan_digest: string | null; decisions_revision: number }>(
    "select plan_digest, decisions_revision from sync where id = $1",
    [syncId],
  );
  const sync = rows[0];
  if (planDigest !== sync?.plan_digest) {
    throw new StalePlanError(
      `The approval is of another plan (${planDigest.slice(0, 12)}) than the recorded one (${sync?.plan_digest?.slice(0, 12) ?? "none"}); nothing was written. Open the sync and look at its plan.`,
    );
  }
  const revision = sync.decisions_revision;
  if (decisionsRevision === revision) return;
  throw new StalePlanError(
    `What is decided about the plan changed since you looked: ${await describeSince(client, syncId, decisionsRevision)}. Nothing was written. Look at it again and apply.`,
    { details: { decisionsRevision: revision } },
  );
}

const verbs: Readonly<Record<string, string>> = {
  reject: "rejected",
  accept: "accepted",
  release: "released",
  hold: "held",
};

async function describeSince(
  client: pg.ClientBase,
  syncId: string,
  revision: number,
): Promise<string> {
  const { rows } = await client.query<{ user: string | null; verdict: string; count: number }>(
    `select user_name as "user", verdict, count(*) as count from sync_decision
      where sync_id = $1 and revision > $2 group by 1, 2 order by 1, 2`,
    [syncId, revision],
  );
  if (rows.length === 0) return "it is not at the revision that was named";
  return rows
    .map(({ user, verdict, count }) => {
      const changes = count === 1 ? "1 change" : `${count} changes`;
      return `${user ?? "the program"} ${verbs[verdict] ?? verdict} ${changes}`;
    })
    .join(", ");
}
