import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connectDatabase } from "../../src/database/connect.ts";
import { inRunTransaction } from "../../src/syncs/fence.ts";
import { startForgetfulProxy } from "../support/forgetful-proxy.ts";
import { forkWorker } from "../support/fork-worker.ts";
import { createLabRunner, runProcessesOf, tenants, type LabRunner } from "../support/lab.ts";
import { quiet } from "../support/quiet-logger.ts";

const heartbeat = { intervalMs: 500, silenceMs: 3000 };
let runner: LabRunner;
let workers: ChildProcess[] = [];
/** Of what a test opened beside the runner. */
let closers: (() => Promise<void>)[] = [];

beforeEach(async () => {
  runner = await createLabRunner();
});

afterEach(async () => {
  for (const worker of workers) worker.kill("SIGKILL");
  workers = [];
  await runner.close();
  for (const close of closers) await close();
  closers = [];
});

async function startWorkerProcess(): Promise<ChildProcess> {
  const child = await forkWorker(runner, heartbeat);
  workers.push(child);
  return child;
}

async function until(isThere: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const end = Date.now() + 40_000;
  while (!(await isThere())) {
    if (Date.now() > end) throw new Error(`Waited 40 seconds for: ${what}`);
    await sleep(20);
  }
}

const countOf = async (text: string, values: readonly unknown[] = []): Promise<number> => {
  const [row] = await runner.query<{ count: number }>(text, values);
  return row!.count;
};
const tenantCount = (): Promise<number> => countOf("select count(*) from tenants");
const appliedCount = (syncId: string): Promise<number> =>
  countOf("select count(*) from sync_outcome where sync_id = $1 and status = 'applied'", [syncId]);

it("a run whose process is killed while it applies is lost at once, with what was applied marked, and the next run finishes", async () => {
  await runner.work({ heartbeat });
  const variables = await runner.lab({ tenants: tenants(25_000) });
  const started = await runner.start({ jobId: "lab", variables, isDryRun: false });
  await until(async () => (await appliedCount(started.syncId)) > 0, "the first batch");

  const killedAt = Date.now();
  for (const pid of runProcessesOf(process.pid)) process.kill(pid, "SIGKILL");
  const lost = await runner.ended(started.jobResultId);

  expect(Date.now() - killedAt).toBeLessThan(5000);
  expect(lost.status).toBe("lost");
  expect(lost.reason).toContain("SIGKILL");
  expect(lost.counts.created).toBeGreaterThan(0);
  expect(lost.counts.created).toBeLessThan(25_000);
  expect(lost.counts.created).toBe(await tenantCount());

  const next = await runner.run({ jobId: "lab", variables, isDryRun: false });
  expect(next).toMatchObject({
    status: "applied",
    counts: { created: 25_000 - lost.counts.created, update: 0 },
  });
  expect(await tenantCount()).toBe(25_000);
});

