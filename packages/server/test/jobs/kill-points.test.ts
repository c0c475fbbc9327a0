import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/database/connect.ts";
import { readPostmasterFile } from "../../src/database/embedded/postmaster-file.ts";
import { migrate } from "../../src/database/migrate.ts";
import { countSync } from "../../src/syncs/counts.ts";
import { findObstacles } from "../../src/syncs/obstacle.ts";
import { createDataDirectories, type DataDirectories } from "../support/data-directory.ts";
import {
  createEstateRunner,
  estateAtFirst,
  estateChanged,
  type EstateRunner,
  readHub,
  readNames,
} from "../support/estate.ts";
import { forkWorker } from "../support/fork-worker.ts";
import { runProcessesOf } from "../support/lab.ts";
import { quiet } from "../support/quiet-logger.ts";
import type { EndedRun } from "../support/runner.ts";
import { takeSnapshot, type TableSnapshot } from "../support/table-snapshot.ts";

/** Of each: the run's process, its worker, the database. */
const points = 20;
const seed = Number(process.env["PLUMBLINE_KILL_SEED"] ?? Date.now() % 1_000_000);
const heartbeat = { intervalMs: 200, silenceMs: 1500 };
/** Each row written takes so long, so that most points are amid a transaction. */
const paceMs = 1;

type Kill = (jobResultId: string) => Promise<void>;

let directories: DataDirectories;
let dataDirectory: string;
let runner: EstateRunner;
let variables: { estate: string };
let atFirst: TableSnapshot;
let start: unknown;
let changed: unknown;
let applied: { readonly whole: EndedRun; readonly hub: TableSnapshot };
/** How long the writing of all changes takes at this pace. */
let applyMs: number;
const random = createRandom(seed);

beforeAll(async () => {
  process.stdout.write(`kill points: PLUMBLINE_KILL_SEED=${seed}\n`);
  directories = await createDataDirectories();
  dataDirectory = await directories.prepared();
  const database = await openDatabase({ dataDirectory, logger: quiet });
  await migrate(database, { logger: quiet });
  runner = await createEstateRunner({ ...database, drop: () => database.close() });
  await runner.query("create table pace (ms float)");
  await runner.query("insert into pace values (0)");
  await runner.query("alter system set fsync = off");
  await runner.query("select pg_reload_conf()");
  await runner.query(
    `create function keep_pace() returns trigger language plpgsql as $$
     begin
       if (select ms from pace) > 0 then perform pg_sleep((select ms from pace) / 1000); end if;
       return coalesce(new, old);
     end $$`,
  );
  for (const table of ["tags", "tenant_groups", "tenants", "locations"]) {
    await runner.query(
      `create trigger keep_pace before insert or update or delete on ${table} for each row execute function keep_pace()`,
    );
  }
});

afterAll(async () => {
  await runner.close();
  await directories.remove();
});

const setPace = (ms: number) => runner.query("update pace set ms = $1", [ms]);

const run = () => runner.start({ jobId: "estate", variables, isDryRun: false, asksDeletes: true });

async function prepare(): Promise<void> {
  variables = await runner.estate(estateAtFirst());
  await runner.ended((await run()).jobResultId);
  start = await readHub(runner);
  atFirst = await takeSnapshot(runner, "at_first");
  variables = await runner.estate(estateChanged());
  await setPace(paceMs);
  const whole = await runner.ended((await run()).jobResultId);
  const { create, update, delete: gone } = whole.counts;
  expect(create + update + gone).toBeGreaterThanOrEqual(500);
  expect(whole.status).toBe("applied");
  changed = await readNames(runner);
  const [took] = await runner.query<{ ms: number }>(
    `select extract(epoch from finished_at - started_at)::float8 * 1000 as ms from sync_phase
      where sync_id = $1 and phase = 'apply'`,
    [whole.syncId],
  );
  applyMs = took!.ms;
  applied = { whole, hub: await takeSnapshot(runner, "applied") };
  await setPace(0);
  expect(await carriedOut(whole.syncId, "rollback")).toMatchObject({ status: "applied" });
  expect(await readHub(runner)).toEqual(start);
}

const carriedOut = async (syncId: string, verb: "resume" | "rollback") =>
  runner.ended((await runner.carryOut(syncId, verb)).jobResultId);

/** Has a run at this pace, kills it at a point of its writing, and waits for its end. */
async function killAt(
  begin: () => Promise<{ jobResultId: string; syncId: string }>,
  kill: Kill,
): Promise<EndedRun> {
  const share = random();
  await setPace(paceMs);
  const { jobResultId } = await begin();
  await until(async () => {
    const rows = await runner.query(
      "select from sync_phase where job_result_id = $1 and phase = 'apply'",
      [jobResultId],
    );
    return rows.length > 0;
  });
  await sleep(share * applyMs);
  await kill(jobResultId);
  await until(async () => {
    await setPace(0);
    return true;
  });
  return endedInTime(jobResultId);
}

