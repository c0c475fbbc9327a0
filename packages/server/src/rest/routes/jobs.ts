import type { OpenAPIHono } from "@hono/zod-openapi";
import { getJob, readDashboard } from "../../syncs/queries/dashboard.ts";
import { listSyncs } from "../../syncs/queries/sync-rows.ts";
import type { AppEnv, AppOptions } from "../app-options.ts";
import { requestKeyOf } from "../request-key.ts";
import * as routes from "../declarations/job.ts";

export function addJobRoutes(app: OpenAPIHono<AppEnv>, options: AppOptions): void {
  const reader = options.database.kysely;

  app.openapi(routes.getDashboard, async (context) =>
    context.json(await readDashboard(reader), 200),
  );

  app.openapi(routes.getJob, async (context) =>
    context.json(await getJob(reader, context.req.valid("param").id), 200),
  );

  app.openapi(routes.listJobSyncs, async (context) => {
    const paging = context.req.valid("query");
    const page = await listSyncs(reader, { jobId: context.req.valid("param").id }, paging);
    return context.json({ ...page, ...paging }, 200);
  });

  app.openapi(routes.runJob, async (context) => {
    const jobId = context.req.valid("param").id;
    const asked = context.req.valid("json");
    const started = await options.commands.startSync({
      jobId,
      ...asked,
      user: context.var.identity.user,
      once: requestKeyOf(context.req.valid("header"), "run", jobId, asked),
    });
    return context.json(started, 202);
  });

  app.openapi(routes.applySync, async (context) => {
    const { id } = context.req.valid("param");
    const { user } = context.var.identity;
    const approval = context.req.valid("json");
    const once = requestKeyOf(context.req.valid("header"), "apply", id, approval);
    const { jobResultId } = await options.commands.startApply(id, user, approval, once);
    return context.json({ jobResultId }, 202);
  });

  app.openapi(routes.resumeSync, async (context) => {
    const { id } = context.req.valid("param");
    const { user } = context.var.identity;
    const once = requestKeyOf(context.req.valid("header"), "resume", id);
    const { jobResultId } = await options.commands.startCarryOn(id, "resume", user, once);
    return context.json({ jobResultId }, 202);
  });

  app.openapi(routes.retrySync, async (context) => {
    const { id } = context.req.valid("param");
    const { user } = context.var.identity;
    const once = requestKeyOf(context.req.valid("header"), "retry", id);
    const { jobResultId } = await options.commands.startCarryOn(id, "retry", user, once);
    return context.json({ jobResultId }, 202);
  });
}
