import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { killMidway } from "../support/kill-midway.ts";
import { createLabRunner, tenants, type LabRunner } from "../support/lab.ts";

let runner: LabRunner;

beforeAll(async () => {
  runner = await createLabRunner();
  await runner.work({ heartbeat: { intervalMs: 500, silenceMs: 3000 } });
});
afterAll(() => runner.close());

const count = async (text: string, values: readonly unknown[] = []): Promise<number> => {
  const [row] = await runner.query<{ count: number }>(text, values);
  return row!.count;
};

it("a run killed while it applies to the hub is resumed: the rest is applied, nothing twice", async () => {
  const variables = await runner.lab({ tenants: tenants(12_000) });
  const lost = await killMidway(
    runner,
    await runner.start({ jobId: "lab", variables, isDryRun: false }),
  );
  expect(lost.status).toBe("lost");
  expect(lost.counts.created).toBeLessThan(12_000);
  const { rows } = await runner.database.pool.query(
    "select id, version from tenants order by name limit 100",
  );

  const { jobResultId } = await runner.carryOut(lost.syncId, "resume");
  const resumed = await runner.ended(jobResultId);

  expect(resumed).toMatchObject({
    syncId: lost.syncId,
    status: "applied",
    counts: { created: 12_000, failed: 0, stale: 0 },
  });
  expect(await count("select count(*) from tenants")).toBe(12_000);
  const after = await runner.database.pool.query(
    "select id, version from tenants order by name limit 100",
  );
  expect(after.rows).toEqual(rows);
  await expect(runner.carryOut(lost.syncId, "resume")).rejects.toThrow(/nothing to resume/);
  expect(await runner.run({ jobId: "lab", variables })).toMatchObject({ status: "in-agreement" });
});

it("a run killed while it writes elsewhere is resumed: what was sent and kept is not sent again", async () => {
  const variables = await runner.lab({ tenants: tenants(120) }, "other");
  const lost = await killMidway(
    runner,
    await runner.start({ jobId: "ledger", variables, isDryRun: false }),
  );
  expect(lost.status).toBe("lost");

  const { jobResultId } = await runner.carryOut(lost.syncId, "resume");
  const resumed = await runner.ended(jobResultId);

  expect(resumed).toMatchObject({ status: "applied", counts: { created: 120, failed: 0 } });
  const file = `${variables.lab}.ledger`;
  expect(existsSync(file)).toBe(true);
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  expect(lines).toHaveLength(120);
  expect(new Set(lines).size).toBe(120);
});

it("what failed is tried again by itself, once its cause is gone", async () => {
  const group = "a group that comes later";
  const variables = await runner.lab(
    {
      tenants: [{ name: "with", tenant_group: group }, { name: "without" }],
      groups: [{ name: group }],
    },
    "groups",
  );
  await runner.query(
    `create function refuse_group() returns trigger language plpgsql as $$
     begin
       if new.name = '${group}' then raise exception 'not yet' using errcode = '23514'; end if;
       return new;
     end $$;
     create trigger refuse_group before insert on tenant_groups for each row execute function refuse_group()`,
  );
  const run = await runner.run({ jobId: "lab-groups", variables, isDryRun: false });
  expect(run).toMatchObject({ status: "partial", counts: { created: 1, failed: 1, skipped: 1 } });

  await runner.query("drop trigger refuse_group on tenant_groups");
  const { jobResultId } = await runner.carryOut(run.syncId, "retry");

  expect(await runner.ended(jobResultId)).toMatchObject({
    status: "applied",
    counts: { created: 3, failed: 0, skipped: 0 },
  });
  await expect(runner.carryOut(run.syncId, "retry")).rejects.toThrow(/No change of this sync/);
});
