import { createHash } from "node:crypto";
import { z } from "@hono/zod-openapi";
import type { RequestKey } from "../syncs/once.ts";

/** The headers of a request that does something once, however often it is sent. */
export const onceHeaders = z.object({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, "is 1 to 200 printable characters without spaces")
    .optional()
    .openapi({
      description:
        "Names this request: sent again with the same key it does nothing more and is answered as the first time.",
    }),
});

export type OnceHeaders = z.infer<typeof onceHeaders>;

/** What names the request; undefined where it does not say. */
export function requestKeyOf(
  headers: OnceHeaders,
  ...asked: readonly unknown[]
): RequestKey | undefined {
  const key = headers["idempotency-key"];
  if (key === undefined) return undefined;
  return { key, hash: createHash("sha256").update(JSON.stringify(asked)).digest("hex") };
}
