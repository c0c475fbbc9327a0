// What the history and the logs are found by, and what they lead to.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SyncDetail } from "../../src/syncs/queries/sync-detail.ts";
import type { SyncLogRow } from "../../src/syncs/queries/sync-log-rows.ts";
import type { SyncRow } from "../../src/syncs/queries/sync-rows.ts";
import { mostSearched } from "../../src/syncs/queries/search-values.ts";
import { createTestApp, type TestApp } from "./app.ts";
import { seedHolds, seedOutcomes, seedSync, type SeededSync } from "./seed.ts";

interface List<T> {
  items: T[];
  total: number;
}

let server: TestApp;
/** Nine tenants: to create 1 to 7, to update 8, to delete 9. */
let tried: SeededSync;
/** One site to update. */
let planned: SeededSync;

const acme = "5f2b7c1e-8a1b-4f3e-9d2a-00000000000a";
const gone = "5f2b7c1e-8a1b-4f3e-9d2a-00000000000b";

beforeAll(async () => {
  server = await createTestApp();
  const { pool } = server.database;
  const model = { plural: "tenants", isHub: true, viewOf: null, fields: [] };
  await pool.query("insert into job_manifest (manifest) values ($1)", [
    JSON.stringify({
      jobs: [
        {
          ...{
            id: "crm",
            direction: "source",
            system: "CRM",
            connection: "crm",
            hubSide: "target",
          },
          ...{ links: { tenant: "https://crm.example/{id}" }, otherLinks: {} },
        },
      ],
      models: [{ ...model, name: "tenant", label: "Tenant", pluralLabel: "Tenants" }],
      errors: [],
    }),
  ]);
  tried = await seedSync(pool, { jobId: "crm", status: "partial", isDryRun: false });
  await pool.query(
    `insert into sync_change (sync_id, position, model, action, key, label, before, after, fields, rank, target_id, source_id)
     select $1, n, 'tenant', case n when 8 then 'update' when 9 then 'delete' else 'create' end, format('["T%s"]', n),
            format('T%s', n),
            case when n = 8 then '{"description": "Said \\"hi\\"\\nC:\\\\temp"}' when n = 9 then '{"name": "T9"}' end::jsonb,
            case when n = 8 then '{"description": "Größe 50%"}'
                 when n < 8 then format('{"name": "T%s", "comments": "from the depot"}', n) end::jsonb,
            case n when 8 then '{description}' else '{}' end::text[], 1,
            case n when 8 then $2 when 9 then $3 end, format('crm-%s', n)
       from generate_series(1, 9) n`,
    [tried.syncId, acme, gone],
  );
  await seedOutcomes(pool, tried, "failed", "position in (1, 2)");
  await seedOutcomes(pool, tried, "applied", "position in (2, 8, 9)");
  await seedOutcomes(pool, tried, "skipped", "position = 3");
  await seedOutcomes(pool, tried, "stale", "position = 4");
  await seedOutcomes(pool, tried, "cancelled", "position = 5");
  await seedHolds(pool, tried.syncId, "needs-held", "position = 6");
  planned = await seedSync(pool, { jobId: "sites" });
  await pool.query(
    `insert into sync_change (sync_id, position, model, action, key, label, before, after, fields, rank)
     values ($1, 1, 'site', 'update', '["Harbour"]', 'Harbour', '{"comments": "Quay 4"}', '{"comments": "Quay 5"}', '{comments}', 1)`,
    [planned.syncId],
  );
});

afterAll(async () => {
  await server.close();
});

const logsOf = (query: string) => server.read<List<SyncLogRow>>(`/api/ssot/logs?${query}`);
const found = async (query: string) => {
  const { items, total } = await logsOf(query);
  expect(items).toHaveLength(total);
  return items.map(({ label, status }) => `${label ?? ""} ${status}`).sort();
};

test("each count of what became of changes leads to its rows of the log", async () => {
  const { counts, models } = await server.read<SyncDetail>(`/api/ssot/syncs/${tried.syncId}`);
  const wanted = { applied: 3, failed: 1, skipped: 1, stale: 1, cancelled: 1, held: 1 };
  expect(counts).toMatchObject(wanted);
  expect(models).toMatchObject([wanted]);
  for (const log of ["/api/ssot/logs", `/api/ssot/syncs/${tried.syncId}/logs`]) {
    for (const [outcome, count] of Object.entries(wanted)) {
      const { total } = await server.read<List<SyncLogRow>>(`${log}?outcome=${outcome}`);
      expect(total, `${log} ${outcome}`).toBe(count);
    }
  }
  // The attempt of the second that failed is one that was made good.
  expect(await found("outcome=failed")).toEqual(["T1 error"]);
  expect(await found("outcome=skipped,stale,cancelled")).toEqual(
    ["T3", "T4", "T5"].map((label) => `${label} failure`),
  );
  expect(await found("outcome=pending&model=tenant")).toEqual(["T7 success"]);
  expect(await found("outcome=held,failed&q=the depot")).toEqual(["T1 error", "T6 failure"]);
  expect(await found("outcome=failed&status=success")).toEqual([]);
});

