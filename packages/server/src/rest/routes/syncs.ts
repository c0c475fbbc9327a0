import type { OpenAPIHono } from "@hono/zod-openapi";
import { foresee } from "../../syncs/decisions/consequences.ts";
import { decide } from "../../syncs/decisions/decide.ts";
import { deleteSync, deleteSyncs } from "../../syncs/delete-syncs.ts";
import { eachChange, listChanges } from "../../syncs/queries/change-rows.ts";
import { readFacets } from "../../syncs/queries/change-facets.ts";
import { readTreeLevel } from "../../syncs/queries/change-tree.ts";
import { eachFinding, listFindings, readFindingFacets } from "../../syncs/queries/findings.ts";
import { readManifestOf } from "../../syncs/queries/manifest.ts";
import { getSync } from "../../syncs/queries/sync-detail.ts";
import { assertSync, eachSync, listSyncs } from "../../syncs/queries/sync-rows.ts";
import type { AppEnv, AppOptions } from "../app-options.ts";
import * as decisions from "../declarations/decision.ts";
import * as findings from "../declarations/finding.ts";
import * as routes from "../declarations/sync.ts";
import { answerExport, answerLinkedExport } from "../export.ts";
import { requestKeyOf } from "../request-key.ts";

const syncColumns = [
  ...["id", "jobId", "jobTitle", "direction", "sourceName", "targetName", "isDryRun", "status"],
  ...["statusReason", "sentence", "user", "createdAt", "startedAt", "finishedAt", "durationMs"],
  ...["phaseMs", "peakMemoryBytes", "counts"],
];
const changeColumns = [
  ...["position", "model", "action", "label", "key", "parentModel", "parentKey", "parentLabel"],
  ...["fields", "before", "after", "state", "hold", "rejection", "rejectedBefore", "rehearsal"],
  ...["outcome", "targetId", "objectUrl", "systemObject", "otherSystemObject"],
];
const findingColumns = [
  ...["id", "at", "kind", "side", "model", "label", "key", "field", "value", "message", "origin"],
];

export function addSyncRoutes(app: OpenAPIHono<AppEnv>, { database }: AppOptions): void {
  const reader = database.kysely;

  app.openapi(routes.listSyncs, async (context) => {
    const { limit, offset, ...filter } = context.req.valid("query");
    const page = await listSyncs(reader, filter, { limit, offset });
    return context.json({ ...page, limit, offset }, 200);
  });

  app.openapi(routes.exportSyncs, (context) => {
    const { format, ...filter } = context.req.valid("query");
    return answerExport(context, format, "syncs", syncColumns, eachSync(reader, filter));
  });

  app.openapi(routes.getSync, async (context) => {
    const { models } = await readManifestOf(reader);
    return context.json(await getSync(database, models, context.req.valid("param").id), 200);
  });

  app.openapi(routes.deleteSync, async (context) => {
    await deleteSync(database, context.req.valid("param").id);
    return context.body(null, 204);
  });

  app.openapi(routes.deleteSyncs, async (context) => {
    const { ids } = context.req.valid("json");
    const once = requestKeyOf(context.req.valid("header"), "delete", ids);
    return context.json(await deleteSyncs(database, ids, context.var.identity.user.id, once), 200);
  });

  app.openapi(routes.listChanges, async (context) => {
    const { id } = context.req.valid("param");
    await assertSync(reader, id);
    const manifest = await readManifestOf(reader);
    const { limit, offset, ...filter } = context.req.valid("query");
    const page = await listChanges(reader, manifest, id, filter, { limit, offset });
    return context.json({ ...page, limit, offset }, 200);
  });

  app.openapi(routes.countChanges, async (context) => {
    const { id } = context.req.valid("param");
    await assertSync(reader, id);
    return context.json(await readFacets(reader, id, context.req.valid("query")), 200);
  });

  app.openapi(routes.exportChanges, async (context) => {
    const { id } = context.req.valid("param");
    await assertSync(reader, id);
    const manifest = await readManifestOf(reader);
    const { format, ...filter } = context.req.valid("query");
    const changes = eachChange(reader, manifest, id, filter);
    return answerLinkedExport(context, format, `changes-${id}`, changeColumns, changes);
  });

  app.openapi(routes.getTree, async (context) => {
    const { id } = context.req.valid("param");
    await assertSync(reader, id);
    const { models } = await readManifestOf(reader);
    const { limit, offset, parentModel, parentKey, ...filter } = context.req.valid("query");
    const place = { parentModel, parentKey };
    const level = await readTreeLevel(reader, models, id, place, filter, { limit, offset });
    return context.json(level, 200);
  });

  app.openapi(decisions.decide, async (context) => {
    const { id } = context.req.valid("param");
    const { user } = context.var.identity;
    const ruling = context.req.valid("json");
    const once = requestKeyOf(context.req.valid("header"), "decide", id, ruling);
    return context.json(await decide(database, id, ruling, user, once), 200);
  });

  app.openapi(decisions.getConsequences, async (context) => {
    const { id } = context.req.valid("param");
    const { models } = await readManifestOf(reader);
    const { user } = context.var.identity;
    const ruling = context.req.valid("json");
    return context.json(await foresee(database, models, id, ruling, user), 200);
  });

  app.openapi(findings.listFindings, async (context) => {
    const { id } = context.req.valid("param");
    await assertSync(reader, id);
    const { limit, offset, ...filter } = context.req.valid("query");
    const page = await listFindings(reader, id, filter, { limit, offset });
    return context.json({ ...page, limit, offset }, 200);
  });

  app.openapi(findings.countFindings, async (context) => {
    const { id } = context.req.valid("param");
    await assertSync(reader, id);
    return context.json(await readFindingFacets(reader, id, context.req.valid("query")), 200);
  });

  app.openapi(findings.exportFindings, async (context) => {
    const { id } = context.req.valid("param");
    await assertSync(reader, id);
    const { format, ...filter } = context.req.valid("query");
    const batches = eachFinding(reader, id, filter);
    return answerExport(context, format, `findings-${id}`, findingColumns, batches);
  });
}
