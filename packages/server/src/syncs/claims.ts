import type pg from "pg";
import { inRunTransaction } from "./fence.ts";
import type { RunRequest } from "./run-request.ts";

/** Whose claims a run is about. */
export interface Claimant {
  readonly connection: string;
  readonly jobId: string;
}

/** Notes which objects the source has and does not keep yet: only what is new is written. */
export async function noteSeen(
  database: { readonly pool: pg.Pool },
  request: RunRequest,
  claimant: Claimant,
  model: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await inRunTransaction(database, request, (client) =>
    client.query(
      `insert into sync_claim (sync_id, object_id, model, verdict)
       select $1, seen.id, $3, 'claim' from unnest($4::uuid[]) as seen(id)
        where not exists (select from hub_claim h where h.object_id = seen.id and h.owner = $2
                            and h.unseen_since is null)
       on conflict do nothing`,
      [request.syncId, claimant.connection, model, ids],
    ),
  );
}

/** Makes the claims of an applied plan: what its source has, lacks, and lets go of. */
export async function settleClaims(
  database: { readonly pool: pg.Pool },
  request: RunRequest,
  { connection, jobId }: Claimant,
): Promise<void> {
  await inRunTransaction(database, request, async (client) => {
    // Taking the sync back restores these.
    await client.query(
      `update sync_claim c
          set is_settled = true,
              former = (select to_jsonb(h) from hub_claim h where h.object_id = c.object_id and h.owner = $2)
        where c.sync_id = $1 and not c.is_settled`,
      [request.syncId, connection],
    );
    await client.query(
      `insert into hub_claim as h (object_id, model, owner, job_id, first_sync, last_sync)
       select object_id, model, $2, $3, sync_id, sync_id from sync_claim
        where sync_id = $1 and verdict = 'claim'
       on conflict (object_id, owner) do update
         set unseen_since = null, last_sync = excluded.last_sync`,
      [request.syncId, connection, jobId],
    );
    await client.query(
      `update hub_claim h set unseen_since = s.created_at, last_sync = s.id
         from sync_claim c join sync s on s.id = c.sync_id
        where c.sync_id = $1 and c.verdict = 'unseen' and h.object_id = c.object_id
          and h.owner = $2 and h.unseen_since is null`,
      [request.syncId, connection],
    );
    await client.query(
      `delete from hub_claim h using sync_claim c
        where c.sync_id = $1 and c.verdict = 'let-go' and h.object_id = c.object_id and h.owner = $2`,
      [request.syncId, connection],
    );
  });
}
