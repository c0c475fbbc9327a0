import { Duplex } from "node:stream";
import { constants, createGzip } from "node:zlib";
import type { MiddlewareHandler } from "hono";
import { accepts } from "hono/accepts";
import { COMPRESSIBLE_CONTENT_TYPE_REGEX } from "hono/compress";
import { isLoopbackName } from "./host-guard.ts";

/** An answer below it is sent as it is. */
const leastBytes = 1024;

/**
 * Answers with gzip, unless on the machine itself: there it takes longer than what it saves. At its fastest level,
 * because JSON that repeats itself gets hardly smaller above it.
 */
export const compress: MiddlewareHandler = async (context, next) => {
  await next();
  const { headers } = context.res;
  const length = headers.get("content-length");
  if (context.req.method === "HEAD" || headers.has("content-encoding")) return;
  if (length !== null && Number(length) < leastBytes) return;
  if (!COMPRESSIBLE_CONTENT_TYPE_REGEX.test(headers.get("content-type") ?? "")) return;
  headers.append("vary", "accept-encoding");
  if (isLoopbackName(new URL(context.req.url).hostname)) return;
  const supports = { supports: ["gzip"], default: "identity" };
  if (accepts(context, { header: "Accept-Encoding", ...supports }) !== "gzip") return;
  const { body } = context.res;
  if (body === null) return;
  const gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: 64 * 1024 });
  context.res = new Response(body.pipeThrough(Duplex.toWeb(gzip)), context.res);
  context.res.headers.delete("content-length");
  context.res.headers.set("content-encoding", "gzip");
};
