import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChangeRow } from "../../src/syncs/queries/change-rows.ts";
import type { TreeLevel } from "../../src/syncs/queries/change-tree.ts";
import type { FindingFacets, FindingRow } from "../../src/syncs/queries/findings.ts";
import type { SyncDetail } from "../../src/syncs/queries/sync-detail.ts";
import type { SyncLogRow } from "../../src/syncs/queries/sync-log-rows.ts";
import type { SyncRow } from "../../src/syncs/queries/sync-rows.ts";
import { createTestApp } from "./app.ts";
import type { TestApp } from "./app.ts";
import { seedHolds, seedOutcomes, seedPlan, seedSync } from "./seed.ts";
import type { SeededSync } from "./seed.ts";

interface List<T> {
  items: T[];
  total: number;
}

let server: TestApp;
/** Germany → Berlin → Mitte to create, Paris to update, Rome to delete (held). */
let places: SeededSync;

const germany = '["Germany",null]';
const berlin = `["Berlin",${germany}]`;
const parisId = "5f2b7c1e-8a1b-4f3e-9d2a-000000000001";

beforeAll(async () => {
  server = await createTestApp();
  const { pool } = server.database;
  await pool.query("insert into job_manifest (manifest) values ($1)", [
    JSON.stringify({
      jobs: [],
      errors: [],
      models: [
        {
          name: "location",
          plural: "locations",
          label: "Location",
          pluralLabel: "Locations",
          isHub: true,
          fields: [
            { name: "name", isKey: true, target: null },
            { name: "parent", isKey: true, target: "location" },
          ],
        },
      ],
    }),
  ]);
  places = await seedSync(pool);
  await pool.query(
    `insert into sync_model (sync_id, model, position, source_count, target_count, unchanged_count)
     values ($1, 'location', 1, 14, 11, 10)`,
    [places.syncId],
  );
  await pool.query(
    `insert into sync_change (sync_id, position, model, action, key, label, parent_model, parent_key,
                              before, after, fields, rank, target_id)
     values ($1, 1, 'location', 'update', '["Paris",["France",null]]', 'Paris', 'location', '["France",null]',
             '{"description": "old"}', '{"description": "new"}', '{description}', 0, $4),
            ($1, 2, 'location', 'create', $2, 'Germany', null, null, null, '{"name": "Germany"}', '{}', 1, null),
            ($1, 3, 'location', 'create', $3, 'Berlin', 'location', $2, null, '{"name": "Berlin"}', '{}', 2, null),
            ($1, 4, 'location', 'create', '["Mitte",' || $3 || ']', 'Mitte', 'location', $3, null, '{"name": "Mitte"}', '{}', 3, null),
            ($1, 5, 'location', 'delete', '["Rome",null]', 'Rome', null, null, '{"name": "Rome"}', null, '{}', 4, $4)`,
    [places.syncId, germany, berlin, parisId],
  );
  await seedHolds(pool, places.syncId, "deletes-not-asked", "action = 'delete'");
});

afterAll(async () => {
  await server.close();
});

const changesOf = (query: string) =>
  server.read<List<ChangeRow>>(`/api/ssot/syncs/${places.syncId}/changes?${query}`);
const treeOf = (query: string) =>
  server.read<TreeLevel>(`/api/ssot/syncs/${places.syncId}/tree?${query}`);

test("a dry run's record says what it would do, what is held, and that it can be applied", async () => {
  const record = await server.read<SyncDetail>(`/api/ssot/syncs/${places.syncId}`);
  expect(record).toMatchObject({
    status: "planned",
    sentence: "3 to create, 1 to update, 1 to delete; 1 delete withheld",
    counts: { create: 3, update: 1, delete: 1, unchanged: 10, held: 1, applied: 0 },
    models: [{ model: "location", label: "Locations", sourceCount: 14, create: 3, held: 1 }],
    holds: [{ guard: "deletes-not-asked", count: 1, model: "location", isExample: false }],
    possible: {
      apply: { allowed: true, reason: null, count: 4 },
      undo: {
        allowed: false,
        reason: "Nothing of this sync was applied, so there is nothing to take back.",
      },
    },
  });
});

