import {
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  rm,
  unlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseAccount } from "../../src/database/embedded/account.ts";
import { findPlatformPackage, prepareBinaries } from "../../src/database/embedded/binaries.ts";
import { prepareLayout } from "../../src/database/embedded/layout.ts";
import { openEmbeddedPostgres } from "../../src/database/embedded/open.ts";
import { parsePostmasterFile } from "../../src/database/embedded/postmaster-file.ts";
import { createDataDirectories } from "../support/data-directory.ts";
import type { DataDirectories } from "../support/data-directory.ts";
import { startOwner } from "../support/owner-process.ts";
import { quiet } from "../support/quiet-logger.ts";

const isRoot = process.getuid?.() === 0;
let directories: DataDirectories;
let scratch: string;

beforeAll(async () => {
  directories = await createDataDirectories();
  scratch = await mkdtemp(path.join(tmpdir(), "plumbline-test-embedded-"));
  await chmod(scratch, 0o711);
});

afterAll(async () => {
  await directories.remove();
  await rm(scratch, { recursive: true, force: true });
});

test("a second start on the same data directory is refused with who has it, and only while it runs", async () => {
  const dataDirectory = await directories.prepared();
  const first = startOwner(dataDirectory);
  await first.printed(1);

  const second = startOwner(dataDirectory);
  expect(await second.ended).toBe(1);
  expect(second.errors()).toMatch(
    new RegExp(`^Another Plumbline \\(pid ${first.pid}, since 20\\S+Z\\) uses the data directory `),
  );
  expect(second.errors()).toContain("or set PLUMBLINE_DATA_DIR to another directory");

  await first.end("SIGTERM");
  const third = startOwner(dataDirectory);
  await third.printed(1);
  await third.end("SIGTERM");
});

test("of two starts in the same moment on a new data directory exactly one wins", async () => {
  const dataDirectory = await directories.fresh();
  const owners = [startOwner(dataDirectory), startOwner(dataDirectory)];
  const isOpen = await Promise.all(
    owners.map((owner) =>
      owner.printed(1).then(
        () => true,
        () => false,
      ),
    ),
  );
  expect(isOpen.filter(Boolean)).toHaveLength(1);
  expect(owners.map((owner) => owner.errors()).join("")).toMatch(/^Another Plumbline/);
  await owners[isOpen.indexOf(true)]?.end("SIGTERM");
});

test("a command can join the server of a running Plumbline and leaves it running", async () => {
  const dataDirectory = await directories.prepared();
  const owner = await openEmbeddedPostgres({ dataDirectory, logger: quiet });
  const joined = await openEmbeddedPostgres({ dataDirectory, logger: quiet, whenInUse: "join" });
  expect([owner.isOwner, joined.isOwner]).toEqual([true, false]);
  await joined.close();
  expect(await answer(owner.connection)).toBe(true);
  await owner.close();
});

test("an owner that closes leaves the server to those who joined, and the last of them stops it", async () => {
  const dataDirectory = await directories.prepared();
  const options = { dataDirectory, logger: quiet };
  const owner = await openEmbeddedPostgres(options);
  const joined = await openEmbeddedPostgres({ ...options, whenInUse: "join" });
  const client = new pg.Client(joined.connection);
  await client.connect();

  await owner.close();

  expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  // A short command in the meantime owns the server, and must not take it with it either.
  const command = await openEmbeddedPostgres({ ...options, whenInUse: "join" });
  expect(command.isOwner).toBe(true);
  await command.close();
  expect((await client.query("select 2 as two")).rows).toEqual([{ two: 2 }]);

  await client.end();
  await joined.close();
  await expect(new pg.Client(joined.connection).connect()).rejects.toThrow(/ENOENT|ECONNREFUSED/);
});

test("the server listens on a socket only we can reach, and nowhere else", async () => {
  const dataDirectory = await directories.prepared();
  const embedded = await openEmbeddedPostgres({ dataDirectory, logger: quiet });
  const client = new pg.Client({ connectionString: embedded.connectionString });
  await client.connect();
  const { rows } = await client.query(
    `select current_setting('listen_addresses') as listens, current_setting('synchronous_commit') as commits,
            current_setting('fsync') as syncs`,
  );
  await client.end();
  expect(rows).toEqual([{ listens: "", commits: "on", syncs: "on" }]);
  expect((await lstat(String(embedded.connection.host))).mode & 0o777).toBe(0o700);
  await embedded.close();
});

test("a data directory with a long path works", async () => {
  const dataDirectory = await directories.prepared(`${"long-".repeat(30)}name`);
  const embedded = await openEmbeddedPostgres({ dataDirectory, logger: quiet });
  expect(String(embedded.connection.host).length).toBeLessThan(60);
  expect(await answer(embedded.connection)).toBe(true);
  await embedded.close();
  await rm(String(embedded.connection.host), { recursive: true, force: true });
});

