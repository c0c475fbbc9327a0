import { sql } from "kysely";
import type pg from "pg";
import { InvalidInputError } from "@plumbline/sync";
import type { Transaction } from "../../database/transaction.ts";
import { fromChanges } from "../queries/change-rows.ts";
import { findObstacle, throwObstacle } from "../obstacle.ts";
import type { RunUser } from "../start.ts";
import { stageNeeds } from "./needs.ts";
import {
  type Decided,
  type DecisionRefusal,
  type Ruling,
  type RulingBy,
  type Selection,
  unreleasable,
  type Verdict,
} from "./ruling.ts";
import { type Affected, readAffected, spreadRulings } from "./spread-rulings.ts";
import { forgetRejections, rememberRejections } from "./standing-rejections.ts";

/** A ruling and all it brings with it. */
export interface Effects extends Decided {
  readonly affected: readonly Affected[];
}

/** Released along with what needs it; the others want a word of their own. */
const releasedAlong = ["too-many-deletes", "deletes-not-asked", "needs-held", "still-referenced"];

/** Makes the ruling within the caller's transaction. */
export async function rule(
  transaction: Transaction,
  syncId: string,
  ruling: Ruling,
  user: RunUser,
): Promise<Effects> {
  const { client } = transaction;
  // Whoever applies the plan takes the same lock: what is approved is what was ruled until then.
  await client.query("select from sync where id = $1 for update", [syncId]);
  throwObstacle(await findObstacle(client, syncId, "decide"));
  const revision = await nextRevision(client, syncId);
  await stageSelection(transaction, syncId, ruling);
  const by: RulingBy = { syncId, revision, user, reason: ruling.reason?.trim() ?? "" };
  await stageNeeds(client, syncId, "all");
  const decided = await makeRuling(client, ruling.verdict, by);
  const spread = await spreadRulings(client, by);
  const refused = ruling.verdict === "release" ? await readStillHeld(client, by) : [];
  const isChanged = decided + spread.held + spread.freed > 0;
  if (isChanged) {
    await client.query("update sync set decisions_revision = $2 where id = $1", [syncId, revision]);
  }
  return {
    decided,
    ...spread,
    refused,
    decisionsRevision: isChanged ? revision : revision - 1,
    affected: await readAffected(client, by),
  };
}

/** Holds in a new plan what depends on what is held and rejected in it. */
export async function spreadHolds(
  client: pg.ClientBase,
  syncId: string,
  wanted: "all" | "deletes",
): Promise<void> {
  await stageNeeds(client, syncId, wanted);
  await spreadRulings(client, { syncId, revision: 0, user: { id: null, name: null }, reason: "" });
}

async function nextRevision(client: pg.ClientBase, syncId: string): Promise<number> {
  const { rows } = await client.query<{ next: number }>(
    "select decisions_revision + 1 as next from sync where id = $1",
    [syncId],
  );
  return rows[0]?.next ?? 1;
}

/** Fills the temporary table `selected` with the selected changes and how they stand. */
async function stageSelection(
  { client, kysely }: Transaction,
  syncId: string,
  { positions, filter }: Selection,
): Promise<void> {
  if ((positions === undefined) === (filter === undefined)) {
    throw new InvalidInputError(
      "Which changes? Give either their `positions` or a `filter`; an empty filter is every change.",
    );
  }
  await client.query("create temporary table chosen (position bigint) on commit drop");
  if (positions === undefined) {
    await sql`insert into chosen select ch.position ${fromChanges(syncId, filter ?? {})}`.execute(
      kysely,
    );
  } else {
    await client.query(
      `insert into chosen select distinct position from sync_change
       where sync_id = $1 and position = any($2::bigint[])`,
      [syncId, positions],
    );
  }
  await client.query(
    `create temporary table selected on commit drop as
     select c.position, decision.verdict as ruling, decision.guard, decision.reason,
            judgement.verdict as judgement
       from chosen c
       left join lateral (select verdict, guard, reason from sync_decision d
                           where d.sync_id = '${syncId}' and d.position = c.position
                             and d.verdict in ('hold', 'release') order by id desc limit 1) decision on true
       left join lateral (select verdict from sync_decision d
                           where d.sync_id = '${syncId}' and d.position = c.position
                             and d.verdict in ('reject', 'accept') order by id desc limit 1) judgement on true`,
  );
  await client.query("analyze selected");
}