test("changes come in the order of applying, with parents named and hub records linked", async () => {
  const { items, total } = await changesOf("");
  expect(total).toBe(5);
  expect(items.map(({ label }) => label)).toEqual(["Paris", "Germany", "Berlin", "Mitte", "Rome"]);
  expect(items.map(({ parentLabel }) => parentLabel)).toEqual([
    "France",
    null,
    "Germany",
    "Berlin",
    null,
  ]);
  expect(items[0]?.objectUrl).toBe(`/inventory/locations/${parisId}/`);
  expect(items[4]?.hold).toMatchObject({ guard: "deletes-not-asked" });
});

test.each([
  ["action=create", 3],
  ["action=create,delete", 4],
  ["outcome=held", 1],
  ["outcome=pending", 4],
  ["outcome=pending,held", 5],
  ["outcome=applied", 0],
  ["field=description", 1],
  ["field=name", 0],
  ["q=berl", 2],
  ["q=%25", 0],
  ["model=prefix", 0],
  [`parentModel=location&parentKey=${encodeURIComponent(germany)}`, 1],
  [`model=location&key=${encodeURIComponent(germany)}`, 1],
  [`model=prefix&key=${encodeURIComponent(germany)}`, 0],
])("the filter %s finds %i", async (query, expected) => {
  const { items, total } = await changesOf(query);
  expect(items).toHaveLength(expected);
  expect(total).toBe(expected);
});

test.each([
  ["q=mitte", ["Locations +1"], ["+ Germany +1", "+ Berlin +1", "+ Mitte"]],
  ["field=description", ["Locations ~1"], ["~ Paris"]],
  ["outcome=held", ["Locations -1"], ["- Rome"]],
  ["guard=deletes-not-asked", ["Locations -1"], ["- Rome"]],
  ["action=delete", ["Locations -1"], ["- Rome"]],
  ["q=nothing", [], []],
])(
  "the tree with the filter %s has what matches and what that lies below",
  async (query, models, objects) => {
    const signs = { create: "+", update: "~", delete: "-" } as const;
    const texts = ({ nodes }: TreeLevel) =>
      nodes.map(({ action, label, counts }) =>
        [
          ...(action ? [signs[action]] : []),
          label,
          ...(["create", "update", "delete"] as const).flatMap((each) =>
            counts[each] > 0 ? [`${signs[each]}${counts[each]}`] : [],
          ),
        ].join(" "),
      );
    const top = await treeOf(query);
    expect(texts(top)).toEqual(models);
    const found: string[] = [];
    let level = await treeOf(`${query}&parentModel=location`);
    while (level.nodes.length > 0) {
      expect(level.total).toBe(level.nodes.length);
      found.push(...texts(level));
      const [below] = level.nodes.filter(({ hasChildren }) => hasChildren);
      if (!below) break;
      const key = encodeURIComponent(below.key ?? "");
      level = await treeOf(`${query}&parentModel=location&parentKey=${key}`);
    }
    expect(found).toEqual(objects);
  },
);

test("facets count what each value of a filter would show beside the others", async () => {
  const facetsOf = (query: string) =>
    server.read<Record<string, { value: string; count: number }[]>>(
      `/api/ssot/syncs/${places.syncId}/facets?${query}`,
    );
  const all = await facetsOf("");
  expect(all["model"]).toEqual([{ value: "location", count: 5 }]);
  expect(all["action"]).toEqual([
    { value: "create", count: 3 },
    { value: "delete", count: 1 },
    { value: "update", count: 1 },
  ]);
  expect(all["field"]).toEqual([]);
  const ofModel = await facetsOf("model=location&action=create");
  expect(ofModel["action"]).toEqual(all["action"]);
  expect(ofModel["model"]).toEqual([{ value: "location", count: 3 }]);
  expect((await facetsOf("model=location"))["field"]).toEqual([{ value: "description", count: 1 }]);
});

test("facets are the same counted by rows as kept beside them", async () => {
  const read = (query: string) =>
    server.read<{ model: unknown; action: unknown; outcome: unknown }>(
      `/api/ssot/syncs/${places.syncId}/facets?${query}`,
    );
  const kept = await read("");
  // Each key is a JSON array.
  const counted = await read("q=%5B");
  expect(counted).toEqual(kept);
});