/** Does the rest of what was killed. Killed after the last write there is nothing left to do. */
async function resume({ syncId }: EndedRun): Promise<void> {
  const { resume: obstacle } = await findObstacles(runner.database.pool, syncId);
  if (obstacle === null) {
    expect(await carriedOut(syncId, "resume")).toMatchObject({ status: "applied" });
  } else {
    expect(obstacle.reason).toMatch(/there is nothing to resume/);
  }
  expect(await countSync(runner.database.pool, syncId)).toMatchObject({
    failed: 0,
    stale: 0,
    skipped: 0,
  });
}

/** Takes back what a sync wrote, be it nothing. */
async function takeBack({ syncId }: EndedRun): Promise<void> {
  const [written] = await runner.query<{ count: number }>(
    "select count(*) from object_change where sync_id = $1",
    [syncId],
  );
  if (written!.count === 0) {
    await expect(runner.carryOut(syncId, "rollback")).rejects.toThrow(/nothing to take back/);
  } else {
    // A roll back that was killed after its last write left nothing to do.
    const status = isDeepStrictEqual(await readHub(runner), start) ? "in-agreement" : "applied";
    const back = await carriedOut(syncId, "rollback");
    expect(back).toMatchObject({ status, reason: null, counts: { held: 0 } });
  }
  expect(await readHub(runner)).toEqual(start);
}

/** Tries both ways on from where a kill left the hub, each from the very same rows. */
async function tryBothWays(one: () => Promise<void>, other: () => Promise<void>): Promise<void> {
  const killed = await takeSnapshot(runner, "killed");
  await one();
  await killed.restore();
  await other();
}

/**
 * Makes the points of one kind, and sees to it that most kills met a run at work. At each the rest is done, of some
 * then all is taken back; and from where the kill left it, what there is of it is taken back.
 */
async function makePoints(kill: Kill): Promise<void> {
  let cut = 0;
  for (let point = 0; point < points; point += 1) {
    await atFirst.restore();
    const lost = await killAt(run, kill);
    if (lost.status !== "applied") cut += 1;
    await tryBothWays(
      async () => {
        await resume(lost);
        expect(await readNames(runner)).toEqual(changed);
        if (point % 4 === 0) await takeBack(lost);
      },
      () => takeBack(lost),
    );
  }
  expect(cut).toBeGreaterThanOrEqual(points * 0.7);
}

describe("500 mixed changes, killed at 20 points: resumed nothing is there twice and nothing undone, rolled back all is as at the start", () => {
  const workers = new Map<number, ChildProcess>();
  const startWorkerProcess = async (): Promise<void> => {
    const worker = await forkWorker(runner, heartbeat);
    workers.set(worker.pid!, worker);
  };

  beforeAll(async () => {
    await startWorkerProcess();
    await startWorkerProcess();
    await prepare();
  });

  afterAll(() => {
    for (const worker of workers.values()) worker.kill("SIGKILL");
  });

  const killRun: Kill = async () => {
    for (const worker of workers.keys()) {
      for (const pid of runProcessesOf(worker)) process.kill(pid, "SIGKILL");
    }
    return Promise.resolve();
  };

  it("of the run's process", () => makePoints(killRun), 600_000);

  it("of the worker", async () => {
    await makePoints(async (jobResultId) => {
      const [at] = await runner.query<{ pid: number }>(
        "select w.pid from job_result r join job_worker w on w.id = r.worker_id where r.id = $1",
        [jobResultId],
      );
      workers.get(at!.pid)!.kill("SIGKILL");
      workers.delete(at!.pid);
      await startWorkerProcess();
    });
  }, 600_000);

  it("of the database", async () => {
    await makePoints(async () => {
      const before = await postmasterPid();
      process.kill(before!, "SIGKILL");
      await until(async () => (await postmasterPid()) !== before);
      await until(async () => (await runner.query("select 1")).length === 1);
    });
  }, 600_000);

  it("and a roll back killed on its way is resumed, or made again", async () => {
    let cut = 0;
    for (let point = 0; point < points / 2; point += 1) {
      await applied.hub.restore();
      const { whole } = applied;
      const lost = await killAt(() => runner.carryOut(whole.syncId, "rollback"), killRun);
      if (lost.status !== "applied") cut += 1;
      await tryBothWays(
        async () => {
          await resume(lost);
          expect(await readHub(runner)).toEqual(start);
        },
        () => takeBack(whole),
      );
    }
    expect(cut).toBeGreaterThanOrEqual((points / 2) * 0.7);
  }, 600_000);
});

const postmasterPid = async (): Promise<number | undefined> =>
  (await readPostmasterFile(path.join(dataDirectory, "postgres")))?.pid;

/** What asks the database may meet one that is not there for a moment. */
async function until(isThere: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 40_000;
  for (;;) {
    try {
      if (await isThere()) return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    if (Date.now() > end) throw new Error("Waited 40 seconds in vain.");
    await sleep(10);
  }
}

async function endedInTime(jobResultId: string): Promise<EndedRun> {
  let ended: EndedRun | undefined;
  await until(async () => {
    ended = await runner.ended(jobResultId);
    return true;
  });
  return ended!;
}

/** Mulberry32: the same numbers for the same seed. */
function createRandom(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
