import { sql } from "kysely";
import type { Reader } from "./conditions.ts";

/** How many workers are alive, and how many job results are not final. */
export async function readServerStatus(
  reader: Reader,
): Promise<{ workers: number; runningJobs: number; postgres: string }> {
  const { rows } = await sql<{ workers: number; runningJobs: number; postgres: string }>`
    select (select count(*) from job_worker where heartbeat_at > now() - interval '20 seconds') as workers,
           (select count(*) from job_result where status in ('pending', 'waiting', 'running')) as "runningJobs",
           current_setting('server_version') as postgres`.execute(reader);
  return rows[0] ?? { workers: 0, runningJobs: 0, postgres: "" };
}
