// How better-auth is set up: which of our tables and columns it uses, and what is switched off.
import type { Kysely } from "kysely";
import type { DatabaseSchema } from "../database/schema.ts";

const day = 24 * 60 * 60;

const times = { createdAt: "created_at", updatedAt: "updated_at" };

export const passwordLength = { min: 10, max: 200 };
const usernameLength = { min: 1, max: 150 };

export function isUsername(name: string): boolean {
  return /^[\w.@+-]+$/.test(name) && name.length <= usernameLength.max;
}

/** Loaded when called: it takes a third of a second that workers and commands do not need to spend. */
export async function createBetterAuth(kysely: Kysely<DatabaseSchema>, secret: string) {
  const [{ betterAuth }, { username }] = await Promise.all([
    import("better-auth"),
    import("better-auth/plugins/username"),
  ]);
  return betterAuth({
    appName: "Plumbline",
    // Only its functions are called, never its own routes: the address is of no account.
    baseURL: "http://localhost",
    secret,
    database: { db: kysely, type: "postgres" },
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      autoSignIn: false,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
    },
    user: { modelName: "auth_user", fields: { ...times, emailVerified: "email_verified" } },
    session: {
      modelName: "auth_session",
      fields: {
        ...times,
        userId: "user_id",
        expiresAt: "expires_at",
        ipAddress: "ip_address",
        userAgent: "user_agent",
      },
      expiresIn: 7 * day,
      updateAge: day,
    },
    account: {
      modelName: "auth_account",
      fields: {
        ...times,
        userId: "user_id",
        accountId: "account_id",
        providerId: "provider_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
      },
    },
    verification: {
      modelName: "auth_verification",
      fields: { ...times, expiresAt: "expires_at" },
    },
    plugins: [
      username({
        minUsernameLength: usernameLength.min,
        maxUsernameLength: usernameLength.max,
        usernameValidator: isUsername,
        schema: { user: { fields: { displayUsername: "display_username" } } },
      }),
    ],
    advanced: {
      database: { generateId: "uuid" },
      cookies: { session_token: { name: "plumbline_session" } },
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/" },
      useSecureCookies: false,
      // The API checks Host and Origin itself, before anything else.
      disableOriginCheck: true,
      disableCSRFCheck: true,
    },
  });
}
