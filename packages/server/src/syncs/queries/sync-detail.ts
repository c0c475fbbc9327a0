import { type RawBuilder, sql } from "kysely";
import type { z } from "@hono/zod-openapi";
import { NotFoundError } from "@plumbline/sync";
import type pg from "pg";
import type { ModelManifest } from "../../plugins/manifest.ts";
import type { SyncDetail as SyncDetailSchema } from "../../rest/declarations/sync.ts";
import { unreleasable } from "../decisions/ruling.ts";
import { isAllowed, joinLatestDecision } from "../latest.ts";
import { findObstacles, type Obstacle } from "../obstacle.ts";
import type { SyncStatus } from "@plumbline/sync";
import { countOf, durationOf, iso, isoOrNull } from "./conditions.ts";
import type { Reader } from "./conditions.ts";
import { countMismatches } from "./job-logs.ts";
import { findSyncRow } from "./sync-rows.ts";

export type SyncDetail = z.infer<typeof SyncDetailSchema>;

/** The record of a sync: facts, counts by model, durations, what was held, whether it can be applied. */
export async function getSync(
  database: { readonly kysely: Reader; readonly pool: pg.Pool },
  models: readonly ModelManifest[],
  id: string,
): Promise<SyncDetail> {
  const reader = database.kysely;
  const row = await findSyncRow(reader, id);
  if (row === undefined) {
    throw new NotFoundError(`There is no sync ${id}; the history lists those there are.`);
  }
  const facts = await reader
    .selectFrom("sync")
    .select([
      "asks_deletes",
      "scope",
      "ignored",
      "input",
      "plan_digest",
      "decisions_revision",
      "rehearsed_revision",
      "rehearsed_count",
      "rehearsed_to",
    ])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  const obstacles = await findObstacles(database.pool, id);
  const labels = new Map(models.map((model) => [model.name, model.pluralLabel]));
  const modelRows = await readModels(reader, id);
  const { counts } = row;
  const free = counts.create + counts.update + counts.delete - counts.held - counts.rejected;

  return {
    ...row,
    asksDeletes: facts.asks_deletes,
    scope: facts.scope,
    ignored: facts.ignored,
    models: modelRows.map((model) => ({ ...model, label: labels.get(model.model) ?? model.model })),
    phases: await readPhases(reader, id),
    jobResults: await readJobResults(reader, id),
    holds: await readHolds(reader, id),
    input: facts.input as Record<string, unknown>,
    planDigest: facts.plan_digest,
    decisionsRevision: facts.decisions_revision,
    rehearsal: await readRehearsal(reader, id, facts),
    undoneBy: await readUndoneBy(reader, id),
    possible: {
      apply: {
        ...possibilityOf(obstacles.apply),
        count: obstacles.apply === null ? free : 0,
      },
      decide: possibilityOf(obstacles.decide),
      resume: possibilityOf(obstacles.resume),
      retry: possibilityOf(obstacles.retry),
      undo: possibilityOf(obstacles.undo),
      rollback: possibilityOf(obstacles.rollback),
    },
  };
}

function possibilityOf(obstacle: Obstacle | null): SyncDetail["possible"]["decide"] {
  return { allowed: obstacle === null, reason: obstacle?.reason ?? null };
}

/** The syncs that take it back, newest first. */
async function readUndoneBy(reader: Reader, id: string): Promise<SyncDetail["undoneBy"]> {
  const rows = await reader
    .selectFrom("sync")
    .select(["id", "status", "created_at"])
    .where("undo_of", "=", id)
    .orderBy("created_at", "desc")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    status: row.status satisfies SyncStatus,
    createdAt: iso(row.created_at),
  }));
}

