import type { Logger } from "@plumbline/sync";
import type { RunLimits } from "@plumbline/plugin-kit";
import { openDatabase, type Database } from "./database/connect.ts";
import { migrate } from "./database/migrate.ts";
import { createQueue, type Queue } from "./database/queue.ts";
import { discover } from "./plugins/discover.ts";
import { findInstallation, type Installation } from "./plugins/installation.ts";
import type { Manifest } from "./plugins/manifest.ts";
import { saveManifest } from "./plugins/manifest-store.ts";

export interface OpenOptions {
  /** Folder that the configuration is looked for in, and that relative paths start from. */
  readonly folder: string;
  readonly configPath?: string | undefined;
  /** Everything of an embedded installation lives here. */
  readonly dataDirectory: string;
  /** Your own PostgreSQL; the bundled one without it. */
  readonly databaseUrl?: string | undefined;
  /** The bundled PostgreSQL of a running Plumbline: refuse, or use it beside that one. */
  readonly whenInUse: "refuse" | "join";
  readonly logger: Logger;
}

/** An installation with its database open and migrated, and its jobs known. */
export interface OpenPlumbline {
  readonly installation: Installation;
  readonly dataDirectory: string;
  readonly database: Database;
  readonly queue: Queue;
  readonly manifest: Manifest;
  readonly limits: RunLimits;
  /** Days that records of syncs are kept; null: for ever. */
  readonly keepDays: number | null;
  close(): Promise<void>;
}

/**
 * Opens an installation: database, migrations, queue, discovery. Load errors of plugins are in the
 * manifest and do not stop it.
 * @throws PlumblineError when the configuration is missing, or the database cannot be used.
 */
export async function openPlumbline(options: OpenOptions): Promise<OpenPlumbline> {
  const { logger, dataDirectory } = options;
  const installation = findInstallation(options);
  // Importing plugins takes as long as opening the database; neither needs the other.
  const discovering = discover(installation);
  const database = await openDatabase({
    databaseUrl: options.databaseUrl,
    dataDirectory,
    logger,
    whenInUse: options.whenInUse,
  });
  const queue = createQueue(database, { logger });
  let isQueueStarted = false;
  const close = async (): Promise<void> => {
    try {
      if (isQueueStarted) await queue.stop({ waitMs: 5000 });
    } finally {
      await database.close();
    }
  };
  try {
    await migrate(database, { logger });
    await queue.start();
    isQueueStarted = true;
    const { manifest, limits, keepDays } = await discovering;
    await saveManifest(database.pool, manifest);
    for (const { file, line, message } of manifest.errors) {
      logger.warning(`${file}${line === null ? "" : `:${line}`}: ${message}`);
    }
    return { installation, dataDirectory, database, queue, manifest, limits, keepDays, close };
  } catch (error) {
    await close();
    throw error;
  }
}
