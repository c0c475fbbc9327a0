import { afterEach, beforeEach, expect, test } from "vitest";
import { listen, notify } from "../../src/database/notify.ts";
import type { Listener } from "../../src/database/notify.ts";
import { inTransaction } from "../../src/database/transaction.ts";
import { createTestDatabase } from "../support/database.ts";
import type { TestDatabase } from "../support/database.ts";
import { quiet } from "../support/quiet-logger.ts";

let database: TestDatabase;
let listener: Listener;
let received: string[];
let timesListening: number;

beforeEach(async () => {
  database = await createTestDatabase({ isEmpty: true });
  received = [];
  timesListening = 0;
  listener = await listen(database, {
    channels: ["events", "Odd name"],
    onNotification: ({ channel, payload }) => received.push(`${channel}: ${payload}`),
    onListening: () => (timesListening += 1),
    logger: quiet,
  });
});

afterEach(async () => {
  await listener.close();
  await database.drop();
});

test("notifications of the channels arrive, others do not", async () => {
  await notify(database.pool, "elsewhere", "0");
  await notify(database.pool, "events", "1");
  await notify(database.kysely, "Odd name", "2");
  await expect.poll(() => received).toEqual(["events: 1", "Odd name: 2"]);
});

test("a notification goes out at the commit, and not after a rollback", async () => {
  await inTransaction(database, async ({ client }) => {
    await notify(client, "events", "rolled back");
    throw new Error("no");
  }).catch(() => undefined);
  await inTransaction(database, ({ kysely }) => notify(kysely, "events", "committed"));
  await expect.poll(() => received).toEqual(["events: committed"]);
});

test("a lost connection is replaced, and the listener told to read anew", async () => {
  expect(timesListening).toBe(1);
  await database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'plumbline listener' and datname = current_database()",
  );
  await expect.poll(() => timesListening, { timeout: 5000 }).toBe(2);
  await notify(database.pool, "events", "after");
  await expect.poll(() => received).toEqual(["events: after"]);
});

test("a payload that PostgreSQL would refuse is refused with its size", async () => {
  await expect(notify(database.pool, "events", "ä".repeat(4000))).rejects.toThrow(
    "has 8000 bytes, and PostgreSQL takes less than 8000",
  );
});
