/** How a model, or one record of it, is treated; combined with `|`. DiffSync's `DiffSyncModelFlags`. */
export const ModelFlags = {
  none: 0,
  /** Neither shown in a diff nor changed by a sync; its children are left alone too. */
  ignore: 1,
  /** Its deletion takes its children with it: they leave the store, but `delete` is not called for them. */
  skipChildrenOnDelete: 2,
  /** Not created where it is only in the source. */
  skipUnmatchedSource: 4,
  /** Not deleted where it is only in the destination. */
  skipUnmatchedDestination: 8,
  skipUnmatchedBoth: 12,
  /** Its children are deleted before it is. */
  naturalDeletionOrder: 16,
} as const;

/** How one diff or sync behaves; combined with `|`. DiffSync's `DiffSyncFlags`. */
export const SyncFlags = {
  none: 0,
  /** Go on after a create, update or delete that failed. */
  continueOnFailure: 1,
  /** Create nothing. */
  skipUnmatchedSource: 2,
  /** Delete nothing. */
  skipUnmatchedDestination: 4,
  skipUnmatchedBoth: 6,
  /** Log records without changes too, at debug level. */
  logUnchangedRecords: 8,
} as const;

/** All bits a model can have; any other number is refused. */
export const allModelFlags = 31;

/** How the last create, update or delete of a record went. */
export type SyncStatus = "unknown" | "success" | "failure" | "error";

/** What a sync does about an element of a diff; null where nothing is needed. */
export type DiffAction = "create" | "update" | "delete" | null;

/** What a diff amounts to. `skip` counts records that were looked at and left out. */
export interface DiffSummary {
  create: number;
  update: number;
  delete: number;
  "no-change": number;
  skip: number;
}
