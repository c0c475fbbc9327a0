import { spawn } from "node:child_process";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { PlumblineError } from "@plumbline/sync";
import type { Logger } from "@plumbline/sync";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { embeddedName, identity, serverEnvironment } from "./cluster.ts";
import type { Layout } from "./layout.ts";
import { ignoreMissing } from "./missing-file.ts";
import { postmasterFilePath, readPostmasterFile } from "./postmaster-file.ts";
import type { PostmasterFile } from "./postmaster-file.ts";
import { isPostgresOf, processesIn, processState } from "./process-state.ts";

/** A PostgreSQL server that answers. */
export type Postmaster = {
  readonly pid: number;
  readonly socketDirectory: string;
  readonly port: number;
  readonly origin: "started" | "adopted";
};

export type Installation = {
  readonly layout: Layout;
  readonly binaries: Binaries;
  readonly account: Account;
  readonly logger: Logger;
};

const startAttempts = 5;
const largestLog = 10 * 1024 * 1024;

/** Settings of the server, as the command line that starts it gives them. */
function settings({ layout, binaries }: Installation): Record<string, string> {
  return {
    // Tells a later Plumbline whether a server it finds runs with the release and settings it wants.
    cluster_name: `plumbline-${binaries.version}-2`,
    listen_addresses: "",
    port: String(layout.port),
    unix_socket_directories: layout.socketDirectory,
    unix_socket_permissions: "0700",
    ssl: "off",
    max_connections: "200",
    shared_buffers: "256MB",
    work_mem: "16MB",
    maintenance_work_mem: "128MB",
    // Disks without arms: a page here and there costs hardly more than the next one.
    random_page_cost: "1.1",
    max_wal_size: "4GB",
    checkpoint_completion_target: "0.9",
    synchronous_commit: "on",
    fsync: "on",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
    log_line_prefix: "%m [%p] ",
  };
}

/**
 * Makes sure that the installation's server runs: adopts one that a killed Plumbline left behind, waits
 * for one that is starting or stopping, and starts one where there is none.
 * @throws PlumblineError with the end of the server's log when it does not start.
 */
export async function ensurePostmaster(installation: Installation): Promise<Postmaster> {
  const { clusterDirectory } = installation.layout;
  let lastNotice = Date.now();
  let attempts = 0;
  for (;;) {
    const file = await readPostmasterFile(clusterDirectory);
    if (file !== undefined && (await answers(file, clusterDirectory))) {
      return { ...addressOf(file), pid: file.pid, origin: "adopted" };
    }
    if (file !== undefined && (await isPostgresOf(file.pid, clusterDirectory))) {
      if (Date.now() - lastNotice > 10_000) {
        lastNotice = Date.now();
        installation.logger.info(
          `Waiting for the PostgreSQL server with pid ${file.pid}, which is starting or stopping.`,
        );
      }
      await sleep(50);
      continue;
    }
    await clearStaleFile(clusterDirectory);
    attempts += 1;
    const failure = await start(installation);
    if (typeof failure === "object") return failure;
    // Somebody else may have started it in the same moment, or a dead server's last process still ends.
    if (attempts >= startAttempts) {
      throw new PlumblineError(
        "unsupported",
        `PostgreSQL does not start in ${clusterDirectory} (${failure}). The end of ${installation.layout.logFile}:\n` +
          (await endOf(installation.layout.logFile)),
      );
    }
    await sleep(200 * attempts);
  }
}

/**
 * Stops a server the fast way (open transactions are rolled back) and waits until it is gone. One that does not end is
 * told to end at once, which loses nothing committed: it recovers when it is started again. PostgreSQL 18 waits for
 * ever where it is stopped while it still recovers from a crash.
 */