/** @returns how many of the selected changes it ruled on */
async function makeRuling(client: pg.ClientBase, verdict: Verdict, by: RulingBy): Promise<number> {
  switch (verdict) {
    case "reject": {
      const decided = await append(client, by, "reject", "judgement is distinct from 'reject'");
      await rememberRejections(client, by);
      return decided;
    }
    case "accept": {
      const decided = await append(client, by, "accept", "judgement = 'reject'");
      await forgetRejections(client, by);
      return decided;
    }
    case "release":
      return release(client, by);
    case "hold-again":
      return holdAgain(client, by);
  }
}

async function append(
  client: pg.ClientBase,
  { syncId, revision, user, reason }: RulingBy,
  verdict: "reject" | "accept" | "release",
  where: string,
): Promise<number> {
  const { rowCount } = await client.query(
    `insert into sync_decision (sync_id, position, verdict, reason, user_name, revision)
     select $1, position, $2, $3, $4, $5 from selected where ${where} order by position`,
    [syncId, verdict, reason, user.name, revision],
  );
  return rowCount ?? 0;
}

/** Lets held changes through, with those they need where these are held only for their number. */
async function release(client: pg.ClientBase, by: RulingBy): Promise<number> {
  const decided = await append(
    client,
    by,
    "release",
    `ruling = 'hold' and guard <> 'parent-rejected'
     and not guard = any('{${unreleasable.join(",")}}'::text[])`,
  );
  await client.query(
    `with recursive wanted as (
       select position from selected where ruling = 'hold'
       union
       select n.needs from wanted w join need n on n.position = w.position
     )
     insert into sync_decision (sync_id, position, verdict, reason, user_name, revision)
     select $1, w.position, 'release', $2, $3, $4 from wanted w
            cross join lateral (select verdict, guard from sync_decision d
                                 where d.sync_id = $1 and d.position = w.position
                                   and d.verdict in ('hold', 'release') order by id desc limit 1) decision
      where decision.verdict = 'hold' and decision.guard = any($5::text[])
        and not exists (select from selected s where s.position = w.position)
      order by w.position`,
    [by.syncId, by.reason, by.user.name, by.revision, releasedAlong],
  );
  return decided;
}

/** What of the selection stays held whatever was asked, by guard. */
async function readStillHeld(
  client: pg.ClientBase,
  { syncId }: RulingBy,
): Promise<DecisionRefusal[]> {
  const { rows } = await client.query<DecisionRefusal>(
    `select decision.guard, count(*) as count, min(decision.reason) as reason from selected s
            cross join lateral (select verdict, guard, reason from sync_decision d
                                 where d.sync_id = $1 and d.position = s.position
                                   and d.verdict in ('hold', 'release') order by id desc limit 1) decision
      where decision.verdict = 'hold' group by 1 order by 1`,
    [syncId],
  );
  return rows;
}

/** Takes a release back: the guard's hold stands again. */
async function holdAgain(client: pg.ClientBase, by: RulingBy): Promise<number> {
  const { rowCount } = await client.query(
    `insert into sync_decision (sync_id, position, verdict, guard, reason, user_name, revision)
     select $1, s.position, 'hold', earlier.guard, earlier.reason, $2, $3 from selected s
            cross join lateral (select guard, reason from sync_decision d
                                 where d.sync_id = $1 and d.position = s.position and d.verdict = 'hold'
                                 order by id desc limit 1) earlier
      where s.ruling = 'release' order by s.position`,
    [by.syncId, by.user.name, by.revision],
  );
  return rowCount ?? 0;
}
