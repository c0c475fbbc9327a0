import { createHash, randomBytes } from "node:crypto";
import { ConflictError } from "@plumbline/sync";
import type pg from "pg";
import type { Database } from "../database/connect.ts";
import { createBetterAuth } from "./better-auth.ts";
import type { Identity } from "./identity.ts";
import type { User } from "./user.ts";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface SignedIn {
  readonly user: User;
  /** `Set-Cookie` values that carry the session. */
  readonly setCookies: readonly string[];
}

/** Users with passwords, and the sessions their cookies name. */
export interface Sessions {
  identify(headers: Headers): Promise<Identity | undefined>;
  signIn(credentials: Credentials, headers: Headers): Promise<SignedIn | undefined>;
  signOut(headers: Headers): Promise<readonly string[]>;
  /** @throws ConflictError when the name is taken. */
  createUser(credentials: Credentials): Promise<void>;
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
      const setCookies = cookiesOf(answer, headers);
      return { user: { id, name }, by: "session", mayWrite: true, setCookies };
    },

    async signIn(body, headers) {
      const answer = await auth.api.signInUsername({ body, headers, asResponse: true });
      if (!answer.ok) return undefined;
      const { user } = (await answer.json()) as { user: User };
      return {
        user: { id: user.id, name: user.name },
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
      const answer = await auth.api.signUpEmail({
        body: { username, password, name: username, email: address },
        asResponse: true,
      });
      if (answer.ok) return;
      const { message } = (await answer.json()) as { message?: string };
      throw new ConflictError(
        `The user ${username} could not be made: ${message ?? `status ${answer.status}`}.`,
      );
    },
  };
}

/** A proxy that speaks HTTPS to the browser says so; then the cookie must not travel without it. */
function cookiesOf(answer: Headers, request: Headers): string[] {
  const isEncrypted = request.get("x-forwarded-proto") === "https";
  return answer.getSetCookie().map((cookie) => (isEncrypted ? `${cookie}; Secure` : cookie));
}

async function readSecret(pool: pg.Pool): Promise<string> {
  await pool.query("insert into auth_secret (secret) values ($1) on conflict do nothing", [
    randomBytes(32).toString("base64url"),
  ]);
  const { rows } = await pool.query<{ secret: string }>("select secret from auth_secret");
  if (rows[0] === undefined) throw new Error("The table auth_secret has no row.");
  return rows[0].secret;
}