it("the runs of a killed worker are declared lost by another, and the process it left behind cannot write", async () => {
  const victim = await startWorkerProcess();
  const variables = await runner.lab({ tenants: tenants(25_000) });
  const started = await runner.start({ jobId: "lab", variables, isDryRun: false });
  await until(async () => (await appliedCount(started.syncId)) > 0, "the first batch");
  const [orphan] = runProcessesOf(victim.pid!);
  const [before] = await runner.query<{ fence: number }>(
    "select fence from job_result where id = $1",
    [started.jobResultId],
  );
  // Stopped, it cannot notice that its worker is gone; it may even be in the middle of a transaction.
  process.kill(orphan!, "SIGSTOP");
  victim.kill("SIGKILL");

  await startWorkerProcess();
  const lost = await runner.ended(started.jobResultId);
  const written = await tenantCount();
  process.kill(orphan!, "SIGCONT");
  await until(() => !isAlive(orphan!), "the orphan's end");

  expect(lost.status).toBe("lost");
  expect(lost.reason).toContain(`process ${victim.pid!}`);
  expect(lost.counts.created).toBe(written);
  expect(await tenantCount()).toBe(written);
  await expect(
    inRunTransaction(
      runner.database,
      { jobResultId: started.jobResultId, fence: before!.fence },
      (client) => client.query("delete from tenants"),
    ),
  ).rejects.toThrow(/no longer this process's/);
});

it("a run that ends while the database is away is declared lost by its own worker, once the database is back", async () => {
  const proxy = await startForgetfulProxy(runner.database);
  const database = await connectDatabase(proxy.connectionString, { logger: quiet });
  closers = [() => database.close(), () => proxy.close()];
  await runner.work({
    database,
    // Alive all along: nobody takes it for dead.
    heartbeat: { ...heartbeat, silenceMs: 120_000 },
  });
  const variables = await runner.lab({ tenants: tenants(25_000) });
  const started = await runner.start({ jobId: "lab", variables, isDryRun: false });
  await until(async () => (await appliedCount(started.syncId)) > 0, "the first batch");

  proxy.shut();
  for (const pid of runProcessesOf(process.pid)) process.kill(pid, "SIGKILL");
  await until(() => runProcessesOf(process.pid).length === 0, "the end of the run's process");
  await sleep(1000);
  proxy.open();

  const lost = await runner.ended(started.jobResultId);
  expect(lost.status).toBe("lost");
  expect(lost.reason).toContain("lost its database when the run ended");
  expect(lost.counts.created).toBe(await tenantCount());
});

it("a run that only waited in a killed worker is queued again", async () => {
  const victim = await startWorkerProcess();
  const holder = await runner.start({
    jobId: "lab",
    variables: await runner.lab({ tenants: tenants(3), waitMs: 60_000 }, "long"),
    isDryRun: false,
  });
  await runner.reaches(holder.jobResultId, "running");
  const waiting = await runner.start({
    jobId: "lab",
    variables: await runner.lab({ tenants: tenants(3) }),
    isDryRun: false,
  });
  await runner.reaches(waiting.jobResultId, "waiting");
  victim.kill("SIGKILL");

  await startWorkerProcess();

  expect(await runner.ended(waiting.jobResultId)).toMatchObject({ status: "applied" });
  expect(await runner.ended(holder.jobResultId)).toMatchObject({ status: "lost" });
});

it("a run whose queue entry was lost with a worker that had not claimed it yet is queued again", async () => {
  const started = await runner.start({
    jobId: "lab",
    variables: await runner.lab({ tenants: tenants(3) }),
    isDryRun: false,
  });
  await runner.query("delete from queue.job");

  await runner.work({ heartbeat });

  expect(await runner.ended(started.jobResultId)).toMatchObject({ status: "applied" });
});

it("a kill while another system is written says how many changes have an unknown fate", async () => {
  await runner.work({ heartbeat });
  const variables = await runner.lab({ tenants: tenants(500) });
  const started = await runner.start({ jobId: "ledger", variables, isDryRun: false });
  await until(async () => (await appliedCount(started.syncId)) > 0, "the first batch");

  const [pid] = runProcessesOf(process.pid);
  await until(async () => {
    // Stopped, it stays between sending a batch and hearing of it, if that is where it is.
    process.kill(pid!, "SIGSTOP");
    await sleep(100);
    const unconfirmed = await countOf(
      `select count(*) from sync_sent t where t.sync_id = $1 and not exists (
         select from sync_outcome o where o.sync_id = t.sync_id and o.position = t.position)`,
      [started.syncId],
    );
    if (unconfirmed > 1) return true;
    process.kill(pid!, "SIGCONT");
    return false;
  }, "changes sent and not confirmed");
  process.kill(pid!, "SIGKILL");
  const lost = await runner.ended(started.jobResultId);

  expect(lost.status).toBe("lost");
  expect(lost.reason).toMatch(/\d+ changes had been sent and not confirmed/);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
