// The pages: files of the web build, and its index for every path that is a page of the application.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import type { Hono } from "hono";
import type { AppEnv } from "./app-options.ts";
import { RequestError } from "./errors.ts";

export function servePages(app: Hono<AppEnv>, webRoot: string | null): void {
  app.all("/api/*", (context) => {
    throw new RequestError(
      "not-found",
      `There is no ${context.req.method} ${context.req.path}; /api/openapi.json lists what there is.`,
    );
  });
  if (webRoot === null || !existsSync(join(webRoot, "index.html"))) {
    app.get("*", (context) =>
      context.text(
        "The pages are not built. Run `npm run build -w packages/web`, then start again. The API is at /api/.\n",
        503,
      ),
    );
    return;
  }
  app.use("*", async (context, next) => {
    await next();
    if (!context.res.ok) return;
    // The names of assets hold a hash of their content.
    const isForEver = context.req.path.startsWith("/assets/");
    context.header("Cache-Control", isForEver ? "public, max-age=31536000, immutable" : "no-cache");
  });
  app.get("*", serveStatic({ root: webRoot, precompressed: true }));
  app.get("/assets/*", (context) => context.text("There is no such file.\n", 404));
  app.get("*", serveStatic({ root: webRoot, path: "index.html", precompressed: true }));
}