test("the tree has the models, then the topmost changed objects, then what changed below each", async () => {
  expect(await treeOf("")).toMatchObject({
    nodes: [{ kind: "model", label: "Locations", counts: { create: 3, update: 1, delete: 1 } }],
  });
  const top = await treeOf("parentModel=location");
  expect(
    top.nodes.map(({ label, counts, hasChildren }) => [label, counts.create, hasChildren]),
  ).toEqual([
    ["Paris", 0, false],
    ["Germany", 2, true],
    ["Rome", 0, false],
  ]);
  const below = await treeOf(`parentModel=location&parentKey=${encodeURIComponent(germany)}`);
  expect(below).toMatchObject({ total: 1, nodes: [{ label: "Berlin", counts: { create: 1 } }] });
});

test("how long a sync took is the time at work, not the time until somebody applied it", async () => {
  const { pool } = server.database;
  const later = await seedSync(pool, { jobId: "later", status: "applied" });
  await pool.query(
    `insert into job_result (job_id, job_title, kind, sync_id, status, started_at, finished_at)
     values ('later', 'Sites', 'apply', $1, 'applied', now() + interval '2 h', now() + interval '2 h 10 s')`,
    [later.syncId],
  );
  const list = await server.read<List<SyncRow>>("/api/ssot/syncs?jobId=later&sort=-durationMs");
  expect(list.items).toMatchObject([{ id: later.syncId, durationMs: 100_000 }]);
  await pool.query("delete from sync where id = $1", [later.syncId]);
});

