import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { readManifest } from "../../src/plugins/manifest-store.ts";
import type { TestInstallation } from "../support/installation.ts";
import { createTestRunner } from "../support/runner.ts";

const run = promisify(execFile);

const manifest = {
  name: "plumbline-plugin-pallets",
  version: "1.2.0",
  type: "module",
  files: ["index.js"],
  exports: { ".": { import: "./index.js" } },
  peerDependencies: { "@plumbline/plugin-kit": "*", "@plumbline/sync": "*" },
  // Above the installation here, where npm does not look.
  peerDependenciesMeta: {
    "@plumbline/plugin-kit": { optional: true },
    "@plumbline/sync": { optional: true },
  },
};

/** A model, two adapters and steps of its own: what a plugin may bring. */
const code = `
  import { createSchema, defineModel, integer, text } from "@plumbline/sync";
  import { createMemoryAdapter } from "@plumbline/sync/testing";
  import { defineDataSource, definePlugin } from "@plumbline/plugin-kit";

  const Pallet = defineModel("pallet", { key: { name: text() }, fields: { units: integer() } });
  const schema = createSchema([Pallet]);

  export default definePlugin({
    name: "pallets",
    jobs: [
      defineDataSource({
        id: "pallets",
        title: "Pallets",
        system: "Pallet sheet",
        models: [Pallet],
        source: () => createMemoryAdapter("Pallet sheet", schema, [
          Pallet.record({ name: "R1", units: 42 }),
          Pallet.record({ name: "R2", units: 48 }),
        ]),
        target: () => createMemoryAdapter("Pallet store", schema, [Pallet.record({ name: "R1", units: 40 })]),
        async sync(run) {
          run.logger.info("counting pallets");
          await run.load();
          await run.plan();
          await run.apply();
        },
      }),
    ],
  });
`;

async function installPlugin(installation: TestInstallation): Promise<void> {
  const source = join(installation.folder, "..", "plugin");
  await mkdir(source);
  await writeFile(join(source, "package.json"), JSON.stringify(manifest));
  await writeFile(join(source, "index.js"), code);
  const quiet = ["--offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  await run("npm", ["pack", ...quiet], { cwd: source });
  await run("npm", ["install", ...quiet, "../plugin/plumbline-plugin-pallets-1.2.0.tgz"], {
    cwd: installation.folder,
  });
}

it("a plugin installed from what npm packs is listed, and its job runs in its own steps", async () => {
  const runner = await createTestRunner(
    {
      "plumbline.config.ts": `
        import { defineConfig } from "@plumbline/plugin-kit";
        export default defineConfig({ plugins: ["plumbline-plugin-pallets"], hideExampleJobs: true });
      `,
    },
    installPlugin,
  );
  try {
    expect((await readManifest(runner.database.pool)).jobs).toMatchObject([
      { id: "pallets", plugin: "plumbline-plugin-pallets", models: ["pallet"] },
    ]);
    await runner.work();

    const dry = await runner.run({ jobId: "pallets" });

    expect(dry).toMatchObject({ status: "planned", counts: { create: 1, update: 1 } });
    const lines = await runner.query<{ message: string }>(
      "select message from job_log where job_result_id = $1",
      [dry.jobResultId],
    );
    expect(lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        "counting pallets",
        "Run ended, with differences: 1 to create, 1 to update, 0 to delete.",
      ]),
    );
  } finally {
    await runner.close();
  }
});
