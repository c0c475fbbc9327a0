import type { Canonical, Values } from "@plumbline/sync";

/** What a sync did to one object, and what it takes to have it as it was. */
export interface FormerObject {
  /** Its place in the journal. */
  readonly place: number;
  readonly model: string;
  /** The target's own id of it; null where it has none. */
  readonly id: string | null;
  /** Its key as the sync left it, for a target without ids; null where the id says which it is. */
  readonly key: string | null;
  readonly label: string;
  /** Whether it was there before the sync. */
  readonly existed: boolean;
  /** Whether `values` are all of its values, as the sync deleted it; else those that it changed. */
  readonly isWhole: boolean;
  /** Former values; references by the keys their objects had when the sync was planned. */
  readonly values: Readonly<Record<string, Canonical>>;
  /** Who or what changed it since, and when; null where nobody is known to. */
  readonly changedBy: string | null;
  /** What the sync left, for a target whose history is not known; null where `changedBy` tells. */
  readonly written: {
    /** Null where it was deleted. */
    readonly values: Values | null;
    /** Whether the target confirmed it; else it may never have got there. */
    readonly isConfirmed: boolean;
  } | null;
  /** Whether what was sent of it never got to the target, as reading the target showed. */
  readonly isUnchanged: boolean;
}

/** An object that others have renamed or moved since a sync. */
export interface RenamedObject {
  readonly model: string;
  readonly id: string;
  /** Values of the key parts that changed, as they were right after the sync. */
  readonly values: Values;
}