describe("after applying", () => {
  let applied: SeededSync;

  beforeAll(async () => {
    const { pool } = server.database;
    applied = await seedSync(pool, { status: "partial", isDryRun: false });
    await seedPlan(pool, applied.syncId, 1);
    await seedOutcomes(pool, applied, "failed", "position in (3, 4)");
    await seedOutcomes(pool, applied, "applied", "position <> 3");
    await pool.query(
      `insert into sync_finding (sync_id, kind, side, model, label, field, value, message, origin)
       values ($1, 'bad-value', 'source', 'ip_address', '=10.0.1.9', 'status', 'Aktive', 'No such status, "Aktive".', 'ip_addresses.csv:9')`,
      [applied.syncId],
    );
    await pool.query(
      `insert into job_log (job_result_id, level, grouping, message) values
       ($1, 'info', 'source', 'Read 11 rows.'), ($1, 'info', 'run', 'Began.'), ($1, 'warning', 'apply', 'Slow.')`,
      [applied.jobResultId],
    );
  });

  test("the latest outcome of a change counts, in rows and in counts", async () => {
    const record = await server.read<SyncDetail>(`/api/ssot/syncs/${applied.syncId}`);
    expect(record.counts).toMatchObject({ create: 11, applied: 10, failed: 1, findings: 1 });
    expect(record.sentence).toBe("10 created, 0 updated, 0 deleted; 1 failed; 1 finding");
    expect(record.possible.apply.allowed).toBe(false);
    const failed = await server.read<List<ChangeRow>>(
      `/api/ssot/syncs/${applied.syncId}/changes?outcome=failed`,
    );
    expect(failed.total).toBe(1);
    expect(failed.items).toMatchObject([
      { position: 3, outcome: { status: "failed", errorField: "host", errorValue: "10.0.1.2" } },
    ]);
  });

  test("the log has every attempt, finding and adapter message in time order", async () => {
    const { items, total } = await server.read<List<SyncLogRow>>(
      `/api/ssot/syncs/${applied.syncId}/logs?limit=100`,
    );
    expect(total).toBe(items.length);
    expect(items.filter(({ kind }) => kind === "change")).toHaveLength(12);
    expect(items.filter(({ kind }) => kind === "message").map(({ message }) => message)).toEqual([
      "Read 11 rows.",
      "Slow.",
    ]);
    expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toSorted());
    expect(items.find(({ status }) => status === "error")).toMatchObject({
      action: "create",
      message: "No prefix contains it; create one first. (host: 10.0.1.2)",
    });
  });

  test("the log over all syncs is newest first, and pages without gaps", async () => {
    const all = await server.read<List<SyncLogRow>>("/api/ssot/logs?limit=100");
    expect(all.total).toBe(5 + 12 + 1 + 2);
    expect(all.items.map(({ at }) => at)).toEqual(
      all.items
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
    const paged: string[] = [];
    for (let offset = 0; offset < all.total; offset += 3) {
      const page = await server.read<List<SyncLogRow>>(`/api/ssot/logs?limit=3&offset=${offset}`);
      paged.push(...page.items.map(({ id }) => id));
    }
    expect(paged).toEqual(all.items.map(({ id }) => id));
    const held = await server.read<List<SyncLogRow>>("/api/ssot/logs?action=delete");
    expect(held.items).toMatchObject([
      { label: "Rome", status: "failure", message: expect.stringMatching(/^Held: /) as string },
    ]);
  });

  test("the logs are searched by objects, and by what was said when one failed", async () => {
    for (const log of ["/api/ssot/logs", `/api/ssot/syncs/${applied.syncId}/logs`]) {
      const find = async (q: string) => {
        const path = `${log}?q=${encodeURIComponent(q)}&kind=change`;
        const { items, total } = await server.read<List<SyncLogRow>>(path);
        expect(items).toHaveLength(total);
        return [...new Set(items.map(({ label, status }) => `${label ?? ""}: ${status}`))].sort();
      };
      expect(await find("create ONE first")).toEqual(["10.0.1.2: error", "10.0.1.3: error"]);
      expect(await find("10.0.1.3")).toEqual(["10.0.1.3: error", "10.0.1.3: success"]);
      expect(await find("no such text")).toEqual([]);
    }
  });

  test("the log over all syncs is narrowed to one of them", async () => {
    const find = async (query: string) => {
      const { items, total } = await server.read<List<SyncLogRow>>(`/api/ssot/logs?${query}`);
      expect(items).toHaveLength(total);
      return items.map(({ syncId }) => syncId);
    };
    const ofPlaces = `syncId=${places.syncId}`;
    expect(await find(ofPlaces)).toEqual(Array(5).fill(places.syncId));
    expect(await find(`syncId=${applied.syncId}`)).toEqual(Array(15).fill(applied.syncId));
    expect(await find(`${ofPlaces}&jobId=sites&direction=source`)).toHaveLength(5);
    expect(await find(`${ofPlaces}&jobId=another`)).toEqual([]);
    expect(await find(`${ofPlaces}&q=berl`)).toHaveLength(2);
    expect(await find(`${ofPlaces}&q=10.0.1.3`)).toEqual([]);
    expect(await find(`syncId=${parisId}`)).toEqual([]);
    const file = await server.request(`/api/ssot/logs/export?format=json&${ofPlaces}`);
    expect((await file.json()) as unknown[]).toHaveLength(5);
    expect((await server.request("/api/ssot/logs?syncId=nothing")).status).toBe(400);
  });

  test("the logs are searched by why a change is held or was rejected, not by rulings that are past", async () => {
    const { pool } = server.database;
    const ruled = await seedSync(pool, { status: "held" });
    await seedPlan(pool, ruled.syncId, 1);
    await pool.query(
      `insert into sync_decision (sync_id, position, verdict, guard, reason, user_name)
       values ($1, 2, 'hold', 'ceiling', 'Too many at once.', null),
              ($1, 3, 'hold', 'ceiling', 'Too many at once.', null), ($1, 3, 'release', null, 'Many are meant.', 'ada'),
              ($1, 4, 'hold', 'ceiling', 'Too many at once.', null), ($1, 4, 'hold', 'not-owner', 'Of others.', null),
              ($1, 5, 'hold', 'ceiling', 'Too many at once.', null), ($1, 5, 'reject', null, 'A wrong cable.', 'ada'),
              ($1, 6, 'reject', null, 'A wrong cable.', 'ada'), ($1, 6, 'accept', null, 'The right cable.', 'ada'),
              ($1, 7, 'hold', 'ceiling', '10.0.1.6 is one too many at once.', null),
              ($1, 8, 'hold', 'ceiling', 'Too many at once.', null)`,
      [ruled.syncId],
    );
    await seedOutcomes(pool, ruled, "applied", "position = 8");
    for (const log of [`/api/ssot/logs`, `/api/ssot/syncs/${ruled.syncId}/logs`]) {
      const find = async (query: string) => {
        const path = `${log}?kind=change&syncId=${ruled.syncId}&${query}`;
        const { items, total } = await server.read<List<SyncLogRow>>(path);
        expect(items).toHaveLength(total);
        return items.map(({ label, status }) => `${label ?? ""}: ${status}`).sort();
      };
      expect(await find("q=many AT once")).toEqual(["10.0.1.1: failure", "10.0.1.6: failure"]);
      expect(await find("q=of others")).toEqual(["10.0.1.3: failure"]);
      expect(await find("q=wrong cable")).toEqual(["10.0.1.4: failure"]);
      expect(await find("q=right cable")).toEqual([]);
      expect(await find("q=are meant")).toEqual([]);
      // Called so, and said to be: told once.
      expect(await find("q=10.0.1.6")).toEqual(["10.0.1.6: failure"]);
      expect(await find("q=many at once&status=success")).toEqual([]);
      expect(await find("q=many at once&action=delete")).toEqual([]);
    }
    const file = await server.request(
      `/api/ssot/syncs/${ruled.syncId}/logs/export?format=json&q=wrong%20cable`,
    );
    expect(await file.json()).toMatchObject([{ label: "10.0.1.4", message: "Rejected by ada" }]);
    await pool.query("delete from sync where id = $1", [ruled.syncId]);
  });

  test("the history is searched by objects that differed, and by a run", async () => {
    const find = async (query: string) =>
      (await server.read<List<SyncRow>>(`/api/ssot/syncs?${query}`)).items.map(({ id }) => id);
    expect(await find("q=mitt")).toEqual([places.syncId]);
    expect(await find("q=10.0.1.2")).toEqual([applied.syncId]);
    expect(await find("q=mi")).toEqual([]);
    expect(await find("q=nowhere")).toEqual([]);
    expect(await find(`jobResultId=${applied.jobResultId}`)).toEqual([applied.syncId]);
    expect(await find(`jobResultId=${parisId}`)).toEqual([]);
  });

  test("findings are listed and searched", async () => {
    const path = `/api/ssot/syncs/${applied.syncId}/findings`;
    const { items } = await server.read<List<FindingRow>>(path);
    expect(items).toMatchObject([
      { kind: "bad-value", value: "Aktive", origin: "ip_addresses.csv:9" },
    ]);
    expect((await server.read<List<FindingRow>>(`${path}?q=tenant`)).total).toBe(0);
    expect((await server.read<List<FindingRow>>(`${path}?kind=bad-value`)).total).toBe(1);
    expect((await server.read<List<FindingRow>>(`${path}?side=target`)).total).toBe(0);
    const facets = await server.read<FindingFacets>(`${path}/facets?kind=duplicate`);
    expect(facets).toEqual({ kind: [{ value: "bad-value", count: 1 }], side: [], model: [] });
  });

  test("lists export as CSV that no spreadsheet runs, and as JSON", async () => {
    const csv = await server.request(`/api/ssot/syncs/${applied.syncId}/findings/export`);
    expect(csv.headers.get("content-disposition")).toMatch(
      /attachment; filename="findings-.*\.csv"/,
    );
    const [head, row] = (await csv.text()).split("\r\n");
    expect(head).toBe("id,at,kind,side,model,label,key,field,value,message,origin");
    expect(row).toMatch(
      /,'=10\.0\.1\.9,,status,Aktive,"No such status, ""Aktive""\.",ip_addresses\.csv:9$/,
    );
    const log = await server.request(`/api/ssot/syncs/${applied.syncId}/logs/export?format=json`);
    expect((await log.json()) as unknown[]).toHaveLength(12 + 1 + 2);
    const none = await server.request(
      `/api/ssot/syncs/${applied.syncId}/changes/export?format=json&q=nothing`,
    );
    expect(await none.json()).toEqual([]);
  });

  test("history is newest first and filtered by status", async () => {
    const all = await server.read<List<SyncRow>>("/api/ssot/syncs");
    expect(all.items.map(({ id }) => id)).toEqual([applied.syncId, places.syncId]);
    const planned = await server.read<List<SyncRow>>(
      "/api/ssot/syncs?status=planned,held&isDryRun=true",
    );
    expect(planned.items.map(({ id }) => id)).toEqual([places.syncId]);
    expect(planned.total).toBe(1);
  });
});

test("an export holds every row once, however many batches it takes", async () => {
  const { pool } = server.database;
  const large = await seedSync(pool, { status: "applied", isDryRun: false });
  await seedPlan(pool, large.syncId, 250);
  // One statement: many rows share a time to the microsecond.
  await seedOutcomes(pool, large, "applied");
  for (const list of ["changes", "logs"]) {
    const answer = await server.request(
      `/api/ssot/syncs/${large.syncId}/${list}/export?format=json`,
    );
    const rows = (await answer.json()) as { key: string }[];
    expect(rows).toHaveLength(2750);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(2750);
  }
});
