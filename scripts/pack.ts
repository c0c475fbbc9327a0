// Builds the public packages as they are published: JavaScript and declarations, no sources.
//   npm run pack -- <directory for the tarballs> [package ...]
// Everything happens in a temporary directory: a `dist` in the working tree would be used silently
// by whatever runs without the `@plumbline/source` condition.
import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = dirname(import.meta.dirname);
const sourceCondition = "@plumbline/source";

/** The folders below `packages/` that are published, each after those it depends on. */
export const publicPackages = [
  "sync",
  "models",
  "plugin-kit",
  "integrations",
  "server",
  "web",
  "cli",
] as const;

/** A package made ready to publish. */
export interface PackedPackage {
  readonly name: string;
  /** The folder that was packed. */
  readonly directory: string;
  /** The tarball's path. */
  readonly tarball: string;
}

/**
 * Builds packages and packs each as a tarball.
 *
 * @param packages folders below `packages/`
 * @param destination directory for the tarballs, made if missing; the built folders lie in `built/` below it
 * @throws with the compiler's or the bundler's messages when something does not build
 */
export async function packPackages(
  packages: readonly string[],
  destination: string,
): Promise<PackedPackage[]> {
  await mkdir(destination, { recursive: true });
  const built = join(destination, "built");
  await rm(built, { recursive: true, force: true });
  const compiled = packages.filter((name) => name !== "web");
  if (compiled.length > 0) await compile(compiled, built);
  if (packages.includes("web")) await bundlePages(join(built, "web"));

  const packed: PackedPackage[] = [];
  for (const folder of packages) {
    const directory = join(built, folder);
    const manifest = await writeManifest(folder, directory);
    // What is published beside the build, such as sample data.
    for (const entry of manifest.files.filter((name) => name !== "dist")) {
      await cp(join(root, "packages", folder, entry), join(directory, entry), { recursive: true });
    }
    await copyFile(join(root, "LICENSE"), join(directory, "LICENSE"));
    const { stdout } = await runTool(
      "npm",
      ["pack", "--json", "--ignore-scripts", "--pack-destination", destination],
      directory,
    );
    packed.push({
      name: manifest.name,
      directory,
      tarball: join(destination, tarballName(stdout)),
    });
  }
  return packed;
}

/** Compiles `packages/<name>/src` to `<built>/<name>/dist`, all in one run of the compiler. */
async function compile(packages: readonly string[], built: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "plumbline-pack-"));
  try {
    const output = join(scratch, "output");
    const project = join(scratch, "tsconfig.json");
    const sources = packages.map((name) => join(root, "packages", name, "src"));
    const settings = {
      extends: join(root, "tsconfig.base.json"),
      compilerOptions: {
        rootDir: join(root, "packages"),
        outDir: output,
        declaration: true,
        typeRoots: [join(root, "node_modules/@types")],
      },
      include: sources.map((source) => `${source}/**/*.ts`),
      exclude: sources.map((source) => `${source}/**/*.test.ts`),
    };
    await writeFile(project, JSON.stringify(settings));
    const compiler = join(root, "node_modules/ts7/bin/tsc");
    await runTool(process.execPath, [compiler, "-p", project], root);

    for (const name of packages) {
      const dist = join(built, name, "dist");
      await mkdir(dirname(dist), { recursive: true });
      // Whatever the code reads beside itself: SQL, sample data.
      await cp(join(root, "packages", name, "src"), dist, {
        recursive: true,
        filter: (path) => !/\.tsx?$/.test(path),
      });
      await cp(join(output, name, "src"), dist, { recursive: true });
      await refuseSourcePaths(dist);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * The compiler turns `./x.ts` into `./x.js` in imports only. A path to a source in a string, such as
 * the module of a child process, would be missing from the built package.
 */
async function refuseSourcePaths(dist: string): Promise<void> {
  for (const entry of await readdir(dist, { recursive: true })) {
    if (!entry.endsWith(".js")) continue;
    const found = /["'`]\.{1,2}\/[^"'`\n]*\.ts["'`]/.exec(
      await readFile(join(dist, entry), "utf8"),
    );
    if (found) {
      throw new Error(
        `${join(dist, entry)} names the source file ${found[0]}, which is not published. ` +
          "Take the extension from import.meta.filename instead.",
      );
    }
  }
}

async function bundlePages(directory: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "plumbline-pages-"));
  try {
    const vite = join(root, "node_modules/vite/bin/vite.js");
    await runTool(
      process.execPath,
      [vite, "build", "--outDir", join(scratch, "dist"), "--emptyOutDir", "--logLevel", "error"],
      join(root, "packages/web"),
    );
    await mkdir(directory, { recursive: true });
    await cp(join(scratch, "dist"), join(directory, "dist"), { recursive: true });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Manifest {
  readonly name: string;
  readonly files: readonly string[];
}

/** Writes the package's manifest without what only the repository needs. */
async function writeManifest(folder: string, directory: string): Promise<Manifest> {
  const text = await readFile(join(root, "packages", folder, "package.json"), "utf8");
  const manifest = JSON.parse(text) as Manifest & Record<string, unknown>;
  delete manifest["devDependencies"];
  delete manifest["scripts"];
  manifest["exports"] = withoutSources(manifest["exports"]);
  await writeFile(join(directory, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

function withoutSources(exports: unknown): unknown {
  if (typeof exports !== "object" || exports === null) return exports;
  return Object.fromEntries(
    Object.entries(exports)
      .filter(([condition]) => condition !== sourceCondition)
      .map(([condition, target]) => [condition, withoutSources(target)]),
  );
}

/** npm answers with an array of packages, or with an object of them by name, depending on its version. */
function tarballName(json: string): string {
  const answer = JSON.parse(json) as Record<string, { filename: string }>;
  const [first] = Object.values(answer);
  if (!first) throw new Error("npm pack named no tarball; run it by hand in the built folder.");
  return first.filename;
}

async function runTool(file: string, parameters: string[], directory: string) {
  try {
    return await run(file, parameters, { cwd: directory, maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    const command = [file, ...parameters].join(" ");
    const output = `${stdout ?? ""}${stderr ?? ""}`;
    throw new Error(`${command} failed in ${directory}:\n${output}`, { cause: error });
  }
}

if (import.meta.main) {
  const [destination, ...asked] = process.argv.slice(2);
  if (destination === undefined) {
    process.stderr.write("Name the directory for the tarballs: npm run pack -- <directory>\n");
    process.exitCode = 1;
  } else {
    const packages = asked.length > 0 ? asked : publicPackages;
    for (const { name, tarball } of await packPackages(packages, resolve(destination))) {
      process.stdout.write(`${name}  ${tarball}\n`);
    }
  }
}
