import { afterEach, beforeEach, expect, test } from "vitest";
import { inTransaction } from "../../src/database/transaction.ts";
import { createTestDatabase } from "../support/database.ts";
import type { TestDatabase } from "../support/database.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(async () => {
  await database.drop();
});

test("statements of Kysely and of the client are of one transaction, which a throw rolls back", async () => {
  const failure = inTransaction(database, async ({ client, kysely }) => {
    await kysely
      .insertInto("job_worker")
      .values({ id: worker(1), host: "a", pid: 1 })
      .execute();
    await client.query("insert into job_worker (id, host, pid) values ($1, 'b', 2)", [worker(2)]);
    const rows = await kysely.selectFrom("job_worker").select("host").orderBy("host").execute();
    expect(rows).toEqual([{ host: "a" }, { host: "b" }]);
    throw new Error("stop");
  });
  await expect(failure).rejects.toThrow("stop");
  expect(await database.kysely.selectFrom("job_worker").selectAll().execute()).toEqual([]);
});

test("the result comes back after the commit, and connections are given back", async () => {
  for (let round = 1; round <= 25; round += 1) {
    const host = await inTransaction(database, async ({ kysely }) => {
      const row = { id: worker(round), host: `h${round}`, pid: round };
      const added = await kysely.insertInto("job_worker").values(row).returning("host").execute();
      return added[0]?.host;
    });
    expect(host).toBe(`h${round}`);
  }
  const { count } = await database.kysely
    .selectFrom("job_worker")
    .select((expression) => expression.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  expect(count).toBe(25);
});

test("a transaction whose connection is cut fails, and the next one works", async () => {
  const failure = inTransaction(database, async ({ client }) => {
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    await database.pool.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
    await client.query("select 1");
  });
  await expect(failure).rejects.toThrow(/terminat|EPIPE|ECONNRESET|connection error/);
  expect(await inTransaction(database, ({ client }) => client.query("select 1"))).toMatchObject({
    rowCount: 1,
  });
});

test("a repeatable read sees one moment", async () => {
  await inTransaction(
    database,
    async ({ kysely }) => {
      const read = () => kysely.selectFrom("job_worker").selectAll().execute();
      expect(await read()).toHaveLength(0);
      await database.kysely
        .insertInto("job_worker")
        .values({ id: worker(1), host: "a", pid: 1 })
        .execute();
      expect(await read()).toHaveLength(0);
    },
    { isolation: "repeatable read", readOnly: true },
  );
});

function worker(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}
