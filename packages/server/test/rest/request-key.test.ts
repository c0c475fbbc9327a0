import { afterAll, beforeAll, expect, it } from "vitest";
import { createQueue, type Queue } from "../../src/database/queue.ts";
import { carryOut } from "../../src/syncs/carry-out.ts";
import { startSync } from "../../src/syncs/start.ts";
import { approvalOf } from "../support/approval-of.ts";
import { quiet } from "../support/quiet-logger.ts";
import { createTestApp, json, type TestApp } from "./app.ts";
import { seedOutcomes, seedPlan, seedSync, seedWorker } from "./seed.ts";

let server: TestApp;
let queue: Queue;

beforeAll(async () => {
  server = await createTestApp({
    commands: (database) => {
      queue = createQueue(database, { logger: quiet });
      const context = { database, queue };
      return {
        startSync: (request) => startSync(context, request),
        carryOut: (request) => carryOut(context, request),
        cancelRun: () => Promise.reject(new Error("nothing is cancelled here")),
      };
    },
  });
  await queue.start();
  await seedWorker(server.database.pool);
  await server.database.pool.query(
    "insert into job_manifest (manifest) values ($1) on conflict (id) do update set manifest = excluded.manifest",
    [
      JSON.stringify({
        models: [],
        errors: [],
        jobs: [
          {
            ...{ id: "sites", title: "Sites", direction: "source", sourceName: "Sites" },
            ...{ targetName: "Hub", targetLock: "hub", dryRunDefault: true, deletesDefault: false },
            ...{ variables: [], models: [] },
          },
        ],
      }),
    ],
  );
});

afterAll(async () => {
  await queue.stop({ waitMs: 1000 });
  await server.close();
});

function keyed(key: string, init: RequestInit = { method: "POST" }): RequestInit {
  const headers = new Headers(init.headers);
  headers.set("idempotency-key", key);
  return { ...init, headers };
}

const applyPath = (syncId: string): string => `/api/ssot/syncs/${syncId}/apply`;

/** Applies the sync as it is now. */
const applied = async (syncId: string, key?: string): Promise<Response> => {
  const init = json(await approvalOf(server.database.pool, syncId));
  return server.request(applyPath(syncId), key === undefined ? init : keyed(key, init));
};

async function seedDryRun(): Promise<string> {
  const { pool } = server.database;
  const { syncId } = await seedSync(pool);
  await seedPlan(pool, syncId, 1);
  return syncId;
}

const countApplies = async (syncId: string): Promise<number> =>
  (
    await server.database.pool.query<{ count: number }>(
      "select count(*)::int as count from job_result where sync_id = $1 and kind = 'apply'",
      [syncId],
    )
  ).rows[0]!.count;

it("an apply sent five times at once with one key starts one run, and each is answered with it", async () => {
  const syncId = await seedDryRun();

  const answers = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const response = await applied(syncId, "deploy-7");
      return { status: response.status, body: (await response.json()) as { jobResultId: string } };
    }),
  );

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  expect(new Set(answers.map(({ body }) => body.jobResultId)).size).toBe(1);
  expect(await countApplies(syncId)).toBe(1);
});

it("the same key for something else is refused, and starts nothing", async () => {
  const [first, second] = [await seedDryRun(), await seedDryRun()];
  await applied(first, "once");

  const response = await applied(second, "once");

  expect(response.status).toBe(409);
  expect(await response.text()).toContain("was used for another request");
  expect(await countApplies(second)).toBe(0);
});

it("without a key a second apply is refused as before", async () => {
  const syncId = await seedDryRun();

  expect([(await applied(syncId)).status, (await applied(syncId)).status]).toEqual([202, 409]);
  expect(await countApplies(syncId)).toBe(1);
});

it("nothing is applied that nobody says to have reviewed, as it is now", async () => {
  const syncId = await seedDryRun();
  const seen = await approvalOf(server.database.pool, syncId);
  const answerTo = async (init: RequestInit): Promise<[number, string]> => {
    const response = await server.request(applyPath(syncId), init);
    return [response.status, await response.text()];
  };
  const saying = (text: string): string => expect.stringContaining(text) as string;
  const unsaid = "must be that of the sync as it was reviewed: GET /api/ssot/syncs/{id} tells it";
  await server.database.pool.query("update sync set decisions_revision = 1 where id = $1", [
    syncId,
  ]);

  expect(await answerTo({ method: "POST" })).toEqual([400, saying(`planDigest ${unsaid}`)]);
  expect(await answerTo(json({}))).toEqual([400, saying(`decisionsRevision ${unsaid}`)]);
  expect(await answerTo(json({ planDigest: seen.planDigest }))).toEqual([
    400,
    saying(`understood: decisionsRevision ${unsaid}`),
  ]);
  expect(await answerTo(json(seen))).toEqual([409, saying("changed since you looked")]);
  expect(await countApplies(syncId)).toBe(0);
  expect((await answerTo(json({ ...seen, decisionsRevision: 1 })))[0]).toBe(202);
});

it("a run is started once for its key, another input under it is refused", async () => {
  const path = "/api/ssot/jobs/sites/run";
  const run = async (body: object) => {
    const response = await server.request(path, keyed("nightly", json(body)));
    return { status: response.status, body: await response.json() };
  };

  const first = await run({ isDryRun: true });

  expect(first.status).toBe(202);
  expect(await run({ isDryRun: true })).toEqual(first);
  expect((await run({ isDryRun: false })).status).toBe(409);
});

