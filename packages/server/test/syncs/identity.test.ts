import { afterAll, beforeAll, expect, it } from "vitest";
import { createLabRunner, type LabRunner } from "../support/lab.ts";

let runner: LabRunner;

beforeAll(async () => {
  runner = await createLabRunner();
  await runner.work();
});

afterAll(() => runner.close());

it("an object renamed at the source is one update of the hub's object, not a new one", async () => {
  const before = await runner.lab(
    {
      tenants: [
        { name: "Acme", id: "crm-1" },
        { name: "Globex", id: "crm-2" },
      ],
    },
    "before",
  );
  expect(await runner.run({ jobId: "lab", variables: before, isDryRun: false })).toMatchObject({
    status: "applied",
    counts: { created: 2 },
  });
  const [acme] = await runner.query<{ id: string }>("select id from tenants where name = 'Acme'");

  const after = await runner.lab(
    {
      tenants: [
        { name: "Acme Corporation", id: "crm-1" },
        { name: "Globex", id: "crm-2" },
      ],
    },
    "after",
  );
  const run = await runner.run({
    jobId: "lab",
    variables: after,
    isDryRun: false,
    asksDeletes: true,
  });

  expect(run).toMatchObject({
    status: "applied",
    reason: null,
    counts: { create: 0, update: 1, delete: 0, updated: 1 },
  });
  expect(await runner.query("select name from tenants where id = $1", [acme!.id])).toEqual([
    { name: "Acme Corporation" },
  ]);
  expect(await runner.run({ jobId: "lab", variables: after, isDryRun: false })).toMatchObject({
    status: "in-agreement",
  });
});

it("objects that were in the hub before and match by key are remembered by a run, with nothing to change", async () => {
  await runner.query("truncate tenants, identity cascade");
  const old = await runner.lab({ tenants: [{ name: "Initech" }, { name: "Hooli" }] }, "old");
  await runner.run({ jobId: "lab", variables: old, isDryRun: false });
  expect(await runner.query("select from identity")).toHaveLength(0);

  const withIds = await runner.lab(
    {
      tenants: [
        { name: "Initech", id: "crm-7" },
        { name: "Hooli", id: "crm-8" },
      ],
    },
    "ids",
  );
  const run = await runner.run({ jobId: "lab", variables: withIds, isDryRun: false });

  expect(run.status).toBe("in-agreement");
  const pairs = await runner.query(
    `select i.remote_id, t.name from identity i join tenants t on t.id = i.hub_id order by 1`,
  );
  expect(pairs).toEqual([
    { remote_id: "crm-7", name: "Initech" },
    { remote_id: "crm-8", name: "Hooli" },
  ]);
});

it("two objects that swapped their names keep their identity, whichever way the names stand meanwhile", async () => {
  await runner.query("truncate tenants, identity cascade");
  const lab = (first: string, second: string, name: string) =>
    runner.lab(
      {
        tenants: [
          { name: first, id: "crm-1" },
          { name: second, id: "crm-2" },
        ],
      },
      name,
    );
  await runner.run({ jobId: "lab", variables: await lab("A", "B", "swap-1"), isDryRun: false });
  const pairs = () =>
    runner.query("select remote_id, hub_id from identity order by remote_id, hub_id");
  const before = await pairs();
  expect(before).toHaveLength(2);

  const swapped = await runner.run({
    jobId: "lab",
    variables: await lab("B", "A", "swap-2"),
    isDryRun: false,
    asksDeletes: true,
  });

  expect(swapped).toMatchObject({ status: "partial", counts: { updated: 0, findings: 2 } });
  expect(await pairs()).toEqual(before);
});

it("a record that could be either of two hub objects is still undecided in the next run, and deletes neither", async () => {
  await runner.query("truncate tenants, identity cascade");
  const many = Array.from({ length: 20 }, (_, index) => ({ name: `T${index}` }));
  const first = await runner.lab({ tenants: [{ name: "Old", id: "crm-1" }, ...many] }, "either-1");
  await runner.run({ jobId: "lab", variables: first, isDryRun: false });
  await runner.query("insert into tenants (name) values ('New')");
  const renamed = await runner.lab(
    { tenants: [{ name: "New", id: "crm-1" }, ...many] },
    "either-2",
  );
  const run = () =>
    runner.run({ jobId: "lab", variables: renamed, isDryRun: false, asksDeletes: true });

  expect(await run()).toMatchObject({ status: "partial", counts: { delete: 0, findings: 1 } });
  expect(await run()).toMatchObject({ status: "partial", counts: { delete: 0, findings: 1 } });
  expect(
    await runner.query("select name from tenants where name in ('Old', 'New') order by name"),
  ).toEqual([{ name: "New" }, { name: "Old" }]);
});
