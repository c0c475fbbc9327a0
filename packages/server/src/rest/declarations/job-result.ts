import { createRoute, z } from "@hono/zod-openapi";
import { onceHeaders } from "../request-key.ts";
import { jobKinds } from "../../syncs/job-kind.ts";
import {
  answers,
  answersFile,
  answersNothing,
  anyOf,
  format,
  moment,
  pageOf,
  paging,
  search,
  signedIn,
  uuid,
} from "./answer.ts";
import { Started } from "./job.ts";
import { Direction, statuses, SyncStatus } from "./sync.ts";

export const logLevels = ["debug", "info", "success", "warning", "error"] as const;

const count = z.number().int();

export const JobResultRow = z
  .object({
    id: z.string(),
    jobId: z.string(),
    jobTitle: z.string(),
    kind: z.enum(jobKinds),
    syncId: z.string(),
    status: SyncStatus,
    statusReason: z.string().nullable(),
    user: z.string().nullable(),
    isDryRun: z.boolean(),
    direction: Direction,
    createdAt: moment,
    startedAt: moment.nullable(),
    finishedAt: moment.nullable(),
    durationMs: z.number().nullable(),
  })
  .openapi("JobResultRow");

export const PhaseProgress = z
  .object({
    done: z.number(),
    total: z.number().nullable(),
    perSecond: z.number().nullable(),
    startedAt: moment.nullable(),
    finishedAt: moment.nullable(),
  })
  .openapi("PhaseProgress");

export const JobResultDetail = JobResultRow.extend({
  jobDescription: z.string(),
  sourceName: z.string(),
  targetName: z.string(),
  sentence: z.string(),
  input: z.record(z.string(), z.unknown()),
  asksDeletes: z.boolean(),
  ignore: z.array(z.string()).openapi({ description: "What this run alone passes over." }),
  isCancelRequested: z.boolean(),
  peakMemoryBytes: z.number().nullable(),
  progress: z
    .record(z.string(), PhaseProgress)
    .openapi({ description: "By phase: source, target, diff, apply, verify." }),
  mismatches: count.openapi({ description: "Objects that did not read back as written." }),
  waitsFor: z
    .object({ jobResultId: z.string(), jobTitle: z.string() })
    .nullable()
    .openapi({ description: "The run that holds the target this one waits for." }),
  logCounts: z.object({
    debug: count,
    info: count,
    success: count,
    warning: count,
    error: count,
  }),
}).openapi("JobResultDetail");

export const JobLog = z
  .object({
    id: count,
    at: moment,
    level: z.enum(logLevels),
    grouping: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).nullable(),
  })
  .openapi("JobLog");

const filters = {
  status: anyOf(statuses),
  jobId: z.string().optional(),
  q: search,
};

const logFilters = {
  level: anyOf(logLevels),
  grouping: z.string().optional().openapi({ description: "Step or side: source, verify, run." }),
  q: search,
};

const params = z.object({ id: uuid });

export const listJobResults = createRoute({
  method: "get",
  path: "/api/ssot/job-results",
  security: signedIn,
  request: { query: z.object({ ...filters, ...paging }) },
  responses: answers(pageOf(JobResultRow, "JobResultPage"), "Job results, newest first."),
});

export const exportJobResults = createRoute({
  method: "get",
  path: "/api/ssot/job-results/export",
  security: signedIn,
  request: { query: z.object({ ...filters, format }) },
  responses: answersFile,
});

export const getJobResult = createRoute({
  method: "get",
  path: "/api/ssot/job-results/{id}",
  security: signedIn,
  request: { params },
  responses: answers(JobResultDetail, "One run of a job."),
});

export const listJobLogs = createRoute({
  method: "get",
  path: "/api/ssot/job-results/{id}/logs",
  security: signedIn,
  request: {
    params,
    query: z.object({
      ...logFilters,
      after: z.coerce.number().int().min(0).optional().openapi({
        description: "Only lines with a greater id, for following.",
      }),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
      offset: paging.offset,
    }),
  },
  responses: answers(pageOf(JobLog, "JobLogPage"), "The lines of the run, oldest first."),
});

export const exportJobLogs = createRoute({
  method: "get",
  path: "/api/ssot/job-results/{id}/logs/export",
  security: signedIn,
  request: { params, query: z.object({ ...logFilters, format }) },
  responses: answersFile,
});

export const followJobResult = createRoute({
  method: "get",
  path: "/api/ssot/job-results/{id}/events",
  security: signedIn,
  request: {
    params,
    query: z.object({
      after: z.coerce.number().int().min(0).default(0).openapi({
        description: "Log lines with a greater id are sent.",
      }),
    }),
  },
  responses: {
    ...answersNothing,
    200: {
      description:
        "Events `result` (JobResultDetail) and `logs` (JobLog[]); `end` follows the final result.",
      content: {
        "text/event-stream": {
          schema: z.object({
            event: z.enum(["result", "logs", "end"]),
            data: z.string().optional().openapi({ description: "JSON." }),
          }),
        },
      },
    },
  },
});

export const cancelJobResult = createRoute({
  method: "post",
  path: "/api/ssot/job-results/{id}/cancel",
  security: signedIn,
  request: { params },
  responses: answers(JobResultRow, "Cancelling was asked for."),
});

export const rerunJobResult = createRoute({
  method: "post",
  path: "/api/ssot/job-results/{id}/rerun",
  security: signedIn,
  request: { params, headers: onceHeaders },
  responses: answers(Started, "A new run with the same input is in the queue.", 202),
});