it("a run that a client of Nautobot asks for is started once for its key too", async () => {
  const run = async (key: string, dryrun: boolean) => {
    const init = keyed(key, json({ data: { dryrun } }));
    const response = await server.request("/api/extras/jobs/sites/run/", init);
    const body = (await response.json()) as { job_result?: { id: string } };
    return [response.status, body.job_result?.id];
  };

  const first = await run("weekly", true);

  expect(first).toEqual([201, expect.any(String)]);
  expect(await run("weekly", true)).toEqual(first);
  expect((await run("weekly", false))[0]).toBe(409);
  expect((await run("two words", true))[0]).toBe(400);
});

/** A sync of which some changes were applied, one failed, and the others were not tried. */
async function seedCutShort(): Promise<{ syncId: string; jobResultId: string }> {
  const { pool } = server.database;
  const seeded = await seedSync(pool, { status: "partial", isDryRun: false });
  await seedPlan(pool, seeded.syncId, 1);
  await seedOutcomes(pool, seeded, "applied", "position < 4");
  await seedOutcomes(pool, seeded, "failed", "position = 4");
  return seeded;
}

it.each([
  ["resume", "resume", "syncId", "syncs"],
  ["retry", "retry", "syncId", "syncs"],
  ["rollback", "rollback", "syncId", "syncs"],
  ["rerun", "run", "jobResultId", "job-results"],
] as const)(
  "a %s asked for twice under one key starts one run, and that of another one is refused",
  async (verb, kind, id, collection) => {
    const [first, second] = [await seedCutShort(), await seedCutShort()];
    const { pool } = server.database;
    const readRuns = async () =>
      (await pool.query<{ id: string; kind: string }>("select id, kind from job_result")).rows;
    const before = new Set((await readRuns()).map((run) => run.id));
    const ask = async (seeded: typeof first) => {
      const path = `/api/ssot/${collection}/${seeded[id]}/${verb}`;
      const response = await server.request(path, keyed(`${verb}-7`));
      return { status: response.status, body: await response.text() };
    };

    const answers = [await ask(first), await ask(first)];
    const other = await ask(second);

    expect(answers[0]?.status).toBe(202);
    expect(answers[1]).toEqual(answers[0]);
    const { jobResultId } = JSON.parse(answers[0]?.body ?? "") as { jobResultId: string };
    expect(other.status).toBe(409);
    expect(other.body).toContain("was used for another request");
    const started = (await readRuns()).filter((run) => !before.has(run.id));
    expect(started).toEqual([{ id: jobResultId, kind }]);
  },
);

it("an undo asked for twice under one key makes one sync; both records say what takes what back", async () => {
  const { pool } = server.database;
  const syncId = await seedDryRun();
  const refused = await server.request(`/api/ssot/syncs/${syncId}/undo`, { method: "POST" });
  expect([refused.status, await refused.text()]).toEqual([
    409,
    expect.stringContaining("there is nothing to take back") as string,
  ]);
  await applied(syncId);
  await pool.query(
    `with ended as (update job_result set status = 'applied' where sync_id = $1 returning id)
     insert into sync_outcome (sync_id, position, job_result_id, status) select $1, 1, id, 'applied' from ended limit 1`,
    [syncId],
  );

  const undo = async () => {
    const response = await server.request(`/api/ssot/syncs/${syncId}/undo`, keyed("undo-7"));
    return (await response.json()) as { syncId: string };
  };
  const first = await undo();

  expect(await undo()).toEqual(first);
  expect(first.syncId).not.toBe(syncId);
  expect(await server.read(`/api/ssot/syncs/${first.syncId}`)).toMatchObject({
    undoOf: syncId,
    isDryRun: true,
    sourceName: expect.stringMatching(/^Undo of /) as string,
  });
  expect(await server.read(`/api/ssot/syncs/${syncId}`)).toMatchObject({
    undoneBy: [{ id: first.syncId }],
  });
});

it("a ruling sent again under its key is answered as the first time, and rules on nothing more", async () => {
  const syncId = await seedDryRun();
  const rule = async (key: string, verdict: string) => {
    const init = keyed(key, json({ verdict, positions: [1] }));
    const response = await server.request(`/api/ssot/syncs/${syncId}/decisions`, init);
    return { status: response.status, body: await response.json() };
  };

  const first = await rule("no-7", "reject");

  expect(first).toMatchObject({ status: 200, body: { decided: 1, decisionsRevision: 1 } });
  expect(await rule("back-7", "accept")).toMatchObject({ body: { decided: 1 } });
  // Late, it does not reject what was accepted since.
  expect(await Promise.all([rule("no-7", "reject"), rule("no-7", "reject")])).toEqual([
    first,
    first,
  ]);
  expect(await server.read(`/api/ssot/syncs/${syncId}`)).toMatchObject({ counts: { rejected: 0 } });
  expect((await rule("no-7", "accept")).status).toBe(409);
});

it("a bulk delete sent again under its key is answered as the first time, and deletes nothing more", async () => {
  const [first, second] = [await seedDryRun(), await seedDryRun()];
  const remove = async (ids: readonly string[], key?: string) => {
    const init = json({ ids });
    const sent = key === undefined ? init : keyed(key, init);
    const response = await server.request("/api/ssot/syncs/delete", sent);
    return { status: response.status, body: await response.json() };
  };
  const deleted = { status: 200, body: { deleted: 1, kept: [] } };

  const answers = await Promise.all([1, 2, 3].map(() => remove([first], "tidy-7")));

  expect(answers).toEqual([deleted, deleted, deleted]);
  expect(await remove([second], "tidy-7")).toMatchObject({ status: 409 });
  expect((await server.request(`/api/ssot/syncs/${second}`)).status).toBe(200);
  // Without a key it is told what there is no more.
  expect(await remove([first, second])).toMatchObject({
    body: { deleted: 1, kept: [{ syncId: first }] },
  });
});
