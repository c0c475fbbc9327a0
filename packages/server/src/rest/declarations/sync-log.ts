import { createRoute, z } from "@hono/zod-openapi";
import { mostSearched, shortestInDifferences } from "../../syncs/queries/search-values.ts";
import {
  answers,
  answersFile,
  anyOf,
  format,
  isTotalExact,
  moment,
  pageOf,
  paging,
  search,
  signedIn,
  uuid,
} from "./answer.ts";
import { actions, Direction, objectLinks, outcomes } from "./sync.ts";

export const logStatuses = ["success", "failure", "error"] as const;

export const SyncLogRow = z
  .object({
    id: z.string(),
    at: moment,
    syncId: z.string(),
    jobTitle: z.string(),
    direction: Direction,
    sourceName: z.string(),
    targetName: z.string(),
    kind: z.enum(["change", "finding", "message"]),
    action: z.enum(actions).nullable(),
    model: z.string().nullable(),
    label: z.string().nullable(),
    key: z.string().nullable(),
    status: z.enum(logStatuses).openapi({
      description:
        "success: applied, or planned by a dry run. failure: not done (held, skipped, stale, cancelled), or a finding. error: refused by the target.",
    }),
    message: z.string(),
    values: z
      .object({
        before: z.record(z.string(), z.unknown()).nullable(),
        after: z.record(z.string(), z.unknown()).nullable(),
      })
      .nullable(),
    ...objectLinks,
  })
  .openapi("SyncLogRow");

const filters = {
  action: anyOf(actions),
  status: anyOf(logStatuses),
  outcome: anyOf(outcomes).openapi({
    description: `Only changes of which this came in the end, as a sync's counts have it; one or more of, with commas between: ${outcomes.join(", ")}`,
  }),
  kind: anyOf(["change", "finding", "message"] as const),
  model: z.string().optional(),
  q: search.openapi({
    description: `Part of what an object is called, or of a message; from ${shortestInDifferences} characters also of a value that differs, in the newest syncs: those that have ${mostSearched} changes together at most.`,
  }),
};

/** The log over all syncs is narrowed to one of them, or by what syncs are, as well. */
const filtersOverAll = {
  ...filters,
  syncId: uuid.optional(),
  jobId: z.string().optional(),
  direction: Direction.optional(),
};

export const SyncLogFilters = z.object(filtersOverAll);

const params = z.object({ id: uuid });

export const listSyncLogs = createRoute({
  method: "get",
  path: "/api/ssot/syncs/{id}/logs",
  security: signedIn,
  request: { params, query: z.object({ ...filters, ...paging }) },
  responses: answers(
    pageOf(SyncLogRow, "SyncLogPage"),
    "Every object's action and outcome, adapter messages and findings, in time order.",
  ),
});

export const exportSyncLogs = createRoute({
  method: "get",
  path: "/api/ssot/syncs/{id}/logs/export",
  security: signedIn,
  request: { params, query: z.object({ ...filters, format }) },
  responses: answersFile,
});

export const listLogs = createRoute({
  method: "get",
  path: "/api/ssot/logs",
  security: signedIn,
  request: { query: z.object({ ...filtersOverAll, ...paging }) },
  responses: answers(
    pageOf(SyncLogRow, "LogPage").extend({ isTotalExact }),
    "The same rows over all syncs, newest first.",
  ),
});

export const exportLogs = createRoute({
  method: "get",
  path: "/api/ssot/logs/export",
  security: signedIn,
  request: { query: z.object({ ...filtersOverAll, format }) },
  responses: answersFile,
});
