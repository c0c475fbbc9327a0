import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { OutcomeStatus, SyncCounts } from "@plumbline/sync";
import { countSync } from "../../src/syncs/counts.ts";
import { findObstacles } from "../../src/syncs/obstacle.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
let syncId: string;
let jobResultId: string;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.close());

beforeEach(async () => {
  syncId = randomUUID();
  jobResultId = randomUUID();
  await query(
    `insert into sync (id, job_id, job_title, direction, source_name, target_name, target_lock, is_dry_run)
     values ($1, 'job', 'Job', 'source', 'a', 'b', 'hub', false)`,
    [syncId],
  );
  await query(
    "insert into job_result (id, job_id, job_title, kind, sync_id) values ($1, 'job', 'Job', 'run', $2)",
    [jobResultId, syncId],
  );
});

const query = (text: string, values: readonly unknown[]) => database.pool.query(text, [...values]);

type Row = readonly [position: number, action: string, key: string, step?: 0 | 2];

async function plan(...rows: readonly Row[]): Promise<void> {
  await query(
    `insert into sync_change (sync_id, position, model, action, key, label, rank, step)
     select $1, p.position, 'device', p.action, p.key, p.key, 0, p.step
       from unnest($2::bigint[], $3::text[], $4::text[], $5::smallint[]) p (position, action, key, step)`,
    [
      syncId,
      rows.map(([position]) => position),
      rows.map(([, action]) => action),
      rows.map(([, , key]) => key),
      rows.map(([, , , step]) => step ?? 1),
    ],
  );
}

async function record(outcomes: Readonly<Record<number, OutcomeStatus>>): Promise<void> {
  await query(
    `insert into sync_outcome (sync_id, position, job_result_id, status)
     select $1, p.position, $2, p.status from unnest($3::bigint[], $4::text[]) p (position, status)`,
    [syncId, jobResultId, Object.keys(outcomes), Object.values(outcomes)],
  );
}

async function counts(): Promise<Partial<SyncCounts>> {
  const all = await countSync(database.pool, syncId);
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}

const createInTwo: readonly Row[] = [
  [1, "create", "a"],
  [2, "create", "b"],
  [3, "update", "a", 2],
];

it("an object is counted once where its second step is applied, with its first or after it", async () => {
  await plan(...createInTwo);
  await record({ 1: "applied", 2: "applied" });
  expect(await counts()).toEqual({ create: 2, created: 2 });
  await record({ 3: "applied" });
  expect(await counts()).toEqual({ create: 2, created: 2 });
});

it("an object of which no step was applied is not applied once", async () => {
  await plan(...createInTwo);
  await record({ 1: "failed", 2: "applied", 3: "skipped" });
  expect(await counts()).toEqual({ create: 2, created: 1, failed: 1 });
});

it("an object whose second step fails is no longer applied, until a retry does it", async () => {
  await plan(...createInTwo);
  await record({ 1: "applied", 2: "applied" });
  await record({ 3: "failed" });
  expect(await counts()).toEqual({ create: 2, created: 1, failed: 1 });
  await record({ 3: "cancelled" });
  expect(await counts()).toEqual({ create: 2, created: 1, cancelled: 1 });
  await record({ 3: "applied" });
  expect(await counts()).toEqual({ create: 2, created: 2 });
});

it("an object that could not be emptied is a delete that failed, once", async () => {
  await plan([1, "update", "a", 0], [2, "delete", "a"], [3, "delete", "b"]);
  await record({ 1: "failed" });
  expect(await counts()).toEqual({ delete: 2, failed: 1 });
  await record({ 2: "skipped", 3: "applied" });
  expect(await counts()).toEqual({ delete: 2, deleted: 1, failed: 1 });
  await record({ 1: "applied", 2: "applied" });
  expect(await counts()).toEqual({ delete: 2, deleted: 2 });
});

it("changes without steps count one by one, each by its latest outcome", async () => {
  await plan([1, "update", "a"], [2, "create", "a"], [3, "delete", "c"]);
  await record({ 1: "applied", 2: "failed", 3: "stale" });
  expect(await counts()).toEqual({
    create: 1,
    update: 1,
    delete: 1,
    updated: 1,
    failed: 1,
    stale: 1,
  });
  await record({ 2: "applied", 3: "cancelled" });
  expect(await counts()).toMatchObject({ created: 1, updated: 1, cancelled: 1 });
});

it("what can be carried on with is known of every step of an object", async () => {
  await query("update sync set plan_digest = 'whole' where id = $1", [syncId]);
  await query("update job_result set status = 'lost' where id = $1", [jobResultId]);
  const possible = async (): Promise<string[]> => {
    const obstacles = await findObstacles(database.pool, syncId);
    return (["resume", "retry"] as const).filter((verb) => obstacles[verb] === null);
  };
  await plan(...createInTwo);
  await record({ 1: "applied" });
  expect(await possible()).toEqual(["resume"]);
  await record({ 2: "applied" });
  expect(await possible()).toEqual(["resume"]);
  await record({ 3: "failed" });
  expect(await possible()).toEqual(["retry"]);
  await record({ 2: "cancelled" });
  expect(await possible()).toEqual(["resume", "retry"]);
  await record({ 2: "applied", 3: "applied" });
  expect(await possible()).toEqual([]);
});
