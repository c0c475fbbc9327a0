import type pg from "pg";
import { inTransaction } from "../../database/transaction.ts";
import { announce } from "../announce.ts";
import { answeredOnce, type RequestKey } from "../once.ts";
import type { RunUser } from "../start.ts";
import { rule } from "./rule.ts";
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
    return answeredOnce(client, user.id, once, async () => {
      const { affected: _, ...decided } = await rule(transaction, syncId, ruling, user);
      if (decided.decided + decided.held + decided.freed > 0) {
        await announce(client, "sync", syncId);
      }
      return decided;
    });
  });
}
