import type { Values } from "./record.ts";

/** What becomes of an object. */
export type Action = "create" | "update" | "delete";

/**
 * One object to create, update or delete in the target: plain, immutable data, the row of a plan. Where
 * references go round a circle an object has a second row, told apart by `step`.
 * Values are canonical; a reference is the key string of what it refers to.
 */
export interface Change {
  /** Model name. */
  readonly model: string;
  readonly action: Action;
  /** Key string of the object in the target as it is before the change (for a create, as it will be). */
  readonly key: string;
  /** What a person calls the object. */
  readonly label: string;
  /**
   * Model name and key string of the object's parent in the tree people see: the `key` of the parent's own
   * row in the plan, where it has one.
   */
  readonly parentModel: string | null;
  readonly parentKey: string | null;
  /**
   * Delete: every field of the object, save those that a row before it empties. Update: the changed fields
   * only. Create: null.
   */
  readonly before: Values | null;
  /**
   * Create: every provided field, save those that a second step writes. Update: the changed fields only. Delete: null.
   * References are the keys that their objects have once the lower ranks are applied: below a rename, new ones.
   */
  readonly after: Values | null;
  /** Names of the changed fields of an update, key parts included (a rename or move); empty otherwise. */
  readonly fields: readonly string[];
  /**
   * Place in the order of applying. Equal ranks may go in one batch: nothing in it needs anything in it,
   * save that updates come before creates.
   */
  readonly rank: number;
  /**
   * Absent for the change itself, the one that counts. Where references go round a circle there is an update of
   * the same object (the same `key`) beside it: 2 writes the references that waited for what they name; 0
   * empties those that would keep others, and it, from being deleted.
   */
  readonly step?: 0 | 2;
  /**
   * The target's own id of the object; null where it has no ids, and for a create that leaves the id to it and
   * that create's second step.
   */
  readonly targetId: string | null;
  /** The target's version of the object when it was read, for compare-and-set; null after an earlier row of it. */
  readonly targetVersion: string | null;
  /** The source's own id of the object, where it has one. */
  readonly sourceId: string | null;
}

/**
 * - `incomplete-read`: a side was not read completely.
 * - `deletes-not-asked`: the run did not ask for deletes.
 * - `too-many-deletes`: more than the ceiling allows.
 * - `not-owner`: the object is not the source's alone.
 * - `still-referenced`: something that stays refers to the object.
 * - `needs-held`: it refers to an object whose creation is held.
 * - `unresolved-reference`: it refers to an object neither side has.
 * - `parent-rejected`: it refers to an object that a person does not want created, or moved.
 * - `policy-never`: the job's policy keeps objects of the type.
 * - `policy-waiting`: the source has lacked the object for fewer days than the policy wants.
 * - `changed-since`: it would take back what somebody has changed since.
 */
export type GuardName =
  | "incomplete-read"
  | "deletes-not-asked"
  | "too-many-deletes"
  | "not-owner"
  | "still-referenced"
  | "needs-held"
  | "unresolved-reference"
  | "parent-rejected"
  | "policy-never"
  | "policy-waiting"
  | "changed-since";

/** A guard's ruling that a change must not be applied. */
export interface Hold {
  readonly guard: GuardName;
  /** Thing, fact, next step. */
  readonly reason: string;
}

/** A change and the guards' ruling on it; `hold` is null when it may be applied. */
export interface PlannedChange extends Change {
  readonly hold: Hold | null;
}
