import { userInfo } from "node:os";
import { carryOut, getSync, type PlanDeed, readModels, type PlanVerb } from "@plumbline/server";
import type { OpenPlumbline } from "@plumbline/server";
import { followRun } from "../follow-run.ts";
import { withInstallation } from "../installation.ts";
import { approvalOf, planWord } from "../reviewed-plan.ts";
import { checkSyncId, findSyncId } from "../sync-id.ts";

interface CarryOutOptions {
  /** Of what is applied: the word of what was reviewed. */
  plan?: string;
  json?: boolean;
}

/** Queues it, follows the run to its end, and prints what became of the sync. Returns the exit code. */
export async function carryOutAndFollow(
  verb: PlanVerb,
  id: string,
  options: CarryOutOptions,
): Promise<number> {
  checkSyncId(id);
  return withInstallation(async (opened) => {
    const syncId = await findSyncId(opened.database, id);
    const deed = verb === "apply" ? await approve(opened, syncId, options.plan) : { verb };
    const user = { id: null, name: userInfo().username };
    return followRun(opened, await carryOut(opened, { ...deed, syncId, user }), options);
  });
}

/** Approves the plan that the word names; without one the plan as it is, which is said. */
async function approve(
  { database }: OpenPlumbline,
  syncId: string,
  word: string | undefined,
): Promise<PlanDeed> {
  const sync = await getSync(database, await readModels(database), syncId);
  const { counts, possible } = sync;
  if (word === undefined && possible.apply.allowed) {
    process.stderr.write(
      `plan ${planWord(sync)}: ${String(counts.create)} to create, ${String(counts.update)} to update, ` +
        `${String(counts.delete)} to delete; ${String(possible.apply.count)} will be applied, ` +
        `${String(counts.rejected)} rejected, ${String(counts.held)} held\n`,
    );
  }
  const approval =
    word === undefined
      ? { planDigest: sync.planDigest ?? "", decisionsRevision: sync.decisionsRevision }
      : approvalOf(word, sync);
  return { verb: "apply", approval };
}
