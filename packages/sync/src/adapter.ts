import type { Change } from "./change.ts";
import type { Finding } from "./finding.ts";
import type { Model } from "./model.ts";
import type { Outcome } from "./outcome.ts";
import type { RawRecord } from "./record.ts";
import type { LoadScope } from "./scope.ts";

/** Where a run writes its log; details are shown beside the message. */
export interface Logger {
  debug(message: string, details?: Record<string, unknown>): void;
  info(message: string, details?: Record<string, unknown>): void;
  warning(message: string, details?: Record<string, unknown>): void;
  error(message: string, details?: Record<string, unknown>): void;
}

/** What a load is given by the run. */
export interface LoadContext {
  /** Aborted when the run is cancelled; a load must stop soon after. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /**
   * What the run is about, as far as keys tell; null where it is about everything. A load may leave out
   * records whose key says that they are out of scope, save those that records in scope refer to.
   */
  readonly scope: LoadScope | null;
  /** Declares how many records of the model there are; fewer make the read incomplete. Later calls replace. */
  expect(model: Model, total: number): void;
  /** Reports something wrong with the data that the engine cannot see itself. */
  report(finding: Omit<Finding, "side">): void;
  /** Says that a model could not be read completely, without ending the run. */
  incomplete(model: Model, reason: string): void;
  /**
   * Says that the system keeps no records of a model at all. Where the other side has none either there is
   * nothing to say; where it has, the model counts as not read completely.
   */
  absent(model: Model, reason: string): void;
  /**
   * Says that some of a model's records have no key, so that they are no record's counterpart and are left
   * alone. What they once corresponded to is unknown: as a source they hold deletes of the model.
   */
  unkeyed(model: Model, reason: string): void;
}

/** What a writer is given by the run. */
export interface ApplyContext {
  /** Aborted when the run is cancelled; no write may start after. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** How one system is read, and written if it can be. */
export interface Adapter {
  /** What people call the system: "Nautobot (lab)". */
  readonly name: string;
  readonly models: readonly Model[];
  /** Names of the fields the side provides of a model; all of them where absent. Key parts always are. */
  provides?(model: Model): readonly string[];
  /**
   * Yields every record, or every record in scope, in any order, singly or in arrays (faster for many).
   * An error thrown here ends the run with no writes at all.
   */
  load(context: LoadContext): AsyncIterable<RawRecord | readonly RawRecord[]>;
  /** Absent where the system can only be read. Called only when there is something to apply. */
  writer?(context: ApplyContext): Promise<Writer> | Writer;
  close?(): Promise<void>;
}

/** A change that no longer fits the target, and why. */
export interface StaleChange {
  readonly change: Change;
  /** What is so of its object, without a full stop: "it was changed since". */
  readonly reason: string;
}

/** Applies changes to one system. */
export interface Writer {
  /** The most changes `apply` wants at once. */
  readonly batchSize: number;
  /** Whether a batch is all or nothing inside the target (bad ones singled out) and safe to cut off anywhere. */
  readonly isTransactional: boolean;
  /**
   * Names the changes whose object is no longer as planned. Asked for the whole plan before the first write,
   * save second steps, whose object is as their first step leaves it.
   */
  findStale?(changes: readonly Change[], context: ApplyContext): Promise<readonly StaleChange[]>;
  /**
   * Whether only the stale changes are refused, and what needs them; else the whole plan is, which a target
   * that is written in transactions can promise.
   */
  readonly isolatesStale?: boolean;
  /**
   * Applies changes of one rank and yields exactly one outcome for each, in any order. The second step of a
   * create has no `targetId`: its object is the one of its `key`, by now.
   * @throws InterruptedError where the system is gone; any other error fails what of the batch has no outcome.
   */
  apply(changes: readonly Change[], context: ApplyContext): AsyncIterable<Outcome>;
  /** Called once after the last batch, also when the run was cut short. */
  finish?(context: ApplyContext): Promise<void>;
}
