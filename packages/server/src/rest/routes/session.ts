import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { readServerStatus } from "../../syncs/queries/server-status.ts";
import { actionsByType } from "../../auth/access.ts";
import type { Identity } from "../../auth/identity.ts";
import type { ApiToken } from "../../auth/api-tokens.ts";
import type { AppEnv, AppOptions } from "../app-options.ts";
import * as routes from "../declarations/session.ts";
import { RequestError } from "../errors.ts";
import { addressOf } from "../client-address.ts";
import type { SignInLimit } from "../sign-in-limit.ts";

const dayMs = 24 * 60 * 60 * 1000;

export function addSessionRoutes(
  app: OpenAPIHono<AppEnv>,
  options: AppOptions,
  limit: SignInLimit,
): void {
  const { auth, database } = options;

  app.openapi(routes.getSession, async (context) => {
    const identity = await auth.identify(context.req.raw.headers);
    setCookies(context, identity?.setCookies ?? []);
    const user = identity === undefined ? null : describeUser(identity);
    const needsSetup = user === null && (await auth.needsSetup());
    return context.json({ user, needsSetup }, 200);
  });

  app.openapi(routes.signIn, async (context) => {
    const credentials = context.req.valid("json");
    const address = addressOf(context);
    limit.check(credentials.username, address);
    const signedIn = await auth.signIn(credentials, context.req.raw.headers);
    if (signedIn === undefined) {
      limit.recordFailure(credentials.username, address);
      throw new RequestError("not-authenticated", "The name or the password is wrong.");
    }
    limit.recordSuccess(credentials.username);
    setCookies(context, signedIn.setCookies);
    return context.json({ user: describeUser(signedIn), needsSetup: false }, 200);
  });

  app.openapi(routes.signOut, async (context) => {
    setCookies(context, await auth.signOut(context.req.raw.headers));
    return context.body(null, 204);
  });

  app.openapi(routes.checkSetup, async (context) =>
    context.json({ isGood: await auth.isSetupTokenGood(context.req.valid("query").token) }, 200),
  );

  app.openapi(routes.setUp, async (context) => {
    const { token, ...credentials } = context.req.valid("json");
    const signedIn = await auth.setUp(token, credentials, context.req.raw.headers);
    setCookies(context, signedIn.setCookies);
    return context.json({ user: describeUser(signedIn), needsSetup: false }, 201);
  });

  app.openapi(routes.listTokens, async (context) => {
    const tokens = await auth.tokens.list(context.var.identity.user.id);
    return context.json({ items: tokens.map(toAnswer) }, 200);
  });

  app.openapi(routes.createToken, async (context) => {
    assertSession(context);
    const { expiresInDays, ...asked } = context.req.valid("json");
    const expiresAt = expiresInDays === null ? null : new Date(Date.now() + expiresInDays * dayMs);
    const { key, ...token } = await auth.tokens.create(context.var.identity.user.id, {
      ...{ ...asked, expiresAt },
    });
    return context.json({ ...toAnswer(token), key }, 201);
  });

  app.openapi(routes.revokeToken, async (context) => {
    assertSession(context);
    await auth.tokens.revoke(context.var.identity.user.id, context.req.valid("param").id);
    return context.body(null, 204);
  });

  app.openapi(routes.getStatus, async (context) => {
    const { workers, runningJobs, postgres } = await readServerStatus(database.kysely);
    return context.json(
      { version: options.version, database: `PostgreSQL ${postgres}`, workers, runningJobs },
      200,
    );
  });
}

function describeUser({ user: { name }, access }: Pick<Identity, "user" | "access">) {
  return { name, isSuperuser: access.isSuperuser, may: actionsByType(access) };
}

function setCookies(context: Context<AppEnv>, cookies: readonly string[]): void {
  for (const cookie of cookies) context.header("Set-Cookie", cookie, { append: true });
}

/** A key that leaked must not be able to make itself a successor. */
function assertSession(context: Context<AppEnv>): void {
  if (context.var.identity.by === "session") return;
  throw new RequestError(
    "not-allowed",
    "API tokens are made and revoked on the pages, not with an API token. Sign in there.",
  );
}

function toAnswer(token: ApiToken) {
  return {
    ...token,
    createdAt: token.createdAt.toISOString(),
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    expiresAt: token.expiresAt?.toISOString() ?? null,
  };
}
