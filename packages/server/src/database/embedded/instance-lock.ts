import { hostname } from "node:os";
import pg from "pg";
import { ConflictError } from "@plumbline/sync";
import { setTimeout as sleep } from "node:timers/promises";
import { processState } from "./process-state.ts";

/** Arbitrary and fixed: the advisory lock that one Plumbline holds on an embedded database. */
const lockKey = 7_108_513_042;

/** How long a holder that has died may take to be noticed by the server. */
const patience = 5000;

export type InstanceLock = {
  readonly client: pg.Client;
  /** Resolves when the connection, and with it the lock, is gone. */
  readonly lost: Promise<void>;
};

/** Who holds the lock. */
export type Holder = { readonly pid: number | undefined; readonly since: string | undefined };

/**
 * Takes the lock that makes us the only owner of an embedded database. The lock is held by the returned
 * connection, so the server frees it the moment our process is gone, however it ended.
 * @returns the lock, or who holds it.
 */
export async function takeInstanceLock(config: pg.ClientConfig): Promise<InstanceLock | Holder> {
  const since = new Date().toISOString();
  const client = new pg.Client({
    ...config,
    database: "postgres",
    application_name: `plumbline ${process.pid} ${since} ${hostname()}`.slice(0, 63),
    keepAlive: true,
  });
  client.on("error", () => undefined);
  const lost = new Promise<void>((resolve) => client.once("end", resolve));
  await client.connect();
  const deadline = Date.now() + patience;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(
      "select pg_try_advisory_lock($1) as taken",
      [lockKey],
    );
    if (rows[0]?.taken === true) return { client, lost };
    const holder = await readHolder(client);
    const isAlive = holder.pid !== undefined && (await processState(holder.pid)) === "running";
    if (isAlive || Date.now() > deadline) {
      await client.end();
      return holder;
    }
    await sleep(50);
  }
}

export function isHeld(result: InstanceLock | Holder): result is InstanceLock {
  return "client" in result;
}

export function inUse(dataDirectory: string, holder: Holder): ConflictError {
  const who = [
    holder.pid === undefined ? undefined : `pid ${holder.pid}`,
    holder.since === undefined ? undefined : `since ${holder.since}`,
  ].filter((part) => part !== undefined);
  return new ConflictError(
    `Another Plumbline${who.length > 0 ? ` (${who.join(", ")})` : ""} uses the data directory ${dataDirectory}. ` +
      `Stop it, or set PLUMBLINE_DATA_DIR to another directory (and --port, if both shall run).`,
    { details: { dataDirectory, ...holder } },
  );
}

async function readHolder(client: pg.Client): Promise<Holder> {
  const { rows } = await client.query<{ name: string }>(
    `select a.application_name as name
       from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.granted
        and (l.classid::bigint << 32 | l.objid::bigint) = $1`,
    [lockKey],
  );
  const match = /^plumbline (\d+) (\S+)/.exec(rows[0]?.name ?? "");
  return {
    pid: match?.[1] === undefined ? undefined : Number(match[1]),
    since: match?.[2],
  };
}
