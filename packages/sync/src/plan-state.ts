import type { Action, Hold } from "./change.ts";
import type { IsRound, Standing } from "./depth.ts";
import type { Finding } from "./finding.ts";
import type { Identity } from "./identity.ts";
import { compareKeys } from "./key-order.ts";
import type { Model } from "./model.ts";
import type { ReferenceFieldFacts, Schema } from "./schema.ts";
import type { Pinning } from "./pinning.ts";
import type { Matching, Store } from "./store.ts";

/** What is known while a plan is made; shared by its steps. */
export interface PlanState {
  readonly schema: Schema;
  readonly store: Store;
  readonly identity: Identity;
  readonly models: ReadonlyMap<string, ModelState>;
  readonly onFinding: (finding: Finding) => void;
}

/** One model of a plan. */
export interface ModelState {
  readonly model: Model;
  /** Place in the order of dependency among the models of the run. */
  readonly place: number;
  /** Places in `model.names` of the fields both sides provide, key parts first. */
  readonly indexes: readonly number[];
  /** References to models of the run, save derived ones. */
  readonly references: readonly ReferenceFieldFacts[];
  /** Whether its records may refer to each other. */
  readonly isTree: boolean;
  readonly sourceIncomplete: string | null;
  readonly targetIncomplete: string | null;
  /** Null until it has been compared. */
  matching: Matching | null;
  /** How what is written of it stands in the source's own tree: flat until its writes are planned. */
  standing: Standing;
  /** Null until its writes are planned. */
  pinning: Pinning | null;
  /** The deletes of a tree, sorted; null until they are, and for other models. */
  removals: SortedRemovals | null;
  /** How many writes have references that are left to a second step. */
  waiting: number;
  /** Source keys of objects that will not be in the target, because of a finding or a hold. */
  readonly missing: Set<string>;
  /** Source keys of what is not updated, because of a hold. */
  readonly heldUpdates: Set<string>;
  /** Target keys of the objects the source lacks, where it matters who refers to them. */
  readonly deletable: Set<string>;
  /** Of these, what stays and refers to it. */
  readonly pins: Map<string, Pin>;
  /** Rules on every delete of the model alike. */
  deleteHold: Hold | null;
  /** Whether something of it may be out of scope. */
  readonly isScoped: boolean;
  /** Actions that the run passes over. */
  readonly ignores: ReadonlySet<Action>;
  /** The target's objects that are in scope: all of them until out-of-scope ones are found. */
  targetInScope: number;
  readonly counts: ModelCounts;
}

/** Changes of one model in a plan; creates, updates and deletes include held ones. */
export interface ModelCounts {
  source: number;
  target: number;
  create: number;
  update: number;
  delete: number;
  unchanged: number;
  held: number;
  /** Left as they are because of a finding. */
  shielded: number;
  /** Left as they are because the run is not about them. */
  outOfScope: number;
  /** Changes passed over because their action is ignored. */
  ignored: number;
}

/** What is deleted of a tree, in the order of deleting: its keys, as the store has the records. */
export interface SortedRemovals {
  readonly places: readonly {
    readonly key: string;
    /** Ranks after the first. */
    readonly offset: number;
  }[];
  readonly isRound: IsRound;
}

/** An object that stays and refers to one that the source lacks. */
export interface Pin {
  readonly model: string;
  readonly key: string;
}

/**
 * Notes a pin: the first model's, and of those the one with the least key.
 * @returns whether it is the object's first
 */
export function pin(state: PlanState, target: string, key: string, by: Pin): boolean {
  const model = state.models.get(target);
  if (!model?.deletable.has(key)) return false;
  const known = model.pins.get(key);
  if (known === undefined || (known.model === by.model && compareKeys(by.key, known.key) < 0)) {
    model.pins.set(key, by);
  }
  return known === undefined;
}
