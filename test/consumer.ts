// An empty folder outside the repository, into which the published packages are installed as a user would.
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { PackedPackage } from "../scripts/pack.ts";

const run = promisify(execFile);
const root = dirname(import.meta.dirname);

interface Lock {
  readonly packages: Record<string, { readonly link?: boolean; readonly dev?: boolean }>;
}

/** A program in the folder that goes on until it is stopped. */
export interface Running {
  /** Waits until it has printed something. Rejects when it ends without. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Stops it as Ctrl-C does; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** What a program in the folder printed, and how it ended. */
export interface Ended {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

export class Consumer {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Makes the folder and installs the tarballs in it, all at once since they need each other. */
  static async install(packages: readonly PackedPackage[]): Promise<Consumer> {
    const consumer = new Consumer(await mkdtemp(join(tmpdir(), "plumbline-consumer-")));
    await consumer.write("package.json", JSON.stringify({ private: true, type: "module" }));
    await consumer.write("package-lock.json", JSON.stringify(await lockOfThirdParties()));
    const tarballs = packages.map((entry) => entry.tarball);
    const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
    // A connection that says nothing more is given up and made anew, long before the tests are given up.
    const patience = ["--fetch-timeout=30000", "--fetch-retries=4"];
    const npm = await consumer.run("npm", ["install", ...quiet, ...patience, ...tarballs]);
    if (npm.exitCode !== 0) {
      throw new Error(`npm install of the tarballs failed:\n${npm.output}${npm.errors}`);
    }
    return consumer;
  }

  /** Writes a file below the folder, with the folders on the way to it. */
  async write(name: string, text: string): Promise<void> {
    const path = join(this.directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  /** Runs a module's text with plain Node: no condition, no type stripping of ours. */
  async node(module: string): Promise<Ended> {
    return await this.run(process.execPath, ["--input-type=module", "--eval", module]);
  }

  async run(file: string, parameters: readonly string[]): Promise<Ended> {
    try {
      const options = { cwd: this.directory, env: environmentOfUser() };
      const { stdout, stderr } = await run(file, [...parameters], options);
      return { exitCode: 0, output: stdout, errors: stderr };
    } catch (error) {
      const failure = error as { code?: unknown; stdout?: string; stderr?: string };
      if (typeof failure.code !== "number") throw error;
      return {
        exitCode: failure.code,
        output: failure.stdout ?? "",
        errors: failure.stderr ?? "",
      };
    }
  }

  start(file: string, parameters: readonly string[]): Running {
    const child = spawn(file, parameters, {
      cwd: this.directory,
      env: environmentOfUser(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const append = (chunk: Buffer): void => void (text += chunk.toString());
    child.stdout.on("data", append);
    child.stderr.on("data", append);
    return {
      printed: (pattern) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            const found = pattern.exec(text);
            if (found) resolve(found);
          };
          child.stdout.on("data", look);
          look();
          const fail = (): void =>
            reject(new Error(`It ended without ${String(pattern)}:\n${text}`));
          ended.then(fail, reject);
        }),
      stop: () => {
        child.kill("SIGINT");
        return ended;
      },
    };
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** The environment without what only this test run has set. */
function environmentOfUser(): NodeJS.ProcessEnv {
  const ours =
    /^(NODE_OPTIONS|NODE_ENV|VITEST.*|npm_(package|lifecycle)_.*|DATABASE_URL|PLUMBLINE_.*)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

/**
 * The repository's lock without our packages: the same versions as tested here, and with them npm finds
 * every tarball in its cache and asks the registry nothing. What the packages do not need is pruned.
 */
async function lockOfThirdParties(): Promise<object> {
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as Lock;
  const hoisted: Record<string, unknown> = {};
  const atRoot = Object.entries(lock.packages).filter(
    ([path, entry]) =>
      path.startsWith("node_modules/") && entry.link !== true && entry.dev !== true,
  );
  for (const [path, entry] of atRoot) hoisted[path] = entry;
  for (const [path, entry] of Object.entries(lock.packages)) {
    const nested = /^packages\/[^/]+\/(node_modules\/.+)$/.exec(path)?.[1];
    if (nested !== undefined && entry.dev !== true) hoisted[nested] ??= entry;
  }
  return { name: "consumer", lockfileVersion: 3, requires: true, packages: { "": {}, ...hoisted } };
}
