import { realpathSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { discover } from "../../src/plugins/discover.ts";
import { findInstallation } from "../../src/plugins/installation.ts";
import { createTestInstallation, type TestInstallation } from "../support/installation.ts";

let installation: TestInstallation;

afterEach(() => installation.remove());

async function discoverIn(files: Readonly<Record<string, string>>) {
  installation = await createTestInstallation(files);
  return (await discover(findInstallation({ folder: installation.folder }))).manifest;
}

const quietConfig = `
  import { defineConfig } from "@plumbline/plugin-kit";
  export default defineConfig({ hideExampleJobs: true });
`;

const siteJob = (id: string): string => `
  import { defineDataSource } from "@plumbline/plugin-kit";
  import { Tenant } from "@plumbline/models";
  export default defineDataSource({
    id: ${JSON.stringify(id)}, title: "Customers", system: "CRM", models: [Tenant],
    source: () => ({ name: "CRM", models: [Tenant], async *load() {} }),
  });
`;

it("a fresh installation has the example jobs, and none with hideExampleJobs", async () => {
  const fresh = await discoverIn({});
  expect(fresh.errors).toEqual([]);
  expect(fresh.jobs.map(({ id }) => id)).toEqual(["example-data-source", "example-data-target"]);
  expect(fresh.models.find(({ name }) => name === "location")).toMatchObject({
    isHub: true,
    group: "Organization",
    parent: "parent",
  });
  await installation.remove();

  const bare = await discoverIn({ "plumbline.config.ts": quietConfig });
  expect(bare).toMatchObject({ jobs: [], errors: [] });
});

it("a relative path of a folder connection starts at the configuration's folder", async () => {
  const { jobs, errors } = await discoverIn({
    "plumbline.config.ts": `
      import { folder } from "@plumbline/integrations/folder";
      import { defineConfig } from "@plumbline/plugin-kit";
      export default defineConfig({
        hideExampleJobs: true,
        connections: { estate: folder({ path: "./estate" }) },
      });
    `,
  });

  expect(errors).toEqual([]);
  for (const { configuration } of jobs) {
    expect(configuration).toContainEqual({
      label: "Folder",
      value: join(realpathSync(installation.folder), "estate"),
    });
  }
  expect(jobs).toHaveLength(2);
});

it("the configuration rules on the deletes of any job, and says which rules are for none", async () => {
  const { jobs, errors } = await discoverIn({
    "plumbline.config.ts": `
      export default {
        hideExampleJobs: true,
        deletes: {
          customers: {
            deletePolicy: { tenant: { afterDays: 14 } },
            deleteCeiling: { percent: 5, types: { tenant: { count: 3 } }, total: 100 },
          },
          wrong: { deletePolicy: { tenant: { setStatus: "Gone" } } },
          custmers: { deletePolicy: "never" },
        },
      };`,
    "jobs/customers.ts": siteJob("customers"),
    "jobs/wrong.ts": siteJob("wrong"),
  });

  expect(jobs).toMatchObject([
    {
      id: "customers",
      deleteRules: [
        "Up to 5 % or 10 objects of a type",
        "Tenants: up to 5 % or 3",
        "Up to 100 objects in all",
        "Tenants: once they have been missing for 14 days",
      ],
    },
  ]);
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringContaining("the job custmers, which there is not; there are customers, wrong"),
    expect.stringContaining("tenant cannot be marked with a status"),
  ]);
});

it("a plugin package in node_modules appears with its jobs, variables and own models", async () => {
  const manifest = await discoverIn({
    "plumbline.config.ts": `export default { plugins: ["plumbline-plugin-pallets"], hideExampleJobs: true };`,
    "node_modules/plumbline-plugin-pallets/package.json": JSON.stringify({
      name: "plumbline-plugin-pallets",
      version: "1.0.0",
      type: "module",
      exports: { ".": { import: "./index.js" } },
    }),
    "node_modules/plumbline-plugin-pallets/index.js": `
      import { defineModel, text, createSchema } from "@plumbline/sync";
      import { createMemoryAdapter } from "@plumbline/sync/testing";
      import { defineDataSource, definePlugin, variable } from "@plumbline/plugin-kit";
      const Pallet = defineModel("pallet", { key: { name: text() }, fields: { room: text().nullable() } });
      const schema = createSchema([Pallet]);
      export default definePlugin({ name: "pallets", jobs: [defineDataSource({
        id: "pallets", title: "Pallets", system: "Pallet sheet", models: [Pallet],
        variables: { maxRows: variable.integer({ default: 5 }) },
        source: () => createMemoryAdapter("sheet", schema, []),
        target: () => createMemoryAdapter("store", schema, []),
      })] });
    `,
  });

  expect(manifest.errors).toEqual([]);
  expect(manifest.jobs).toMatchObject([
    {
      id: "pallets",
      plugin: "plumbline-plugin-pallets",
      sourceName: "Pallet sheet",
      models: ["pallet"],
      variables: [{ name: "maxRows", label: "Max rows", kind: "integer", default: 5 }],
      targetLock: "job:pallets",
    },
  ]);
  expect(manifest.models.find(({ name }) => name === "pallet")).toMatchObject({
    isHub: false,
    group: null,
    fields: [
      { name: "name", isKey: true },
      { name: "room", isNullable: true },
    ],
  });
});

