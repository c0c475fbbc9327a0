import type { DataSyncJob } from "@plumbline/plugin-kit";
import type { Database } from "../database/connect.ts";
import type { JobLog } from "./job-log.ts";
import type { Progress } from "./progress.ts";
import type { RunRequest } from "./run-request.ts";

/** What every step of a run works with. */
export interface RunContext {
  readonly database: Database;
  readonly job: DataSyncJob;
  readonly request: RunRequest;
  readonly dataDirectory: string;
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
  readonly log: JobLog;
  readonly progress: Progress;
}
