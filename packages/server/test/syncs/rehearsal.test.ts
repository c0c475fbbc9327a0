import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { decide } from "../../src/syncs/decisions/decide.ts";
import { getSync } from "../../src/syncs/queries/sync-detail.ts";
import { createLabRunner, tenants, type LabRunner } from "../support/lab.ts";

let runner: LabRunner;

beforeAll(async () => {
  runner = await createLabRunner();
  await runner.work();
});

afterAll(() => runner.close());

beforeEach(async () => {
  await runner.query("truncate tenants, tenant_groups, identity, object_change, hub_claim cascade");
});

const columns = "c.label, r.status, r.error_code, r.error_field, r.error_value, r.error_message";

const rehearsed = (syncId: string) =>
  runner.query(
    `select ${columns} from sync_rehearsal r join sync_change c using (sync_id, position)
     where sync_id = $1 order by c.label`,
    [syncId],
  );

it("a dry run's errors are those of the real run, and nothing is written for them", async () => {
  const rows = tenants(200).map((tenant, index) => ({
    ...tenant,
    ...(index % 7 === 0 && { tags: [`no-such-tag-${index}`] }),
    ...(index % 11 === 0 && { tenant_group: "no-such-group" }),
    ...(index % 13 === 0 && { description: "x".repeat(3000) }),
  }));
  const lab = {
    groups: [
      { name: "Good" },
      { name: "Bad", parent: "nowhere" },
      { name: "Below", parent: "Bad" },
    ],
    tenants: [...rows, { name: "In Below", tenant_group: "Below" }],
  };
  const variables = await runner.lab(lab);

  const dry = await runner.run({ jobId: "lab-groups", variables, isDryRun: true });

  const foreseen = await rehearsed(dry.syncId);
  expect(await runner.query("select from tenants")).toEqual([]);
  expect(await runner.query("select from object_change")).toEqual([]);
  expect(await runner.query("select from hub_claim")).toEqual([]);
  expect(dry.reason).toMatch(/^The hub would not take \d+ changes/);
  expect(foreseen.length).toBeGreaterThan(20);
  const real = await runner.run({ jobId: "lab-groups", variables, isDryRun: false });
  expect(
    await runner.query(
      `select ${columns} from sync_outcome r join sync_change c using (sync_id, position)
       where sync_id = $1 and r.status <> 'applied' order by c.label`,
      [real.syncId],
    ),
  ).toEqual(foreseen);
});

it("what is not held and not rejected is tried, against what the plan itself makes", async () => {
  const lab = { groups: [{ name: "G" }], tenants: [{ name: "In G", tenant_group: "G" }] };
  await runner.run({ jobId: "lab-groups", variables: await runner.lab(lab), isDryRun: false });
  const variables = await runner.lab({
    groups: [{ name: "H" }],
    tenants: [{ name: "In H", tenant_group: "H" }],
  });

  const dry = await runner.run({ jobId: "lab-groups", variables, isDryRun: true });

  expect(dry.counts).toMatchObject({ create: 2, delete: 2, heldDeletes: 2 });
  expect(await rehearsed(dry.syncId)).toEqual([]);
  expect(
    await runner.query("select rehearsed_revision, rehearsed_count from sync where id = $1", [
      dry.syncId,
    ]),
  ).toEqual([{ rehearsed_revision: 0, rehearsed_count: 2 }]);
});

it("what is let through after the rehearsal counts as untried, as long as it is open", async () => {
  const lab = { groups: [{ name: "G" }], tenants: [{ name: "A" }, { name: "B" }] };
  await runner.run({ jobId: "lab-groups", variables: await runner.lab(lab), isDryRun: false });
  const variables = await runner.lab({ groups: [{ name: "H" }], tenants: [] });
  const { syncId } = await runner.run({ jobId: "lab-groups", variables, isDryRun: true });
  const told = async () => (await getSync(runner.database, [], syncId)).rehearsal;
  expect(await told()).toEqual({ tried: 1, refused: 0, untried: 0, isCurrent: true });

  const bo = { id: null, name: "bo" };
  await decide(runner.database, syncId, { verdict: "release", filter: { action: ["delete"] } }, bo);
  expect(await told()).toEqual({ tried: 1, refused: 0, untried: 3, isCurrent: false });

  const filter = { action: ["delete" as const], model: "tenant" };
  await decide(runner.database, syncId, { verdict: "reject", filter }, bo);
  expect(await told()).toMatchObject({ untried: 1 });
});
