import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answerOf, api, isRefused, send } from "./client.ts";
import type { components, paths } from "./schema.d.ts";
import type { ChangeRow, JobLog, Note, Page, Ruling } from "./shapes.ts";

/** The query parameters of a list. */
type QueryOf<Path extends keyof paths> = paths[Path] extends {
  get: { parameters: { query?: infer Parameters } };
}
  ? NonNullable<Parameters>
  : never;

/** Long enough not to tire the server, short enough that a page left open tells the truth. */
const refreshMs = 15_000;

/** Reads anew every so often; what was refused is not asked for on and on. */
export function every(ms: number) {
  return ({ state }: { readonly state: { readonly error: Error | null } }): number | false =>
    isRefused(state.error) ? false : ms;
}

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/session", { signal })),
  staleTime: 60_000,
});

export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/status", { signal })),
  // It is asked again soon anyway, and the sooner a server that is gone is noticed the better.
  retry: false,
  refetchInterval: 5_000,
});

/** Whether a set-up link is good. */
export function setupQuery(token: string) {
  return queryOptions({
    queryKey: ["setup", token],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/setup", { params: { query: { token } }, signal })),
    enabled: token !== "",
    refetchOnWindowFocus: false,
  });
}

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/tokens", { signal })),
});

export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/models", { signal })),
  // Custom fields are defined as the pages run.
  staleTime: 60_000,
});

export const dashboardQuery = queryOptions({
  queryKey: ["dashboard"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/ssot/dashboard", { signal })),
  refetchInterval: every(5_000),
});

export function jobQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/ssot/jobs/{id}", { params: { path: { id } }, signal })),
  });
}

export type SyncsQuery = QueryOf<"/api/ssot/syncs">;

