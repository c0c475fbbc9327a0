import { createHash } from "node:crypto";
import {
  access,
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readlink,
  rename,
  rm,
  symlink,
} from "node:fs/promises";
import path from "node:path";
import { NotAllowedError } from "@plumbline/sync";
import type { Account } from "./account.ts";
import { ignoreCodes, ignoreMissing } from "./missing-file.ts";
import { isTraversable } from "./traversable.ts";

/** Where root keeps what another account must reach when the data directory is closed to it. */
export const systemDirectory = "/var/lib/plumbline";

const longestSocketPath = 100;
const port = 5432;

/** Where the parts of an embedded installation lie. */
export type Layout = {
  readonly dataDirectory: string;
  /** PostgreSQL's own data directory, without links in its path. */
  readonly clusterDirectory: string;
  readonly socketDirectory: string;
  readonly port: number;
  readonly logFile: string;
};

/** The place of the database as people see it: inside the data directory, possibly a link to elsewhere. */
export function clusterLink(dataDirectory: string): string {
  return path.join(dataDirectory, "postgres");
}

/**
 * Makes the directories around the database. A new database whose data directory is closed to the
 * account that PostgreSQL runs as (root's home, say) is put below /var/lib/plumbline, with a link left
 * in the data directory.
 */
export async function prepareLayout(
  dataDirectory: string,
  account: Account,
  elsewhere: string = systemDirectory,
): Promise<Layout> {
  const link = clusterLink(dataDirectory);
  let clusterDirectory = link;
  const existing = await lstat(link).catch(ignoreMissing);
  if (existing?.isSymbolicLink()) {
    clusterDirectory = path.resolve(dataDirectory, await readlink(link));
    await assertPresent(clusterDirectory, link);
  } else if (!(await isTraversable(dataDirectory, account))) {
    if (existing !== undefined) throw closedToAccount(dataDirectory, account);
    clusterDirectory = await placeElsewhere(link, account, elsewhere);
  }
  const socketDirectory = shortSocketDirectory(path.dirname(clusterDirectory), dataDirectory);
  await prepareSocketDirectory(socketDirectory, account);
  return {
    dataDirectory,
    clusterDirectory,
    socketDirectory,
    port,
    logFile: path.join(dataDirectory, "postgres.log"),
  };
}

/** Unix socket paths end at about 107 bytes (103 on macOS), so a long one moves to a short directory. */
function shortSocketDirectory(parent: string, dataDirectory: string): string {
  const near = path.join(parent, "socket");
  if (Buffer.byteLength(path.join(near, `.s.PGSQL.${port}`)) <= longestSocketPath) return near;
  const name = createHash("sha256").update(dataDirectory).digest("hex").slice(0, 16);
  return path.join("/tmp", `plumbline-${name}`);
}

async function placeElsewhere(link: string, account: Account, elsewhere: string): Promise<string> {
  try {
    await mkdir(elsewhere, { recursive: true, mode: 0o755 });
    // A new name each time: a data directory that was deleted and made again must not find old data.
    const parent = await mkdtemp(path.join(elsewhere, "data-"));
    await chmod(parent, 0o711);
    if (!(await isTraversable(parent, account))) throw closedToAccount(parent, account);
    const clusterDirectory = path.join(parent, "postgres");
    await mkdir(clusterDirectory, { mode: 0o700 });
    await chown(clusterDirectory, account.uid, account.gid);
    const temporary = `${link}.${process.pid}`;
    await rm(temporary, { force: true });
    await symlink(clusterDirectory, temporary);
    await rename(temporary, link);
    return clusterDirectory;
  } catch (cause) {
    throw new NotAllowedError(
      `PostgreSQL cannot run as root, and the account it runs as (uid ${account.uid}) may not enter ` +
        `${path.dirname(link)}; making room in ${elsewhere} failed: ${(cause as Error).message}. ` +
        `Set PLUMBLINE_DATA_DIR to a directory others may pass through, start as another user, or set DATABASE_URL.`,
      { cause },
    );
  }
}

async function prepareSocketDirectory(directory: string, account: Account): Promise<void> {
  await mkdir(directory, { mode: 0o700 }).catch((error: unknown) => {
    ignoreCodes(error, ["EEXIST"]);
  });
  const found = await lstat(directory);
  const isOurs = found.uid === account.uid || found.uid === process.getuid?.();
  // Somebody else could have made the directory in /tmp to stand between us and the database.
  if (!found.isDirectory() || !isOurs) {
    throw new NotAllowedError(
      `The directory ${directory} for the database's socket exists and is not ours (uid ${found.uid}). Remove it and start again.`,
    );
  }
  await chmod(directory, 0o700);
  if (account.switches) await chown(directory, account.uid, account.gid);
}

async function assertPresent(clusterDirectory: string, link: string): Promise<void> {
  await access(path.dirname(clusterDirectory)).catch((cause: unknown) => {
    throw new NotAllowedError(
      `${link} points to ${clusterDirectory}, which is not there. Restore that directory, ` +
        `or remove the link to begin with an empty database.`,
      { cause },
    );
  });
}

function closedToAccount(directory: string, account: Account): NotAllowedError {
  return new NotAllowedError(
    `PostgreSQL runs as the account with uid ${account.uid}, which may not enter ${directory}. ` +
      `Let others pass through it and the directories above it (chmod o+x), or start as the account that made it.`,
  );
}
