import { setTimeout as sleep } from "node:timers/promises";
import { request, round, type Server } from "./client.ts";

interface JobResult {
  readonly status: { readonly value: string };
  readonly date_started: string | null;
  readonly date_done: string | null;
}

const jobPath = "extras/jobs/Example%20Data%20Source/run/";

/** Runs the job that Nautobot SSoT brings as an example, in one Nautobot over another. */
export async function runExampleJob(home: Server, source: Server) {
  const { job_result: started } = await request<{ readonly job_result: { readonly id: string } }>(
    home,
    "POST",
    jobPath,
    { data: { source_url: source.url, source_token: source.token, dryrun: false } },
  );
  for (;;) {
    await sleep(1000);
    const path = `extras/job-results/${started.id}/`;
    const { status, date_started, date_done } = await request<JobResult>(home, "GET", path);
    if (date_started === null || date_done === null) continue;
    const seconds = round((Date.parse(date_done) - Date.parse(date_started)) / 1000);
    return { status: status.value, seconds };
  }
}
