import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { connectDatabase } from "../../src/database/connect.ts";
import { openEmbeddedPostgres } from "../../src/database/embedded/open.ts";
import { readPostmasterFile } from "../../src/database/embedded/postmaster-file.ts";
import { stopPostmaster } from "../../src/database/embedded/postmaster.ts";
import { processState } from "../../src/database/embedded/process-state.ts";
import { migrate } from "../../src/database/migrate.ts";
import { databaseAddress } from "./database-address.ts";
import { quiet } from "./quiet-logger.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A PostgreSQL server for tests, and the migrated database on it to copy. */
    testDatabase: { readonly serverUrl: string; readonly template: string };
  }
}

const prefix = "plumbline-test-cluster-";

/**
 * One PostgreSQL server for a test run, with a migrated template: TEST_DATABASE_URL (a superuser's or one
 * that may create databases), or the bundled PostgreSQL in a temporary directory.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await openServer();
  const template = `plumbline_template_${process.pid}_${Date.now()}`;
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`create database ${template}`);
  const database = await connectDatabase(databaseAddress(server.url, template), { logger: quiet });
  await migrate(database, { logger: quiet });
  await database.close();
  project.provide("testDatabase", { serverUrl: server.url, template });
  return async () => {
    await admin.query(`drop database if exists ${template} with (force)`);
    await admin.end();
    await server.close();
  };
}

async function openServer(): Promise<{ url: string; close(): Promise<void> }> {
  const given = process.env["TEST_DATABASE_URL"];
  if (given !== undefined && given !== "") {
    return { url: given, close: () => Promise.resolve() };
  }
  await removeLeftovers();
  const directory = await mkdtemp(path.join(tmpdir(), `${prefix}${process.pid}-`));
  // PostgreSQL runs as nobody when the tests run as root.
  await chmod(directory, 0o711);
  const embedded = await openEmbeddedPostgres({ dataDirectory: directory, logger: quiet });
  const client = new pg.Client(embedded.connection);
  await client.connect();
  // Nothing here has to survive a power failure, and copies of the template are several times faster.
  await client.query("alter system set fsync = off");
  await client.query("select pg_reload_conf()");
  await client.end();
  return {
    url: embedded.connectionString,
    async close() {
      await embedded.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Stops and removes what test runs left that were killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : NaN;
    if (Number.isNaN(pid) || (await processState(pid)) === "running") continue;
    const directory = path.join(tmpdir(), name);
    const cluster = path.join(directory, "postgres");
    const file = await readPostmasterFile(cluster).catch(() => undefined);
    if (file !== undefined) await stopPostmaster(file.pid, cluster).catch(() => undefined);
    await rm(directory, { recursive: true, force: true }).catch(() => undefined);
  }
}
