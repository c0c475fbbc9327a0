import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packPackages, publicPackages, type PackedPackage } from "../scripts/pack.ts";
import { Consumer } from "./consumer.ts";

const root = dirname(import.meta.dirname);
const buildTimeoutMs = 300_000;

let scratch: string;
let packed: PackedPackage[];
let consumer: Consumer;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "plumbline-packed-"));
  packed = await packPackages(publicPackages, scratch);
  consumer = await Consumer.install(packed);
}, buildTimeoutMs);

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  // Absent when the set-up failed.
  await (consumer as Consumer | undefined)?.remove();
});

interface Manifest {
  readonly name: string;
  readonly exports: Record<string, unknown>;
}

async function manifestOf(directory: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(directory, "package.json"), "utf8")) as Manifest;
}

async function modulesOf(directory: string): Promise<string[]> {
  const { name, exports } = await manifestOf(directory);
  const entries = Object.keys(exports).filter((entry) => entry !== "./package.json");
  return entries.map((entry) => name + entry.slice(1));
}

describe.each(publicPackages)("the published package %s", (folder) => {
  const directory = () => join(scratch, "built", folder);

  test("is well formed", async () => {
    const { messages } = await publint({ pkgDir: directory(), pack: false });

    const manifest = (await manifestOf(directory())) as unknown as Record<string, unknown>;
    const serious = messages.filter((message) => message.type !== "suggestion");
    expect(serious.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  test("holds no source and does not offer one", async () => {
    const manifest = await manifestOf(directory());

    expect(JSON.stringify(manifest.exports)).not.toContain("@plumbline/source");
    expect(existsSync(join(directory(), "src"))).toBe(false);
  });

  test("imports in an empty folder, by each of its entries", async () => {
    // The suites of `/testing` run inside a test runner only, which the consumer brings.
    const modules = (await modulesOf(directory())).filter((name) => !name.endsWith("/testing"));

    const ended = await consumer.node(
      modules.map((name) => `await import(${JSON.stringify(name)});`).join("\n"),
    );

    expect(ended).toMatchObject({ exitCode: 0, errors: "" });
  });
});

test("declarations of the published packages resolve for a consumer", async () => {
  const compiler = join(root, "node_modules/ts7/bin/tsc");
  await consumer.write(
    "check.ts",
    `import type { Change, Model } from "@plumbline/sync";
     import type { Connection } from "@plumbline/plugin-kit";
     type IsAny<T> = 0 extends 1 & T ? true : false;
     export const known: [IsAny<Change["action"]>, IsAny<Model["key"]>, IsAny<Connection>] = [false, false, false];`,
  );

  const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext"];
  const target = ["--target", "es2024", "--types", ""];
  const ended = await consumer.run(process.execPath, [compiler, ...options, ...target, "check.ts"]);

  expect(ended).toMatchObject({ exitCode: 0, output: "" });
});

test("the installed kernel runs a small sync, and a second one finds nothing to do", async () => {
  const ended = await consumer.node(`
    import { createSchema, defineModel, sync, text } from "@plumbline/sync";

    const Site = defineModel("site", { key: { name: text() }, fields: { region: text().nullable() } });
    const schema = createSchema([Site]);
    function listOf(name, sites) {
      return {
        name,
        models: [Site],
        async *load() {
          for (const site of sites.values()) yield Site.record(site);
        },
        writer: () => ({
          batchSize: 100,
          isTransactional: false,
          async *apply(changes) {
            for (const change of changes) {
              if (change.action === "delete") sites.delete(change.label);
              else sites.set(change.label, { name: change.label, ...change.after });
              yield { change, status: "applied", targetId: null, error: null };
            }
          },
        }),
      };
    }
    const place = (name, region) => [name, { name, region }];
    const source = listOf("source", new Map([place("Berlin", "north"), place("Oslo", "north")]));
    const target = listOf("target", new Map([place("Berlin", "east"), place("Rome", "south")]));

    const options = { source, target, schema, isDryRun: false, asksDeletes: true, ceiling: null };
    const first = await sync(options);
    const second = await sync(options);
    const applied = first.outcomes.map(({ change, status }) => [change.action, change.label, status].join(" "));
    console.log(JSON.stringify({ applied: applied.toSorted(), left: second.changes.length }));
  `);

  expect(ended.errors).toBe("");
  expect(JSON.parse(ended.output)).toEqual({
    applied: ["create Oslo applied", "delete Rome applied", "update Berlin applied"],
    left: 0,
  });
});

const plumbline = () => join(consumer.directory, "node_modules/.bin/plumbline");

test("the installed command lists its commands", async () => {
  const { exitCode, output } = await consumer.run(plumbline(), ["--help"]);

  expect(exitCode).toBe(0);
  expect(output).toContain("web, API and worker in one process");
});

test("the installed command compares two folders and makes them agree", async () => {
  await consumer.write("monday/tenants.yaml", "- name: Acme\n- name: Globex\n");
  await consumer.write("tuesday/tenants.yaml", "- name: Acme\n");
  await consumer.write("tuesday/.plumbline", "");
  const run = (...parameters: string[]) => consumer.run(plumbline(), parameters);

  const difference = await run("diff", "monday", "tuesday", "--exit-code");
  const applied = await run("sync", "monday", "tuesday", "--apply");
  const agreement = await run("diff", "monday", "tuesday", "--exit-code");

  expect([difference.exitCode, applied.exitCode, agreement.exitCode]).toEqual([2, 0, 0]);
  expect(difference.output).toContain("Globex");
});

test("the installed product starts, answers with its pages, and runs the example to its end", async () => {
  const server = consumer.start(plumbline(), ["start", "--port", "0"]);
  try {
    const [, url = ""] = await server.printed(/Plumbline {4}(\S+)\n/);
    const page = await (await fetch(url)).text();
    const [, script = ""] = /<script[^>]* src="([^"]+\.js)"/.exec(page) ?? [];
    const code = await fetch(new URL(script, url));

    const synced = await consumer.run(plumbline(), [
      "sync",
      "example-data-source",
      "--apply",
      "--json",
    ]);

    expect(code.headers.get("content-type")).toContain("javascript");
    expect(synced.exitCode, synced.errors).toBe(0);
    const { status, counts } = JSON.parse(synced.output) as {
      status: string;
      counts: { create: number; applied: number };
    };
    expect(status).toBe("applied");
    expect(counts.create).toBeGreaterThan(300);
    expect(counts.applied).toBe(counts.create);
  } finally {
    expect(await server.stop()).toBe(0);
  }
});

test("a plugin made by npm pack and named in the configuration brings its job", async () => {
  await consumer.write("plugin/package.json", JSON.stringify(pluginManifest));
  await consumer.write("plugin/index.js", pluginCode);
  const npm = (...parameters: string[]) =>
    consumer.run("npm", [
      ...parameters,
      "--offline",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
    ]);
  await npm("pack", "./plugin");
  const installed = await npm("install", "./plumbline-plugin-pallets-1.2.0.tgz");
  expect(installed).toMatchObject({ exitCode: 0 });
  await consumer.write(
    "plumbline.config.ts",
    `import { type Config, defineConfig } from "@plumbline/plugin-kit";
     const config: Config = { plugins: ["plumbline-plugin-pallets"], hideExampleJobs: true };
     export default defineConfig(config);`,
  );

  const { exitCode, output, errors } = await consumer.run(plumbline(), ["jobs", "--json"]);

  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
  expect(JSON.parse(output)).toMatchObject({
    jobs: [
      { id: "pallets", title: "Pallets", plugin: "plumbline-plugin-pallets", models: ["pallet"] },
    ],
    errors: [],
  });
});

const pluginManifest = {
  name: "plumbline-plugin-pallets",
  version: "1.2.0",
  type: "module",
  files: ["index.js"],
  exports: "./index.js",
  peerDependencies: { "@plumbline/plugin-kit": "*", "@plumbline/sync": "*" },
};

const pluginCode = `
  import { defineModel, integer, text } from "@plumbline/sync";
  import { defineDataSource, definePlugin } from "@plumbline/plugin-kit";

  const Pallet = defineModel("pallet", { key: { name: text() }, fields: { units: integer() } });
  const sheet = {
    name: "Pallet sheet",
    models: [Pallet],
    async *load() {
      yield Pallet.record({ name: "R1", units: 42 });
    },
  };

  export default definePlugin({
    name: "pallets",
    jobs: [
      defineDataSource({
        id: "pallets",
        title: "Pallets",
        system: "Pallet sheet",
        models: [Pallet],
        source: () => sheet,
        target: () => ({ ...sheet, name: "Pallet store" }),
      }),
    ],
  });
`;

test("the working tree holds no build that would be used in place of the sources", () => {
  const withPages = "web";
  const builds = publicPackages
    .filter((folder) => folder !== withPages)
    .map((folder) => join(root, "packages", folder, "dist"));

  expect(builds.filter((directory) => existsSync(directory))).toEqual([]);
});
