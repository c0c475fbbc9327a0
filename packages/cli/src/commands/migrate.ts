import { migrate as migrateDatabase, openDatabase } from "@plumbline/server";
import { createConsoleLogger, installationOptions } from "../installation.ts";

/** Brings the tables up to date and says which migrations it ran. */
export async function migrate(): Promise<void> {
  const logger = createConsoleLogger("info");
  const database = await openDatabase({ ...installationOptions(), whenInUse: "join", logger });
  try {
    await migrateDatabase(database, { logger });
    process.stdout.write("The database is up to date.\n");
  } finally {
    await database.close();
  }
}
