import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { InvalidInputError } from "@plumbline/sync";
import type { Logger } from "@plumbline/sync";
import { runSql } from "./executor.ts";
import type { Executor } from "./executor.ts";

/** PostgreSQL takes payloads shorter than this many bytes. */
const payloadLimit = 8000;
const heartbeatInterval = 10_000;

export type Notification = { readonly channel: string; readonly payload: string };

export type ListenOptions = {
  readonly channels: readonly string[];
  readonly onNotification: (notification: Notification) => void;
  /** Called whenever listening (again) began: what was sent before may have been missed, so read anew. */
  readonly onListening?: () => void;
  readonly logger: Logger;
};

export type Listener = { close(): Promise<void> };

/** Sends a notification; within a transaction it goes out at the commit. */
export async function notify(executor: Executor, channel: string, payload: string): Promise<void> {
  const bytes = Buffer.byteLength(payload);
  if (bytes >= payloadLimit) {
    throw new InvalidInputError(
      `A notification on ${channel} has ${bytes} bytes, and PostgreSQL takes less than ${payloadLimit}. Send an id and let the receiver read.`,
    );
  }
  await runSql(executor, "select pg_notify($1, $2)", [channel, payload]);
}

/**
 * Listens on a connection of its own, and connects and listens again when that is lost.
 * The first connection is made before the promise resolves.
 */
export async function listen(
  database: { readonly connectionString: string },
  { channels, onNotification, onListening, logger }: ListenOptions,
): Promise<Listener> {
  const closing = new AbortController();
  let client: pg.Client | undefined;
  let reconnection: Promise<void> = Promise.resolve();

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: database.connectionString,
      application_name: "plumbline listener",
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
      // Bounds the heartbeat: a connection whose other end vanished silently does not answer.
      query_timeout: 10_000,
    });
    next.on("error", () => undefined);
    next.on("notification", ({ channel, payload }) => {
      onNotification({ channel, payload: payload ?? "" });
    });
    try {
      await next.connect();
      for (const channel of channels) await next.query(`listen ${next.escapeIdentifier(channel)}`);
    } catch (error) {
      await next.end().catch(() => undefined);
      throw error;
    }
    client = next;
    const heartbeat = setInterval(() => {
      next.query("select 1").catch(() => next.end().catch(() => undefined));
    }, heartbeatInterval);
    heartbeat.unref();
    next.once("end", () => {
      clearInterval(heartbeat);
      if (!closing.signal.aborted) reconnection = reconnect();
    });
    onListening?.();
  };

  const reconnect = async (): Promise<void> => {
    logger.warning(
      "The connection that listens for database notifications was lost; connecting again.",
    );
    for (let wait = 100; !closing.signal.aborted; wait = Math.min(wait * 2, 5000)) {
      try {
        await connect();
        return;
      } catch (error) {
        logger.debug(`Listening again failed: ${(error as Error).message}`);
      }
      await sleep(wait, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };

  await connect();
  return {
    async close() {
      closing.abort();
      await reconnection;
      await client?.end().catch(() => undefined);
    },
  };
}