export function syncsQuery(query: SyncsQuery) {
  return queryOptions({
    queryKey: ["syncs", query],
    queryFn: ({ signal }) => answerOf(api.GET("/api/ssot/syncs", { params: { query }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: every(refreshMs),
  });
}

export function syncQuery(id: string) {
  return queryOptions({
    queryKey: ["sync", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/ssot/syncs/{id}", { params: { path: { id } }, signal })),
  });
}

/** Rows per request of the lists that read on as they are scrolled. */
export const scrollPageSize = 100;

/** A list read page by page as it is scrolled. */
export interface PageSource<Row> {
  readonly key: readonly unknown[];
  /** `page` counts from 0. */
  readonly fetch: (page: number, signal: AbortSignal) => Promise<Page<Row>>;
}

function scrolled(page: number) {
  return { limit: scrollPageSize, offset: page * scrollPageSize };
}

export function changePages(
  id: string,
  filters: QueryOf<"/api/ssot/syncs/{id}/changes">,
): PageSource<ChangeRow> {
  return {
    key: ["changes", id, filters],
    fetch: (page, signal) =>
      answerOf(
        api.GET("/api/ssot/syncs/{id}/changes", {
          params: { path: { id }, query: { ...filters, ...scrolled(page) } },
          signal,
        }),
      ),
  };
}

export function jobLogPages(
  id: string,
  filters: QueryOf<"/api/ssot/job-results/{id}/logs">,
): PageSource<JobLog> {
  return {
    key: ["job-logs", id, filters],
    fetch: (page, signal) =>
      answerOf(
        api.GET("/api/ssot/job-results/{id}/logs", {
          params: { path: { id }, query: { ...filters, ...scrolled(page) } },
          signal,
        }),
      ),
  };
}

/** Nodes of one level of the tree that are read at once. */
export const treePageSize = 200;

export type TreePageData = components["schemas"]["TreeLevel"];

/** What narrows a plan's tree: the filters of changes that name no place in it. */
export type TreeFilter = Readonly<
  Partial<Record<"action" | "outcome" | "field" | "guard" | "q", string | undefined>>
>;

/** A page of one level of a plan's tree; `page` counts from 0. */
export function treePageQuery(
  id: string,
  filter: TreeFilter,
  parent: { model: string; key: string | null } | null,
  page: number,
) {
  return queryOptions({
    queryKey: ["tree", id, filter, parent, page],
    queryFn: ({ signal }) => {
      const place = { parentModel: parent?.model, parentKey: parent?.key ?? undefined };
      const paging = { limit: treePageSize, offset: page * treePageSize };
      return answerOf(
        api.GET("/api/ssot/syncs/{id}/tree", {
          params: { path: { id }, query: { ...filter, ...place, ...paging } },
          signal,
        }),
      );
    },
  });
}

/** What a ruling would take with it, as the plan stands at a revision of its decisions. */
export function consequencesQuery(id: string, revision: number, ruling: Ruling) {
  return queryOptions({
    queryKey: ["consequences", id, revision, ruling],
    queryFn: ({ signal }) =>
      answerOf(
        api.POST("/api/ssot/syncs/{id}/consequences", {
          params: { path: { id } },
          body: ruling,
          signal,
        }),
      ),
  });
}

/** How many changes each value of a filter would show beside the other filters. */
export function facetsQuery(id: string, filters: QueryOf<"/api/ssot/syncs/{id}/facets">) {
  return queryOptions({
    queryKey: ["facets", id, filters],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/ssot/syncs/{id}/facets", {
          params: { path: { id }, query: filters },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

export function findingsQuery(id: string, query: QueryOf<"/api/ssot/syncs/{id}/findings">) {
  return queryOptions({
    queryKey: ["findings", id, query],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/ssot/syncs/{id}/findings", { params: { path: { id }, query }, signal }),
      ),
    placeholderData: keepPreviousData,
  });
}

export function findingFacetsQuery(
  id: string,
  filters: QueryOf<"/api/ssot/syncs/{id}/findings/facets">,
) {
  return queryOptions({
    queryKey: ["finding-facets", id, filters],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/ssot/syncs/{id}/findings/facets", {
          params: { path: { id }, query: filters },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

/** The log of one sync, or of all of them where `syncId` is null. */
export function syncLogsQuery(syncId: string | null, query: QueryOf<"/api/ssot/logs">) {
  return queryOptions({
    queryKey: ["sync-logs", syncId, query],
    queryFn: ({ signal }) =>
      answerOf(
        syncId === null
          ? api.GET("/api/ssot/logs", { params: { query }, signal })
          : api.GET("/api/ssot/syncs/{id}/logs", {
              params: { path: { id: syncId }, query },
              signal,
            }),
      ),
    placeholderData: keepPreviousData,
  });
}

export function jobResultsQuery(query: QueryOf<"/api/ssot/job-results">) {
  return queryOptions({
    queryKey: ["job-results", query],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/ssot/job-results", { params: { query }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: every(refreshMs),
  });
}

export function jobResultQuery(id: string) {
  return queryOptions({
    queryKey: ["job-result", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/ssot/job-results/{id}", { params: { path: { id } }, signal })),
  });
}

export function inventoryQuery(plural: string, query: QueryOf<"/api/inventory/{plural}">) {
  return queryOptions({
    queryKey: ["inventory", plural, query],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/inventory/{plural}", { params: { path: { plural }, query }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function recordQuery(plural: string, id: string) {
  return queryOptions({
    queryKey: ["inventory", plural, "record", id],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/inventory/{plural}/{id}", { params: { path: { plural, id } }, signal }),
      ),
  });
}

/** What is written about an object, oldest first; `path` is its URL for notes. */
export function notesQuery(path: string) {
  return queryOptions({
    queryKey: ["inventory", "notes", path],
    queryFn: () => send<{ count: number; results: Note[] }>("GET", `${path}?limit=0`),
  });
}

/** Records right below `parent` in their model's tree; the roots for null. */
export function treeLevelQuery(plural: string, parent: string | null) {
  return infiniteQueryOptions({
    queryKey: ["inventory", plural, "tree", parent],
    queryFn: ({ pageParam: offset, signal }) =>
      answerOf(
        api.GET("/api/inventory/{plural}/tree", {
          params: {
            path: { plural },
            query: { ...(parent === null ? {} : { parent }), limit: treePageSize, offset },
          },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: ({ total }, pages) => {
      const known = pages.length * treePageSize;
      return known < total ? known : undefined;
    },
  });
}

/** What refers to any of these records. */
export function relatedQuery(plural: string, ids: readonly string[]) {
  return queryOptions({
    queryKey: ["inventory", plural, "related", ids],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/inventory/{plural}/related", {
          params: { path: { plural }, query: { id: [...ids] } },
          signal,
        }),
      ),
    enabled: ids.length > 0,
  });
}

/** Objects of every model that the text finds. */
export function searchQuery(text: string) {
  return queryOptions({
    queryKey: ["inventory", "search", text],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/search", { params: { query: { q: text } }, signal })),
    enabled: text.trim() !== "",
    placeholderData: keepPreviousData,
  });
}
