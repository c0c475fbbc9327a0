import { afterAll, beforeAll, expect, it } from "vitest";
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
