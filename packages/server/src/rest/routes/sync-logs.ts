import type { OpenAPIHono } from "@hono/zod-openapi";
import { readManifestOf } from "../../syncs/queries/manifest.ts";
import { eachLog, listLogs, listSyncLogs } from "../../syncs/queries/sync-logs.ts";
import { assertSync } from "../../syncs/queries/sync-rows.ts";
import type { AppEnv, AppOptions } from "../app-options.ts";
import * as routes from "../declarations/sync-log.ts";
import { answerLinkedExport } from "../export.ts";

const columns = [
  ...["at", "syncId", "jobTitle", "direction", "sourceName", "targetName", "kind", "action"],
  ...["model", "label", "key", "status", "message", "values"],
  ...["objectUrl", "systemObject", "otherSystemObject"],
];

export function addSyncLogRoutes(app: OpenAPIHono<AppEnv>, options: AppOptions): void {
  const reader = options.database.kysely;

  app.openapi(routes.listSyncLogs, async (context) => {
    const { id } = context.req.valid("param");
    await assertSync(reader, id);
    const { limit, offset, ...filter } = context.req.valid("query");
    const manifest = await readManifestOf(reader);
    const page = await listSyncLogs(reader, manifest, id, filter, { limit, offset });
    return context.json({ ...page, limit, offset }, 200);
  });

  app.openapi(routes.exportSyncLogs, async (context) => {
    const { id } = context.req.valid("param");
    await assertSync(reader, id);
    const manifest = await readManifestOf(reader);
    const { format, ...filter } = context.req.valid("query");
    const logs = eachLog(reader, manifest, id, filter);
    return answerLinkedExport(context, format, `sync-log-${id}`, columns, logs);
  });

  app.openapi(routes.listLogs, async (context) => {
    const { limit, offset, ...filter } = context.req.valid("query");
    const manifest = await readManifestOf(reader);
    const page = await listLogs(reader, manifest, filter, { limit, offset });
    return context.json({ ...page, limit, offset }, 200);
  });

  app.openapi(routes.exportLogs, async (context) => {
    const manifest = await readManifestOf(reader);
    const { format, ...filter } = context.req.valid("query");
    const logs = eachLog(reader, manifest, undefined, filter);
    return answerLinkedExport(context, format, "sync-logs", columns, logs);
  });
}
