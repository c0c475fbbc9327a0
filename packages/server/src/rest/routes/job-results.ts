import type { OpenAPIHono } from "@hono/zod-openapi";
import { ConflictError } from "@plumbline/sync";
import { streamSSE } from "hono/streaming";
import { mayAll } from "../../auth/access.ts";
import { followJobResult } from "../../events/follow-job-result.ts";
import { eachJobLog, listJobLogs } from "../../syncs/queries/job-logs.ts";
import { eachJobResult, getJobResult, listJobResults } from "../../syncs/queries/job-results.ts";
import type { AppEnv, AppOptions } from "../app-options.ts";
import * as routes from "../declarations/job-result.ts";
import { answerExport } from "../export.ts";
import { requestKeyOf } from "../request-key.ts";

export function addJobResultRoutes(app: OpenAPIHono<AppEnv>, options: AppOptions): void {
  const { commands, events, logger } = options;
  const reader = options.database.kysely;

  app.openapi(routes.listJobResults, async (context) => {
    const { limit, offset, ...filter } = context.req.valid("query");
    const page = await listJobResults(reader, filter, { limit, offset });
    return context.json({ ...page, limit, offset }, 200);
  });

  app.openapi(routes.exportJobResults, (context) => {
    const { format, ...filter } = context.req.valid("query");
    const columns = ["id", "jobId", "jobTitle", "kind", "syncId", "status", "statusReason", "user"];
    const times = ["isDryRun", "createdAt", "startedAt", "finishedAt", "durationMs"];
    const batches = eachJobResult(reader, filter);
    return answerExport(context, format, "job-results", [...columns, ...times], batches);
  });

  app.openapi(routes.getJobResult, async (context) =>
    context.json(await getJobResult(reader, context.req.valid("param").id), 200),
  );

  app.openapi(routes.listJobLogs, async (context) => {
    const { id } = context.req.valid("param");
    await getJobResult(reader, id);
    const { limit, offset, ...filter } = context.req.valid("query");
    const page = await listJobLogs(reader, id, filter, { limit, offset });
    return context.json({ ...page, limit, offset }, 200);
  });

  app.openapi(routes.exportJobLogs, async (context) => {
    const { id } = context.req.valid("param");
    await getJobResult(reader, id);
    const { format, ...filter } = context.req.valid("query");
    const columns = ["id", "at", "level", "grouping", "message", "details"];
    return answerExport(context, format, `job-log-${id}`, columns, eachJobLog(reader, id, filter));
  });

  app.openapi(routes.followJobResult, async (context) => {
    const { id } = context.req.valid("param");
    const { after } = context.req.valid("query");
    // Before the stream begins: an unknown id is answered with 404, not with an empty stream.
    await getJobResult(reader, id);
    const seesLines = mayAll(context.var.identity.access, "extras.joblogentry", "view");
    context.header("X-Accel-Buffering", "no");
    return streamSSE(
      context,
      async (stream) => {
        const ending = new AbortController();
        stream.onAbort(() => ending.abort());
        const following = { jobResultId: id, after, signal: ending.signal };
        for await (const message of followJobResult(reader, events, following)) {
          if (message.event === "logs" && !seesLines) continue;
          if (message.event === "heartbeat") await stream.write(": here\n\n");
          else {
            const data = "data" in message ? JSON.stringify(message.data) : "{}";
            await stream.writeSSE({ event: message.event, data });
          }
        }
      },
      async (error) => {
        logger.warning(`Following the job result ${id} ended: ${error.message}`);
      },
    );
  });

  app.openapi(routes.cancelJobResult, async (context) => {
    const { id } = context.req.valid("param");
    await commands.cancelRun(id, context.var.identity.user);
    return context.json(await getJobResult(reader, id), 200);
  });

  app.openapi(routes.rerunJobResult, async (context) => {
    const { id } = context.req.valid("param");
    const earlier = await getJobResult(reader, id);
    if (earlier.kind === "undo" || earlier.kind === "rollback") {
      throw new ConflictError(
        "This run took a sync back; it is no run of the job. Undo that sync again from its record.",
      );
    }
    const started = await commands.startSync({
      jobId: earlier.jobId,
      // A run of a plan that was reviewed is not made again: what it would do now is for review.
      isDryRun: earlier.kind === "run" ? earlier.isDryRun : true,
      asksDeletes: earlier.asksDeletes,
      ignore: earlier.ignore,
      variables: earlier.input,
      user: context.var.identity.user,
      once: requestKeyOf(context.req.valid("header"), "rerun", id),
    });
    return context.json(started, 202);
  });
}