export async function stopPostmaster(
  pid: number,
  clusterDirectory: string,
  patienceMs = 30_000,
): Promise<void> {
  if (!(await isPostgresOf(pid, clusterDirectory))) return;
  process.kill(pid, "SIGINT");
  if (await endsWithin(pid, patienceMs)) return;
  process.kill(pid, "SIGQUIT");
  await endsWithin(pid, Infinity);
}

async function endsWithin(pid: number, limitMs: number): Promise<boolean> {
  const asked = Date.now();
  while ((await processState(pid)) === "running") {
    if (Date.now() - asked > limitMs) return false;
    await sleep(20);
  }
  return true;
}

/** The server's `cluster_name`, to see whether it was started with today's settings. */
export function wantedClusterName(installation: Installation): string {
  return settings(installation)["cluster_name"] ?? "";
}

function addressOf(file: PostmasterFile): { socketDirectory: string; port: number } {
  return { socketDirectory: file.socketDirectory ?? "", port: file.port ?? 0 };
}

async function answers(file: PostmasterFile, clusterDirectory: string): Promise<boolean> {
  if (file.socketDirectory === undefined || file.port === undefined) return false;
  const client = new pg.Client({
    host: file.socketDirectory,
    port: file.port,
    user: embeddedName,
    database: "postgres",
    ssl: false,
    connectionTimeoutMillis: 5000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ directory: string }>(
      "select current_setting('data_directory') as directory",
    );
    return rows[0]?.directory === clusterDirectory;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Removes a postmaster.pid whose server is gone. PostgreSQL clears most such files itself, but refuses to
 * start where the pid is that of a zombie or has been given to an unrelated process. While any process
 * of the old server lives the file stays, because it is what keeps a second server away from the data.
 */
async function clearStaleFile(clusterDirectory: string): Promise<void> {
  for (;;) {
    const file = await readPostmasterFile(clusterDirectory);
    if (file === undefined) return;
    const living = await processesIn(clusterDirectory);
    if (living === undefined) return;
    if (living.length > 0) {
      if (living.includes(file.pid)) return;
      await sleep(50);
      continue;
    }
    const again = await readPostmasterFile(clusterDirectory);
    if (again?.text !== file.text) continue;
    await rm(postmasterFilePath(clusterDirectory), { force: true });
    return;
  }
}

/** Starts a server and waits until it answers; a sentence part where it ended instead. */
async function start(installation: Installation): Promise<Postmaster | string> {
  const { layout, binaries, account, logger } = installation;
  const args = ["-D", layout.clusterDirectory];
  for (const [name, value] of Object.entries(settings(installation))) {
    args.push("-c", `${name}=${value}`);
  }
  const log = await openLog(layout.logFile);
  const child = spawn(binaries.postgres, args, {
    ...identity(account),
    cwd: "/",
    env: serverEnvironment(),
    // Its own process group: Ctrl-C reaches us and not the server, which we stop when we are done.
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  let ending: string | undefined;
  child.once("error", (error) => (ending = error.message));
  child.once("exit", (code, signal) => (ending = `it ended with ${code ?? signal}`));
  child.unref();
  await log.close();
  for (;;) {
    if (ending !== undefined) return ending;
    const file = await readPostmasterFile(layout.clusterDirectory);
    if (
      file !== undefined &&
      file.pid === child.pid &&
      (await answers(file, layout.clusterDirectory))
    ) {
      logger.debug(`PostgreSQL ${binaries.version} runs with pid ${file.pid}.`);
      return { ...addressOf(file), pid: file.pid, origin: "started" };
    }
    await sleep(10);
  }
}

async function openLog(file: string): Promise<{ fd: number; close(): Promise<void> }> {
  const size = (await stat(file).catch(ignoreMissing))?.size ?? 0;
  if (size > largestLog) await rename(file, `${file}.1`);
  return open(file, "a", 0o600);
}

async function endOf(file: string): Promise<string> {
  const text = (await readFile(file, "utf8").catch(ignoreMissing)) ?? "";
  return text.trimEnd().split("\n").slice(-10).join("\n");
}
