import type pg from "pg";
import type { Model, Pair, Store } from "@plumbline/sync";
import { inRunTransaction } from "./fence.ts";
import type { RunRequest } from "./run-request.ts";

/** Which systems' ids are paired, and which of the two is the hub's. */
export interface PairScope {
  readonly connection: string;
  readonly hubSide: "source" | "target";
}

const batchSize = 5000;

/** The pairs remembered of a model, for the plan. */
export async function* readPairs(
  pool: Pick<pg.Pool, "query">,
  scope: PairScope,
  model: Model,
): AsyncGenerator<Pair> {
  let last = "";
  for (;;) {
    const { rows } = await pool.query<{ remote_id: string; hub_id: string }>(
      `select remote_id, hub_id from identity
       where connection = $1 and model = $2 and remote_id > $3 order by remote_id limit $4`,
      [scope.connection, model.name, last, batchSize],
    );
    for (const { remote_id, hub_id } of rows) {
      last = remote_id;
      yield scope.hubSide === "target"
        ? { sourceId: remote_id, targetId: hub_id }
        : { sourceId: hub_id, targetId: remote_id };
    }
    if (rows.length < batchSize) return;
  }
}

/**
 * Remembers which object of one side is which of the other: what the run wrote, and with a store
 * also what matched by its key. Pairs of objects the run deleted are forgotten.
 */
export async function rememberPairs(
  database: { readonly pool: pg.Pool },
  request: RunRequest,
  scope: PairScope,
  loaded: { readonly models: readonly Model[]; readonly store: Store } | null,
): Promise<void> {
  const [remote, hub] =
    scope.hubSide === "target" ? ["source_id", "target_id"] : ["target_id", "source_id"];
  await inRunTransaction(database, request, async (client) => {
    await client.query(
      `with written as (
         select c.model, c.action, c.source_id, coalesce(o.target_id, c.target_id) as target_id
         from sync_outcome o join sync_change c on c.sync_id = o.sync_id and c.position = o.position
         where o.job_result_id = $1 and o.status = 'applied'
       ), forgotten as (
         delete from identity i using written w
         where w.action = 'delete' and i.model = w.model and i.connection = $2
           and ${scope.hubSide === "target" ? "i.hub_id::text" : "i.remote_id"} = w.target_id
       )
       insert into identity (connection, model, remote_id, hub_id, last_seen_sync)
       select distinct on (model, ${remote}) $2, model, ${remote}, ${hub}::uuid, $3 from written
       where action <> 'delete' and source_id is not null and target_id is not null
       on conflict (connection, model, remote_id)
       do update set hub_id = excluded.hub_id, last_seen_sync = excluded.last_seen_sync`,
      [request.jobResultId, scope.connection, request.syncId],
    );
  });
  if (loaded === null) return;
  for (const model of loaded.models) {
    // A known pair whose objects are both there stands: equal keys do not outweigh it, or names that were
    // swapped would swap the objects, and an undecided record be decided by the next run.
    const known = (): AsyncIterable<Pair> => readPairs(database.pool, scope, model);
    for await (const batch of loaded.store.pairsByKey(model.name, known)) {
      if (batch.length === 0) continue;
      await inRunTransaction(database, request, (client) =>
        upsert(client, request, scope, model, batch),
      );
    }
  }
}

async function upsert(
  client: pg.ClientBase,
  request: RunRequest,
  scope: PairScope,
  model: Model,
  pairs: readonly Pair[],
): Promise<void> {
  const sourceIds = pairs.map(({ sourceId }) => sourceId);
  const targetIds = pairs.map(({ targetId }) => targetId);
  const [remoteIds, hubIds] =
    scope.hubSide === "target" ? [sourceIds, targetIds] : [targetIds, sourceIds];
  await client.query(
    `insert into identity (connection, model, remote_id, hub_id, last_seen_sync)
     select $1, $2, pair.remote_id, pair.hub_id, $5
     from unnest($3::text[], $4::uuid[]) as pair(remote_id, hub_id)
     on conflict (connection, model, remote_id)
     do update set hub_id = excluded.hub_id, last_seen_sync = excluded.last_seen_sync`,
    [scope.connection, model.name, remoteIds, hubIds, request.syncId],
  );
}
