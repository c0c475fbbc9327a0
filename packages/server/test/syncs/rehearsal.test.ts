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
  await runner.query(
    "truncate locations, location_types, statuses, tenants, tenant_groups, identity, object_change, hub_claim cascade",
  );
});

const columns = "c.label, r.status, r.error_code, r.error_field, r.error_value, r.error_message";

const rehearsed = (syncId: string) =>
  runner.query(
    `select ${columns} from sync_rehearsal r join sync_change c using (sync_id, position)
     where sync_id = $1 order by c.label`,
    [syncId],
  );

const outcomes = (syncId: string) =>
  runner.query(
    `select ${columns} from sync_outcome r join sync_change c using (sync_id, position)
     where sync_id = $1 and r.status <> 'applied' order by c.label`,
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
  expect(await outcomes(real.syncId)).toEqual(foreseen);
});

it("what is open is tried against what the plan itself makes, and before what is held", async () => {
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
  ).toEqual([{ rehearsed_revision: 0, rehearsed_count: 4 }]);
});

/** A group with three tenants; a place, of which the job knows nothing, is one of these's. */
async function groupInUse(others: readonly object[] = []): Promise<void> {
  const lab = {
    groups: [{ name: "G" }],
    tenants: [...["A", "B", "C"].map((name) => ({ name, tenant_group: "G" })), ...others],
  };
  await runner.run({ jobId: "lab-groups", variables: await runner.lab(lab), isDryRun: false });
  await runner.query(
    `with kind as (insert into location_types (id, name) values (gen_random_uuid(), 'Site') returning id),
          active as (insert into statuses (id, name) values (gen_random_uuid(), 'Active') returning id)
     insert into locations (id, name, location_type_id, status_id, tenant_id)
     select gen_random_uuid(), 'Here', kind.id, active.id, t.id from kind, active, tenants t where t.name = 'B'`,
  );
}

const bo = { id: null, name: "bo" };
const told = async (syncId: string) => (await getSync(runner.database, [], syncId)).rehearsal;

it("held deletes are tried as well: what the hub would not take is known before anybody lets them through", async () => {
  await groupInUse();
  const variables = await runner.lab({ groups: [{ name: "H" }], tenants: [] });

  const dry = await runner.run({ jobId: "lab-groups", variables, isDryRun: true });

  const foreseen = await rehearsed(dry.syncId);
  expect(foreseen).toMatchObject([
    { label: "B", status: "failed", error_message: expect.stringMatching(/location/i) as unknown },
    { label: "G", status: "skipped" },
  ]);
  expect(dry).toMatchObject({ status: "planned", reason: null });
  const { syncId } = dry;
  expect(await told(syncId)).toEqual({ tried: 5, refused: 0, untried: 0, isCurrent: true });
  await decide(runner.database, syncId, { verdict: "release", filter: { action: ["delete"] } }, bo);
  expect(await told(syncId)).toEqual({ tried: 5, refused: 2, untried: 0, isCurrent: false });
  const { jobResultId } = await runner.startApply(syncId);
  expect(await runner.ended(jobResultId)).toMatchObject({ counts: { deleted: 2, created: 1 } });
  expect(await outcomes(syncId)).toEqual(foreseen);
});

it("deletes that were asked for fail in the real run as in the dry one", async () => {
  // So many that the ceiling lets two of them go.
  const others = tenants(40);
  await groupInUse(others);
  const lab = {
    groups: [{ name: "G" }],
    tenants: [{ name: "C", tenant_group: "G" }, { name: "New", tags: ["no-such-tag"] }, ...others],
  };
  const request = {
    ...{ jobId: "lab-groups", variables: await runner.lab(lab) },
    asksDeletes: true,
  };

  const dry = await runner.run({ ...request, isDryRun: true });

  const foreseen = await rehearsed(dry.syncId);
  expect(foreseen).toMatchObject([{ label: "B" }, { label: "New" }]);
  const real = await runner.run({ ...request, isDryRun: false });
  expect(real.status).toBe("partial");
  expect(await outcomes(real.syncId)).toEqual(foreseen);
});

it("of 10,010 held deletes the first 10,000 are tried, and the others count as untried once they are let through", async () => {
  const lab = { tenants: tenants(10_010) };
  await runner.run({ jobId: "lab", variables: await runner.lab(lab), isDryRun: false });
  const variables = await runner.lab({ tenants: [{ name: "New" }] });
  const { syncId } = await runner.run({ jobId: "lab", variables, isDryRun: true });
  expect(await told(syncId)).toEqual({ tried: 10_001, refused: 0, untried: 0, isCurrent: true });

  await decide(runner.database, syncId, { verdict: "release", filter: { action: ["delete"] } }, bo);
  expect(await told(syncId)).toMatchObject({ untried: 10 });

  const filter = { action: ["delete" as const], q: "010009" };
  await decide(runner.database, syncId, { verdict: "reject", filter }, bo);
  expect(await told(syncId)).toMatchObject({ untried: 9 });
});
