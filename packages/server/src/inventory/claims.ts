import type { Author } from "./audit.ts";
import { isUuid } from "./uuid.ts";
import type { Queryable } from "./inventory.ts";
import type { PendingChange } from "./pending-change.ts";

/** Who keeps what people make by hand. */
export const person = "person";

/** Somebody who keeps an object of the hub: no source deletes what another one keeps. */
export interface Owner {
  /** A connection, or `person`. */
  readonly owner: string;
  readonly jobId: string | null;
  /** The sync that first found or made it; null for a person. */
  readonly syncId: string | null;
  readonly since: Date;
  /** Since when the owner's system lacks it. */
  readonly unseenSince: Date | null;
}

export async function ownersOf(
  { pool }: { readonly pool: Queryable },
  id: string,
): Promise<readonly Owner[]> {
  if (!isUuid(id)) return [];
  const { rows } = await pool.query<Owner>(
    `select owner, job_id as "jobId", first_sync as "syncId", first_at as since, unseen_since as "unseenSince"
       from hub_claim where object_id = $1 order by first_at, owner`,
    [id],
  );
  return rows;
}

/** Gives what is created to its author, in the transaction that makes it. */
export async function claimCreated(
  client: Queryable,
  { claimant, syncId }: Author,
  pending: readonly PendingChange[],
): Promise<void> {
  const created = pending.filter(({ change }) => change.action === "create");
  if (claimant == null || created.length === 0) return;
  await client.query(
    `insert into hub_claim (object_id, model, owner, job_id, first_sync, last_sync)
     select created.id, created.model, $3, (select job_id from sync where id = $4), $4, $4
       from unnest($1::uuid[], $2::text[]) as created(id, model)
     on conflict do nothing`,
    [created.map(({ id }) => id), created.map(({ change }) => change.model), claimant, syncId],
  );
}

/**
 * Drops the claims on what is deleted, in the transaction that does it. On what a sync deletes they stay as long as its
 * record: undone, the object comes back with its id, and is kept by whoever kept it.
 */
export async function dropClaims(
  client: Queryable,
  { syncId }: Author,
  pending: readonly PendingChange[],
): Promise<void> {
  const deleted = pending.filter(({ change }) => change.action === "delete");
  if (syncId !== null || deleted.length === 0) return;
  await client.query("delete from hub_claim where object_id = any($1::uuid[])", [
    deleted.map(({ id }) => id),
  ]);
}

/** Drops those on what a sync deleted and nobody brought back: with its record, the way back goes. */
export async function dropClaimsOfDeleted(client: Queryable, syncId: string): Promise<void> {
  await client.query(
    `delete from hub_claim h using object_change gone
      where gone.sync_id = $1 and gone.action = 'delete' and h.object_id = gone.object_id
        and not exists (select from object_change later
                         where later.object_id = gone.object_id and later.id > gone.id)`,
    [syncId],
  );
}
