// The first administrator: made once, by whoever reads the link on the console.
import { createHash, randomBytes } from "node:crypto";
import { NotAllowedError } from "@plumbline/sync";
import type pg from "pg";
import { inTransaction } from "../database/transaction.ts";

/** How long a link is good for; starting again prints a new one. */
const setupLinkHours = 24;

export async function hasUsers(pool: Pick<pg.Pool, "query">): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    "select exists (select from auth_user) as found",
  );
  return rows[0]?.found === true;
}

/**
 * Makes a one-time link for the first administrator; null when there are users already.
 * @param pageUrl Where the pages are, as "http://127.0.0.1:8080".
 */
export async function createSetupLink(
  database: { readonly pool: pg.Pool },
  pageUrl: string,
): Promise<string | null> {
  if (await hasUsers(database.pool)) return null;
  const token = randomBytes(24).toString("base64url");
  await database.pool.query("delete from setup_token where expires_at < now()");
  await database.pool.query(
    "insert into setup_token (token_hash, expires_at) values ($1, now() + $2 * interval '1 hour')",
    [hashOf(token), setupLinkHours],
  );
  return new URL(`/setup/?token=${token}`, pageUrl).href;
}

/** Whether a set-up link would make the first administrator now. */
export async function isSetupTokenGood(
  database: { readonly pool: pg.Pool },
  token: string,
): Promise<boolean> {
  return (await isGood(database.pool, token)) && !(await hasUsers(database.pool));
}

/**
 * Lets `createUser` make the first user if the token is good; a good token serves once, and all others
 * end with it. When `createUser` fails, the token stays good.
 * @throws NotAllowedError
 */
export async function completeSetup(
  database: { readonly pool: pg.Pool },
  token: string,
  createUser: () => Promise<unknown>,
): Promise<void> {
  await inTransaction(database, async ({ client }) => {
    // Two people with two links: the second waits here and then finds no link.
    await client.query("lock table setup_token in exclusive mode");
    if (!(await isGood(client, token)) || (await hasUsers(client))) {
      throw new NotAllowedError(
        "This setup link is used up or older than a day. Restart Plumbline for a new one, if there is no administrator yet.",
      );
    }
    await createUser();
    await client.query("delete from setup_token");
  });
}

async function isGood(client: Pick<pg.Pool, "query">, token: string): Promise<boolean> {
  const { rowCount } = await client.query(
    "select from setup_token where token_hash = $1 and expires_at > now()",
    [hashOf(token)],
  );
  return rowCount !== 0;
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
