// Refuses requests that a browser was led to send: names that merely resolve to us (DNS rebinding) and
// pages of other origins that would act with the user's cookie.
import type { MiddlewareHandler } from "hono";
import { RequestError } from "./errors.ts";

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];
const safeMethods = ["GET", "HEAD", "OPTIONS"];

export interface HostOptions {
  /** What the server was told to bind: its name is accepted, and with 0.0.0.0 or :: any address is. */
  readonly host?: string | undefined;
  /** Further names the server is reached by, behind a proxy for instance; without ports. */
  readonly allowedHosts?: readonly string[] | undefined;
}

/** Whether a host is a name that this machine has for itself. */
export function isLoopbackName(name: string): boolean {
  return loopbackNames.includes(name);
}

export function guardHost({ host, allowedHosts = [] }: HostOptions): MiddlewareHandler {
  const bound = host === undefined ? [] : [host.includes(":") ? `[${host}]` : host];
  const configured = new Set(allowedHosts.map((name) => name.toLowerCase()));
  const names = new Set([...loopbackNames, ...bound, ...configured]);
  // A page cannot make its own name resolve to us and still send an address as the Host.
  const isAddressFine = host === "0.0.0.0" || host === "::";

  const accepts = (name: string): boolean => names.has(name) || (isAddressFine && isAddress(name));

  return async (context, next) => {
    const given = context.req.header("host") ?? new URL(context.req.url).host;
    const target = parseHost(given);
    if (target === undefined || !accepts(target.name)) {
      throw new RequestError(
        "foreign-request",
        `This server does not answer for the host "${given.slice(0, 100)}". Use the address it printed at its start, or add the name to \`allowedHosts\`.`,
      );
    }
    if (!safeMethods.includes(context.req.method)) {
      const origin = context.req.header("origin");
      const site = context.req.header("sec-fetch-site");
      const source = origin === undefined ? undefined : parseOrigin(origin);
      const isForeign =
        origin === undefined
          ? site === "cross-site" || site === "same-site"
          : source === undefined || (source.host !== target.host && !configured.has(source.name));
      if (isForeign) {
        throw new RequestError(
          "foreign-request",
          `A page of ${origin?.slice(0, 100) ?? "another site"} may not change anything here. Open this server's own pages instead.`,
        );
      }
    }
    await next();
  };
}

interface ParsedHost {
  /** Lower case, without a port; an IPv6 address in brackets. */
  readonly name: string;
  /** With the port where it is not the scheme's own. */
  readonly host: string;
}

function parseHost(header: string): ParsedHost | undefined {
  return /^[\w.:[\]-]+$/.test(header) ? parseOrigin(`http://${header}`) : undefined;
}

function parseOrigin(origin: string): ParsedHost | undefined {
  const url = URL.parse(origin);
  return url && url.hostname !== "" ? { name: url.hostname, host: url.host } : undefined;
}

function isAddress(name: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(name) || name.startsWith("[");
}
