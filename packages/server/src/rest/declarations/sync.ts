import { createRoute, z } from "@hono/zod-openapi";
import { jobKinds } from "../../syncs/job-kind.ts";
import { mostSearched, shortestInDifferences } from "../../syncs/queries/search-values.ts";
import { onceHeaders } from "../request-key.ts";
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
  yesOrNo,
} from "./answer.ts";

export const statuses = [
  "pending",
  "waiting",
  "running",
  "planned",
  "in-agreement",
  "applied",
  "not-converged",
  "partial",
  "held",
  "failed",
  "cancelled",
  "stale",
  "lost",
] as const;

export const SyncStatus = z.enum(statuses).openapi("SyncStatus");

const count = z.number().int();

const SyncCounts = z
  .object({
    create: count,
    update: count,
    delete: count,
    unchanged: count,
    held: count.openapi({ description: "Withheld by guards and not applied." }),
    rejected: count.openapi({ description: "Rejected by people and not applied." }),
    applied: count,
    failed: count,
    skipped: count,
    stale: count,
    cancelled: count,
    findings: count,
  })
  .openapi("SyncCounts");

const Phase = z.enum(["source", "target", "diff", "rehearsal", "apply", "verify"]);

export const Direction = z.enum(["source", "target", "comparison"]).openapi({
  description:
    "source: a system into the hub. target: the hub into a system. comparison: two sides, and nothing is written.",
});

export const SyncRow = z
  .object({
    id: z.string(),
    jobId: z.string(),
    jobTitle: z.string(),
    direction: Direction,
    sourceName: z.string(),
    targetName: z.string(),
    isDryRun: z.boolean(),
    undoOf: z.string().nullable().openapi({
      description: "The sync whose changes this one takes back; its record may be deleted by now.",
    }),
    status: SyncStatus,
    statusReason: z.string().nullable(),
    sentence: z.string().openapi({ description: "The outcome in words." }),
    user: z.string().nullable(),
    createdAt: moment,
    startedAt: moment.nullable(),
    finishedAt: moment.nullable(),
    durationMs: z.number().nullable(),
    phaseMs: z.partialRecord(Phase, z.number()).openapi({
      description:
        "How long each phase took, in milliseconds; of a dry run that was applied, both runs.",
    }),
    peakMemoryBytes: z.number().nullable(),
    counts: SyncCounts,
    latestJobResultId: z.string().nullable(),
  })
  .openapi("SyncRow");

const Possibility = z
  .object({ allowed: z.boolean(), reason: z.string().nullable() })
  .openapi("Possibility");

export const SyncDetail = SyncRow.extend({
  asksDeletes: z.boolean(),
  scope: z.array(z.string()).openapi({
    description: "What the run is about, in words; empty: everything.",
  }),
  ignored: z.array(z.string()).openapi({
    description: 'What the run passes over: "device.comments", "site:delete".',
  }),
  models: z.array(
    z
      .object({
        model: z.string(),
        label: z.string(),
        position: count,
        sourceCount: count,
        targetCount: count,
        unchanged: count,
        create: count,
        update: count,
        delete: count,
        outOfScope: count.openapi({ description: "Objects that the run is not about." }),
        ignored: count.openapi({ description: "Changes passed over as their action is ignored." }),
        held: count,
        rejected: count,
        applied: count,
        failed: count,
        skipped: count,
        stale: count,
        cancelled: count,
        sourceIncomplete: z.string().nullable(),
        targetIncomplete: z.string().nullable(),
      })
      .openapi("SyncModel"),
  ),
  phases: z.array(
    z
      .object({
        phase: Phase,
        jobResultId: z.string(),
        startedAt: moment,
        finishedAt: moment.nullable(),
        durationMs: z.number().nullable(),
        done: count,
      })
      .openapi("SyncPhase"),
  ),
  jobResults: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(jobKinds),
      status: SyncStatus,
      startedAt: moment.nullable(),
      finishedAt: moment.nullable(),
      mismatches: count.openapi({ description: "Objects that did not read back as written." }),
    }),
  ),
  holds: z.array(
    z
      .object({
        guard: z.string().nullable(),
        reason: z.string(),
        isExample: z.boolean().openapi({
          description: "Whether the reason is that of one of them, and others have others.",
        }),
        count,
        model: z.string(),
        canRelease: z.boolean().openapi({ description: "Whether a person may let it through." }),
      })
      .openapi("SyncHold"),
  ),
  input: z.record(z.string(), z.unknown()),
  planDigest: z.string().nullable(),
  decisionsRevision: count.openapi({
    description: "Rises with each ruling of a person; an approval names it with the digest.",
  }),
  rehearsal: z
    .object({ tried: count, refused: count, untried: count, isCurrent: z.boolean() })
    .nullable()
    .openapi({
      description:
        "How many changes were tried against the hub's rules (of those held or rejected, 10,000 at most), how many of those that may be applied it would refuse, and how many of these were let through since and are untried; not current where somebody ruled on the plan since.",
    }),
  undoneBy: z
    .array(z.object({ id: z.string(), status: SyncStatus, createdAt: moment }))
    .openapi({ description: "The syncs that take this one back, newest first." }),
  possible: z
    .object({
      apply: Possibility.extend({ count }),
      decide: Possibility,
      resume: Possibility,
      retry: Possibility,
      undo: Possibility,
      rollback: Possibility,
    })
    .openapi({
      description: "What can be done with the plan now, and how many changes would be applied.",
    }),
}).openapi("SyncDetail");

