import { ModelFlags, SyncFlags, type Value } from "@plumbline/sync/diffsync";

const modelFlags: Readonly<Record<string, number>> = {
  NONE: ModelFlags.none,
  IGNORE: ModelFlags.ignore,
  SKIP_CHILDREN_ON_DELETE: ModelFlags.skipChildrenOnDelete,
  SKIP_UNMATCHED_SRC: ModelFlags.skipUnmatchedSource,
  SKIP_UNMATCHED_DST: ModelFlags.skipUnmatchedDestination,
  NATURAL_DELETION_ORDER: ModelFlags.naturalDeletionOrder,
  SKIP_UNMATCHED_BOTH: ModelFlags.skipUnmatchedBoth,
};

const syncFlags: Readonly<Record<string, number>> = {
  NONE: SyncFlags.none,
  CONTINUE_ON_FAILURE: SyncFlags.continueOnFailure,
  SKIP_UNMATCHED_SRC: SyncFlags.skipUnmatchedSource,
  SKIP_UNMATCHED_DST: SyncFlags.skipUnmatchedDestination,
  SKIP_UNMATCHED_BOTH: SyncFlags.skipUnmatchedBoth,
  LOG_UNCHANGED_RECORDS: SyncFlags.logUnchangedRecords,
};

export function readModelFlags(names: readonly string[]): number {
  return combine(modelFlags, names);
}

export function readSyncFlags(names: readonly string[]): number {
  return combine(syncFlags, names);
}

function combine(flags: Readonly<Record<string, number>>, names: readonly string[]): number {
  return names.reduce((combined, name) => {
    const flag = flags[name];
    if (flag === undefined) throw new Error(`The flag "${name}" is unknown.`);
    return combined | flag;
  }, 0);
}

/** The names of the single flags in a combination. */
export function modelFlagNames(combined: Value): string[] {
  const single = Object.entries(modelFlags).filter(([, flag]) => (flag & (flag - 1)) === 0);
  return single
    .filter(([, flag]) => flag !== 0 && (Number(combined) & flag) !== 0)
    .map(([name]) => name);
}
