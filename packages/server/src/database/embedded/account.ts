import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";
import { ConflictError, UnsupportedOperationError } from "@plumbline/sync";
import { ignoreMissing } from "./missing-file.ts";

const run = promisify(execFile);

/**
 * The operating system account that PostgreSQL runs as. `switches` is true where it is not our own,
 * which only happens when we are root: PostgreSQL refuses to run as root.
 */
export type Account = { readonly uid: number; readonly gid: number; readonly switches: boolean };

/**
 * Chooses the account for a data directory: ourselves, or as root its owner, or `nobody` for a new one.
 * @throws ConflictError when the directory belongs to somebody else and we cannot become them.
 */
export async function chooseAccount(clusterDirectory: string): Promise<Account> {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  if (uid === undefined || gid === undefined) {
    throw new UnsupportedOperationError(
      `The bundled PostgreSQL does not run on ${process.platform}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
  const owner = await stat(clusterDirectory).catch(ignoreMissing);
  if (uid !== 0) {
    if (owner !== undefined && owner.uid !== uid) {
      throw new ConflictError(
        `The database in ${clusterDirectory} belongs to the account with uid ${owner.uid}, and this process ` +
          `runs with uid ${uid}. Start as the account that made it, or set PLUMBLINE_DATA_DIR to another directory.`,
      );
    }
    return { uid, gid, switches: false };
  }
  if (owner !== undefined && owner.uid !== 0) {
    return { uid: owner.uid, gid: owner.gid, switches: true };
  }
  return { uid: await lookUp("-u"), gid: await lookUp("-g"), switches: true };
}

async function lookUp(flag: "-u" | "-g"): Promise<number> {
  try {
    const { stdout } = await run("id", [flag, "nobody"]);
    return Number(stdout.trim());
  } catch (cause) {
    throw new UnsupportedOperationError(
      "PostgreSQL refuses to run as root, and this machine has no account named nobody to run it as. " +
        "Start as another user, or set DATABASE_URL.",
      { cause },
    );
  }
}
