// A Plumbline as `plumbline start` gives it, in an empty folder of its own, for the browser tests.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const main = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));
const startTimeoutMs = 120_000;
const stopTimeoutMs = 20_000;

export interface TestServer {
  readonly url: string;
  /** One-time link that makes the first administrator. */
  readonly setupLink: string;
  /** Ends the process and starts it again with the same data at the same address. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** A folder of job files. */
  readonly jobsFolder?: string;
}

/** Starts a fresh installation with its own embedded database on a free port; builds the pages first. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "plumbline-browser-"));
  // PostgreSQL runs as another user when the tests run as root.
  await chmod(folder, 0o755);
  if (options.jobsFolder !== undefined) {
    const config = `export default ${JSON.stringify({ jobsFolder: options.jobsFolder })};\n`;
    await writeFile(join(folder, "plumbline.config.js"), config);
  }
  let child = spawnServer(folder, "0");
  const stop = async () => {
    await end(child);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const setupLink = await readSetupLink(child);
    const { origin: url, port } = new URL(setupLink);
    const restart = async () => {
      await end(child);
      child = spawnServer(folder, port);
      await answers(url);
    };
    return { url, setupLink, restart, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function spawnServer(folder: string, port: string): ChildProcess {
  const { DATABASE_URL: _ignored, ...environment } = process.env;
  return spawn(
    process.execPath,
    ["--conditions", "@plumbline/source", main, "start", "--port", port],
    {
      cwd: folder,
      env: { ...environment, PLUMBLINE_DATA_DIR: join(folder, "data") },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
}

async function answers(url: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    const answer = await fetch(`${url}/api/session`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(200);
  }
  throw new Error(`Plumbline did not answer at ${url} in time after a restart.`);
}

function readSetupLink(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const timer = setTimeout(() => {
      reject(new Error(`Plumbline did not start in time. It said:\n${output}`));
    }, startTimeoutMs);
    const read = (chunk: Buffer) => {
      output += stripVTControlCharacters(chunk.toString());
      const link = /(http:\/\/\S+\/setup\/\?token=\S+)\s/.exec(output)?.[1];
      if (link === undefined) return;
      clearTimeout(timer);
      resolve(link);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`Plumbline ended with code ${String(code)}. It said:\n${output}`));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}
