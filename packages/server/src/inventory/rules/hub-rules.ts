import type { Change } from "@plumbline/sync";
import type { Author } from "../audit.ts";
import type { Inventory, Queryable } from "../inventory.ts";
import type { PendingChange } from "../pending-change.ts";
import type { Refusal } from "../refusal.ts";

export interface RuleContext {
  readonly client: Queryable;
  readonly inventory: Inventory;
  readonly author: Author;
}

type Rule = (
  context: RuleContext,
  pending: readonly PendingChange[],
) => Promise<readonly Refusal[]> | readonly Refusal[];

/**
 * What a model asks beyond its fields, set-wise. Each step returns the changes it refuses; a refused
 * change, and whatever its batch wrote, is rolled back and the others go in again.
 */
export interface HubRules {
  /** Fields that stay as they were created, and what to do instead of changing them. */
  readonly fixedFields?: Readonly<Record<string, string>>;
  /** Fills in derived columns of what is to be created. */
  readonly beforeCreate?: Rule;
  /** Checks what was created or updated, and brings derived columns of others up to date. */
  readonly afterWrite?: Rule;
  readonly beforeDelete?: Rule;
  /**
   * What new objects come with, and what follows those that move; they are refused where it cannot be written. Each
   * is asked for when the ones before it are written. A sync brings nothing: all that it writes is in its plan.
   */
  readonly brings?: (
    context: RuleContext,
    pending: readonly PendingChange[],
  ) => AsyncIterable<Brought>;
}

/** Changes of one model and one action that others bring with them. */
export interface Brought {
  readonly model: string;
  /** Each with what brings it. */
  readonly changes: ReadonlyMap<Change, PendingChange>;
  /** The field of what brings them that a refusal names. */
  readonly named: string;
}
