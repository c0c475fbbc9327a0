// The history for Nautobot's clients: what differed, and what finds a sync.
import { afterAll, beforeAll, expect, test } from "vitest";
import { mostInAnswer, mostInDiff } from "../../../src/rest/nautobot/sync-diffs.ts";
import { createTestApp, type TestApp } from "../app.ts";
import { seedPlan, seedSync } from "../seed.ts";
import type { Body } from "./examples.ts";

type Page = { count: number; results: Body[] };

let server: TestApp;

beforeAll(async () => {
  server = await createTestApp();
  const { pool } = server.database;
  const { syncId } = await seedSync(pool, { status: "partial", isDryRun: false });
  await seedPlan(pool, syncId, 1);
});

afterAll(async () => {
  await server.close();
});

test("a sync has its differences as DiffSync tells them, alone and in a list, and its memory", async () => {
  const { pool } = server.database;
  const { syncId } = await seedSync(pool, { jobId: "differs" });
  await pool.query("update sync set peak_memory_bytes = 123456789 where id = $1", [syncId]);
  // The last two have a second row each, for a reference that waits or is let go of first.
  await pool.query(
    `insert into sync_change (sync_id, position, model, action, key, label, before, after, fields, rank, step)
     values ($1, 1, 'tenant', 'create', '["Acme"]', 'Acme', null, '{"name": "Acme"}', '{}', 1, 1),
            ($1, 2, 'tenant', 'update', '["Hooli"]', 'Hooli', '{"comments": "old"}', '{"comments": "new"}', '{comments}', 1, 1),
            ($1, 3, 'device', 'create', '["d1"]', 'd1', null, '{"name": "d1"}', '{}', 1, 1),
            ($1, 4, 'device', 'update', '["d2"]', 'd2', '{"lead": "d3"}', '{"lead": null}', '{lead}', 1, 0),
            ($1, 5, 'device', 'update', '["d1"]', 'd1', '{"lead": null}', '{"lead": "d4"}', '{lead}', 2, 2),
            ($1, 6, 'device', 'delete', '["d2"]', 'd2', '{"name": "d2"}', null, '{}', 3, 1)`,
    [syncId],
  );
  const diff = {
    tenant: {
      '["Acme"]': { "+": { name: "Acme" } },
      '["Hooli"]': { "+": { comments: "new" }, "-": { comments: "old" } },
    },
    device: {
      '["d1"]': { "+": { name: "d1", lead: "d4" } },
      '["d2"]': { "-": { name: "d2", lead: "d3" } },
    },
  };
  const one = await server.read<Body>(`/api/plugins/ssot/history/${syncId}/`);
  expect(one).toMatchObject({
    ...{ memory_peak: 123456789, source_load_memory_peak: null, sync_memory_final: null },
    diff,
  });
  const list = await server.read<Page>("/api/plugins/ssot/history/");
  expect(list.results[0]).toEqual(one);
  expect(Object.keys(list.results[1]?.["diff"] as object)).toEqual(["prefix", "ip_address"]);
  const empty = await seedSync(pool, { jobId: "differs", status: "in-agreement" });
  expect((await server.read<Body>(`/api/plugins/ssot/history/${empty.syncId}/`))["diff"]).toEqual(
    {},
  );
  await pool.query("delete from sync where job_id = 'differs'");
});

test("history is searched by source and target, and by what differed: what it is called, and its values", async () => {
  const { pool } = server.database;
  const { syncId } = await seedSync(pool, { jobId: "searched" });
  await pool.query(
    `insert into sync_change (sync_id, position, model, action, key, label, before, after, fields, rank)
     values ($1, 1, 'tenant', 'update', '["Hooli"]', 'Hooli', '{"comments": "was \\"so\\""}', '{"comments": "100 $1 % _"}', '{comments}', 1)`,
    [syncId],
  );
  const find = async (q: string, more = "") => {
    const path = `/api/plugins/ssot/history/?q=${encodeURIComponent(q)}${more}`;
    const { count, results } = await server.read<Page>(path);
    expect(results).toHaveLength(count);
    return results.map(({ id }) => id === syncId);
  };
  expect(await find("hub")).toHaveLength(2);
  for (const text of ["hooli", 'WAS "so"', "$1 % _"])
    expect(await find(text), text).toEqual([true]);
  expect(await find("a prefix", "&dry_run=false")).toEqual([false]);
  expect(await find("a prefix", "&dry_run=true")).toEqual([]);
  for (const text of ["comments", "no such text", "ho"]) expect(await find(text), text).toEqual([]);
  await pool.query("delete from sync where id = $1", [syncId]);
});

test("a diff is given whole or not at all: not of more changes than one answer is to hold", async () => {
  const { pool } = server.database;
  const isGiven = async () => {
    const { results } = await server.read<Page>("/api/plugins/ssot/history/?limit=0");
    return results.map(({ diff }) => diff !== null);
  };
  const seedTenants = async (count: number, bytes = 10) => {
    const { syncId } = await seedSync(pool, { jobId: "large" });
    await pool.query(
      `insert into sync_change (sync_id, position, model, action, key, label, after, fields, rank)
       select $1, n, 'tenant', 'create', format('["T%s"]', n), 'T',
              jsonb_build_object('comments', (select string_agg(md5(n::text || m), '') from generate_series(1, $3::int / 32 + 1) m)), '{}', 1
         from generate_series(1, $2::int) n`,
      [syncId, count, bytes],
    );
    return syncId;
  };
  await seedTenants(mostInDiff);
  const larger = await seedTenants(mostInDiff + 1);
  // 10 MB in few changes.
  const wordy = await seedTenants(10, 1_000_000);
  expect(await isGiven()).toEqual([false, false, true, true]);
  for (const id of [larger, wordy]) {
    const one = await server.read<Body>(`/api/plugins/ssot/history/${id}/`);
    expect(one["diff"]).toBeNull();
  }
  expect(await server.read(`/api/plugins/ssot/history/${larger}/`)).toMatchObject({
    summary: { create: mostInDiff + 1 },
  });

  // Of a list the first, as many as one answer may hold.
  await pool.query("delete from sync where id = any($1)", [[larger, wordy]]);
  const fitting = mostInAnswer / mostInDiff;
  for (let n = 0; n < fitting; n += 1) await seedTenants(mostInDiff);
  expect(await isGiven()).toEqual([...Array<boolean>(fitting).fill(true), false, false]);
  await pool.query("delete from sync where job_id = 'large'");
});
