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
