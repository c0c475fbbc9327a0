import { NotFoundError } from "@plumbline/sync";
import type { DataSyncJob } from "@plumbline/plugin-kit";
import type { LoadedPlugins } from "../plugins/load-plugins.ts";

/** The job of this id among what was loaded. @throws NotFoundError with the load errors there are. */
export function findJob(loaded: LoadedPlugins, jobId: string): DataSyncJob {
  // Of two jobs with one id discovery takes the first.
  const found = loaded.jobs.find(({ job }) => job.id === jobId);
  if (found !== undefined) return found.job;
  const faults = loaded.errors
    .map(({ file, line, message }) => `${file}${line === null ? "" : `:${line}`}: ${message}`)
    .join(" ");
  throw new NotFoundError(
    `The job ${jobId} is no longer declared where this worker runs. ${faults || "Check its configuration and its jobs folder."}`,
  );
}
