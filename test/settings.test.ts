// The pages that list settings name what the code reads, and nothing else.
import { glob, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createProgram } from "@plumbline/cli";
import { expect, it } from "vitest";

const root = dirname(import.meta.dirname);
const read = (path: string): Promise<string> => readFile(join(root, path), "utf8");

/** What belongs to the operating system and to the tools that build, not to us. */
const foreign = ["PATH", "TMPDIR", "NODE_ENV"];

/** Names in the first column of the tables of a page, or of one of its sections. */
function tabled(page: string, heading?: string): string[] {
  const from = heading === undefined ? 0 : page.indexOf(`\n## ${heading}`);
  const text = page.slice(from).split(/\n## /)[heading === undefined ? 0 : 1] ?? "";
  return [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, name = ""]) => name).toSorted();
}

/** Names of an interface's properties, as the source declares them. */
async function propertiesOf(path: string, name: string): Promise<string[]> {
  const body = (await read(path)).split(`interface ${name} {`)[1]?.split("\n}")[0] ?? "";
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(([, each = ""]) => each);
}

it("docs/settings.md names the environment variables that the code reads", async () => {
  const used = new Set<string>();
  const files = glob("{packages,scripts,test,bench,examples}/**/*.ts", {
    cwd: root,
    exclude: (name) => /(^|\/)(node_modules|dist)$/.test(name),
  });
  for await (const file of files) {
    for (const [, name = ""] of (await read(file)).matchAll(/process\.env\["([A-Z_]+)"\]/g)) {
      used.add(name);
    }
  }
  for (const name of foreign) used.delete(name);

  const page = await read("docs/settings.md");

  expect(tabled(page, "Environment variables")).toEqual([...used].toSorted());
});

it("docs/settings.md names the options of start and serve", async () => {
  const { commands } = createProgram();
  const options = ["start", "serve"].map((name) =>
    commands.find((command) => command.name() === name)?.options.map(({ long }) => long),
  );

  const named = tabled(await read("docs/settings.md"), "Options of").map((name) =>
    name.replace(/ .*/, ""),
  );

  expect(options.map((each) => each?.toSorted())).toEqual([named, named]);
});

it("docs/settings.md names the settings of the configuration", async () => {
  const path = "packages/plugin-kit/src/config.ts";
  /** Settings that are groups of settings. */
  const groups = { runs: "RunLimits", history: "History" };
  const single = (await propertiesOf(path, "Config")).filter((name) => !(name in groups));
  const grouped = await Promise.all(
    Object.entries(groups).map(async ([group, type]) =>
      (await propertiesOf(path, type)).map((name) => `${group}.${name}`),
    ),
  );

  const page = (await read("docs/settings.md")).split("\n## plumbline.config.ts")[1] ?? "";
  const named = [...page.matchAll(/^### `([\w.]+)`/gm)].map(([, name]) => name);

  expect(named.toSorted()).toEqual([...single, ...grouped.flat()].toSorted());
});

it.each([
  ["docs/nautobot.md", "nautobot", "NautobotConnectionOptions"],
  ["docs/formats/folder.md", "folder", "FolderConnectionOptions"],
])("%s names the options of a connection", async (page, integration, name) => {
  const path = `packages/integrations/src/${integration}/connection.ts`;

  expect(tabled(await read(page))).toEqual((await propertiesOf(path, name)).toSorted());
});

it("docs/command-line.md shows the commands with their options", async () => {
  const usage = /```text\n(.*?)```/s.exec(await read("docs/command-line.md"))?.[1] ?? "";
  const shown = new Map<string, Set<string>>();
  for (const line of usage.trimEnd().split("\n")) {
    const name = /^plumbline ([a-z]+)/.exec(line)?.[1] ?? line;
    const options = shown.get(name) ?? new Set();
    for (const [option] of line.matchAll(/--[a-z-]+/g)) options.add(option);
    shown.set(name, options);
  }

  const declared = createProgram().commands.map(
    (command) =>
      [command.name(), command.options.map(({ long }) => long ?? "").toSorted()] as const,
  );

  expect([...shown].map(([name, options]) => [name, [...options].toSorted()]).toSorted()).toEqual(
    declared.toSorted(),
  );
});
