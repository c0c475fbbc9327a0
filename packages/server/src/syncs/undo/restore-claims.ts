import type pg from "pg";
import { inRunTransaction } from "../fence.ts";
import { joinLatestOutcome } from "../latest.ts";
import type { RunRequest } from "../run-request.ts";

/**
 * Gives the hub's objects back to who kept them before a sync settled its claims, and notes in turn how they were:
 * taking the way back back is the same. What others settled since stays, and so do the claims on objects that were
 * not taken back; what somebody has deleted since is nobody's.
 */
export async function restoreClaims(
  database: { readonly pool: pg.Pool },
  request: RunRequest,
  { connection, undoOf }: { readonly connection: string; readonly undoOf: string },
): Promise<void> {
  await inRunTransaction(database, request, async (client) => {
    await client.query(
      `create temporary table restored on commit drop as
       select s.object_id, s.model, s.former, to_jsonb(h) as present
         from sync_claim s
         left join hub_claim h on h.object_id = s.object_id and h.owner = $3
        where s.sync_id = $1 and s.is_settled
          and (s.verdict = 'restore' or h.object_id is null or h.last_sync = s.sync_id)
          and not exists (select from sync_claim done where done.sync_id = $2 and done.object_id = s.object_id)
          and not exists (select from sync_change c ${joinLatestOutcome}
                           where c.sync_id = $2 and c.target_id = s.object_id::text
                             and outcome.status is distinct from 'applied')`,
      [undoOf, request.syncId, connection],
    );
    await client.query(
      `insert into sync_claim (sync_id, object_id, model, verdict, is_settled, former)
       select $1, object_id, model, 'restore', true, present from restored`,
      [request.syncId],
    );
    await client.query(
      `delete from hub_claim h using restored r where h.object_id = r.object_id and h.owner = $1`,
      [connection],
    );
    await client.query(
      `insert into hub_claim (object_id, model, owner, job_id, first_sync, first_at, last_sync, unseen_since)
       select f.object_id, f.model, f.owner, f.job_id, f.first_sync, f.first_at, f.last_sync, f.unseen_since
         from restored r cross join lateral jsonb_populate_record(null::hub_claim, r.former) f
        where r.former is not null
          and (select c.action from object_change c where c.object_id = r.object_id
                order by c.id desc limit 1) is distinct from 'delete'`,
    );
  });
}
