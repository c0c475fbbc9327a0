import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestRunner, type TestRunner } from "../support/runner.ts";

let runner: TestRunner;

beforeAll(async () => {
  runner = await createTestRunner({
    "plumbline.config.ts": `
      import { folder } from "@plumbline/integrations/folder";
      export default { connections: { estate: folder({ path: "estate" }) } };
    `,
    "jobs/wordy.ts": `
      import { Tenant } from "@plumbline/models";
      import { defineDataSource } from "@plumbline/plugin-kit";
      const everything = "x".repeat(2_000_000);
      export default defineDataSource({
        id: "wordy",
        title: "One that tells all it gets",
        system: "Wordy",
        models: [Tenant],
        source: () => ({
          name: "Wordy",
          models: [Tenant],
          async *load({ logger }) {
            logger.info("Got " + everything, { everything });
            yield Tenant.record({ name: "Acme" });
          },
        }),
      });
    `,
  });
  await runner.work();
});

afterAll(() => runner.close());

const tenants = (...list: object[]) =>
  runner.installation.write("estate/tenants.json", JSON.stringify(list));

/** The tables that hold a row above 1 MB, none of it compressed. */
async function tablesWithLargeRows(): Promise<string[]> {
  const tables = await runner.query<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  );
  const large: string[] = [];
  for (const { name } of tables) {
    const found = await runner.query(
      `select from ${name} t where octet_length(t::text) > 1000000 or pg_column_size(t) > 1000000 limit 1`,
    );
    if (found.length > 0) large.push(name);
  }
  return large;
}

it("a value of 2 MB is a finding that names object, field and size; nothing of it is stored, and nothing is deleted", async () => {
  await tenants({ name: "Acme", comments: "short" }, { name: "Globex" });
  const run = { jobId: "folder-estate-source", isDryRun: false, asksDeletes: true };
  expect(await runner.run(run)).toMatchObject({ status: "applied", counts: { created: 2 } });
  await tenants(
    { name: "Acme", comments: randomBytes(1_500_000).toString("base64") },
    { name: "Globex", description: "another" },
  );

  const second = await runner.run(run);

  expect(second).toMatchObject({
    status: "partial",
    counts: { updated: 1, deleted: 0, failed: 0 },
  });
  expect(
    await runner.query(
      "select label, field, message from sync_finding where sync_id = $1 and kind = 'bad-value'",
      [second.syncId],
    ),
  ).toEqual([
    {
      label: "Acme",
      field: "comments",
      message:
        "Tenant Acme: comments has 2000000 characters, and all values of an object may have 150000 together. It and its counterpart are left as they are. Correct it and run again.",
    },
  ]);
  expect(await runner.query("select name, comments from tenants order by name")).toEqual([
    { name: "Acme", comments: "short" },
    { name: "Globex", comments: null },
  ]);
  expect(await tablesWithLargeRows()).toEqual([]);
});

it("a key of 2 MB cannot be told from others: nothing of its type is deleted", async () => {
  await tenants({ name: "x".repeat(2_000_000) });

  const run = await runner.run({
    jobId: "folder-estate-source",
    isDryRun: false,
    asksDeletes: true,
  });

  expect(run.counts).toMatchObject({ created: 0, deleted: 0 });
  expect(await runner.query("select name from tenants order by name")).toEqual([
    { name: "Acme" },
    { name: "Globex" },
  ]);
  expect(await tablesWithLargeRows()).toEqual([]);
});

it("what an adapter logs of 2 MB is kept in short", async () => {
  const run = await runner.run({ jobId: "wordy", isDryRun: true });

  expect(
    await runner.query(
      "select length(message)::int as length, details from job_log where job_result_id = $1 and message like 'Got %'",
      [run.jobResultId],
    ),
  ).toEqual([{ length: 10_001, details: { charactersLeftOut: 2_000_017 } }]);
  expect(await tablesWithLargeRows()).toEqual([]);
});
