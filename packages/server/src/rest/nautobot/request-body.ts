import type { Context } from "hono";
import { readCsv } from "./csv-input.ts";
import { refuse } from "./refused.ts";
import type { Resource } from "./resource.ts";

/**
 * The body of a request: JSON, or for objects of a list CSV as well.
 * @throws Refused for another media type, and for what cannot be read
 */
export async function readBody(context: Context, listed: Resource | null = null): Promise<unknown> {
  const given = (context.req.header("content-type") ?? "").split(";")[0]?.trim() ?? "";
  const type = given.toLowerCase();
  if (type === "text/csv" && listed !== null) return readCsv(listed, await context.req.text());
  if (type !== "" && type !== "application/json") {
    throw refuse(415, `Unsupported media type "${given}" in request.`);
  }
  const text = await context.req.text();
  let body: unknown;
  try {
    body = JSON.parse(text) as unknown;
  } catch (error) {
    throw refuse(
      400,
      `JSON parse error - ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (isDeeper(body, mostLevels)) {
    throw refuse(400, `JSON parse error - more than ${mostLevels} levels of lists and objects.`);
  }
  return body;
}

/** What goes through values level by level would run out of stack. */
const mostLevels = 100;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
