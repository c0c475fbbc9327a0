import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { PlanDeed } from "../../syncs/carry-out.ts";
import { getJob, readDashboard } from "../../syncs/queries/dashboard.ts";
import { listSyncs } from "../../syncs/queries/sync-rows.ts";
import type { AppEnv, AppOptions } from "../app-options.ts";
import { type OnceHeaders, requestKeyOf } from "../request-key.ts";
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

  const carryOut = (
    context: Context<AppEnv>,
    deed: PlanDeed,
    { id, headers }: { id: string; headers: OnceHeaders },
  ) =>
    options.commands.carryOut({
      ...deed,
      syncId: id,
      user: context.var.identity.user,
      once: requestKeyOf(headers, deed.verb, id, ...("approval" in deed ? [deed.approval] : [])),
    });

  app.openapi(routes.applySync, async (context) => {
    const { id } = context.req.valid("param");
    const headers = context.req.valid("header");
    const approval = context.req.valid("json");
    const { jobResultId } = await carryOut(context, { verb: "apply", approval }, { id, headers });
    return context.json({ jobResultId }, 202);
  });

  app.openapi(routes.resumeSync, async (context) => {
    const { id } = context.req.valid("param");
    const headers = context.req.valid("header");
    const { jobResultId } = await carryOut(context, { verb: "resume" }, { id, headers });
    return context.json({ jobResultId }, 202);
  });

  app.openapi(routes.retrySync, async (context) => {
    const { id } = context.req.valid("param");
    const headers = context.req.valid("header");
    const { jobResultId } = await carryOut(context, { verb: "retry" }, { id, headers });
    return context.json({ jobResultId }, 202);
  });

  app.openapi(routes.undoSync, async (context) => {
    const { id } = context.req.valid("param");
    const headers = context.req.valid("header");
    return context.json(await carryOut(context, { verb: "undo" }, { id, headers }), 202);
  });

  app.openapi(routes.rollBackSync, async (context) => {
    const { id } = context.req.valid("param");
    const headers = context.req.valid("header");
    return context.json(await carryOut(context, { verb: "rollback" }, { id, headers }), 202);
  });
}