it("a job file that is wrong is named with its line, and hides no other", async () => {
  const manifest = await discoverIn({
    "plumbline.config.ts": quietConfig,
    "jobs/good.ts": siteJob("customers"),
    "jobs/syntax.ts": "const fine = 1;\nconst broken: = 2;\n",
    "jobs/plain.js": "const fine = 1;\n\nfoo bar;\n",
    "jobs/throws.ts": 'const fine = 1;\n\n\nthrow new Error("no licence");\n',
    "jobs/missing.ts": '\nimport gone from "./gone.ts";\nexport default gone;\n',
    "jobs/empty.ts": "export const job = 1;\n",
  });
  const file = (name: string): string => `${realpathSync(installation.folder)}/jobs/${name}`;

  expect(manifest.jobs.map(({ id }) => id)).toEqual(["customers"]);
  expect(manifest.errors).toEqual([
    {
      file: file("empty.ts"),
      line: null,
      message: expect.stringContaining("is not a job") as string,
    },
    { file: file("missing.ts"), line: 2, message: expect.stringContaining("gone.ts") as string },
    {
      file: file("plain.js"),
      line: 3,
      message: expect.stringContaining("Unexpected identifier") as string,
    },
    {
      file: file("syntax.ts"),
      line: 2,
      message: expect.stringContaining("Unexpected token") as string,
    },
    { file: file("throws.ts"), line: 4, message: "no licence" },
  ]);
});

it("ids that clash or are misspelt, and models the hub lacks, are refused by name", async () => {
  const manifest = await discoverIn({
    "plumbline.config.ts": quietConfig,
    "jobs/a.ts": siteJob("customers"),
    "jobs/b.ts": siteJob("customers"),
    "jobs/c.ts": siteJob("Customers_2"),
    "jobs/d.ts": `
      import { defineModel, text } from "@plumbline/sync";
      import { defineDataSource } from "@plumbline/plugin-kit";
      const Pallet = defineModel("pallet", { key: { name: text() }, fields: {} });
      export default defineDataSource({ id: "pallets", title: "Pallets", system: "Sheet", models: [Pallet],
        source: () => ({ name: "Sheet", models: [Pallet], async *load() {} }) });
    `,
  });

  expect(manifest.jobs.map(({ id }) => id)).toEqual(["customers"]);
  expect(manifest.errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(/"customers" is taken by the job "Customers" of .*a\.ts/),
    expect.stringContaining('"Customers_2" is not in kebab-case'),
    expect.stringContaining("the hub keeps no such records"),
  ]);
});

it("a configuration that is wrong is named, and what needs none of it stays", async () => {
  const manifest = await discoverIn({
    "plumbline.config.ts": 'export default {\n  plugins: ["not-installed"],\n};\n',
    "jobs/good.ts": siteJob("customers"),
  });

  expect(manifest.jobs.map(({ id }) => id)).toContain("customers");
  expect(manifest.errors).toMatchObject([
    { message: expect.stringContaining("The plugin not-installed is not installed in") as string },
  ]);
});

it("a plugin that ends its process does not take discovery with it", async () => {
  const manifest = await discoverIn({ "jobs/exits.ts": "process.exit(3);\n" });

  expect(manifest.errors).toMatchObject([
    { message: expect.stringContaining("exit code 3") as string },
  ]);
});

it("a secret that a plugin prints while failing is not in the error", async () => {
  const manifest = await discoverIn({
    "plumbline.config.ts": quietConfig,
    "jobs/leaks.ts": `
      import { Secret } from "@plumbline/plugin-kit";
      const token = new Secret("a test", () => "hunter2-token");
      throw new Error("refused: " + token.reveal());
    `,
  });

  expect(manifest.errors).toMatchObject([{ message: "refused: (secret)" }]);
});
