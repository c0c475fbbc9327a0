import { createRoute, z } from "@hono/zod-openapi";
import { onceHeaders } from "../request-key.ts";
import { answers, signedIn, uuid } from "./answer.ts";
import { actions, changeFilters, outcomes } from "./sync.ts";

const count = z.number().int();
const params = z.object({ id: uuid });

/** The filters of the list of changes, as JSON. */
const Filter = z.object({
  ...changeFilters,
  action: z.array(z.enum(actions)).optional(),
  outcome: z.array(z.enum(outcomes)).optional(),
});

const verdicts = ["reject", "accept", "release", "hold-again"] as const;

const selection = {
  positions: z
    .array(z.number().int().min(1))
    .max(100_000)
    .optional()
    .openapi({ description: "Changes by their positions." }),
  filter: Filter.optional().openapi({
    description: "All changes that the list of changes has with these filters; {} for every one.",
  }),
};

const Group = z.object({ model: z.string(), action: z.enum(actions), count });

const Refusal = z
  .object({ guard: z.string(), count, reason: z.string() })
  .openapi("DecisionRefusal");

const Decided = z
  .object({
    decided: count.openapi({ description: "Changes ruled on that were not so already." }),
    held: count.openapi({ description: "Other changes that are held in consequence." }),
    freed: count.openapi({ description: "Other changes that may be applied in consequence." }),
    refused: z.array(Refusal).openapi({
      description: "Changes that stay held whatever is asked, by guard.",
    }),
    decisionsRevision: count,
  })
  .openapi("Decided");

const Consequences = z
  .object({
    decided: count.openapi({ description: "Changes that would be ruled on." }),
    held: z.array(Group),
    freed: z.array(Group),
    labels: z.array(z.string()).openapi({ description: "The first 20 of those affected." }),
    refused: z.array(Refusal),
    sentence: z.string().openapi({
      description: "In words: These 3 locations take 48 devices with them.",
    }),
  })
  .openapi("Consequences");

export const decide = createRoute({
  method: "post",
  path: "/api/ssot/syncs/{id}/decisions",
  security: signedIn,
  request: {
    params,
    headers: onceHeaders,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.object({
            verdict: z.enum(verdicts),
            ...selection,
            reason: z.string().max(2000).optional(),
          }),
        },
      },
    },
  },
  responses: answers(
    Decided,
    "Ruled: reject keeps changes from being applied, accept takes that back; release lets held ones through, hold-again takes that back. Refused once a run has begun to apply the plan.",
  ),
});

export const getConsequences = createRoute({
  method: "post",
  path: "/api/ssot/syncs/{id}/consequences",
  security: signedIn,
  request: {
    params,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.object({ verdict: z.enum(verdicts), ...selection }),
        },
      },
    },
  },
  responses: answers(Consequences, "What a ruling would take with it; nothing is changed."),
});
