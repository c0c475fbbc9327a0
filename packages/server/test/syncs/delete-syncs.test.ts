import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { deleteOldSyncs } from "../../src/syncs/delete-syncs.ts";
import { quiet } from "../support/quiet-logger.ts";
import { createTestApp, json, type TestApp } from "../rest/app.ts";
import { seedOutcomes, seedPlan, seedSync } from "../rest/seed.ts";

let server: TestApp;

beforeAll(async () => {
  server = await createTestApp();
});

afterAll(() => server.close());

afterEach(() => server.database.pool.query("delete from sync"));

const path = (syncId: string): string => `/api/ssot/syncs/${syncId}`;

const ids = async (): Promise<string[]> =>
  (
    await server.database.pool.query<{ id: string }>("select id from sync order by created_at")
  ).rows.map(({ id }) => id);

/** Rows in every table that holds something of syncs. */
async function rowsLeft(): Promise<Record<string, number>> {
  const { rows } = await server.database.pool.query<{ name: string; count: number }>(
    `select 'sync_change' as name, count(*) from sync_change
     union all select 'sync_decision', count(*) from sync_decision
     union all select 'sync_outcome', count(*) from sync_outcome
     union all select 'sync_sent', count(*) from sync_sent
     union all select 'sync_rehearsal', count(*) from sync_rehearsal
     union all select 'sync_count', count(*) from sync_count
     union all select 'job_result', count(*) from job_result
     union all select 'job_log', count(*) from job_log`,
  );
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

async function seedWhole(): Promise<string> {
  const { pool } = server.database;
  const seeded = await seedSync(pool, { status: "applied" });
  const { syncId, jobResultId } = seeded;
  await seedPlan(pool, syncId, 20);
  await seedOutcomes(pool, seeded, "applied");
  await pool.query(
    `insert into sync_decision (sync_id, position, verdict, reason)
     select sync_id, position, 'release', 'looked at' from sync_change where sync_id = $1`,
    [syncId],
  );
  await pool.query(
    "insert into sync_sent (sync_id, position, job_result_id) select sync_id, position, $2 from sync_change where sync_id = $1",
    [syncId, jobResultId],
  );
  await pool.query(
    `insert into sync_rehearsal (sync_id, position, status, error_code, error_message)
     values ($1, 1, 'failed', 'invalid-input', 'No.')`,
    [syncId],
  );
  await pool.query("insert into job_log (job_result_id, level, message) values ($1, 'info', 'x')", [
    jobResultId,
  ]);
  return syncId;
}

it("a deleted sync leaves nothing of its record, and others as they are", async () => {
  const other = await seedWhole();
  const before = await rowsLeft();
  const gone = await seedWhole();

  const response = await server.request(path(gone), { method: "DELETE" });

  expect(response.status).toBe(204);
  expect(await rowsLeft()).toEqual(before);
  expect(before).toMatchObject({
    sync_change: 220,
    sync_outcome: 220,
    sync_decision: 220,
    sync_sent: 220,
  });
  expect((await server.request(path(gone))).status).toBe(404);
  expect((await server.request(path(gone), { method: "DELETE" })).status).toBe(404);
  expect((await server.request(path(other))).status).toBe(200);
});

it("deleting a plan asks no table once per change", async () => {
  const { rows } = await server.database.pool.query<{ conrelid: string }>(
    "select conrelid::regclass::text as conrelid from pg_constraint where contype = 'f' and confrelid = 'sync_change'::regclass",
  );
  expect(rows).toEqual([]);
});

it("a sync with a run at work is not deleted; in bulk the others are, and it is named", async () => {
  const ended = await seedSync(server.database.pool, { status: "failed" });
  const running = await seedSync(server.database.pool, { status: "running" });

  const alone = await server.request(path(running.syncId), { method: "DELETE" });
  const bulk = await server.request(
    "/api/ssot/syncs/delete",
    json({ ids: [ended.syncId, running.syncId] }),
  );

  expect(alone.status).toBe(409);
  expect(await bulk.json()).toEqual({
    deleted: 1,
    kept: [
      {
        syncId: running.syncId,
        reason: "A run of this sync is running; wait for its end, or cancel it.",
      },
    ],
  });
  expect(await ids()).toEqual([running.syncId]);
});

it("old records are deleted, but for the newest of each job, young ones and those at work", async () => {
  const { pool } = server.database;
  const age = async (syncId: string, days: number): Promise<void> => {
    await pool.query(
      "update sync set created_at = now() - make_interval(days => $2), finished_at = now() - make_interval(days => $2) where id = $1",
      [syncId, days],
    );
    await pool.query(
      "update job_result set finished_at = now() - make_interval(days => $2) where sync_id = $1",
      [syncId, days],
    );
  };
  // More than a batch of them.
  for (let day = 0; day < 101; day += 1) await age((await seedSync(pool)).syncId, 100 + day);
  const running = await seedSync(pool, { status: "running" });
  await pool.query("update sync set created_at = now() - interval '90 days' where id = $1", [
    running.syncId,
  ]);
  const young = await seedSync(pool);
  await age(young.syncId, 3);
  const onlyOne = await seedSync(pool, { jobId: "rarely" });
  await age(onlyOne.syncId, 400);
  const signal = new AbortController().signal;

  expect(await deleteOldSyncs(server.database, 30, { logger: quiet, signal })).toBe(101);

  expect((await ids()).toSorted()).toEqual(
    [running.syncId, young.syncId, onlyOne.syncId].toSorted(),
  );
  expect(await deleteOldSyncs(server.database, 30, { logger: quiet, signal })).toBe(0);
});
