import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { createLabRunner, tenants, type LabRunner } from "../support/lab.ts";

let runner: LabRunner;

beforeAll(async () => {
  runner = await createLabRunner();
  await runner.work();
});

afterAll(() => runner.close());

beforeEach(async () => {
  await runner.query("truncate tenants cascade");
});

const hubNames = async (): Promise<string[]> =>
  (await runner.query<{ name: string }>("select name from tenants order by name")).map(
    ({ name }) => name,
  );

it("a dry run writes nothing, and a run applies and leaves nothing for the next", async () => {
  const variables = await runner.lab({ tenants: tenants(10) });

  const dry = await runner.run({ jobId: "lab", variables });
  expect(dry).toMatchObject({ status: "planned", counts: { create: 10, created: 0 } });
  expect(await hubNames()).toHaveLength(0);

  const wet = await runner.run({ jobId: "lab", variables, isDryRun: false });
  expect(wet).toMatchObject({ status: "applied", reason: null, counts: { created: 10 } });
  expect(await hubNames()).toHaveLength(10);

  const again = await runner.run({ jobId: "lab", variables, isDryRun: false });
  expect(again).toMatchObject({ status: "in-agreement", counts: { create: 0, update: 0 } });
  const phases = await runner.query<{ phase: string }>(
    "select phase from sync_phase where sync_id = $1 and finished_at is not null order by phase",
    [wet.syncId],
  );
  expect(phases.map(({ phase }) => phase)).toEqual(["apply", "diff", "source", "target", "verify"]);
});

it("a source that fails in the middle of its load ends the run with nothing written", async () => {
  const variables = await runner.lab({ tenants: tenants(10), failAfter: 5 });

  const run = await runner.run({ jobId: "lab", variables, isDryRun: false });

  expect(run.status).toBe("failed");
  expect(run.reason).toBe(
    "Lab could not be read: The lab's connection was cut. Nothing was written.",
  );
  expect(run.counts.create).toBe(0);
  expect(await hubNames()).toHaveLength(0);
});

it("one bad record of a thousand is named, and the other 999 are applied", async () => {
  const rows = tenants(1000);
  rows[500] = { name: "Tenant 000501", description: { not: "text" } };
  const variables = await runner.lab({ tenants: rows });

  const run = await runner.run({ jobId: "lab", variables, isDryRun: false });

  expect(run).toMatchObject({ status: "partial", counts: { created: 999, findings: 1 } });
  const findings = await runner.query(
    "select model, label, field, value from sync_finding where sync_id = $1",
    [run.syncId],
  );
  expect(findings).toEqual([
    {
      model: "tenant",
      label: "Tenant 000501",
      field: "description",
      value: expect.any(String) as string,
    },
  ]);
});

it("one record of a thousand that the hub refuses is named with its field and value, and 999 are applied", async () => {
  const rows = tenants(1000);
  rows[500] = { name: "Tenant 000501", tags: ["no-such-tag"] };
  const variables = await runner.lab({ tenants: rows });

  const run = await runner.run({ jobId: "lab", variables, isDryRun: false });

  expect(run).toMatchObject({ status: "partial", counts: { created: 999, failed: 1 } });
  const failures = await runner.query<{ error_message: string }>(
    `select c.label, o.error_field, o.error_value, o.error_message
     from sync_outcome o join sync_change c using (sync_id, position)
     where o.sync_id = $1 and o.status = 'failed'`,
    [run.syncId],
  );
  expect(failures).toMatchObject([{ label: "Tenant 000501", error_field: "tags" }]);
  expect(failures[0]!.error_message).toContain("no-such-tag");
  expect(await hubNames()).toHaveLength(999);
});

it("a record that is spoilt at the source keeps its counterpart: nothing is deleted", async () => {
  const good = await runner.lab({ tenants: tenants(1000) }, "good");
  await runner.run({ jobId: "lab", variables: good, isDryRun: false });
  const rows = tenants(1000);
  rows[0] = { name: "Tenant 000001", description: { not: "text" } };
  const spoilt = await runner.lab({ tenants: rows }, "spoilt");

  const run = await runner.run({
    jobId: "lab",
    variables: spoilt,
    isDryRun: false,
    asksDeletes: true,
  });

  expect(run).toMatchObject({ status: "partial", counts: { delete: 0, deleted: 0, findings: 1 } });
  expect(await hubNames()).toHaveLength(1000);
});

it("a source that shrinks deletes nothing unasked, and not above the ceiling when asked", async () => {
  await runner.run({
    jobId: "lab",
    variables: await runner.lab({ tenants: tenants(100) }, "whole"),
    isDryRun: false,
  });
  const shrunk = await runner.lab({ tenants: tenants(70) }, "shrunk");

  const unasked = await runner.run({ jobId: "lab", variables: shrunk, isDryRun: false });
  expect(unasked).toMatchObject({
    status: "held",
    counts: { delete: 30, heldDeletes: 30, deleted: 0 },
  });

  const asked = await runner.run({
    jobId: "lab",
    variables: shrunk,
    isDryRun: false,
    asksDeletes: true,
  });
  expect(asked).toMatchObject({ status: "held", counts: { delete: 30, held: 30, heldDeletes: 0 } });
  const [decision] = await runner.query("select guard from sync_decision where sync_id = $1", [
    asked.syncId,
  ]);
  expect(decision).toEqual({ guard: "too-many-deletes" });
  expect(await hubNames()).toHaveLength(100);

  const few = await runner.lab({ tenants: tenants(95) }, "few");
  const within = await runner.run({
    jobId: "lab",
    variables: few,
    isDryRun: false,
    asksDeletes: true,
  });
  expect(within).toMatchObject({ status: "applied", counts: { deleted: 5 } });
  expect(await hubNames()).toHaveLength(95);
});

