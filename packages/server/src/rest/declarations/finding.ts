import { createRoute, z } from "@hono/zod-openapi";
import {
  answers,
  answersFile,
  format,
  moment,
  pageOf,
  paging,
  search,
  signedIn,
  uuid,
} from "./answer.ts";
import { Facet } from "./sync.ts";

export const Finding = z
  .object({
    id: z.string(),
    at: moment,
    kind: z.string(),
    side: z.enum(["source", "target"]),
    model: z.string(),
    key: z.string().nullable(),
    label: z.string().nullable(),
    field: z.string().nullable(),
    value: z.string().nullable(),
    message: z.string(),
    origin: z.string().nullable(),
  })
  .openapi("Finding");

const params = z.object({ id: uuid });

const findingFilters = {
  kind: z.string().optional(),
  side: z.enum(["source", "target"]).optional(),
  model: z.string().optional(),
  q: search,
};

export const FindingFilters = z.object(findingFilters);

export const FindingFacets = z
  .object({ kind: Facet, side: Facet, model: Facet })
  .openapi("FindingFacets");

export const listFindings = createRoute({
  method: "get",
  path: "/api/ssot/syncs/{id}/findings",
  security: signedIn,
  request: {
    params,
    query: z.object({ ...findingFilters, ...paging }),
  },
  responses: answers(pageOf(Finding, "FindingPage"), "What was wrong with the data."),
});

export const countFindings = createRoute({
  method: "get",
  path: "/api/ssot/syncs/{id}/findings/facets",
  security: signedIn,
  request: { params, query: FindingFilters },
  responses: answers(
    FindingFacets,
    "How many findings each value of a filter would show beside the other filters, the most frequent first.",
  ),
});

export const exportFindings = createRoute({
  method: "get",
  path: "/api/ssot/syncs/{id}/findings/export",
  security: signedIn,
  request: {
    params,
    query: z.object({ ...findingFilters, format }),
  },
  responses: answersFile,
});
