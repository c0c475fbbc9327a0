import { setTimeout as sleep } from "node:timers/promises";
import { runProcessesOf } from "./lab.ts";
import type { EndedRun, TestRunner } from "./runner.ts";

/** Kills the run's process once it has applied something, and waits until the run is lost. */
export async function killMidway(
  runner: TestRunner,
  started: { readonly jobResultId: string; readonly syncId: string },
): Promise<EndedRun> {
  const end = Date.now() + 40_000;
  const applied = () =>
    runner.query("select from sync_outcome where sync_id = $1 and status = 'applied' limit 1", [
      started.syncId,
    ]);
  while ((await applied()).length === 0) {
    if (Date.now() > end) throw new Error("Nothing was applied within 40 seconds.");
    await sleep(10);
  }
  for (const pid of runProcessesOf(process.pid)) process.kill(pid, "SIGKILL");
  return runner.ended(started.jobResultId);
}
