import { createHash, randomBytes } from "node:crypto";
import { ConflictError } from "@plumbline/sync";
import type pg from "pg";
import type { Database } from "../database/connect.ts";
import { type Access, readAccess } from "./access.ts";
import { createBetterAuth } from "./better-auth.ts";
import type { Identity } from "./identity.ts";
import type { User } from "./user.ts";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface SignedIn {
  readonly user: User;
  readonly access: Access;
  /** `Set-Cookie` values that carry the session. */
  readonly setCookies: readonly string[];
}

/** Users with passwords, and the sessions their cookies name. */
export interface Sessions {
  identify(headers: Headers): Promise<Identity | undefined>;
  signIn(credentials: Credentials, headers: Headers): Promise<SignedIn | undefined>;
  signOut(headers: Headers): Promise<readonly string[]>;
  /** @returns the user's id. @throws ConflictError when the name is taken, or a rule of names or passwords is broken. */
  createUser(credentials: Credentials): Promise<string>;
  /** Ends every session of the user. */
  setPassword(userId: string, password: string): Promise<void>;
}

export async function createSessions(database: Database): Promise<Sessions> {
  const auth = await createBetterAuth(database.kysely, await readSecret(database.pool));

  return {
    async identify(headers) {
      const { headers: answer, response } = await auth.api.getSession({
        headers,
        returnHeaders: true,
      });
      if (response === null) return undefined;
      const { id, name } = response.user;
      const access = await readAccess(database.pool, id);
      if (access === null) return undefined;
      const setCookies = cookiesOf(answer, headers);
      return { user: { id, name }, access, by: "session", mayWrite: true, setCookies };
    },

    async signIn(body, headers) {
      const answer = await auth.api.signInUsername({ body, headers, asResponse: true });
      if (!answer.ok) return undefined;
      const { user } = (await answer.json()) as { user: User };
      const access = await readAccess(database.pool, user.id);
      // The session that was just made is good for nothing then, and ends.
      if (access === null) {
        await endSessions(database.pool, user.id);
        return undefined;
      }
      return {
        user: { id: user.id, name: user.name },
        access,
        setCookies: cookiesOf(answer.headers, headers),
      };
    },

    async signOut(headers) {
      const answer = await auth.api.signOut({ headers, asResponse: true });
      return cookiesOf(answer.headers, headers);
    },

    async createUser({ username, password }) {
      // The library asks for an address; `.invalid` can never be one that mail reaches.
      const address = `${createHash("sha256").update(username.toLowerCase()).digest("hex")}@users.invalid`;
      try {
        const { user } = await auth.api.signUpEmail({
          body: { username, password, name: username, email: address },
        });
        return user.id;
      } catch (error) {
        // The library's own refusals have this name; what else fails is no matter of the name or the password.
        if (!(error instanceof Error) || error.name !== "APIError") throw error;
        throw new ConflictError(`The user ${username} could not be made: ${error.message}.`);
      }
    },

    async setPassword(userId, password) {
      const { password: passwords, internalAdapter } = await auth.$context;
      await internalAdapter.updatePassword(userId, await passwords.hash(password));
      await endSessions(database.pool, userId);
    },
  };
}

/** A proxy that speaks HTTPS to the browser says so; then the cookie must not travel without it. */
function cookiesOf(answer: Headers, request: Headers): string[] {
  const isEncrypted = request.get("x-forwarded-proto") === "https";
  return answer.getSetCookie().map((cookie) => (isEncrypted ? `${cookie}; Secure` : cookie));
}

export async function endSessions(pool: Pick<pg.Pool, "query">, userId: string): Promise<void> {
  await pool.query("delete from auth_session where user_id = $1", [userId]);
}

async function readSecret(pool: pg.Pool): Promise<string> {
  await pool.query("insert into auth_secret (secret) values ($1) on conflict do nothing", [
    randomBytes(32).toString("base64url"),
  ]);
  const { rows } = await pool.query<{ secret: string }>("select secret from auth_secret");
  if (rows[0] === undefined) throw new Error("The table auth_secret has no row.");
  return rows[0].secret;
}
