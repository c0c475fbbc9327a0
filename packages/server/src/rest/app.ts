import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import type { AppEnv, AppOptions } from "./app-options.ts";
import { compress } from "./compress.ts";
import { createApiDocument } from "./document.ts";
import { answerError, RequestError } from "./errors.ts";
import { explainIssues } from "./explain-issues.ts";
import { guardHost } from "./host-guard.ts";
import { createNautobotApi } from "./nautobot/api.ts";
import { checkPermission } from "./page-permissions.ts";
import { servePages } from "./pages.ts";
import { addInventoryRoutes } from "./routes/inventory.ts";
import { addJobRoutes } from "./routes/jobs.ts";
import { addJobResultRoutes } from "./routes/job-results.ts";
import { readMethods } from "./read-methods.ts";
import { addSessionRoutes } from "./routes/session.ts";
import { createSignInLimit } from "./sign-in-limit.ts";
import { addSyncLogRoutes } from "./routes/sync-logs.ts";
import { addSyncRoutes } from "./routes/syncs.ts";

const mostBodyBytes = 1024 * 1024;

/** Paths of the API that answer without a session or token. */
const openPaths = ["/api/session", "/api/setup", "/api/openapi.json"];

/** The API and the pages. Listens nowhere: `serve` it, or `request` it in a test. */
export function createApp(options: AppOptions): OpenAPIHono<AppEnv> {
  const limit = createSignInLimit();
  const nautobotApi = createNautobotApi(options, limit);
  const app = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw explainIssues(result.error.issues);
    },
  });

  app.onError((error, context) => answerError(error, context, options.logger));
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        // Mantine sets its variables in a style element.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: "DENY",
      referrerPolicy: "same-origin",
      // Ours to promise only where HTTPS ends: the proxy's matter.
      strictTransportSecurity: false,
    }),
  );
  app.use(guardHost(options));
  app.use(compress);
  app.use("/api/*", nautobotApi);
  app.use(
    "/api/*",
    bodyLimit({
      maxSize: mostBodyBytes,
      onError: () => {
        throw new RequestError("too-large", "The request is larger than 1 MiB. Send less at once.");
      },
    }),
  );
  app.use("/api/*", async (context, next) => {
    context.header("Cache-Control", "no-store");
    if (openPaths.includes(context.req.path)) return next();
    const identity = await options.auth.identify(context.req.raw.headers);
    if (identity === undefined) {
      throw new RequestError(
        "not-authenticated",
        "Sign in, or send an API token as `Authorization: Token <key>`.",
      );
    }
    if (!identity.mayWrite && !readMethods.has(context.req.method)) {
      throw new RequestError("not-allowed", "This API token may only read.");
    }
    checkPermission(identity.access, context.req.method, context.req.path);
    context.set("identity", identity);
    await next();
    for (const cookie of identity.setCookies) {
      context.header("Set-Cookie", cookie, { append: true });
    }
  });

  addSessionRoutes(app, options, limit);
  addJobRoutes(app, options);
  addJobResultRoutes(app, options);
  addSyncRoutes(app, options);
  addSyncLogRoutes(app, options);
  addInventoryRoutes(app, options);

  const document = createApiDocument(options.version);
  app.get("/api/openapi.json", (context) => context.json(document));
  servePages(app, options.webRoot);
  return app;
}
