// What clients keep for the user: anything, by names of their own.
import type { Context } from "hono";
import type { Database } from "../../database/connect.ts";
import { inTransaction } from "../../database/transaction.ts";
import { readMethods } from "../read-methods.ts";
import { asInput } from "./object-routes.ts";
import type { Input } from "./read-input.ts";
import { refuse } from "./refused.ts";
import { readBody } from "./request-body.ts";

const mostCharacters = 100_000;

/** Gives what is kept, or merges what a request says into it. */
export async function answerUserConfig(
  context: Context,
  database: Database,
  userId: string,
): Promise<Response> {
  const { method } = context.req;
  if (readMethods.has(method)) return context.json(await readConfig(database.pool, userId));
  if (method !== "PATCH") throw refuse(405, `Method "${method}" not allowed.`);
  const given = asInput(await readBody(context));
  const merged = await inTransaction(database, async ({ client }) => {
    await client.query("select from auth_user where id = $1 for update", [userId]);
    const config = merge(await readConfig(client, userId), given);
    if (JSON.stringify(config).length > mostCharacters) {
      throw refuse(413, `A configuration has at most ${mostCharacters} characters.`);
    }
    await client.query("update auth_user set config_data = $2 where id = $1", [
      userId,
      JSON.stringify(config),
    ]);
    return config;
  });
  return context.json(merged);
}

async function readConfig(client: Pick<Database["pool"], "query">, userId: string): Promise<Input> {
  const { rows } = await client.query<{ config: Input }>(
    "select config_data as config from auth_user where id = $1",
    [userId],
  );
  return rows[0]?.config ?? {};
}

/** Objects are merged, name by name; everything else is replaced. */
function merge(kept: Input, given: Input): Input {
  const merged = new Map(Object.entries(kept));
  for (const [name, value] of Object.entries(given)) {
    const before = merged.get(name);
    merged.set(name, isObject(before) && isObject(value) ? merge(before, value) : value);
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Input {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
