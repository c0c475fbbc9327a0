// Runs of jobs that a test needs and does not look at.
import type { Page } from "playwright-core";
import { vi } from "vitest";

interface Run {
  readonly isDryRun: boolean;
  readonly variables?: object;
}

/** Runs a job over the API, as whoever is signed in, and waits until it ended well. Gives the sync's id. */
export async function runJob(page: Page, jobId: string, { isDryRun, variables = {} }: Run) {
  const started = await page.request.post(`/api/ssot/jobs/${jobId}/run`, {
    data: { isDryRun, asksDeletes: false, variables },
    headers: { origin: new URL(page.url()).origin },
  });
  const { syncId } = (await started.json()) as { syncId: string };
  const wanted = isDryRun ? "planned" : "applied";
  await vi.waitFor(
    async () => {
      const answer = await page.request.get(`/api/ssot/syncs/${syncId}`);
      const { status } = (await answer.json()) as { status: string };
      if (status !== wanted) throw new Error(`The run of ${jobId} is ${status}, not ${wanted}.`);
    },
    { timeout: 60_000, interval: 300 },
  );
  return syncId;
}
