import type { OpenAPIHono } from "@hono/zod-openapi";
import { eachLog, listLogs, listSyncLogs } from "../../syncs/queries/sync-logs.ts";
import { assertSync } from "../../syncs/queries/sync-rows.ts";
import type { AppEnv, AppOptions } from "../app-options.ts";
import * as routes from "../declarations/sync-log.ts";
import { answerExport } from "../export.ts";

const columns = [
  ...["at", "syncId", "jobTitle", "direction", "sourceName", "targetName", "kind", "action"],
  ...["model", "label", "key", "status", "message", "values"],
];

export function addSyncLogRoutes(app: OpenAPIHono<AppEnv>, options: AppOptions): void {
  const reader = options.database.kysely;

  app.openapi(routes.listSyncLogs, async (context) => {
    const { id } = context.req.valid("param");
    await assertSync(reader, id);
    const { limit, offset, ...filter } = context.req.valid("query");
    const page = await listSyncLogs(reader, id, filter, { limit, offset });
    return context.json({ ...page, limit, offset }, 200);
  });

  app.openapi(routes.exportSyncLogs, async (context) => {
    const { id } = context.req.valid("param");
    await assertSync(reader, id);
    const { format, ...filter } = context.req.valid("query");
    return answerExport(context, format, `sync-log-${id}`, columns, eachLog(reader, id, filter));
  });

  app.openapi(routes.listLogs, async (context) => {
    const { limit, offset, ...filter } = context.req.valid("query");
    const page = await listLogs(reader, filter, { limit, offset });
    return context.json({ ...page, limit, offset }, 200);
  });

  app.openapi(routes.exportLogs, (context) => {
    const { format, ...filter } = context.req.valid("query");
    return answerExport(context, format, "sync-logs", columns, eachLog(reader, undefined, filter));
  });
}
