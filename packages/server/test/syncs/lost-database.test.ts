import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type ForgetfulProxy, startForgetfulProxy } from "../support/forgetful-proxy.ts";
import { createLabRunner, type LabRunner, tenants } from "../support/lab.ts";

let runner: LabRunner;
let proxy: ForgetfulProxy;

beforeAll(async () => {
  runner = await createLabRunner();
  proxy = await startForgetfulProxy(runner.database);
  const { connectionString } = proxy;
  // The run's own process connects through the proxy; the worker keeps its connections.
  await runner.work({ database: { ...runner.database, connectionString } });
});

beforeEach(async () => {
  await runner.query("truncate tenants, identity, object_change, hub_claim cascade");
});

afterAll(async () => {
  await runner.close();
  await proxy.close();
});

it("a batch whose commit was done and not acknowledged is recorded as applied", async () => {
  proxy.loseCommitOf("insert into tenants");

  const run = await runner.run({
    jobId: "lab",
    variables: await runner.lab({ tenants: tenants(5) }),
    isDryRun: false,
  });

  expect(proxy.lost).toBe(1);
  expect(run).toMatchObject({ status: "applied", counts: { created: 5, failed: 0 } });
  expect(await runner.query("select from tenants")).toHaveLength(5);
  expect(
    await runner.query("select from sync_outcome where sync_id = $1", [run.syncId]),
  ).toHaveLength(5);
});

const appliedOf = (syncId: string) =>
  runner.query("select from sync_outcome where sync_id = $1 and status = 'applied'", [syncId]);

/** Has a run at work, and comes back once it has applied something. */
async function begin(
  jobId: string,
  variables: object,
): Promise<{ jobResultId: string; syncId: string }> {
  const started = await runner.start({ jobId, variables: { ...variables }, isDryRun: false });
  for (const end = Date.now() + 40_000; (await appliedOf(started.syncId)).length === 0;) {
    if (Date.now() > end) throw new Error("Nothing was applied within 40 seconds.");
    await sleep(5);
  }
  return started;
}

/** Comes back as changes have been sent that are not confirmed yet. */
async function untilSending(syncId: string): Promise<void> {
  for (;;) {
    const sent = await runner.query(
      `select from sync_sent t where t.sync_id = $1 and not exists (
         select from sync_outcome o where o.sync_id = t.sync_id and o.position = t.position) limit 1`,
      [syncId],
    );
    if (sent.length > 0) return;
    await sleep(5);
  }
}

const interrupted = {
  status: "failed",
  reason: expect.stringMatching(
    /^The database went away while changes were written .* Resume the sync/,
  ) as unknown,
  counts: { failed: 0, skipped: 0 },
};

it("a database that cuts the connection amid a batch ends the run, and resuming leaves nothing failed", async () => {
  const variables = await runner.lab({ tenants: tenants(25_000) });
  const { jobResultId, syncId } = await begin("lab", variables);
  const cut = () =>
    runner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = $1 and query like 'insert into tenants%' and state = 'active'`,
      [`plumbline run ${jobResultId}`],
    );
  while ((await cut()).length === 0) await sleep(1);

  const run = await runner.ended(jobResultId);

  expect(run).toMatchObject(interrupted);
  expect(run.counts.created).toBeLessThan(25_000);
  expect(await runner.query("select from tenants")).toHaveLength(run.counts.created);
  const resumed = await runner.ended((await runner.carryOut(syncId, "resume")).jobResultId);
  expect(resumed).toMatchObject({ status: "applied", counts: { created: 25_000, failed: 0 } });
  expect(await runner.query("select from tenants")).toHaveLength(25_000);
});

it("away for a while as another system is written, it ends the run, and resuming confirms what was sent", async () => {
  const variables = await runner.lab({ tenants: tenants(60) });
  await runner.run({ jobId: "lab", variables, isDryRun: false });
  const { jobResultId, syncId } = await begin("ledger", variables);
  await untilSending(syncId);
  proxy.shut();
  await sleep(1500);
  proxy.open();

  const run = await runner.ended(jobResultId);

  expect(run).toMatchObject(interrupted);
  const resumed = await runner.ended((await runner.carryOut(syncId, "resume")).jobResultId);
  expect(resumed).toMatchObject({ status: "applied", counts: { created: 60, failed: 0 } });
  const lines = (await readFile(`${variables.lab}.ledger`, "utf8")).trim().split("\n");
  expect(lines).toHaveLength(60);
  expect(new Set(lines).size).toBe(60);
});
