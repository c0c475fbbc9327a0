import { createRoute, z } from "@hono/zod-openapi";
import { onceHeaders } from "../request-key.ts";
import { answers, moment, pageOf, paging, signedIn, uuid } from "./answer.ts";
import { Direction, SyncRow, SyncStatus } from "./sync.ts";

const Variable = z
  .object({
    name: z.string(),
    kind: z.enum(["text", "integer", "boolean", "choice"]),
    label: z.string(),
    description: z.string(),
    isRequired: z.boolean(),
    default: z.union([z.string(), z.number(), z.boolean()]).nullable(),
    choices: z.array(z.string()),
  })
  .openapi("Variable");

const HubSide = z
  .enum(["source", "target"])
  .nullable()
  .openapi({ description: "Which side is the hub; null where neither is known to be." });

const JobManifest = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    direction: Direction,
    system: z.string(),
    sourceName: z.string(),
    targetName: z.string(),
    hubSide: HubSide,
    models: z.array(z.string()),
    variables: z.array(Variable),
    dryRunDefault: z.boolean(),
    deletesDefault: z.boolean(),
    deleteRules: z.array(z.string()).openapi({
      description:
        "How many deletes a run applies at most, and what becomes of types that are not deleted at once.",
    }),
    scope: z.array(z.string()).openapi({
      description: "What its runs are about, in words, with the offered inputs; empty: everything.",
    }),
    ignored: z.array(z.string()).openapi({
      description: 'What its runs pass over: "device.comments", "site:delete".',
    }),
    mappings: z.array(
      z.object({
        source: z.string(),
        sourceUrl: z.string().nullable(),
        target: z.string(),
        targetUrl: z.string().nullable(),
      }),
    ),
    links: z.record(z.string(), z.string()).openapi({
      description: "Where people see an object in the system, by model name: an address with {id}.",
    }),
    otherLinks: z
      .record(z.string(), z.string())
      .openapi({ description: "The same of the other system of a comparison." }),
    connection: z.string().openapi({ description: "Whose ids the remembered pairs name." }),
    configuration: z.array(z.object({ label: z.string(), value: z.string() })),
    isExample: z.boolean(),
    plugin: z
      .string()
      .openapi({ description: "The package, file or connection that brought the job." }),
  })
  .openapi("JobManifest");

export const JobState = z
  .object({
    kind: z.enum(["agree", "differ", "failing", "running", "never-run"]),
    text: z.string().openapi({ description: 'For people: "12 differences".' }),
    at: moment.nullable(),
  })
  .openapi("JobState");

const LastRun = z
  .object({
    syncId: z.string(),
    jobResultId: z.string().nullable(),
    status: SyncStatus,
    changes: z.number().int(),
    isDryRun: z.boolean(),
    startedAt: moment.nullable(),
    createdAt: moment,
  })
  .openapi("LastRun");

export const JobCard = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    direction: Direction,
    system: z.string(),
    sourceName: z.string(),
    targetName: z.string(),
    hubSide: HubSide,
    isExample: z.boolean(),
    state: JobState,
    total: z.number().int().openapi({ description: "How many syncs the job has run." }),
    lastRuns: z.array(LastRun).openapi({ description: "At most ten, newest last." }),
  })
  .openapi("JobCard");

const VariableValues = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()]).nullable(),
);

export const JobDetail = JobManifest.extend({
  state: JobState,
  lastInput: z
    .object({ isDryRun: z.boolean(), asksDeletes: z.boolean(), variables: VariableValues })
    .nullable()
    .openapi({ description: "What the newest run was started with." }),
}).openapi("JobDetail");

export const Dashboard = z
  .object({
    summary: z.object({
      agree: z.number().int(),
      differ: z.number().int(),
      failing: z.number().int(),
      neverRun: z.number().int(),
    }),
    sources: z.array(JobCard),
    targets: z.array(JobCard),
    comparisons: z.array(JobCard),
    recentSyncs: z.array(SyncRow),
    loadErrors: z.array(
      z.object({ file: z.string(), line: z.number().int().nullable(), message: z.string() }),
    ),
  })
  .openapi("Dashboard");

export const Started = z.object({ jobResultId: z.string(), syncId: z.string() }).openapi("Started");

const jobId = z.object({ id: z.string() });

export const getDashboard = createRoute({
  method: "get",
  path: "/api/ssot/dashboard",
  security: signedIn,
  responses: answers(Dashboard, "Every Data Source and Data Target and how it stands."),
});

export const getJob = createRoute({
  method: "get",
  path: "/api/ssot/jobs/{id}",
  security: signedIn,
  request: { params: jobId },
  responses: answers(JobDetail, "A Data Source or Data Target."),
});

export const listJobSyncs = createRoute({
  method: "get",
  path: "/api/ssot/jobs/{id}/syncs",
  security: signedIn,
  request: { params: jobId, query: z.object(paging) },
  responses: answers(pageOf(SyncRow, "JobSyncPage"), "The job's syncs, newest first."),
});

export const runJob = createRoute({
  method: "post",
  path: "/api/ssot/jobs/{id}/run",
  security: signedIn,
  request: {
    params: jobId,
    headers: onceHeaders,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z
            .object({
              isDryRun: z.boolean().default(true),
              asksDeletes: z.boolean().optional(),
              ignore: z.array(z.string()).default([]).openapi({
                description:
                  'What this run passes over, beside what its job ignores: a field as "device.comments", an action as "site:delete".',
              }),
              variables: VariableValues.default({}),
            })
            .openapi("RunRequest"),
        },
      },
    },
  },
  responses: answers(Started, "The run is in the queue.", 202),
});

const ApplyStarted = z.object({ jobResultId: z.string() }).openapi("ApplyStarted");

const asReviewed = "must be that of the sync as it was reviewed: GET /api/ssot/syncs/{id} tells it";

export const applySync = createRoute({
  method: "post",
  path: "/api/ssot/syncs/{id}/apply",
  security: signedIn,
  request: {
    params: z.object({ id: uuid }),
    headers: onceHeaders,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z
            .object({
              planDigest: z.string({ error: asReviewed }),
              decisionsRevision: z.number({ error: asReviewed }).int(),
            })
            .openapi("Approval", {
              description:
                "What was reviewed, as the sync's record says it: refused where the plan, or what is decided about it, is another by now.",
            }),
        },
      },
    },
  },
  responses: answers(ApplyStarted, "Applying the recorded plan is in the queue.", 202),
});

const carriedOn = {
  security: signedIn,
  request: { params: z.object({ id: uuid }), headers: onceHeaders },
} as const;

export const resumeSync = createRoute({
  method: "post",
  path: "/api/ssot/syncs/{id}/resume",
  ...carriedOn,
  responses: answers(ApplyStarted, "What was not tried of the plan is in the queue.", 202),
});

export const retrySync = createRoute({
  method: "post",
  path: "/api/ssot/syncs/{id}/retry",
  ...carriedOn,
  responses: answers(ApplyStarted, "What failed of the plan is in the queue.", 202),
});

export const undoSync = createRoute({
  method: "post",
  path: "/api/ssot/syncs/{id}/undo",
  ...carriedOn,
  responses: answers(
    Started,
    "The planning of the way back is in the queue: a sync of its own, to be reviewed and applied.",
    202,
  ),
});

export const rollBackSync = createRoute({
  method: "post",
  path: "/api/ssot/syncs/{id}/rollback",
  ...carriedOn,
  responses: answers(Started, "The way back is in the queue, to be applied at once.", 202),
});
