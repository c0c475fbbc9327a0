// What the documents show of our TypeScript is code of the examples, or stands the type check by itself.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const guides = "docs/guides";
/** Followed to the letter by a test of its own, inside the packages that it changes. */
const followed = "add-a-model.md";
/** Where the right half of a block begins that shows Python and TypeScript side by side. */
const rightHalf = 51;

it("the snippets of the documents are code of the examples, or type-check page by page", async () => {
  const known = await exampleTexts();
  const pages = ["docs/coming-from-diffsync.md"];
  for (const name of await readdir(join(root, guides))) {
    if (name.endsWith(".md") && name !== followed) pages.push(`${guides}/${name}`);
  }
  const modules = await Promise.all(
    pages.map(async (page) => ({ page, code: await moduleOf(page, known) })),
  );

  expect(modules.filter(({ code }) => code !== "").length).toBeGreaterThan(0);
  expect(await typeCheck(modules)).toBe("");
});

it("a snippet with a wrong name does not pass", async () => {
  const code =
    'import { project } from "@plumbline/plugin-kit";\nproject("nothing", { keys: [] });\n';
  expect(await typeCheck([{ page: "docs/wrong.md", code }])).toContain("wrong.md");
});

/** The code of a page that no example has, one block after the other. */
async function moduleOf(page: string, known: readonly string[]): Promise<string> {
  const text = await readFile(join(root, page), "utf8");
  const blocks = [...text.matchAll(/^```(ts|typescript|python)\n(.*?)^```$/gms)].map(
    ([, language, code = ""]) => (language === "python" ? rightOf(code) : code),
  );
  return blocks.filter((code) => !isAmong(known, code)).join("\n");
}

function rightOf(code: string): string {
  return code.replaceAll(/^.*$/gm, (line) => line.slice(rightHalf));
}

function isAmong(known: readonly string[], code: string): boolean {
  return known.some((text) => text.includes(plainLines(code)));
}

async function exampleTexts(): Promise<string[]> {
  const files = await readdir(join(root, "examples"), { recursive: true });
  return Promise.all(
    files
      .filter((name) => name.endsWith(".ts"))
      .map(async (name) => plainLines(await readFile(join(root, "examples", name), "utf8"))),
  );
}

/** Lines without indentation and blank ones. */
function plainLines(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").join("\n");
}

/** What the compiler says of modules, as an author's package would be checked; empty for nothing. */
async function typeCheck(
  modules: readonly { readonly page: string; readonly code: string }[],
): Promise<string> {
  // Inside the repository, where the packages are found by their names.
  const cache = join(root, "node_modules/.cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "snippets-"));
  try {
    const files: string[] = [];
    for (const { page, code } of modules) {
      const name = `${page.replaceAll("/", "-")}.ts`;
      files.push(name);
      await writeFile(join(folder, name), `${code}\nexport {};\n`);
    }
    const config = {
      extends: relative(folder, join(root, "tsconfig.base.json")),
      compilerOptions: { noEmit: true },
      files,
    };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    const compiler = join(root, "node_modules/ts7/bin/tsc");
    const { stdout, stderr } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.json"], {
      cwd: folder,
      encoding: "utf8",
    });
    return stdout + stderr;
  } finally {
    await rm(folder, { recursive: true });
  }
}
