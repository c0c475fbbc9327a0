import { afterAll, beforeAll, expect, it } from "vitest";
import { getJobResult } from "../../src/syncs/queries/job-results.ts";
import { createLabRunner, tenants, type LabRunner } from "../support/lab.ts";

let runner: LabRunner;

beforeAll(async () => {
  runner = await createLabRunner();
  await runner.work();
});

afterAll(() => runner.close());

it("what does not read back as written is named, and the run has not converged", async () => {
  // The ledger says that it wrote, and leaves the second out.
  const variables = await runner.lab({ tenants: tenants(3), losesSecond: true });

  const run = await runner.run({ jobId: "ledger", variables, isDryRun: false });

  expect(run).toMatchObject({
    status: "not-converged",
    reason:
      "Not everything reads back as written. Tenant Tenant 000002 was created and is not there. Look at the object in the target, and run again.",
  });
  const page = await getJobResult(runner.database.kysely, run.jobResultId);
  expect(page.mismatches).toBe(1);
  const warnings = await runner.query<{ message: string }>(
    "select message from job_log where job_result_id = $1 and grouping = 'verify' and level = 'warning'",
    [run.jobResultId],
  );
  expect(warnings.map(({ message }) => message)).toEqual([
    "Tenant Tenant 000002 was created and is not there. Look at the object in the target, and run again.",
  ]);
});

it("a hub that keeps another value than it was given has not converged, and type, field and values are named", async () => {
  await runner.query(
    `create function shorten() returns trigger language plpgsql as $$
     begin new.description := left(new.description, 3); return new; end $$`,
  );
  await runner.query(
    "create trigger shorten before insert or update on tenants for each row when (new.name like '%2') execute function shorten()",
  );

  const run = await runner.run({
    jobId: "lab",
    variables: await runner.lab({ tenants: tenants(3) }),
    isDryRun: false,
  });

  expect(run).toMatchObject({ status: "not-converged", counts: { created: 3, failed: 0 } });
  expect(run.reason).toContain(
    'Tenant Tenant 000002 reads back with another description than was written: "a c" instead of "a customer"',
  );
});
