import type pg from "pg";
import { checkCeiling, type Hold, type Model } from "@plumbline/sync";
import type { DataSyncJob } from "@plumbline/plugin-kit";
import { daysToWait } from "./missing-objects.ts";

export interface DeletesContext {
  readonly syncId: string;
  readonly job: DataSyncJob;
  readonly models: readonly Model[];
  /** Whether the target is the hub, where objects have owners. */
  readonly isIntoHub: boolean;
  readonly asksDeletes: boolean;
  /** How many objects of a model the target has in scope. */
  readonly targetCount: (model: string) => number;
}

/**
 * Rules on the recorded deletes of a plan, and on the updates in their place: those of objects that are not the
 * source's alone, those the job's policy keeps, and those that are too many. What other guards hold stands, save
 * that a delete nobody asked for is first of all not the source's.
 * Notes what the source no longer has, and what it lets go of because others keep it.
 * @returns how many were held
 */
export async function holdDeletes(client: pg.ClientBase, context: DeletesContext): Promise<number> {
  if (!(await stageDoomed(client, context))) return 0;
  let held = await holdByOwnerAndPolicy(client, context);
  if (context.isIntoHub) await noteUnseen(client, context);
  if (context.asksDeletes) held += await holdTooMany(client, context);
  return held;
}

/** Fills the temporary table `doomed`: what the source lacks, with how it stands and whose it is. */
async function stageDoomed(
  client: pg.ClientBase,
  { syncId, job, isIntoHub }: DeletesContext,
): Promise<boolean> {
  const policies = job.models.map(({ name }) => ({
    model: name,
    never: job.deletePolicy[name] === "never",
    days: daysToWait(job, name),
  }));
  await client.query(
    `create temporary table doomed (position bigint, model text, label text, object_id uuid, guard text,
       is_own boolean, others text, unseen_since timestamptz, is_kept boolean, wait_days integer) on commit drop`,
  );
  const { rowCount } = await client.query(
    `insert into doomed
     select c.position, c.model, c.label, ${isIntoHub ? "c.target_id::uuid" : "null"}, decision.guard,
            coalesce(claim.is_own, false), claim.others, coalesce(claim.unseen_since, missing.since), policy.never, policy.days
       from sync_change c
       join jsonb_to_recordset($2::jsonb) as policy(model text, never boolean, days integer)
            on policy.model = c.model
       left join lateral (select guard from sync_decision d
                           where d.sync_id = c.sync_id and d.position = c.position and d.verdict = 'hold'
                           order by d.id desc limit 1) decision on true
       left join missing_object missing
            on missing.job_id = $4 and missing.model = c.model and missing.key = c.key
       left join lateral (
         select bool_or(h.owner = $3) as is_own,
                string_agg(case h.owner when 'person' then 'a person' else h.owner end, ', ' order by h.owner)
                  filter (where h.owner <> $3) as others,
                min(h.unseen_since) filter (where h.owner = $3) as unseen_since
           from hub_claim h where ${isIntoHub ? "h.object_id = c.target_id::uuid" : "false"}) claim on true
      where c.sync_id = $1 and (c.action = 'delete' or c.instead_of_delete)`,
    [syncId, JSON.stringify(policies), job.connection, job.id],
  );
  return (rowCount ?? 0) > 0;
}

/** Rows that no guard holds for a reason of its own. */
const isRuledHere = "(guard is null or guard in ('deletes-not-asked', 'still-referenced'))";
const isForeign = "(not is_own or others is not null)";
const isDue =
  "not is_kept and (wait_days is null or coalesce(unseen_since, now()) <= now() - make_interval(days => wait_days))";

async function holdByOwnerAndPolicy(
  client: pg.ClientBase,
  { syncId, isIntoHub, asksDeletes }: DeletesContext,
): Promise<number> {
  const { rowCount } = await client.query(
    `with ruled as (
       update doomed set guard = case
         when $2 and ${isForeign} then 'not-owner'
         when is_kept then 'policy-never'
         else 'policy-waiting' end
       where ${isRuledHere} and (($2 and ${isForeign}) or not (${isDue}))
       returning *)
     insert into sync_decision (sync_id, position, verdict, guard, reason)
     select $1, position, 'hold', guard, case guard
       when 'not-owner' then case
         when not is_own and others is null then format(
           'The source lacks %s, but is not recorded as keeping it, and nor is anybody else. Delete it by hand if it is meant.', label)
         when not is_own then format('The source lacks %s, which is kept by %s. Have it deleted there.', label, others)
         else format('The source lacks %s, which is kept by %s too. %s', label, others, case when $3 and ${isDue}
           then 'This source lets go of it; the last one that keeps it deletes it.'
           else 'It is deleted once nobody else keeps it.' end) end
       when 'policy-never' then format(
         'The source lacks %s, and the job keeps such objects whatever the source says (policy: never).', label)
       else format('The source lacks %s since %s; the job deletes such objects %s days after. Run again then.',
         label, to_char(coalesce(unseen_since, now()) at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), wait_days) end
     from ruled order by position`,
    [syncId, isIntoHub, asksDeletes],
  );
  return rowCount ?? 0;
}

/** What the source kept and no longer has; what others keep too it lets go of, where its deletes are due. */
async function noteUnseen(
  client: pg.ClientBase,
  { syncId, asksDeletes }: DeletesContext,
): Promise<void> {
  await client.query(
    `insert into sync_claim (sync_id, object_id, model, verdict)
     select $1, object_id, model, case when $2 and others is not null and ${isDue} then 'let-go' else 'unseen' end
       from doomed
      where is_own and guard is distinct from 'incomplete-read'
        and (unseen_since is null or ($2 and others is not null and ${isDue}))
     on conflict do nothing`,
    [syncId, asksDeletes],
  );
}

async function holdTooMany(
  client: pg.ClientBase,
  { syncId, job, models, targetCount }: DeletesContext,
): Promise<number> {
  const { rows } = await client.query<{ model: string; open: number; foreign: number }>(
    `select model, count(*) filter (where guard is null or guard = 'still-referenced') as open,
            count(*) filter (where guard = 'not-owner') as foreign
       from doomed group by model`,
  );
  let held = 0;
  const hold = async (model: string | null, { guard, reason }: Hold): Promise<void> => {
    const { rowCount } = await client.query(
      `with ruled as (update doomed set guard = $3 where guard is null and ($2::text is null or model = $2)
                      returning position)
       insert into sync_decision (sync_id, position, verdict, guard, reason)
       select $1, position, 'hold', $3, $4 from ruled order by position`,
      [syncId, model, guard, reason],
    );
    held += rowCount ?? 0;
  };
  const { types, total, ...usual } = job.deleteCeiling;
  let open = 0;
  for (const row of rows) {
    const model = models.find(({ name }) => name === row.model);
    if (model === undefined) continue;
    const ceiling = { ...usual, ...types[row.model] };
    const tooMany = checkCeiling(model, row.open, targetCount(row.model) - row.foreign, ceiling);
    if (tooMany === null) open += row.open;
    else await hold(row.model, tooMany);
  }
  if (total !== null && open > total) {
    await hold(null, {
      guard: "too-many-deletes",
      reason: `The run would delete ${open} objects, more than the ${total} that the job allows in all. Check the source, or raise the job's ceiling.`,
    });
  }
  return held;
}
