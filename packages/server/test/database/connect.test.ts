import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PlumblineError } from "@plumbline/sync";
import { connectDatabase, openDatabase } from "../../src/database/connect.ts";
import { openEmbeddedPostgres } from "../../src/database/embedded/open.ts";
import type { EmbeddedPostgres } from "../../src/database/embedded/open.ts";
import { migrate } from "../../src/database/migrate.ts";
import { createDataDirectories } from "../support/data-directory.ts";
import type { DataDirectories } from "../support/data-directory.ts";
import { startOldPostgres } from "../support/old-postgres.ts";
import { quiet } from "../support/quiet-logger.ts";

const password = "s3cret/word";
let directories: DataDirectories;
let server: EmbeddedPostgres;

// A server of its own, because it asks for passwords.
beforeAll(async () => {
  directories = await createDataDirectories();
  const dataDirectory = await directories.prepared();
  const rules = path.join(dataDirectory, "postgres", "pg_hba.conf");
  const more =
    "local all plumbline trust\nlocal all stranger reject\nlocal all all scram-sha-256\n";
  await writeFile(rules, more + (await readFile(rules, "utf8")));
  server = await openEmbeddedPostgres({ dataDirectory, logger: quiet });
  await administer(`create role author login password '${password}'`);
  await administer("create role stranger login");
  await administer("create database owned owner author");
  await administer("create database closed");
  await administer("revoke connect on database closed from public");
  await administer("create database foreign_rights");
  await administer("create database latin encoding 'LATIN1' locale 'C' template template0");
});

afterAll(async () => {
  await server.close();
  await directories.remove();
});

test("a right address connects, migrates and is described without its password", async () => {
  const database = await openDatabase({
    databaseUrl: address("author", password, "owned"),
    dataDirectory: "/nowhere",
    logger: quiet,
  });
  expect(await migrate(database, { logger: quiet })).toContain("0001-core");
  const { rows } = await database.pool.query(
    "select count(*) as count, '2026-01-02'::date as day from schema_migration where version = 1",
  );
  expect(rows).toEqual([{ count: 1, day: "2026-01-02" }]);
  expect(database.description).not.toContain("s3cret");
  await database.close();
});

test("closing gives every connection back to the server, whoever used it", async () => {
  for (const usesKysely of [false, true]) {
    const databaseUrl = address("author", password, "owned");
    const database = await connectDatabase(databaseUrl, { logger: quiet });
    await database.pool.query("select 1");
    if (usesKysely) {
      await database.kysely.selectNoFrom((build) => build.lit(1).as("one")).execute();
    }
    await database.close();
    expect(database.pool.totalCount).toBe(0);
  }
});

test.each<[string, () => string, RegExp]>([
  [
    "a wrong password",
    () => address("author", "wr0ng", "owned"),
    /refused the password of user author/,
  ],
  [
    "no password",
    () => address("author", "", "owned"),
    /asks for a password of user author, and DATABASE_URL has none/,
  ],
  ["an unknown user", () => address("nobody_here", "x", "owned"), /user nobody_here/],
  [
    "a user who is not let in",
    () => address("stranger", "x", "owned"),
    /does not let user stranger in/,
  ],
  [
    "a missing database",
    () => address("plumbline", "", "absent"),
    /no database absent .*createdb -O plumbline absent/,
  ],
  [
    "a database without the right to connect",
    () => address("author", password, "closed"),
    /may not connect to database closed .*GRANT CONNECT/,
  ],
  [
    "another encoding",
    () => address("plumbline", "", "latin"),
    /has the encoding LATIN1; Plumbline needs UTF8/,
  ],
  [
    "a socket directory without a server",
    () => "postgres://a:s3cret@/b?host=/nowhere",
    /No PostgreSQL answers at socket directory \/nowhere/,
  ],
  [
    "another protocol",
    () => "mysql://a:s3cret@localhost/b",
    /DATABASE_URL is not the address of a PostgreSQL/,
  ],
  [
    "an unreadable address",
    () => "postgres://a:s3cret@host:port/b",
    /DATABASE_URL cannot be read as an address/,
  ],
  [
    "an unknown host",
    () => "postgres://a:s3cret@no-such-host.invalid/b",
    /the host no-such-host\.invalid, which is not known here/,
  ],
  [
    "a missing certificate",
    () => "postgres://a:s3cret@localhost/b?sslrootcert=/nowhere.pem",
    /The file \/nowhere\.pem that DATABASE_URL names cannot be read/,
  ],
])("%s ends in a message that says so, and never shows the password", async (_, url, message) => {
  const error = await connectDatabase(url(), { logger: quiet }).then(
    () => new Error("It connected."),
    (reason: unknown) => reason as Error,
  );
  expect(error).toBeInstanceOf(PlumblineError);
  expect(error.message).toMatch(message);
  expect(error.message).not.toMatch(/s3cret|wr0ng/);
});

test("a port where nothing listens ends in a message that says so", async () => {
  const idle = createServer();
  await new Promise<void>((resolve) => idle.listen(0, "127.0.0.1", resolve));
  const { port } = idle.address() as AddressInfo;
  await new Promise((resolve) => idle.close(resolve));
  await expect(
    connectDatabase(`postgres://a:b@127.0.0.1:${port}/c`, { logger: quiet }),
  ).rejects.toThrow(`No PostgreSQL answers at 127.0.0.1:${port}`);
});

test("a PostgreSQL older than 15 is refused", async () => {
  const old = await startOldPostgres("140012", "14.12");
  await expect(
    connectDatabase(`postgres://a:b@127.0.0.1:${old.port}/c`, { logger: quiet }),
  ).rejects.toThrow("The server of DATABASE_URL is PostgreSQL 14.12; Plumbline needs 15 or newer.");
  await old.close();
});

test("a user who may not create tables is told which rights to ask for", async () => {
  const database = await connectDatabase(address("author", password, "foreign_rights"), {
    logger: quiet,
  });
  await expect(migrate(database, { logger: quiet })).rejects.toThrow(
    /may not create what Plumbline needs .*GRANT CREATE ON SCHEMA public/,
  );
  await database.close();
});

function address(user: string, secret: string, name: string): string {
  const credentials = secret === "" ? user : `${user}:${encodeURIComponent(secret)}`;
  return `postgres://${credentials}@/${name}?host=${encodeURIComponent(String(server.connection.host))}`;
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client(server.connection);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
