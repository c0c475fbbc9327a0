import { spawn } from "node:child_process";
import { chown, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { ConflictError, PlumblineError } from "@plumbline/sync";
import type { Logger } from "@plumbline/sync";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { ignoreCodes, ignoreMissing } from "./missing-file.ts";
import { processState } from "./process-state.ts";

/** The database superuser and the database of an embedded installation. */
export const embeddedName = "plumbline";

/**
 * Makes the data directory of PostgreSQL where there is none yet. It is built beside its place and then
 * renamed, so a start that is killed half-way leaves nothing that looks finished.
 * @throws ConflictError when the directory was made by another major version.
 */
export async function prepareCluster(
  clusterDirectory: string,
  binaries: Binaries,
  account: Account,
  logger: Logger,
): Promise<void> {
  await removeUnfinished(clusterDirectory);
  const version = await readFile(path.join(clusterDirectory, "PG_VERSION"), "utf8").catch(
    ignoreMissing,
  );
  if (version === undefined) {
    await assertEmpty(clusterDirectory);
    logger.info(`Making a new database in ${clusterDirectory}.`);
    await initialise(clusterDirectory, binaries, account);
  } else if (Number(version) !== binaries.major) {
    throw new ConflictError(
      `The database in ${clusterDirectory} was made by PostgreSQL ${version.trim()}, and this Plumbline brings ` +
        `PostgreSQL ${binaries.major}. Start the Plumbline version that made it, or set PLUMBLINE_DATA_DIR to a new ` +
        `directory; a PostgreSQL ${version.trim()} of your own can also serve that directory for DATABASE_URL.`,
    );
  }
}

async function initialise(
  clusterDirectory: string,
  binaries: Binaries,
  account: Account,
): Promise<void> {
  const unfinished = `${clusterDirectory}.init-${process.pid}`;
  await mkdir(unfinished, { mode: 0o700 });
  if (account.switches) await chown(unfinished, account.uid, account.gid);
  await runInitdb(unfinished, binaries, account);
  try {
    await rename(unfinished, clusterDirectory);
  } catch (error) {
    ignoreCodes(error, ["ENOTEMPTY", "EEXIST"]);
    // Another process made the same database at the same time and was first; its one counts.
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function runInitdb(directory: string, binaries: Binaries, account: Account): Promise<void> {
  const args = ["-D", directory, "-U", embeddedName, "-A", "trust", "--no-instructions"];
  args.push("-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8");
  const child = spawn(binaries.initdb, args, {
    ...identity(account),
    cwd: "/",
    env: serverEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const result = await new Promise<number | NodeJS.Signals | Error>((resolve) => {
    child.once("error", resolve);
    child.once("close", (code, signal) => {
      resolve(code ?? signal ?? 1);
    });
  });
  if (result === 0) return;
  await rm(directory, { recursive: true, force: true });
  const reason =
    result instanceof Error ? result.message : `it ended with ${result}\n${output.trim()}`;
  throw new PlumblineError(
    "unsupported",
    `PostgreSQL's initdb could not make a database in ${directory}: ${reason}`,
  );
}

/** Removes what starts left that were killed while they made the database. */
async function removeUnfinished(clusterDirectory: string): Promise<void> {
  const parent = path.dirname(clusterDirectory);
  const prefix = `${path.basename(clusterDirectory)}.init-`;
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(name.slice(prefix.length));
    const isInUse = pid !== process.pid && (await processState(pid)) === "running";
    if (!isInUse)
      await rm(path.join(parent, name), {
        recursive: true,
        force: true,
        // An initdb that outlived its start may still write for a moment.
        maxRetries: 20,
      });
  }
}

async function assertEmpty(clusterDirectory: string): Promise<void> {
  const entries = (await readdir(clusterDirectory).catch(ignoreMissing)) ?? [];
  if (entries.length === 0) return;
  throw new ConflictError(
    `${clusterDirectory} holds files but no PostgreSQL database (no PG_VERSION). ` +
      `Move it away, or set PLUMBLINE_DATA_DIR to another directory.`,
  );
}

/** What `spawn` needs to run a program as the account. */
export function identity(account: Account): { uid?: number; gid?: number } {
  return account.switches ? { uid: account.uid, gid: account.gid } : {};
}

/** PostgreSQL reads many PG… variables; it gets none of ours. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" };
}
