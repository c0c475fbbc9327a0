import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { ConflictError, InvalidInputError } from "@plumbline/sync";
import { decide } from "../../src/syncs/decisions/decide.ts";
import { insertJobResult } from "../../src/syncs/start.ts";
import { inTransaction } from "../../src/database/transaction.ts";
import { listChanges } from "../../src/syncs/queries/change-rows.ts";
import { getSync } from "../../src/syncs/queries/sync-detail.ts";
import { createLabRunner, tenants, type LabRunner } from "../support/lab.ts";

let runner: LabRunner;

beforeAll(async () => {
  runner = await createLabRunner();
  await runner.work();
});

afterAll(() => runner.close());

beforeEach(async () => {
  await runner.query("truncate tenants, identity, object_change, hub_claim cascade");
});

const record = (syncId: string) => getSync(runner.database, [], syncId);

it("a comparison of two systems records how they differ, and writes to neither", async () => {
  const variables = await runner.lab({ tenants: tenants(3, "") }, "both");
  const ledger = `${variables.lab}.ledger`;
  await writeFile(ledger, "Tenant 000001\nOnly there\nOnly there too\n");

  const run = await runner.run({ jobId: "lab-and-ledger", variables });

  expect(run).toMatchObject({ status: "planned", counts: { create: 2, delete: 2, held: 0 } });
  const changes = await listChanges(
    runner.database.kysely,
    { jobs: [], models: [] },
    run.syncId,
    {},
    { limit: 10, offset: 0 },
  );
  expect(changes.items.map(({ action, label }) => `${action} ${label}`).toSorted()).toEqual([
    "create Tenant 000002",
    "create Tenant 000003",
    "delete Only there",
    "delete Only there too",
  ]);
  expect(await record(run.syncId)).toMatchObject({
    ...{ direction: "comparison", sourceName: "Lab", targetName: "Ledger", isDryRun: true },
    models: [{ unchanged: 1 }],
  });
});

it("a comparison of equal systems says that they agree", async () => {
  const variables = await runner.lab({ tenants: tenants(4) });
  await runner.run({ jobId: "lab", variables, isDryRun: false });

  expect(await runner.run({ jobId: "hub-and-lab", variables })).toMatchObject({
    status: "in-agreement",
    counts: { create: 0, update: 0, delete: 0 },
  });
});

it("a comparison is never applied: not at once, not from its record, not by the queue", async () => {
  const variables = await runner.lab({ tenants: tenants(2) }, "never");
  const comparing = { jobId: "lab-and-ledger", variables };
  await expect(runner.start({ ...comparing, isDryRun: false })).rejects.toThrow(
    new InvalidInputError(
      "The job lab-and-ledger compares two systems and writes to neither. Run it without asking to apply.",
    ),
  );
  const { syncId } = await runner.run(comparing);

  const refusal = new ConflictError(
    "The job lab-and-ledger compares two systems and writes to neither. Declare a Data Source or a Data Target to sync them.",
  );
  await expect(runner.startApply(syncId)).rejects.toThrow(refusal);
  for (const verb of ["resume", "retry", "undo", "rollback"] as const) {
    await expect(runner.carryOut(syncId, verb)).rejects.toThrow(refusal);
  }
  const ruling = { verdict: "reject", positions: [1] } as const;
  const bo = { id: null, name: "bo" };
  await expect(decide(runner.database, syncId, ruling, bo)).rejects.toThrow(refusal);
  const { possible } = await record(syncId);
  expect(Object.values(possible).map(({ allowed }) => allowed)).not.toContain(true);

  const forced = await inTransaction(runner.database, async ({ client }) => {
    const id = await insertJobResult(client, "apply", syncId, null);
    await runner.queue.enqueue(id, client);
    return id;
  });
  expect(await runner.ended(forced)).toMatchObject({
    status: "failed",
    reason:
      "The job lab-and-ledger compares two systems and writes to neither. Nothing was written.",
  });
  expect(existsSync(`${variables.lab}.ledger`)).toBe(false);
});
