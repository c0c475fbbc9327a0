import { OpenAPIHono } from "@hono/zod-openapi";
import * as decision from "./declarations/decision.ts";
import * as inventory from "./declarations/inventory.ts";
import * as job from "./declarations/job.ts";
import * as jobResult from "./declarations/job-result.ts";
import * as session from "./declarations/session.ts";
import * as finding from "./declarations/finding.ts";
import * as sync from "./declarations/sync.ts";
import * as syncLog from "./declarations/sync-log.ts";

/** Every route of the API; a test checks that the application serves each one. */
export const declaredRoutes = [
  session.getSession,
  session.signIn,
  session.signOut,
  session.checkSetup,
  session.setUp,
  session.listTokens,
  session.createToken,
  session.revokeToken,
  session.getStatus,
  job.getDashboard,
  job.getJob,
  job.listJobSyncs,
  job.runJob,
  job.applySync,
  job.resumeSync,
  job.retrySync,
  job.undoSync,
  job.rollBackSync,
  jobResult.listJobResults,
  jobResult.exportJobResults,
  jobResult.getJobResult,
  jobResult.listJobLogs,
  jobResult.exportJobLogs,
  jobResult.followJobResult,
  jobResult.cancelJobResult,
  jobResult.rerunJobResult,
  sync.listSyncs,
  sync.exportSyncs,
  sync.getSync,
  sync.deleteSync,
  sync.deleteSyncs,
  sync.listChanges,
  sync.countChanges,
  sync.exportChanges,
  sync.getTree,
  decision.decide,
  decision.getConsequences,
  finding.listFindings,
  finding.countFindings,
  finding.exportFindings,
  syncLog.listSyncLogs,
  syncLog.exportSyncLogs,
  syncLog.listLogs,
  syncLog.exportLogs,
  inventory.listModels,
  inventory.listInventory,
  inventory.exportInventory,
  inventory.importInventory,
  inventory.listInventoryTree,
  inventory.listRelated,
  inventory.findObjects,
  inventory.getInventory,
] as const;

/** The OpenAPI 3.1 document of the API, from the declarations alone. */
export function createApiDocument(version: string) {
  const registrar = new OpenAPIHono();
  const registry = registrar.openAPIRegistry;
  registry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "plumbline_session",
  });
  registry.registerComponent("securitySchemes", "token", {
    type: "http",
    scheme: "bearer",
    description: "An API token: `Authorization: Token <key>` or `Authorization: Bearer <key>`.",
  });
  // Values of records are open; what a reference looks like in them is named all the same.
  registry.register("ReferenceValue", inventory.ReferenceValue);
  for (const route of declaredRoutes) registry.registerPath(route);
  return registrar.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Plumbline", version, description: "Keeps systems of record in agreement." },
  });
}
