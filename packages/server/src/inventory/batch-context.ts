import type { Change, OutcomeError } from "@plumbline/sync";
import type { Author } from "./audit.ts";
import type { Inventory, Queryable } from "./inventory.ts";

/** What became of a change in a batch, before the batch is committed. */
export interface Result {
  readonly change: Change;
  readonly status: "applied" | "failed" | "stale";
  readonly targetId: string | null;
  readonly error: OutcomeError | null;
}

export interface BatchContext {
  readonly client: Queryable;
  readonly inventory: Inventory;
  readonly author: Author;
}
