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
  name: "plumbline-plugin-racks",
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

  const Rack = defineModel("rack", { key: { name: text() }, fields: { units: integer() } });
  const schema = createSchema([Rack]);

  export default definePlugin({
    name: "racks",
    jobs: [
      defineDataSource({
        id: "racks",
        title: "Racks",
        system: "Rack sheet",
        models: [Rack],
        source: () => createMemoryAdapter("Rack sheet", schema, [
          Rack.record({ name: "R1", units: 42 }),
          Rack.record({ name: "R2", units: 48 }),
        ]),
        target: () => createMemoryAdapter("Rack store", schema, [Rack.record({ name: "R1", units: 40 })]),
        async sync(run) {
          run.logger.info("counting racks");
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
  await run("npm", ["install", ...quiet, "../plugin/plumbline-plugin-racks-1.2.0.tgz"], {
    cwd: installation.folder,
  });
}

it("a plugin installed from what npm packs is listed, and its job runs in its own steps", async () => {
  const runner = await createTestRunner(
    {
      "plumbline.config.ts": `
        import { defineConfig } from "@plumbline/plugin-kit";
        export default defineConfig({ plugins: ["plumbline-plugin-racks"], hideExampleJobs: true });
      `,
    },
    installPlugin,
  );
  try {
    expect((await readManifest(runner.database.pool)).jobs).toMatchObject([
      { id: "racks", plugin: "plumbline-plugin-racks", models: ["rack"] },
    ]);
    await runner.work();

    const dry = await runner.run({ jobId: "racks" });

    expect(dry).toMatchObject({ status: "planned", counts: { create: 1, update: 1 } });
    const lines = await runner.query<{ message: string }>(
      "select message from job_log where job_result_id = $1",
      [dry.jobResultId],
    );
    expect(lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        "counting racks",
        "Run ended, with differences: 1 to create, 1 to update, 0 to delete.",
      ]),
    );
  } finally {
    await runner.close();
  }
});