async function readRehearsal(
  reader: Reader,
  id: string,
  facts: {
    readonly decisions_revision: number;
    readonly rehearsed_revision: number | null;
    readonly rehearsed_count: number | null;
    readonly rehearsed_to: number | null;
  },
): Promise<SyncDetail["rehearsal"]> {
  if (facts.rehearsed_revision === null) return null;
  const isAmong = (condition: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`from sync_change c ${sql.raw(joinLatestDecision)}
       where c.sync_id = ${id} and ${sql.raw(isAllowed)} and c.position in (${condition})`;
  const refused = await countOf(
    reader,
    isAmong(sql`select position from sync_rehearsal where sync_id = ${id}`),
  );
  const isCurrent = facts.rehearsed_revision === facts.decisions_revision;
  const { rehearsed_count: tried, rehearsed_to: last, rehearsed_revision: revision } = facts;
  const untried =
    isCurrent || last === null
      ? 0
      : await countOf(
          reader,
          isAmong(sql`select position from sync_decision
                       where sync_id = ${id} and revision > ${revision} and position > ${last}
                         and verdict in ('release', 'accept')`),
        );
  return { tried: tried ?? 0, refused, untried, isCurrent };
}

type ModelRow = Omit<SyncDetail["models"][number], "label">;

/** A model that has changes and no row in sync_model yet belongs to a plan that is still being written. */
async function readModels(reader: Reader, id: string): Promise<ModelRow[]> {
  const { rows } = await sql<ModelRow>`
    select coalesce(m.model, c.model) as model, coalesce(m.position, 1000) as position,
           coalesce(m.source_count, 0) as "sourceCount", coalesce(m.target_count, 0) as "targetCount",
           coalesce(m.unchanged_count, 0) as unchanged,
           coalesce(m.out_of_scope_count, 0) as "outOfScope",
           coalesce(m.ignored_count, 0) as ignored,
           coalesce(c.creates, 0) as "create", coalesce(c.updates, 0) as "update",
           coalesce(c.deletes, 0) as "delete", coalesce(c.held, 0) as held,
           coalesce(c.rejected, 0) as rejected,
           coalesce(c.applied, 0) as applied, coalesce(c.failed, 0) as failed,
           coalesce(c.skipped, 0) as skipped, coalesce(c.stale, 0) as stale,
           coalesce(c.cancelled, 0) as cancelled,
           m.source_incomplete as "sourceIncomplete", m.target_incomplete as "targetIncomplete"
      from (select * from sync_model where sync_id = ${id}) m
      full join (select model,
                        sum(planned) filter (where action = 'create')::bigint as creates,
                        sum(planned) filter (where action = 'update')::bigint as updates,
                        sum(planned) filter (where action = 'delete')::bigint as deletes,
                        sum(held)::bigint as held, sum(rejected)::bigint as rejected,
                        sum(applied)::bigint as applied,
                        sum(failed)::bigint as failed, sum(skipped)::bigint as skipped,
                        sum(stale)::bigint as stale, sum(cancelled)::bigint as cancelled
                   from sync_count where sync_id = ${id} group by model) c on c.model = m.model
     order by 2, 1`.execute(reader);
  return rows;
}

async function readPhases(reader: Reader, id: string): Promise<SyncDetail["phases"]> {
  const rows = await reader
    .selectFrom("sync_phase")
    .selectAll()
    .where("sync_id", "=", id)
    .orderBy("started_at")
    .orderBy("phase")
    .execute();
  return rows.map((row) => ({
    phase: row.phase,
    jobResultId: row.job_result_id,
    startedAt: iso(row.started_at),
    finishedAt: isoOrNull(row.finished_at),
    durationMs: durationOf(row.started_at, row.finished_at),
    done: row.done,
  }));
}

async function readJobResults(reader: Reader, id: string): Promise<SyncDetail["jobResults"]> {
  const rows = await reader
    .selectFrom("job_result")
    .select(["id", "kind", "status", "started_at", "finished_at"])
    .where("sync_id", "=", id)
    .orderBy("created_at")
    .execute();
  const mismatches = await countMismatches(
    reader,
    rows.map(({ id: jobResultId }) => jobResultId),
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    status: row.status satisfies SyncStatus,
    startedAt: isoOrNull(row.started_at),
    finishedAt: isoOrNull(row.finished_at),
    mismatches: mismatches.get(row.id) ?? 0,
  }));
}

/** What is held now, by model, guard and reason. */
async function readHolds(reader: Reader, id: string): Promise<SyncDetail["holds"]> {
  const { rows } = await sql<SyncDetail["holds"][number]>`
    select d.guard <> all(${[...unreleasable, "parent-rejected"]}::text[]) as "canRelease", ch.model, d.guard, min(d.reason) as reason,
           min(d.reason) <> max(d.reason) as "isExample", count(*) as count
      from (select distinct on (position) position, verdict, guard, reason
              from sync_decision where sync_id = ${id} and verdict in ('hold', 'release')
             order by position, id desc) d
      join sync_change ch on ch.sync_id = ${id} and ch.position = d.position
     where d.verdict = 'hold'
     group by ch.model, d.guard, case when d.guard in ('deletes-not-asked', 'too-many-deletes', 'incomplete-read') then d.reason end
     order by count(*) desc, ch.model, d.guard
     limit 100`.execute(reader);
  return rows;
}
