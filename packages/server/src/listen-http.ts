import { serve, type ServerType } from "@hono/node-server";
import { ConflictError, InvalidInputError } from "@plumbline/sync";

export interface HttpListener {
  /** "http://127.0.0.1:8080", with an address that a browser on this machine can open. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Listens for HTTP.
 * @throws ConflictError when the port is taken; InvalidInputError for an address that is not ours or a
 * port we may not use.
 */
export async function listenHttp(
  fetch: (request: Request, env: object) => Response | Promise<Response>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<HttpListener> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server: ServerType = serve({ fetch, hostname: host, port }, (info) => resolve(info.port));
  server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
  const usedPort = await promise;
  const isAnyAddress = host === "0.0.0.0" || host === "::";
  const name = isAnyAddress ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${name}:${usedPort}`,
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      // Event streams never end by themselves.
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case "EADDRINUSE":
      return new ConflictError(
        `The port ${port} on ${host} is taken by another program. Stop that one, or choose another with --port.`,
        { cause: error },
      );
    case "EACCES":
      return new InvalidInputError(
        `The port ${port} may not be used by this account. Choose one above 1023 with --port.`,
        { cause: error },
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new InvalidInputError(
        `The address ${host} is not one of this machine's. Choose another with --host.`,
        { cause: error },
      );
    default:
      return error;
  }
}
