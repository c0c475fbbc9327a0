import { userInfo } from "node:os";
import { startApply, startCarryOn } from "@plumbline/server";
import { followRun } from "../follow-run.ts";
import { withInstallation } from "../installation.ts";
import { checkSyncId, findSyncId } from "../sync-id.ts";

/** What can be done with the plan of a sync that is recorded. */
export type PlanVerb = "apply" | "resume" | "retry";

/** Queues it, follows the run to its end, and prints what became of the sync. Returns the exit code. */
export async function carryOut(
  verb: PlanVerb,
  id: string,
  options: { json?: boolean },
): Promise<number> {
  checkSyncId(id);
  return withInstallation(async (opened) => {
    const syncId = await findSyncId(opened.database, id);
    const user = { id: null, name: userInfo().username };
    const run =
      verb === "apply"
        ? await startApply(opened, syncId, user)
        : await startCarryOn(opened, syncId, verb, user);
    return followRun(opened, run, options);
  });
}
