import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { inTransaction } from "../../src/database/transaction.ts";
import { cancelRun } from "../../src/syncs/cancel.ts";
import { checkFence } from "../../src/syncs/fence.ts";
import { getJobResult } from "../../src/syncs/queries/job-results.ts";
import { createLabRunner, tenants, type LabRunner } from "../support/lab.ts";

let runner: LabRunner;

beforeEach(async () => {
  runner = await createLabRunner();
});

afterEach(() => runner.close());

it("a cancelled run stops writing within five seconds and says what it did", async () => {
  await runner.work();
  const variables = await runner.lab({ tenants: tenants(1000) });
  const started = await runner.start({ jobId: "ledger", variables, isDryRun: false });
  while ((await runner.query("select from sync_outcome limit 1")).length === 0) await sleep(20);

  const askedAt = Date.now();
  await cancelRun(runner.database, started.jobResultId, "grace");
  const run = await runner.ended(started.jobResultId);

  expect(Date.now() - askedAt).toBeLessThan(5000);
  expect(run.status).toBe("cancelled");
  expect(run.reason).toMatch(/^Cancelled by grace\. \d+ changes were applied before\.$/);
  expect(run.counts.created + run.counts.cancelled).toBe(1000);
  expect(run.counts.created).toBeGreaterThan(0);
  await expect(cancelRun(runner.database, started.jobResultId, "grace")).rejects.toThrow(
    /has ended already/,
  );
});

it("a run that is deaf to its cancelling is killed, and nothing is written", async () => {
  await runner.work();
  const variables = await runner.lab({ tenants: tenants(10), blockMs: 30_000 });
  const started = await runner.start({ jobId: "lab", variables, isDryRun: false });
  while (!existsSync(`${variables.lab}.blocked`)) await sleep(20);

  const askedAt = Date.now();
  await cancelRun(runner.database, started.jobResultId, null);
  const run = await runner.ended(started.jobResultId);

  expect(Date.now() - askedAt).toBeLessThan(6000);
  expect(run.status).toBe("cancelled");
  expect(run.reason).toContain("did not stop by itself and was killed");
});

it("a run that hangs in the middle of a transaction of its own can be cancelled", async () => {
  await runner.work();
  const variables = await runner.lab({ tenants: tenants(10), blockMs: 30_000 });
  const started = await runner.start({ jobId: "lab", variables, isDryRun: false });
  while (!existsSync(`${variables.lab}.blocked`)) await sleep(20);
  const [row] = await runner.query<{ fence: number }>(
    "select fence from job_result where id = $1",
    [started.jobResultId],
  );
  const run = { jobResultId: started.jobResultId, fence: row!.fence };

  await inTransaction(runner.database, async ({ client }) => {
    await checkFence(client, run);
    await cancelRun(runner.database, started.jobResultId, null);
  });

  expect((await runner.ended(started.jobResultId)).status).toBe("cancelled");
});

it("a run that is cancelled before a worker takes it never begins", async () => {
  const variables = await runner.lab({ tenants: tenants(10) });
  const started = await runner.start({ jobId: "lab", variables, isDryRun: false });

  await cancelRun(runner.database, started.jobResultId, "grace");
  await runner.work();
  await sleep(1500);
  const run = await runner.ended(started.jobResultId);

  expect(run).toMatchObject({
    status: "cancelled",
    reason: "Cancelled by grace before it began; nothing was written.",
  });
});

it("a second run on the same target waits and says for whom, and goes on when it is free", async () => {
  await runner.work();
  const slow = await runner.lab({ tenants: tenants(3), waitMs: 3000 }, "slow");
  const first = await runner.start({ jobId: "lab", variables: slow, isDryRun: false });
  await runner.reaches(first.jobResultId, "running");

  const second = await runner.start({
    jobId: "lab",
    variables: await runner.lab({ tenants: tenants(4) }),
    isDryRun: false,
  });
  await runner.reaches(second.jobResultId, "waiting");
  const [waiting] = await runner.query("select status_reason from job_result where id = $1", [
    second.jobResultId,
  ]);

  expect(waiting).toEqual({
    status_reason: 'Waits for "Lab", which works on the same target.',
  });
  const page = await getJobResult(runner.database.kysely, second.jobResultId);
  expect(page.waitsFor).toEqual({ jobResultId: first.jobResultId, jobTitle: "Lab" });
  expect(await runner.ended(first.jobResultId)).toMatchObject({ status: "applied" });
  expect(await runner.ended(second.jobResultId)).toMatchObject({
    status: "applied",
    counts: { created: 1 },
  });
});

it("dry runs on the same target go on beside each other", async () => {
  await runner.work();
  const slow = await runner.lab({ tenants: tenants(3), waitMs: 4000 }, "slow");
  const first = await runner.start({ jobId: "lab", variables: slow });
  await runner.reaches(first.jobResultId, "running");

  const second = await runner.run({
    jobId: "lab",
    variables: await runner.lab({ tenants: tenants(3) }),
  });

  expect(second.status).toBe("planned");
  const [still] = await runner.query("select status from job_result where id = $1", [
    first.jobResultId,
  ]);
  expect(still).toEqual({ status: "running" });
});

it("a run over its soft limit is cancelled, with its own message", async () => {
  const soft = await runner.work({ limits: { softSeconds: 2 } });
  const waits = await runner.lab({ tenants: tenants(3), waitMs: 60_000 });
  const overSoft = await runner.run({ jobId: "lab", variables: waits, isDryRun: false });
  await soft.stop();

  expect(overSoft).toMatchObject({ status: "cancelled" });
  expect(overSoft.reason).toContain("soft limit of 2 seconds");
});

it("a run over its hard limit is killed, with its own message", async () => {
  await runner.work({ limits: { hardSeconds: 2 } });
  const blocks = await runner.lab({ tenants: tenants(3), blockMs: 30_000 });

  const run = await runner.run({ jobId: "lab", variables: blocks, isDryRun: false });

  expect(run).toMatchObject({ status: "failed" });
  expect(run.reason).toContain("hard limit of 2 seconds");
});

it("a run over its memory is stopped, with its own message", async () => {
  await runner.work({ limits: { memoryMib: 200 } });
  const greedy = await runner.lab({ tenants: tenants(3), eatsMemory: true });

  const run = await runner.run({ jobId: "lab", variables: greedy, isDryRun: false });

  expect(run).toMatchObject({ status: "failed" });
  expect(run.reason).toContain("more than 200 MiB of memory");
});

it("a worker that stops cancels its runs and leaves their record final", async () => {
  const worker = await runner.work();
  const waits = await runner.lab({ tenants: tenants(3), waitMs: 60_000 });
  const started = await runner.start({ jobId: "lab", variables: waits, isDryRun: false });
  await runner.reaches(started.jobResultId, "running");

  await worker.stop();

  const run = await runner.ended(started.jobResultId);
  expect(run).toMatchObject({
    status: "cancelled",
    reason: "Cancelled because the worker was stopped. Nothing was written.",
  });
});
