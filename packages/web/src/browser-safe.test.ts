import { builtinModules } from "node:module";
import { createContext, runInContext } from "node:vm";
import { build, type Plugin } from "vite";
import { expect, it } from "vitest";

// A page that loads records, compares them and plans, with all that the two packages offer.
const page = `
  import * as kernel from "@plumbline/sync";
  import * as models from "@plumbline/models";

  const { Tenant, hubModels } = models;
  const reading = (...names) => ({
    name: "reading",
    models: [Tenant],
    async *load() {
      for (const name of names) yield Tenant.record({ name });
    },
  });
  const schema = kernel.createSchema(hubModels.map(({ model }) => model));
  globalThis.offered = Object.keys({ ...kernel, ...models });
  globalThis.planned = kernel
    .sync({ schema, source: reading("a", "b"), target: reading("b", "c"), isDryRun: true })
    .then(({ changes }) => JSON.stringify(changes.map(({ action, label }) => [action, label])));
`;

function pageOf(imported: string[], source: string): Plugin {
  return {
    name: "page",
    enforce: "pre",
    resolveId(id) {
      if (id.startsWith("node:") || builtinModules.includes(id)) imported.push(id);
      return id === "virtual:page" ? id : null;
    },
    load: (id) => (id === "virtual:page" ? source : null),
  };
}

async function bundle(source: string): Promise<{ code: string; imported: string[] }> {
  const imported: string[] = [];
  const built = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: "silent",
    plugins: [pageOf(imported, source)],
    resolve: { conditions: ["@plumbline/source", "module", "browser", "production"] },
    build: {
      write: false,
      minify: false,
      rolldownOptions: { input: "virtual:page", output: { format: "iife" } },
    },
  });
  const [output] = [built].flat();
  const [chunk] = output && "output" in output ? output.output : [];
  return { code: chunk?.code ?? "", imported };
}

/** What a browser's page has beside the language itself. */
const browser = () => ({
  AbortController,
  AbortSignal,
  clearInterval,
  clearTimeout,
  performance,
  setInterval,
  setTimeout,
  TextDecoder,
  TextEncoder,
  URL,
});

it("the kernel and the models run in a browser, without anything of Node", async () => {
  const { code, imported } = await bundle(page);
  expect(imported).toEqual([]);

  const context = createContext(browser()) as {
    readonly offered: readonly string[];
    readonly planned: Promise<string>;
  };
  runInContext(code, context);
  expect([...context.offered]).toEqual(expect.arrayContaining(["createSchema", "sync", "Tenant"]));
  expect(JSON.parse(await context.planned)).toEqual([
    ["create", "a"],
    ["delete", "c"],
  ]);
});

it("what does import a part of Node is seen", async () => {
  const { imported } = await bundle(`import "node:fs"; import "@plumbline/sync/diffsync";`);
  expect(imported).toEqual(["node:fs"]);
});
