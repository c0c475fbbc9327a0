import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export interface ForgetfulProxy {
  readonly port: number;
  /** From now on, the connection breaks once the server has committed something for which this holds. */
  loseCommitOf(word: string): void;
  /** How many acknowledgements were lost. */
  readonly lost: number;
  close(): Promise<void>;
}

/** Stands between a program and PostgreSQL, and loses the answer to one commit. */
export async function startForgetfulProxy(
  target: { readonly path: string } | { readonly host: string; readonly port: number },
): Promise<ForgetfulProxy> {
  const sockets = new Set<Socket>();
  let word: string | null = null;
  let lost = 0;
  const server = createServer((client) => {
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
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    loseCommitOf: (next) => (word = next),
    get lost() {
      return lost;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