it("Apply on a dry run's record makes its changes and no others, once", async () => {
  const all = tenants(25);
  await runner.run({
    jobId: "lab",
    variables: await runner.lab({ tenants: all.slice(0, 20) }),
    isDryRun: false,
  });
  const wanted = [...tenants(3, "a partner"), ...all.slice(3, 17), ...all.slice(20)];
  const variables = await runner.lab({ tenants: wanted });
  const dry = await runner.run({ jobId: "lab", variables, asksDeletes: true });
  expect(dry.counts).toMatchObject({ create: 5, update: 3, delete: 3 });

  const { jobResultId } = await runner.startApply(dry.syncId);
  const applied = await runner.ended(jobResultId);

  expect(applied).toMatchObject({ status: "applied", syncId: dry.syncId });
  const operations = (table: string) =>
    runner.query(
      `select action, label, before, after from ${table} where sync_id = $1 order by label`,
      [dry.syncId],
    );
  expect(await operations("object_change")).toEqual(await operations("sync_change"));
  await expect(runner.startApply(dry.syncId)).rejects.toThrow(/already applied by ada at/);
});

it("a plan whose objects have changed since is refused whole, and the rows that are stale say so", async () => {
  await runner.run({
    jobId: "lab",
    variables: await runner.lab({ tenants: tenants(5) }),
    isDryRun: false,
  });
  const dry = await runner.run({
    jobId: "lab",
    variables: await runner.lab({ tenants: tenants(5, "a partner") }),
  });
  await runner.query(
    "update tenants set description = 'by hand', version = version + 1 where name = 'Tenant 000003'",
  );

  const { jobResultId } = await runner.startApply(dry.syncId);
  const run = await runner.ended(jobResultId);

  expect(run.status).toBe("stale");
  expect(run.reason).toContain("Tenant 000003");
  expect(await runner.query("select from tenants where description = 'a partner'")).toHaveLength(0);
  const marked = await runner.query(
    `select c.label, o.status, o.error_message from sync_outcome o join sync_change c using (sync_id, position)
      where sync_id = $1`,
    [dry.syncId],
  );
  expect(marked).toEqual([
    {
      label: "Tenant 000003",
      status: "stale",
      error_message: expect.stringContaining("changed") as string,
    },
  ]);
  await expect(runner.startApply(dry.syncId)).rejects.toMatchObject({ code: "stale" });
  for (const verb of ["resume", "retry"] as const) {
    await expect(runner.carryOut(dry.syncId, verb)).rejects.toMatchObject({ code: "stale" });
  }
});

it("a plan for a target that cannot tell what is stale is compared with it once more before it is applied", async () => {
  const variables = await runner.lab({ tenants: tenants(3) }, "unsure");
  const dry = await runner.run({ jobId: "ledger", variables });
  const ledger = `${variables.lab}.ledger`;
  await writeFile(ledger, "Tenant 000002\n");

  const { jobResultId } = await runner.startApply(dry.syncId);
  const run = await runner.ended(jobResultId);

  expect(run.status).toBe("stale");
  expect(run.reason).toContain("Tenant 000002 (it is there by now)");
  expect(await readFile(ledger, "utf8")).toBe("Tenant 000002\n");
});

it("a job with steps of its own is run by them", async () => {
  const variables = await runner.lab({ tenants: tenants(3) });

  const run = await runner.run({ jobId: "lab-own-steps", variables, isDryRun: false });

  expect(run).toMatchObject({ status: "applied", counts: { created: 3 } });
  const lines = await runner.query<{ message: string }>(
    "select message from job_log where job_result_id = $1 order by id",
    [run.jobResultId],
  );
  expect(lines.map(({ message }) => message)).toContain("planned");
});

it("the hub refuses to be written before the apply step", async () => {
  const variables = await runner.lab({ tenants: tenants(3) });

  const run = await runner.run({ jobId: "lab-impatient", variables, isDryRun: false });

  expect(run.status).toBe("failed");
  expect(run.reason).toContain("written by the run's apply step alone");
});

it("an error that a plugin leaves uncaught fails the run, with its record", async () => {
  const variables = await runner.lab({ tenants: tenants(3), failsUnseen: true });

  const run = await runner.run({ jobId: "lab", variables, isDryRun: false });

  expect(run).toMatchObject({
    status: "failed",
    reason: "A request nobody waited for failed. Nothing was written.",
  });
});

it("wrong variables are refused together, before anything is recorded", async () => {
  const before = await runner.query("select from job_result");

  const start = runner.start({ jobId: "lab", variables: { colour: "red" } });

  await expect(start).rejects.toMatchObject({
    code: "invalid-input",
    details: {
      faults: {
        lab: "is required",
        colour: expect.stringContaining("is not a variable") as string,
      },
    },
  });
  expect(await runner.query("select from job_result")).toHaveLength(before.length);
});

it("what a run's process compiles is kept in the data directory, for the next", async () => {
  vi.stubEnv("NODE_COMPILE_CACHE", undefined);
  const variables = await runner.lab({ tenants: tenants(3) });

  await runner.run({ jobId: "lab", variables, isDryRun: true });

  vi.unstubAllEnvs();
  expect(await readdir(join(runner.installation.dataDirectory, "compiled"))).toHaveLength(1);
});