test("a row of the log leads to its object on both sides, as a row of the diff does; to none that is gone", async () => {
  const linksOf = async (path: string) => {
    const { items } = await server.read<List<SyncLogRow>>(`${path}?limit=100`);
    return Object.fromEntries(
      items.map(({ label, objectUrl, systemObject }) => [
        label ?? "",
        [objectUrl, systemObject?.url],
      ]),
    );
  };
  const links = await linksOf(`/api/ssot/syncs/${tried.syncId}/logs`);
  expect(links).toMatchObject({
    T7: [null, "https://crm.example/crm-7"],
    T8: [`/inventory/tenants/${acme}/`, "https://crm.example/crm-8"],
    T9: [null, "https://crm.example/crm-9"],
  });
  const all = await linksOf("/api/ssot/logs");
  expect(all).toEqual({ ...links, Harbour: [null, undefined] });
  const csv = await server.request(`/api/ssot/syncs/${tried.syncId}/logs/export?q=T8`);
  const [head, row] = (await csv.text()).split("\r\n");
  expect(head).toMatch(/,objectUrl,systemObject,otherSystemObject$/);
  expect(row).toMatch(new RegExp(`,/inventory/tenants/${acme}/,https://crm.example/crm-8,$`));
});

test("the history and the logs are searched by the values that differ, not by what fields are called", async () => {
  const history = async (q: string) => {
    const { items, total } = await server.read<List<SyncRow>>(
      `/api/ssot/syncs?q=${encodeURIComponent(q)}`,
    );
    expect(items).toHaveLength(total);
    return items.map(({ id }) => (id === tried.syncId ? "tried" : "planned"));
  };
  const labels = async (q: string) => (await found(`q=${encodeURIComponent(q)}`)).join(", ");
  const updated = "T8 success";
  for (const text of ['said "HI', 'hi"\nc', "c:\\temp", "größe", "50%", "grö"]) {
    expect(await history(text), text).toEqual(["tried"]);
    expect(await labels(text), text).toBe(updated);
  }
  expect(await history("quay 4")).toEqual(["planned"]);
  expect(await labels("quay")).toBe("Harbour success");
  expect(await history("THE DEPOT")).toEqual(["tried"]);
  expect(await labels("the depot")).toBe(
    "T1 error, T2 error, T2 success, T3 failure, T4 failure, T5 failure, T6 failure, T7 success",
  );
  // Fields, and what JSON is written with.
  for (const text of [
    "comments",
    "description",
    '": "',
    "null",
    "quay.4",
    "(quay)",
    "***quay",
    "[a-z]",
    "नमस्ते",
  ]) {
    expect(await history(text), text).toEqual([]);
    expect(await labels(text), text).toBe("");
  }
  // Too short for values.
  expect(await labels("ro")).toBe("");
});

test("values are read of the newest syncs alone, as many as have few enough changes together", async () => {
  const { pool } = server.database;
  const find = async (q: string, more = "") =>
    (await server.read<List<SyncRow>>(`/api/ssot/syncs?q=${q}${more}`)).items.map(({ id }) => id);
  const later = await seedSync(pool, { jobId: "later" });
  const pretend = (planned: number) =>
    pool.query(
      `insert into sync_count (sync_id, model, action, planned) values ($1, 'site', 'create', $2)
       on conflict (sync_id, model, action) do update set planned = excluded.planned`,
      [later.syncId, planned],
    );
  await pretend(mostSearched - 1);
  expect(await find("quay")).toEqual([planned.syncId]);
  expect(await find("depot")).toEqual([]);
  expect(await find("depot", "&jobId=crm")).toEqual([tried.syncId]);
  // One that is too large by itself stands in no other's way.
  await pretend(mostSearched + 1);
  expect(await find("depot")).toEqual([tried.syncId]);
  await pool.query("delete from sync where id = $1", [later.syncId]);
});
