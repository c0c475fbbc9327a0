import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createQueue } from "../../src/database/queue.ts";
import type { Queue } from "../../src/database/queue.ts";
import { inTransaction } from "../../src/database/transaction.ts";
import { createTestDatabase } from "../support/database.ts";
import type { TestDatabase } from "../support/database.ts";
import { quiet } from "../support/quiet-logger.ts";

let database: TestDatabase;
let queue: Queue;

beforeEach(async () => {
  database = await createTestDatabase();
  queue = createQueue(database, { logger: quiet });
  await queue.start();
});

afterEach(async () => {
  await queue.stop({ waitMs: 1000 });
  await database.drop();
});

test("an entry is there when the caller's transaction commits, and never when it rolls back", async () => {
  const received: string[] = [];
  await queue.work(async (id) => void received.push(id));
  const [committed, alsoCommitted, rolledBack] = [randomUUID(), randomUUID(), randomUUID()];

  await inTransaction(database, async ({ client }) => {
    await queue.enqueue(committed, client);
    await sleep(700);
    expect(received).toEqual([]);
  });
  await database.kysely.transaction().execute((tx) => queue.enqueue(alsoCommitted, tx));
  await inTransaction(database, async ({ kysely }) => {
    await queue.enqueue(rolledBack, kysely);
    throw new Error("no");
  }).catch(() => undefined);

  await expect.poll(() => received, { timeout: 5000 }).toEqual([committed, alsoCommitted]);
  await sleep(700);
  expect(received).not.toContain(rolledBack);
});

test("a worker is woken by the commit rather than by its poll", async () => {
  const received: string[] = [];
  await queue.work(async (id) => void received.push(id));
  await sleep(500);
  const id = randomUUID();
  const start = performance.now();
  await queue.enqueue(id, database.pool);
  await expect.poll(() => received, { timeout: 5000, interval: 10 }).toEqual([id]);
  expect(performance.now() - start).toBeLessThan(1500);
});

test("an entry is delivered once, also when its handler fails", async () => {
  const received: string[] = [];
  await queue.work((id) => {
    received.push(id);
    throw new Error("broken");
  });
  const id = randomUUID();
  await queue.enqueue(id, database.pool);
  await expect.poll(() => received, { timeout: 5000 }).toEqual([id]);
  await sleep(1500);
  expect(received).toEqual([id]);
});

test("two workers share the entries, and each is handled by one of them", async () => {
  const other = createQueue(database, { logger: quiet });
  await other.start();
  const received: string[] = [];
  const handle = async (id: string): Promise<void> => {
    received.push(id);
    await sleep(20);
  };
  await queue.work(handle, { concurrency: 2 });
  await other.work(handle, { concurrency: 2 });
  const ids = Array.from({ length: 12 }, () => randomUUID());
  await Promise.all(ids.map((id) => queue.enqueue(id, database.pool)));
  await expect.poll(() => received.length, { timeout: 15_000 }).toBe(ids.length);
  expect(received.toSorted()).toEqual(ids.toSorted());
  await other.stop({ waitMs: 1000 });
});

test("entries are handed out again after the queue's connections were cut", async () => {
  const received: string[] = [];
  await queue.work((id) => {
    received.push(id);
    return Promise.resolve();
  });
  await database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  const id = randomUUID();
  await expect
    .poll(() => queue.enqueue(id, database.pool).then(() => true), { timeout: 5000 })
    .toBe(true);
  await expect.poll(() => received, { timeout: 10_000 }).toContain(id);
});

test("job results without an entry waiting or at work are found", async () => {
  const [waiting, gone] = [randomUUID(), randomUUID()];
  await queue.enqueue(waiting, database.pool);
  expect(await queue.findMissing([waiting, gone], database.pool)).toEqual([gone]);
});
