import { userInfo } from "node:os";
import { carryOut, type PlanVerb } from "@plumbline/server";
import { followRun } from "../follow-run.ts";
import { withInstallation } from "../installation.ts";
import { checkSyncId, findSyncId } from "../sync-id.ts";

/** Queues it, follows the run to its end, and prints what became of the sync. Returns the exit code. */
export async function carryOutAndFollow(
  verb: PlanVerb,
  id: string,
  options: { json?: boolean },
): Promise<number> {
  checkSyncId(id);
  return withInstallation(async (opened) => {
    const syncId = await findSyncId(opened.database, id);
    const user = { id: null, name: userInfo().username };
    return followRun(opened, await carryOut(opened, { syncId, verb, user }), options);
  });
}
