import { mkdir, realpath } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "@plumbline/sync";
import { isConnectionLoss } from "../connection-loss.ts";
import { chooseAccount } from "./account.ts";
import { findPlatformPackage, prepareBinaries } from "./binaries.ts";
import { embeddedName, prepareCluster } from "./cluster.ts";
import { inUse, isHeld, takeInstanceLock } from "./instance-lock.ts";
import type { InstanceLock } from "./instance-lock.ts";
import { clusterLink, prepareLayout, systemDirectory } from "./layout.ts";
import {
  ensurePostmaster,
  stopPostmaster,
  wantedClusterName,
  type Installation,
  type Postmaster,
} from "./postmaster.ts";

export type EmbeddedPostgres = {
  /** For `pg`: socket directory, port, user and database. */
  readonly connection: pg.PoolConfig;
  /** The same as one text, for child processes. */
  readonly connectionString: string;
  /** False where the server belongs to another Plumbline and we only use it. */
  readonly isOwner: boolean;
  /** Stops the server where nobody else uses it. Close every connection before. */
  close(): Promise<void>;
};

export type EmbeddedOptions = {
  readonly dataDirectory: string;
  readonly logger: Logger;
  /** What to do where another Plumbline uses the data directory: refuse (as it is), or use its server. */
  readonly whenInUse?: "refuse" | "join";
};

/**
 * Opens the bundled PostgreSQL of a data directory, made on first use, and keeps it running until it is
 * closed. A server that a killed Plumbline left behind is adopted.
 * @throws ConflictError when another Plumbline uses the data directory, or another PostgreSQL made it.
 */
export async function openEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const installation = await prepareInstallation(options);
  const first = await own(installation);
  if (!("postmaster" in first)) {
    if (options.whenInUse !== "join") {
      throw inUse(installation.layout.dataDirectory, first.holder);
    }
    const close = (): Promise<void> => leave(installation, first.address);
    return { ...addresses(first.address), isOwner: false, close };
  }
  await createDatabase(installation);
  const supervision = supervise(installation, first);
  return {
    ...addresses({
      socketDirectory: installation.layout.socketDirectory,
      port: installation.layout.port,
    }),
    isOwner: true,
    close: () => supervision.stop(),
  };
}

type Owned = { readonly postmaster: Postmaster; readonly lock: InstanceLock };
type Address = { readonly socketDirectory: string; readonly port: number };

async function prepareInstallation({
  dataDirectory: given,
  logger,
}: EmbeddedOptions): Promise<Installation> {
  await mkdir(given, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const dataDirectory = await realpath(given);
  const account = await chooseAccount(clusterLink(dataDirectory));
  const layout = await prepareLayout(dataDirectory, account);
  const copies = account.switches ? systemDirectory : dataDirectory;
  const binaries = await prepareBinaries(findPlatformPackage(), copies, account);
  await prepareCluster(layout.clusterDirectory, binaries, account, logger);
  return { layout, binaries, account, logger };
}

/** Has the server running and its lock in our hands, or says who has it. */
async function own(
  installation: Installation,
): Promise<
  Owned | { holder: { pid: number | undefined; since: string | undefined }; address: Address }
> {
  const { layout, logger } = installation;
  for (;;) {
    const postmaster = await ensurePostmaster(installation);
    const config = { ...addresses(postmaster).connection };
    let result: Awaited<ReturnType<typeof takeInstanceLock>>;
    try {
      result = await takeInstanceLock(config);
    } catch (error) {
      // The server that answered a moment ago is being stopped by its owner.
      if (!isConnectionLoss(error)) throw error;
      await sleep(50);
      continue;
    }
    if (!isHeld(result)) return { holder: result, address: postmaster };
    if (postmaster.origin === "started") return { postmaster, lock: result };
    const { rows } = await result.client.query<{ name: string }>(
      "select current_setting('cluster_name') as name",
    );
    if (
      rows[0]?.name === wantedClusterName(installation) &&
      postmaster.socketDirectory === layout.socketDirectory
    ) {
      logger.info(`Using the PostgreSQL server with pid ${postmaster.pid} of an earlier start.`);
      return { postmaster, lock: result };
    }
    logger.info(`Restarting the PostgreSQL server with pid ${postmaster.pid} with new settings.`);
    await stopPostmaster(postmaster.pid, layout.clusterDirectory);
  }
}

async function createDatabase({ layout }: Installation): Promise<void> {
  const client = new pg.Client({ ...addresses(layout).connection, database: "postgres" });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [
      embeddedName,
    ]);
    if (rowCount === 0) await client.query(`create database ${embeddedName}`);
  } finally {
    await client.end();
  }
}

