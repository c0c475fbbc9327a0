import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { jobResultQuery, statusQuery } from "./queries.ts";
import type { JobResultDetail } from "./shapes.ts";

const reopenMs = 2_000;

/**
 * Keeps a running job result and its log up to date. Every (re)connection reads both again, so nothing
 * is lost with an event. Says whether the connection stands.
 */
export function useJobResultEvents(id: string, isRunning: boolean): { isConnected: boolean } {
  const client = useQueryClient();
  const [isConnected, setIsConnected] = useState(true);
  useEffect(() => {
    if (!isRunning) return;
    const { queryKey } = jobResultQuery(id);
    let source = open();
    let timer: number | undefined;
    function open(): EventSource {
      const opened = new EventSource(`/api/ssot/job-results/${id}/events`);
      opened.addEventListener("open", () => {
        setIsConnected(true);
        void client.invalidateQueries({ queryKey });
        readLogs();
      });
      opened.addEventListener("error", () => {
        setIsConnected(false);
        // Whether it is the server that is gone, its status tells.
        void client.invalidateQueries({ queryKey: statusQuery.queryKey });
        // The browser tries again after a cut, and gives up after an answer that is none, as a proxy's.
        if (opened.readyState !== EventSource.CLOSED) return;
        timer = window.setTimeout(() => {
          source = open();
        }, reopenMs);
      });
      opened.addEventListener("result", (event) => {
        client.setQueryData(queryKey, JSON.parse(event.data as string) as JobResultDetail);
      });
      opened.addEventListener("logs", readLogs);
      opened.addEventListener("end", () => {
        opened.close();
      });
      return opened;
    }
    function readLogs() {
      void client.invalidateQueries({ queryKey: ["job-logs", id] });
    }
    return () => {
      window.clearTimeout(timer);
      source.close();
      // The last lines come with the final result; lists elsewhere show the run too.
      readLogs();
      for (const key of ["sync", "syncs", "dashboard", "status", "job-results"]) {
        void client.invalidateQueries({ queryKey: [key] });
      }
    };
  }, [client, id, isRunning]);
  return { isConnected };
}
