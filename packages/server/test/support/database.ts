import { randomUUID } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { connectDatabase } from "../../src/database/connect.ts";
import type { Database } from "../../src/database/connect.ts";
import { databaseAddress } from "./database-address.ts";
import { quiet } from "./quiet-logger.ts";

export type TestDatabase = Database & {
  /** Closes the connections and drops the database. */
  drop(): Promise<void>;
};

/** Makes a fresh database: migrated, or with `isEmpty` without a single table. */
export async function createTestDatabase({
  isEmpty = false,
}: { readonly isEmpty?: boolean } = {}): Promise<TestDatabase> {
  const { serverUrl, template } = inject("testDatabase");
  const name = `plumbline_test_${randomUUID().replaceAll("-", "")}`;
  await administer(
    serverUrl,
    `create database ${name} template ${isEmpty ? "template0" : template}`,
  );
  const database = await connectDatabase(databaseAddress(serverUrl, name), { logger: quiet });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await database.close();
    isOpen = false;
  };
  return {
    ...database,
    close,
    async drop() {
      await close();
      await administer(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
