import { chown, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEmbeddedPostgres } from "../../src/database/embedded/open.ts";
import { readPostmasterFile } from "../../src/database/embedded/postmaster-file.ts";
import { stopPostmaster } from "../../src/database/embedded/postmaster.ts";
import { processState } from "../../src/database/embedded/process-state.ts";
import { createDataDirectories } from "../support/data-directory.ts";
import type { DataDirectories } from "../support/data-directory.ts";
import { startOwner } from "../support/owner-process.ts";
import { createRecordingLogger, quiet } from "../support/quiet-logger.ts";

let directories: DataDirectories;

beforeAll(async () => {
  directories = await createDataDirectories();
});

afterAll(async () => {
  await directories.remove();
});

test("after kill -9 in the middle of inserts the next start adopts the server and has every acknowledged row", async () => {
  const dataDirectory = await directories.prepared();
  for (let round = 1; round <= 2; round += 1) {
    const owner = startOwner(dataDirectory, "insert");
    await owner.printed(200);
    const server = await postmasterPid(dataDirectory);
    await owner.end("SIGKILL");
    const acknowledged = owner.lines().slice(1).map(Number);

    const logger = createRecordingLogger();
    const embedded = await openEmbeddedPostgres({ dataDirectory, logger });
    expect(await postmasterPid(dataDirectory)).toBe(server);
    expect(logger.lines.join()).toContain(`pid ${server} of an earlier start`);
    const numbers = new Set(
      (await query<{ number: number }>(embedded, "select number from written")).map(
        (row) => row.number,
      ),
    );
    expect(acknowledged.filter((number) => !numbers.has(number))).toEqual([]);
    expect(numbers.size - acknowledged.length).toBeLessThanOrEqual(1);
    await query(embedded, "drop table written");
    await embedded.close();
  }
});

test("a server that is killed is restarted, recovered and used by the same pool", async () => {
  const dataDirectory = await directories.prepared();
  const logger = createRecordingLogger();
  const embedded = await openEmbeddedPostgres({ dataDirectory, logger });
  const pool = new pg.Pool(embedded.connection);
  pool.on("error", () => undefined);
  await pool.query("create table kept as select generate_series(1, 1000) as number");
  for (let round = 1; round <= 2; round += 1) {
    const killed = await postmasterPid(dataDirectory);
    process.kill(killed, "SIGKILL");
    const count = await eventually(async () => {
      const { rows } = await pool.query<{ count: string }>("select count(*) from kept");
      if ((await postmasterPid(dataDirectory)) === killed) throw new Error("still the old one");
      return Number(rows[0]?.count);
    });
    expect(count).toBe(1000);
    await eventually(() => {
      const restarts = logger.lines.filter((line) => line.includes("runs again with pid"));
      expect(restarts).toHaveLength(round);
      return Promise.resolve();
    });
  }
  expect(logger.lines.join()).toContain("ended or was restarted unexpectedly");
  await pool.end();
  await embedded.close();
});

test("a server that does not stop when it is told to is ended, and nothing committed is lost", async () => {
  const dataDirectory = await directories.prepared();
  const embedded = await openEmbeddedPostgres({ dataDirectory, logger: quiet });
  await query(embedded, "create table kept as select generate_series(1, 1000) as number");
  const [checkpointer] = await query<{ pid: number }>(
    embedded,
    "select pid from pg_stat_activity where backend_type = 'checkpointer'",
  );
  // What the server waits for when it stops.
  process.kill(checkpointer?.pid ?? 0, "SIGSTOP");
  const stopped = await postmasterPid(dataDirectory);

  await stopPostmaster(stopped, path.join(dataDirectory, "postgres"), 100);

  expect(await processState(stopped)).not.toBe("running");
  const [kept] = await eventually(() =>
    query<{ count: string }>(embedded, "select count(*) from kept"),
  );
  expect(Number(kept?.count)).toBe(1000);
  await embedded.close();
});

test("a start that was killed while it made the database is cleaned up by the next", async () => {
  const dataDirectory = await directories.fresh();
  const owner = startOwner(dataDirectory);
  await eventually(async () => {
    expect((await readdir(dataDirectory)).join()).toContain("postgres.init-");
  });
  await sleep(100);
  await owner.end("SIGKILL");
  expect(await readdir(dataDirectory)).not.toContain("postgres");

  const embedded = await openEmbeddedPostgres({ dataDirectory, logger: quiet });
  expect(await query(embedded, "select 1 as one")).toEqual([{ one: 1 }]);
  await embedded.close();
  expect((await readdir(dataDirectory)).filter((name) => name.includes("init"))).toEqual([]);
});

test("a stale postmaster.pid that names an unrelated living process does not keep us from starting", async () => {
  const dataDirectory = await directories.prepared();
  const cluster = path.join(dataDirectory, "postgres");
  const file = path.join(cluster, "postmaster.pid");
  await writeFile(file, `${process.pid}\n${cluster}\n1700000000\n5432\n/nowhere\n\n 1 2\nready\n`);
  const { uid, gid } = await stat(cluster);
  await chown(file, uid, gid);
  const embedded = await openEmbeddedPostgres({ dataDirectory, logger: quiet });
  expect(await postmasterPid(dataDirectory)).not.toBe(process.pid);
  await embedded.close();
});

test("a start while the server is stopping waits and then starts a new one", async () => {
  const dataDirectory = await directories.prepared();
  const owner = startOwner(dataDirectory);
  await owner.printed(1);
  const before = await postmasterPid(dataDirectory);
  process.kill(owner.pid, "SIGTERM");
  process.kill(before, "SIGINT");
  const embedded = await openEmbeddedPostgres({ dataDirectory, logger: quiet });
  expect(await postmasterPid(dataDirectory)).not.toBe(before);
  expect(await owner.ended).toBe(0);
  await embedded.close();
});

test("a clean close leaves no server and no postmaster.pid", async () => {
  const dataDirectory = await directories.prepared();
  const embedded = await openEmbeddedPostgres({ dataDirectory, logger: quiet });
  const pid = await postmasterPid(dataDirectory);
  await embedded.close();
  expect(await processState(pid)).not.toBe("running");
  await expect(readFile(path.join(dataDirectory, "postgres", "postmaster.pid"))).rejects.toThrow(
    "ENOENT",
  );
});

async function postmasterPid(dataDirectory: string): Promise<number> {
  const file = await readPostmasterFile(path.join(dataDirectory, "postgres"));
  if (file === undefined) throw new Error("There is no postmaster.pid.");
  return file.pid;
}

async function query<R extends pg.QueryResultRow>(
  { connection }: { readonly connection: pg.PoolConfig },
  statement: string,
): Promise<R[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query<R>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 15_000; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(20);
    }
  }
}
