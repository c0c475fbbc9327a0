import { resolve } from "node:path";
import type { Logger } from "@plumbline/sync";
import {
  type Database,
  migrate,
  openDatabase,
  openPlumbline,
  type OpenPlumbline,
} from "@plumbline/server";

/** Where this command finds its installation: the environment and the current folder say. */
export function installationOptions(): {
  folder: string;
  dataDirectory: string;
  databaseUrl: string | undefined;
} {
  return {
    folder: process.cwd(),
    dataDirectory: resolve(process.env["PLUMBLINE_DATA_DIR"] || ".plumbline"),
    databaseUrl: process.env["DATABASE_URL"] || undefined,
  };
}

/** Opens the database alone, for a command that only reads records, and closes it after. */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const logger = createConsoleLogger("warning");
  const database = await openDatabase({ ...installationOptions(), whenInUse: "join", logger });
  try {
    await migrate(database, { logger });
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Opens the installation for one command, beside a running Plumbline or alone, and closes it after. */
export async function withInstallation<T>(work: (opened: OpenPlumbline) => Promise<T>): Promise<T> {
  const logger = createConsoleLogger("warning");
  const opened = await openPlumbline({ ...installationOptions(), whenInUse: "join", logger });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

const levels = ["debug", "info", "warning", "error"] as const;

/** Writes lines to standard error, from `least` upwards. */
export function createConsoleLogger(least: (typeof levels)[number]): Logger {
  const at =
    (level: (typeof levels)[number]) =>
    (message: string): void => {
      if (levels.indexOf(level) < levels.indexOf(least)) return;
      process.stderr.write(level === "info" ? `${message}\n` : `${level}: ${message}\n`);
    };
  return { debug: at("debug"), info: at("info"), warning: at("warning"), error: at("error") };
}
