import { existsSync, readdirSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { spawn } from "node:child_process";
import { PlumblineError } from "@plumbline/sync";

/** Newest time of change below a folder, in milliseconds since 1970. */
function newestChange(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
    (newest, entry) =>
      entry.isFile()
        ? Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs)
        : newest,
    0,
  );
}

/**
 * The folder with the built pages. An installed package brings them; in a checkout they are built when
 * missing or older than their sources, so that one command suffices.
 */
export async function openWebPages(say: (line: string) => void): Promise<string> {
  const home = dirname(createRequire(import.meta.url).resolve("@plumbline/web/package.json"));
  const built = join(home, "dist");
  const sources = join(home, "src");
  const index = join(built, "index.html");
  const isFresh =
    existsSync(index) && (!existsSync(sources) || statSync(index).mtimeMs > newestChange(sources));
  if (isFresh) return built;
  if (!existsSync(sources)) {
    throw new PlumblineError(
      "not-found",
      `The pages are missing from ${home}; install @plumbline/web again.`,
    );
  }
  say("building the pages …");
  await build(home, built);
  return built;
}

/** Builds the pages beside the folder they end in: whoever starts at the same time never sees half of them. */
async function build(home: string, built: string): Promise<void> {
  const fresh = join(home, "node_modules", `.pages-${String(process.pid)}`);
  try {
    await runVite(home, fresh);
    await rm(built, { recursive: true, force: true });
    // Another start may have put its own there meanwhile, built from the same sources.
    await rename(fresh, built).catch((error: unknown) => {
      if (!existsSync(join(built, "index.html"))) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

function runVite(home: string, outDirectory: string): Promise<void> {
  const vite = join(
    dirname(createRequire(join(home, "package.json")).resolve("vite/package.json")),
    "bin/vite.js",
  );
  const options = ["build", "--outDir", outDirectory, "--emptyOutDir", "--logLevel", "warn"];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vite, ...options], {
      cwd: home,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else {
        reject(
          new PlumblineError("conflict", `The pages could not be built (vite build):\n${errors}`),
        );
      }
    });
  });
}