const Values = z.record(z.string(), z.unknown()).nullable();

export const actions = ["create", "update", "delete"] as const;
export const outcomes = [
  "applied",
  "failed",
  "skipped",
  "stale",
  "cancelled",
  "held",
  "rejected",
  "pending",
] as const;

export const SystemObject = z.object({
  system: z.string(),
  url: z.string().openapi({ description: "Where people see it there." }),
});

/** Where people see the object of a change. */
export const objectLinks = {
  objectUrl: z.string().nullable().openapi({ description: "Page of the hub's record, if any." }),
  systemObject: SystemObject.nullable().openapi({
    description:
      "The object in the other system, of a comparison of two systems in the source, where it has it and its job says how to link.",
  }),
  otherSystemObject: SystemObject.nullable().openapi({
    description: "Of a comparison of two systems: the object in the target.",
  }),
};

export const ChangeRow = z
  .object({
    position: count,
    model: z.string(),
    action: z.enum(actions),
    key: z.string(),
    label: z.string(),
    parentModel: z.string().nullable(),
    parentKey: z.string().nullable(),
    parentLabel: z.string().nullable(),
    before: Values,
    after: Values,
    fields: z.array(z.string()),
    step: z.union([z.literal(0), z.literal(1), z.literal(2)]).openapi({
      description:
        "1: the object's change. Beside it, where references go round a circle, 2 writes those that waited for what they name; 0 empties those that would keep objects from being deleted.",
    }),
    state: z.enum(["open", "held", "rejected"]).openapi({
      description: "Whether it may be applied; what is held and rejected is rejected.",
    }),
    hold: z.object({ guard: z.string().nullable(), reason: z.string() }).nullable(),
    release: z
      .object({ by: z.string().nullable(), at: moment, reason: z.string() })
      .nullable()
      .openapi({ description: "By whom it was let through that a guard had held." }),
    rejection: z
      .object({ by: z.string().nullable(), at: moment, reason: z.string() })
      .nullable()
      .openapi({ description: "By whom it was rejected, in this plan." }),
    rejectedBefore: z
      .object({ by: z.string().nullable(), at: moment, syncId: z.string() })
      .nullable()
      .openapi({
        description:
          "Where the same change was rejected in an earlier plan of the job: it is rejected here too until somebody accepts it.",
      }),
    rehearsal: z
      .object({
        status: z.enum(["failed", "skipped", "stale"]),
        code: z.string(),
        message: z.string(),
        field: z.string().nullable(),
        value: z.string().nullable(),
      })
      .nullable()
      .openapi({ description: "What the hub's rules would refuse, tried and rolled back." }),
    outcome: z
      .object({
        status: z.enum(["applied", "failed", "skipped", "stale", "cancelled"]),
        errorCode: z.string().nullable(),
        errorMessage: z.string().nullable(),
        errorField: z.string().nullable(),
        errorValue: z.string().nullable(),
        at: moment,
      })
      .nullable(),
    targetId: z.string().nullable(),
    ...objectLinks,
  })
  .openapi("ChangeRow");

const ChangeCounts = z.object({ create: count, update: count, delete: count });

export const TreeNode = z
  .object({
    kind: z.enum(["model", "object"]),
    model: z.string(),
    key: z.string().nullable(),
    label: z.string(),
    action: z.enum(actions).nullable(),
    position: count.nullable(),
    counts: ChangeCounts.openapi({
      description: "A model's changes, or those below an object at any depth.",
    }),
    hasChildren: z.boolean(),
  })
  .openapi("TreeNode");

export const syncSorts = [
  "-createdAt",
  "createdAt",
  "-durationMs",
  "durationMs",
  "jobTitle",
  "-jobTitle",
] as const;