/** Restarts the server when it dies. The connection that holds the lock tells: it ends with the server. */
function supervise(installation: Installation, first: Owned): { stop(): Promise<void> } {
  const { logger, layout } = installation;
  let current = first;
  let isClosing = false;
  let recovery: Promise<void> = Promise.resolve();

  const watch = (): void => {
    void current.lock.lost.then(() => {
      if (!isClosing) recovery = recover();
    });
  };

  const recover = async (): Promise<void> => {
    logger.warning(
      `The PostgreSQL server (pid ${current.postmaster.pid}) ended or was restarted unexpectedly; bringing it back. Its log: ${layout.logFile}`,
    );
    for (let wait = 100; !isClosing; wait = Math.min(wait * 2, 15_000)) {
      try {
        const result = await own(installation);
        if ("postmaster" in result) {
          current = result;
          watch();
          logger.info(`The PostgreSQL server runs again with pid ${current.postmaster.pid}.`);
          return;
        }
        // Two may never run on one database: whoever has it now keeps it, and we go.
        logger.error(`${inUse(layout.dataDirectory, result.holder).message} Stopping.`);
        process.kill(process.pid, "SIGTERM");
        return;
      } catch (error) {
        logger.error(`PostgreSQL could not be restarted: ${(error as Error).message}`);
      }
      await sleep(wait);
    }
  };

  watch();
  return {
    async stop() {
      if (isClosing) return;
      isClosing = true;
      await recovery;
      await stopUnlessUsed(installation, current.postmaster.pid, current.lock);
    },
  };
}

/**
 * Stops the server, or leaves it to those who joined it: the last of them stops it.
 * The lock is kept until the server is down, so that nobody adopts a server about to stop.
 */
async function stopUnlessUsed(
  { layout, logger }: Installation,
  pid: number,
  lock: InstanceLock,
): Promise<void> {
  if (await isUsedByOthers(lock)) {
    logger.info("The PostgreSQL server goes on for others who use it; the last one stops it.");
  } else {
    await stopPostmaster(pid, layout.clusterDirectory);
  }
  await lock.client.end().catch(() => undefined);
}

/** The server was another's: when that one is gone, and everybody else, it falls to us to stop it. */
async function leave(installation: Installation, address: Address): Promise<void> {
  try {
    const lock = await takeInstanceLock(addresses(address).connection);
    if (!isHeld(lock)) return;
    const { pid } = await ensurePostmaster(installation);
    await stopUnlessUsed(installation, pid, lock);
  } catch (error) {
    if (!isConnectionLoss(error)) throw error;
  }
}

/** How long our own connections, closed a moment ago, may still be listed. */
const closingMs = 2000;

/** Whether others have connections, be it through a Plumbline that joined or by themselves. */
async function isUsedByOthers({ client }: InstanceLock): Promise<boolean> {
  const deadline = Date.now() + closingMs;
  for (;;) {
    let others: number;
    try {
      const { rows } = await client.query<{ others: number }>(
        `select count(*)::int as others from pg_stat_activity
          where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      );
      others = rows[0]?.others ?? 0;
    } catch {
      // The server is gone already: nobody uses it, and stopping it makes sure.
      return false;
    }
    if (others === 0) return false;
    if (Date.now() > deadline) return true;
    await sleep(50);
  }
}

function addresses({ socketDirectory, port }: Address): {
  connection: pg.PoolConfig;
  connectionString: string;
} {
  const query = new URLSearchParams({ host: socketDirectory, port: String(port) });
  return {
    connection: {
      host: socketDirectory,
      port,
      user: embeddedName,
      database: embeddedName,
      ssl: false,
    },
    connectionString: `postgres://${embeddedName}@/${embeddedName}?${query.toString()}`,
  };
}
