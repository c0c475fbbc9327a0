import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createTestRunner, type TestRunner } from "../support/runner.ts";

let runner: TestRunner;

beforeAll(async () => {
  runner = await createTestRunner({
    "plumbline.config.ts": `
      import { folder } from "@plumbline/integrations/folder";
      export default { connections: { estate: folder({ path: "estate" }), shelf: folder({ path: "shelf" }) } };
    `,
    "jobs/unaware.ts": `
      import { Tenant } from "@plumbline/models";
      import { defineDataSource } from "@plumbline/plugin-kit";
      export default defineDataSource({
        id: "unaware", title: "Knows nothing of custom fields", system: "CRM", models: [Tenant],
        source: () => ({
          name: "CRM",
          models: [Tenant],
          provides: (model) => model.names,
          async *load() { yield Tenant.record({ name: "Acme", description: "from the CRM" }); },
        }),
      });
    `,
  });
  await runner.work();
});

afterAll(() => runner.close());

beforeEach(async () => {
  await runner.query(
    "truncate tenants, custom_fields, identity, object_change, hub_claim, sync cascade",
  );
  await define("contract", "integer");
  await define("services", "multi-select", "red", "green");
});

const define = async (key: string, type: string, ...choices: readonly string[]) => {
  const [row] = await runner.query<{ id: string }>(
    `insert into custom_fields (key, label, type, content_types) values ($1, initcap($1), $2, '{tenancy.tenant}') returning id`,
    [key, type],
  );
  for (const [weight, choice] of choices.entries()) {
    await runner.query(
      "insert into custom_field_choices (custom_field_id, value, weight) values ($1, $2, $3)",
      [row!.id, choice, weight],
    );
  }
};

const write = (text: string, name = "tenants.yaml") =>
  runner.installation.write(`estate/${name}`, text);

const sync = () =>
  runner.run({ jobId: "folder-estate-source", isDryRun: false, asksDeletes: true });

const stored = async () =>
  Object.fromEntries(
    (
      await runner.query<{ name: string; values: unknown }>(
        "select name, custom_fields as values from tenants order by name",
      )
    ).map(({ name, values }) => [name, values]),
  );

const changes = (syncId: string) =>
  runner.query(
    "select label, fields, before, after from sync_change where sync_id = $1 order by position",
    [syncId],
  );

const findings = (syncId: string) =>
  runner.query("select kind, model, field from sync_finding where sync_id = $1", [syncId]);

it("a folder's values of custom fields are read, shown as fields that differ, and written", async () => {
  await write("- {name: Acme, cf_contract: 7, cf_services: [green, red]}\n- {name: Globex}\n");

  expect(await sync()).toMatchObject({ status: "applied", counts: { created: 2 } });
  expect(await stored()).toMatchObject({ Acme: { contract: 7, services: ["red", "green"] } });
  expect(await sync()).toMatchObject({ status: "in-agreement" });

  await write("- {name: Acme, cf_contract: 8, cf_services: [red, green]}\n- {name: Globex}\n");
  const changed = await sync();

  expect(changed).toMatchObject({ status: "applied", counts: { updated: 1 } });
  expect(await changes(changed.syncId)).toEqual([
    {
      label: "Acme",
      fields: ["cf_contract"],
      before: { cf_contract: 7 },
      after: { cf_contract: 8 },
    },
  ]);
});

it("a source that has no value of a custom field for any record leaves those of the hub", async () => {
  await write("- {name: Acme, cf_contract: 7}\n");
  await sync();
  await write("- {name: Acme, description: a customer}\n");

  expect(await sync()).toMatchObject({ status: "applied" });
  expect(await stored()).toEqual({ Acme: { contract: 7 } });
});

it("a source whose job knows nothing of custom fields leaves them, whatever it says it provides", async () => {
  await write("- {name: Acme, cf_contract: 7}\n");
  await sync();

  const run = await runner.run({ jobId: "unaware", isDryRun: false });

  expect(run).toMatchObject({ status: "applied", counts: { updated: 1 } });
  expect(await stored()).toEqual({ Acme: { contract: 7 } });
});

it("a custom field that the hub does not define is a finding, and all else is synced, deletes too", async () => {
  await write("- {name: Acme}\n- {name: Globex}\n");
  await sync();
  await write("- {name: Acme, cf_contract: 3, cf_colour: blue}\n");

  const run = await sync();

  expect(await findings(run.syncId)).toEqual([
    { kind: "unknown-field", model: "tenant", field: "cf_colour" },
  ]);
  expect(run).toMatchObject({ status: "applied", counts: { updated: 1, deleted: 1 } });
  expect(await stored()).toEqual({ Acme: { contract: 3 } });
});

it("a value that does not fit its custom field is a finding, and its object is left as it is", async () => {
  await write("- {name: Acme, cf_contract: 7}\n");
  await sync();
  await write("- {name: Acme, cf_contract: seven}\n");

  const run = await sync();

  expect(await findings(run.syncId)).toEqual([
    { kind: "bad-value", model: "tenant", field: "cf_contract" },
  ]);
  expect(await stored()).toEqual({ Acme: { contract: 7 } });
});

it("an undo gives custom fields the values they had, of what was changed and of what was deleted", async () => {
  await write("- {name: Acme, cf_contract: 7}\n- {name: Globex, cf_services: [red]}\n");
  await sync();
  const before = await stored();
  await write("- {name: Acme, cf_contract: 8}\n");
  const changed = await sync();
  expect(await stored()).toMatchObject({ Acme: { contract: 8 } });

  const undone = await runner.carryOut(changed.syncId, "rollback");

  expect(await runner.ended(undone.jobResultId)).toMatchObject({ status: "applied" });
  expect(await stored()).toEqual(before);
});

it("a plan that sets a custom field which is no more is refused there, and the rest of it is applied", async () => {
  await write("- {name: Acme, cf_contract: 7}\n");
  await sync();
  await write("- {name: Acme, cf_contract: 8}\n- {name: Globex}\n");
  const dry = await runner.run({ jobId: "folder-estate-source" });
  await runner.query("delete from custom_fields where key = 'contract'");

  const { jobResultId } = await runner.startApply(dry.syncId);

  expect(await runner.ended(jobResultId)).toMatchObject({
    status: "partial",
    counts: { created: 1, updated: 0 },
  });
  expect(await stored()).toEqual({ Acme: { contract: 7 }, Globex: {} });
});

it("the hub's values are written into a folder and read back equal, from every format alike", async () => {
  await runner.query(
    `insert into tenants (name, custom_fields) values
       ('Acme', '{"contract": 7, "services": ["green", "red"]}'), ('Globex', '{}')`,
  );
  const run = { jobId: "folder-shelf-target", isDryRun: false };

  expect(await runner.run(run)).toMatchObject({ status: "applied" });
  expect(await readFile(join(runner.installation.folder, "shelf/tenants.yaml"), "utf8")).toContain(
    "cf_contract: 7",
  );
  expect(await runner.run(run)).toMatchObject({ status: "in-agreement" });

  await runner.installation.write(
    "shelf/tenants.csv",
    "name,cf_contract,cf_services\nGlobex,9,green|red\n",
  );
  await rm(join(runner.installation.folder, "shelf/tenants.yaml"));
  expect(await runner.run(run)).toMatchObject({
    status: "applied",
    counts: { created: 1, updated: 1 },
  });
  expect(await readFile(join(runner.installation.folder, "shelf/tenants.csv"), "utf8")).toBe(
    "name,cf_contract,cf_services\nAcme,7,red|green\nGlobex,,\n",
  );
  expect(await runner.run(run)).toMatchObject({ status: "in-agreement" });
});
