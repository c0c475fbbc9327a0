import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, isRefused } from "../api/client.ts";
import { sessionQuery } from "../api/queries.ts";

/** A session that ended is noticed at the next request; the frame then shows the sign-in page. */
function noticeSignedOut(error: unknown): void {
  if (error instanceof ApiError && error.status === 401) {
    void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }
}

/** How old what is known of permissions is before something that is refused has it read again. */
const knownMs = 5_000;

/** Permissions that were taken away are noticed when something is refused: it is no longer offered then. */
function noticeRefused(error: unknown): void {
  if (!isRefused(error)) return;
  const { queryKey } = sessionQuery;
  const readAt = queryClient.getQueryState(queryKey)?.dataUpdatedAt ?? 0;
  if (Date.now() - readAt > knownMs) void queryClient.invalidateQueries({ queryKey });
}

function notice(error: unknown): void {
  noticeSignedOut(error);
  noticeRefused(error);
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: notice }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      refetchOnWindowFocus: true,
    },
  },
});
