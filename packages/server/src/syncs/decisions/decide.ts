import type pg from "pg";
import { inTransaction } from "../../database/transaction.ts";
import { announce } from "../announce.ts";
import type { RequestKey } from "../once.ts";
import type { RunUser } from "../start.ts";
import { rule } from "./rule.ts";
import { findRuled, noteRuled } from "./ruled-once.ts";
import type { Decided, Ruling } from "./ruling.ts";

/**
 * Rules on changes of a dry run's plan, whole selections in a few statements, and on what depends on them. The same
 * request sent again rules on nothing more and is answered as the first time.
 * @throws NotFoundError; ConflictError once a run has begun to apply the plan; InvalidInputError without selection
 */
export async function decide(
  database: { readonly pool: pg.Pool },
  syncId: string,
  ruling: Ruling,
  user: RunUser,
  once?: RequestKey,
): Promise<Decided> {
  return inTransaction(database, async (transaction) => {
    const { client } = transaction;
    const asked = { syncId, userId: user.id, request: once };
    const earlier = await findRuled(client, asked);
    if (earlier !== null) return earlier;
    const effects = await rule(transaction, syncId, ruling, user);
    if (effects.decided + effects.held + effects.freed > 0) {
      await announce(client, "sync", syncId);
    }
    const { affected: _, ...decided } = effects;
    await noteRuled(client, asked, decided);
    return decided;
  });
}
