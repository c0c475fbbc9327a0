// The example of the guide as a job file of an installation: found, run against the hub, both ways.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createTestRunner } from "../packages/server/test/support/runner.ts";

const example = join(import.meta.dirname, "../examples/02-custom-integration/jobs.ts");

it("the example's jobs are found in the jobs folder, fill the hub, write the phone book and compare", async () => {
  const runner = await createTestRunner({
    "jobs/jobs.ts": await readFile(example, "utf8"),
    "customers.json": JSON.stringify([
      { number: 1, company: "Globex", remark: "pays early" },
      { number: 2, company: "Acme", remark: "" },
    ]),
  });
  try {
    await runner.work();
    const { folder } = runner.installation;
    const file = join(folder, "phone-book.txt");
    const customers = join(folder, "customers.json");
    const billing = { jobId: "billing", variables: { file: customers }, isDryRun: false };

    expect(await runner.run(billing)).toMatchObject({ status: "applied" });
    expect(
      await runner.run({ jobId: "phone-book", variables: { file }, isDryRun: false }),
    ).toMatchObject({ status: "applied" });
    expect(await readFile(file, "utf8")).toBe("Acme\nGlobex\n");
    expect(
      await runner.query("select message from job_log where message like '%ready to print%'"),
    ).toHaveLength(1);

    expect(
      await runner.run({ jobId: "billing-and-hub", variables: { file: customers } }),
    ).toMatchObject({ status: "in-agreement" });

    // The customer's number tells that this one was renamed.
    await writeFile(
      customers,
      JSON.stringify([
        { number: 1, company: "Globex Corporation", remark: "pays early" },
        { number: 2, company: "Acme", remark: "" },
      ]),
    );
    expect(await runner.run(billing)).toMatchObject({
      status: "applied",
      counts: { create: 0, update: 1, delete: 0 },
    });
  } finally {
    await runner.close();
  }
});
