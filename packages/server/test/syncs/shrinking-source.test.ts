import { afterAll, beforeAll, expect, it } from "vitest";
import { decide } from "../../src/syncs/decisions/decide.ts";
import { createLabRunner, tenants, type LabRunner } from "../support/lab.ts";

let runner: LabRunner;

beforeAll(async () => {
  runner = await createLabRunner();
  await runner.work();
});

afterAll(() => runner.close());

const count = async () => (await runner.query("select from tenants")).length;

it("a source that lost 30 % has its deletes held; released, exactly those go, and later ones need a new plan", async () => {
  const all = tenants(1000);
  const more = tenants(1050).slice(1000);
  const lab = (list: object[]) => runner.lab({ tenants: list }, "shrinking");
  await runner.run({ jobId: "lab", variables: await lab(all), isDryRun: false });

  const variables = await lab([...all.slice(300), ...more]);
  const first = await runner.run({ jobId: "lab", variables, isDryRun: false, asksDeletes: true });

  expect(first).toMatchObject({
    status: "held",
    counts: { created: 50, delete: 300, held: 300, heldDeletes: 0, deleted: 0 },
  });
  expect(await count()).toBe(1050);

  const plan = await runner.run({ jobId: "lab", variables, isDryRun: true, asksDeletes: true });
  const decided = await decide(
    runner.database,
    plan.syncId,
    { verdict: "release", filter: { action: ["delete"] }, reason: "The old site is gone" },
    { id: null, name: "bo" },
  );
  expect(decided).toMatchObject({ decided: 300, refused: [] });
  // The source loses 100 more before the plan is applied.
  await lab([...all.slice(400), ...more]);
  const applied = await runner.ended((await runner.startApply(plan.syncId)).jobResultId);

  expect(applied).toMatchObject({ status: "applied", counts: { deleted: 300, held: 0 } });
  expect(await count()).toBe(750);
  expect(await runner.query("select from tenants where name <= 'Tenant 000300'")).toEqual([]);
  const next = await runner.run({ jobId: "lab", variables, isDryRun: false, asksDeletes: true });
  expect(next).toMatchObject({ status: "held", counts: { delete: 100, held: 100, deleted: 0 } });
  expect(await count()).toBe(750);
});

it("one of a hundred writes fails: the run is partial, and the next one tries it again with the same input", async () => {
  await runner.query("truncate tenants, identity, object_change, hub_claim cascade");
  const rows = tenants(100);
  rows[50] = { ...rows[50], tags: ["late"] };
  const variables = await runner.lab({ tenants: rows }, "failing");

  const first = await runner.run({ jobId: "lab", variables, isDryRun: false });
  await runner.query("insert into tags (name, content_types) values ('late', '{tenancy.tenant}')");
  const second = await runner.run({ jobId: "lab", variables, isDryRun: false });

  expect(first).toMatchObject({ status: "partial", counts: { created: 99, failed: 1 } });
  expect(second).toMatchObject({ status: "applied", counts: { create: 1, created: 1 } });
});

it("a hundred thousand unchanged records write fewer than a hundred log lines and no claims or changes", async () => {
  await runner.query("truncate tenants, identity, object_change, hub_claim cascade");
  const variables = await runner.lab({ tenants: tenants(100_000) }, "many");
  await runner.query(
    "insert into tenants (name, description) select 'Tenant ' || lpad(n::text, 6, '0'), 'a customer' from generate_series(1, 100000) n",
  );
  await runner.query(
    "insert into hub_claim (object_id, model, owner) select id, 'tenant', 'lab' from tenants",
  );
  await runner.query("analyze tenants, hub_claim");

  const run = await runner.run({ jobId: "lab", variables, isDryRun: false });

  expect(run).toMatchObject({ status: "in-agreement" });
  const [rows] = await runner.query<{ logs: number; changes: number; claims: number }>(
    `select (select count(*) from job_log where job_result_id = $1) as logs,
            (select count(*) from sync_change where sync_id = $2) as changes,
            (select count(*) from sync_claim where sync_id = $2) as claims`,
    [run.jobResultId, run.syncId],
  );
  expect(rows).toMatchObject({ changes: 0, claims: 0 });
  expect(rows?.logs).toBeLessThan(100);
});
