import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import pg from "pg";

export interface ForgetfulProxy {
  /** Of the same database, by way of this. */
  readonly connectionString: string;
  /** From now on, the connection breaks once the server has committed something for which this holds. */
  loseCommitOf(word: string): void;
  /** Breaks every connection, and each new one until it is opened again. */
  shut(): void;
  open(): void;
  /** How many acknowledgements were lost. */
  readonly lost: number;
  close(): Promise<void>;
}

/** Stands between a program and PostgreSQL, and loses the answer to one commit, or the way there for a while. */
export async function startForgetfulProxy(database: {
  readonly connectionString: string;
}): Promise<ForgetfulProxy> {
  const server = new pg.Client({ connectionString: database.connectionString });
  const { host, port } = server;
  const target = host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
  const sockets = new Set<Socket>();
  let word: string | null = null;
  let lost = 0;
  let isShut = false;
  const listener = createServer((client) => {
    if (isShut) {
      client.destroy();
      return;
    }
    const backend = connect(target);
    let isMarked = false;
    for (const socket of [client, backend]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
    }
    client.on("data", (chunk) => {
      if (word !== null && chunk.includes(word)) isMarked = true;
      backend.write(chunk);
    });
    backend.on("data", (chunk) => {
      // PostgreSQL's answer to a commit that is done: CommandComplete with the tag COMMIT.
      if (word === null || !isMarked || !chunk.includes("COMMIT\0")) return client.write(chunk);
      word = null;
      lost += 1;
      client.destroy();
      backend.destroy();
      return undefined;
    });
    client.on("close", () => backend.destroy());
    backend.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const account = [server.user ?? "", ...(server.password ? [server.password] : [])];
  const place = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  return {
    connectionString: `postgres://${account.map(encodeURIComponent).join(":")}@${place}/${server.database ?? ""}`,
    loseCommitOf: (next) => (word = next),
    shut() {
      isShut = true;
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
    open: () => (isShut = false),
    get lost() {
      return lost;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        listener.close(() => resolve());
      }),
  };
}