test("data of another PostgreSQL major version is refused and left alone", async () => {
  const dataDirectory = await directories.prepared();
  await writeFile(path.join(dataDirectory, "postgres", "PG_VERSION"), "16\n");
  await expect(openEmbeddedPostgres({ dataDirectory, logger: quiet })).rejects.toThrow(
    /was made by PostgreSQL 16, and this Plumbline brings PostgreSQL \d+\. Start the Plumbline version that made it/,
  );
});

test("a directory of other files is refused and left alone", async () => {
  const dataDirectory = await directories.fresh();
  await mkdir(path.join(dataDirectory, "postgres"), { recursive: true });
  await writeFile(path.join(dataDirectory, "postgres", "notes.txt"), "mine");
  await expect(openEmbeddedPostgres({ dataDirectory, logger: quiet })).rejects.toThrow(
    "holds files but no PostgreSQL database",
  );
  expect(await readdir(path.join(dataDirectory, "postgres"))).toEqual(["notes.txt"]);
});

test("a server that cannot start is reported with the end of its log", async () => {
  const dataDirectory = await directories.prepared();
  await rm(path.join(dataDirectory, "postgres", "global", "pg_control"));
  await expect(openEmbeddedPostgres({ dataDirectory, logger: quiet })).rejects.toThrow(
    /PostgreSQL does not start in [^]*pg_control/,
  );
});

test("links that an install without scripts leaves out are made", async () => {
  const directory = await copyOfPackage("without-links");
  const account = await chooseAccount(path.join(scratch, "none"));
  const binaries = await prepareBinaries(directory, path.join(scratch, "copies"), account);
  expect(binaries.postgres).toBe(path.join(directory, "native", "bin", "postgres"));
  const link = path.join(directory, "native", "lib", "libpq.so.5");
  expect(await readlink(link)).toMatch(/^libpq\.so\.5\.\d+$/);
});

test.runIf(isRoot)("programs that the account cannot reach are copied, once", async () => {
  const directory = await copyOfPackage("closed");
  await chmod(directory, 0o700);
  const account = await chooseAccount(path.join(scratch, "none"));
  const copies = path.join(scratch, "copies-of-closed");
  const first = await prepareBinaries(directory, copies, account);
  expect(first.postgres.startsWith(copies)).toBe(true);
  const { ino } = await lstat(first.postgres);
  const second = await prepareBinaries(directory, copies, account);
  expect((await lstat(second.postgres)).ino).toBe(ino);
  expect(await readdir(copies)).toHaveLength(1);
});

test.runIf(!isRoot)("a package that is not ours to write is copied", async () => {
  const directory = await copyOfPackage("read-only");
  const libraries = path.join(directory, "native", "lib");
  await chmod(libraries, 0o555);
  try {
    const account = await chooseAccount(path.join(scratch, "none"));
    const copies = path.join(scratch, "copies-of-read-only");
    const binaries = await prepareBinaries(directory, copies, account);
    expect(binaries.postgres.startsWith(copies)).toBe(true);
  } finally {
    await chmod(libraries, 0o755);
  }
});

test.runIf(isRoot)(
  "as root with a closed data directory the database goes elsewhere, with a link to it",
  async () => {
    const closed = path.join(scratch, "closed-home");
    await mkdir(closed, { mode: 0o700 });
    const account = await chooseAccount(path.join(closed, "postgres"));
    const elsewhere = path.join(scratch, "elsewhere");
    const layout = await prepareLayout(closed, account, elsewhere);
    expect(layout.clusterDirectory.startsWith(elsewhere)).toBe(true);
    expect(await readlink(path.join(closed, "postgres"))).toBe(layout.clusterDirectory);
    expect((await prepareLayout(closed, account, elsewhere)).clusterDirectory).toBe(
      layout.clusterDirectory,
    );
  },
);

test("postmaster.pid is read, also half-written", () => {
  const text = "123\n/data\n1700000000\n5432\n/socket\n\n 1 2\nready   \n";
  expect(parsePostmasterFile(text)).toMatchObject({
    pid: 123,
    startedAt: new Date(1_700_000_000_000),
    port: 5432,
    socketDirectory: "/socket",
  });
  expect(parsePostmasterFile("")).toBeUndefined();
  expect(parsePostmasterFile("123\n")).toMatchObject({ pid: 123, socketDirectory: undefined });
});

/** A copy of the package as an install without scripts leaves it. */
async function copyOfPackage(name: string): Promise<string> {
  const directory = path.join(scratch, name);
  await cp(findPlatformPackage(), directory, { recursive: true, verbatimSymlinks: true });
  const libraries = path.join(directory, "native", "lib");
  for (const entry of await readdir(libraries, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) await unlink(path.join(libraries, entry.name));
  }
  return directory;
}

async function answer(config: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    const { rows } = await client.query<{ yes: boolean }>("select true as yes");
    return rows[0]?.yes === true;
  } finally {
    await client.end();
  }
}
