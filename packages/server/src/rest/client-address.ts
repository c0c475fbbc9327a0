import type { Context } from "hono";
import type { AppEnv } from "./app-options.ts";

/** Where the request came from; the loopback address behind a proxy of this machine. */
export function addressOf(context: Context<AppEnv>): string {
  // Without a port, as in tests, there is no environment.
  const bindings = context.env as AppEnv["Bindings"] | undefined;
  return bindings?.incoming?.socket?.remoteAddress ?? "127.0.0.1";
}
