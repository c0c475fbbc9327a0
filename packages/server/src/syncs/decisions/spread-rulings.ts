import type pg from "pg";
import type { Action } from "@plumbline/sync";
import type { RulingBy } from "./ruling.ts";

/** Changes that a ruling brought others to: all of one model and action. */
export interface Affected {
  readonly verdict: "hold" | "release";
  readonly model: string;
  readonly action: Action;
  readonly count: number;
  readonly labels: readonly string[];
}

/**
 * Holds what may not be applied without something that is rejected or held, and frees what such holds keep no
 * more. Rejected changes stay rejected whatever else is said of them.
 */
export async function spreadRulings(
  client: pg.ClientBase,
  { syncId, revision, user }: RulingBy,
): Promise<{ readonly held: number; readonly freed: number }> {
  // Holds that follow from others are made anew each time; what a guard held by itself stands.
  await client.query(
    `create temporary table standing on commit drop as
     select position, ruling, judgement, (ruling = 'hold' and follows) as follows
       from (select position,
                    (array_agg(verdict order by id desc) filter (where verdict in ('hold', 'release')))[1] as ruling,
                    (array_agg(guard in ('parent-rejected', 'needs-held')
                               or (guard = 'still-referenced' and cause is not null)
                       order by id desc) filter (where verdict in ('hold', 'release')))[1] as follows,
                    (array_agg(verdict order by id desc) filter (where verdict in ('reject', 'accept')))[1] as judgement
               from sync_decision where sync_id = '${syncId}' group by position) latest
      where ruling = 'hold' or judgement = 'reject'`,
  );
  await client.query(
    `create temporary table closed on commit drop as
     with recursive spread as (
       select position from standing where judgement = 'reject' or (ruling = 'hold' and not follows)
       union
       select n.position from spread join need n on n.needs = spread.position
     )
     select position from spread`,
  );
  await client.query("create index on closed (position); analyze closed; analyze standing");
  const held = await client.query(
    `insert into sync_decision (sync_id, position, verdict, guard, reason, user_name, revision, cause)
     select $1, c.position, 'hold', case c.action when 'delete' then 'still-referenced' else 'parent-rejected' end,
            case when c.step <> 1 and by.key = c.key and by.model = c.model then 'It is a step of a change that is not to be applied.'
                 when c.action = 'delete' then format('%s stays and refers to it. Accept or release that one first.', by.label)
                 else format('It refers to %s, which is %s. Accept or release that one first.', by.label,
                        case when rejected.position is null then 'held' else 'rejected' end) end,
            $2, $3, by.position
       from closed
       join sync_change c on c.sync_id = $1 and c.position = closed.position
       join lateral (select needed.position from need n join closed needed on needed.position = n.needs
                      where n.position = c.position order by needed.position limit 1) cause on true
       join sync_change by on by.sync_id = $1 and by.position = cause.position
       left join standing rejected on rejected.position = by.position and rejected.judgement = 'reject'
      where not exists (select from standing s where s.position = c.position)
      order by c.position`,
    [syncId, user.name, revision],
  );
  const freed = await client.query(
    `insert into sync_decision (sync_id, position, verdict, reason, user_name, revision)
     select $1, s.position, 'release', 'What it needs may be applied.', $2, $3 from standing s
      where s.follows and not exists (select from closed where closed.position = s.position)
      order by s.position`,
    [syncId, user.name, revision],
  );
  return { held: held.rowCount ?? 0, freed: freed.rowCount ?? 0 };
}

/** What a revision ruled beside what was selected. */
export async function readAffected(
  client: pg.ClientBase,
  { syncId, revision }: RulingBy,
): Promise<readonly Affected[]> {
  const { rows } = await client.query<Affected>(
    `select d.verdict, c.model, c.action, count(*) as count,
            (array_agg(c.label order by c.position))[1:20] as labels
       from sync_decision d join sync_change c on c.sync_id = d.sync_id and c.position = d.position
      where d.sync_id = $1 and d.revision = $2 and d.verdict in ('hold', 'release') and c.step = 1
        and not exists (select from selected s where s.position = d.position)
      group by 1, 2, 3 order by count(*) desc, 2, 3`,
    [syncId, revision],
  );
  return rows;
}