const syncFilters = {
  q: search.openapi({
    description: `Part of a job's, system's or user's name; from ${shortestInDifferences} characters also of what an object that differs is called, and of a value that differs in the newest syncs, those that have ${mostSearched} changes together at most.`,
  }),
  jobId: z.string().optional(),
  jobResultId: uuid.optional().openapi({ description: "The sync that this run is of." }),
  status: anyOf(statuses),
  isDryRun: yesOrNo.optional(),
  direction: Direction.optional(),
  sort: z.enum(syncSorts).default("-createdAt"),
};

/** Filters of changes that name no place in their tree. */
export const TreeFilters = z.object({
  action: anyOf(actions),
  outcome: anyOf(outcomes),
  field: z.string().optional().openapi({ description: "Only updates of this field." }),
  guard: z.string().optional().openapi({ description: "Only what this guard holds." }),
  q: search,
});

export const changeFilters = {
  ...TreeFilters.shape,
  model: z.string().optional(),
  key: z
    .string()
    .optional()
    .openapi({ description: "The object of this key; give its model too." }),
  parentModel: z.string().optional(),
  parentKey: z.string().optional(),
};

export const SyncFilters = z.object(syncFilters);
export const ChangeFilters = z.object(changeFilters);

const params = z.object({ id: uuid });

export const Facet = z.array(z.object({ value: z.string(), count }));

export const Facets = z
  .object({ model: Facet, action: Facet, outcome: Facet, guard: Facet, field: Facet })
  .openapi("ChangeFacets");

export const listSyncs = createRoute({
  method: "get",
  path: "/api/ssot/syncs",
  security: signedIn,
  request: { query: z.object({ ...syncFilters, ...paging }) },
  responses: answers(pageOf(SyncRow, "SyncPage"), "Syncs, newest first."),
});

export const exportSyncs = createRoute({
  method: "get",
  path: "/api/ssot/syncs/export",
  security: signedIn,
  request: { query: z.object({ ...syncFilters, format }) },
  responses: answersFile,
});

export const getSync = createRoute({
  method: "get",
  path: "/api/ssot/syncs/{id}",
  security: signedIn,
  request: { params },
  responses: answers(SyncDetail, "The record of a sync."),
});

export const deleteSync = createRoute({
  method: "delete",
  path: "/api/ssot/syncs/{id}",
  security: signedIn,
  request: { params },
  responses: answersNothing,
});

export const deleteSyncs = createRoute({
  method: "post",
  path: "/api/ssot/syncs/delete",
  security: signedIn,
  request: {
    headers: onceHeaders,
    body: {
      required: true,
      content: {
        "application/json": { schema: z.object({ ids: z.array(uuid).min(1).max(1000) }) },
      },
    },
  },
  responses: answers(
    z
      .object({
        deleted: count,
        kept: z
          .array(z.object({ syncId: z.string(), reason: z.string() }))
          .openapi({ description: "Those that stay, because a run of theirs is at work say." }),
      })
      .openapi("DeletedSyncs"),
    "The records of the syncs are deleted; what they wrote stays.",
  ),
});

export const listChanges = createRoute({
  method: "get",
  path: "/api/ssot/syncs/{id}/changes",
  security: signedIn,
  request: { params, query: z.object({ ...changeFilters, ...paging }) },
  responses: answers(
    pageOf(ChangeRow, "ChangePage"),
    "Changes of the plan, in the order of applying.",
  ),
});

export const countChanges = createRoute({
  method: "get",
  path: "/api/ssot/syncs/{id}/facets",
  security: signedIn,
  request: { params, query: ChangeFilters },
  responses: answers(
    Facets,
    "How many changes each value of a filter would show beside the other filters, the most frequent first.",
  ),
});

export const exportChanges = createRoute({
  method: "get",
  path: "/api/ssot/syncs/{id}/changes/export",
  security: signedIn,
  request: { params, query: z.object({ ...changeFilters, format }) },
  responses: answersFile,
});

export const getTree = createRoute({
  method: "get",
  path: "/api/ssot/syncs/{id}/tree",
  security: signedIn,
  request: {
    params,
    query: z.object({
      ...TreeFilters.shape,
      parentModel: z.string().optional(),
      parentKey: z.string().optional(),
      ...paging,
    }),
  },
  responses: answers(
    z.object({ nodes: z.array(TreeNode), total: count }).openapi("TreeLevel"),
    "One level: the models; with parentModel its topmost changed objects; with parentKey too, that object's changed children. Filters leave what matches and what that lies below; counts are of what matches.",
  ),
});
