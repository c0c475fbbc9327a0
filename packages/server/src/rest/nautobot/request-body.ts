import type { Context } from "hono";
import { refuse } from "./refused.ts";

/** The body of a request as JSON. @throws Refused for another media type, and for what cannot be read. */
export async function readBody(context: Context): Promise<unknown> {
  const type = (context.req.header("content-type") ?? "application/json").split(";")[0]?.trim();
  if (type !== undefined && type !== "" && type.toLowerCase() !== "application/json") {
    throw refuse(415, `Unsupported media type "${type}" in request.`);
  }
  const text = await context.req.text();
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw refuse(
      400,
      `JSON parse error - ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
