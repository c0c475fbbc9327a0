import type { ApplyContext, Logger, Writer } from "./adapter.ts";
import { neverAborted } from "./cancel.ts";
import type { Change, PlannedChange } from "./change.ts";
import { createDependants, type Dependants } from "./dependants.ts";
import { InterruptedError, PlumblineError } from "./errors.ts";
import { silentLogger } from "./logger.ts";
import type { Outcome, OutcomeStatus } from "./outcome.ts";
import type { Schema } from "./schema.ts";

/** How a plan is applied. */
export interface ApplyOptions {
  readonly schema: Schema;
  readonly signal?: AbortSignal | undefined;
  readonly logger?: Logger | undefined;
  /** Told of each batch's outcomes as they are known, before they are yielded. */
  readonly onOutcome?: ((outcomes: readonly Outcome[]) => void) | undefined;
}

/** Why the object of a change is no longer as planned; null where it may be written. */
type Staleness<C extends Change = Change> = (change: C) => string | null;

type Changes<C> = AsyncIterable<readonly C[]> | Iterable<readonly C[]>;

/**
 * Applies changes in their order, in batches of one rank: exactly one outcome for each that is not held.
 * One that fails stops only those that need it. Cancelled, the rest has outcome `cancelled`.
 * An error of `writer.finish` is thrown after the last outcome; an InterruptedError of the writer at once, after the
 * outcomes that were known.
 */
export async function* apply<C extends Change & Partial<Pick<PlannedChange, "hold">>>(
  changes: Changes<C>,
  writer: Writer,
  options: ApplyOptions & {
    /** Changes that are refused beforehand, as stale. */
    readonly staleness?: Staleness<C> | undefined;
  },
): AsyncGenerator<Outcome<C>[], void, undefined> {
  const context: ApplyContext = {
    signal: options.signal ?? neverAborted,
    logger: options.logger ?? silentLogger,
  };
  const dependants = createDependants(options.schema);
  const limit = Math.max(1, writer.batchSize);
  let pending: C[] = [];

  async function* send(): AsyncGenerator<Outcome<C>[], void, undefined> {
    const batch = pending;
    pending = [];
    const applied = await applyBatch(batch, writer, context, dependants, options.staleness);
    const { outcomes, interruption } = applied;
    if (outcomes.length > 0) {
      options.onOutcome?.(outcomes);
      yield outcomes;
    }
    if (interruption !== null) throw interruption;
  }

  let isInterrupted = false;
  try {
    for await (const group of changes) {
      for (const change of group) {
        if (change.hold) continue;
        const first = pending[0];
        if (first && (first.rank !== change.rank || pending.length >= limit)) yield* send();
        pending.push(change);
      }
    }
    if (pending.length > 0) yield* send();
  } catch (error) {
    isInterrupted = error instanceof InterruptedError;
    throw error;
  } finally {
    const finished = writer.finish?.(context);
    // What interrupted the apply says why it ended; that its end fails too is no news.
    await (isInterrupted ? finished?.catch(() => undefined) : finished);
  }
}

interface AppliedBatch<C extends Change> {
  readonly outcomes: Outcome<C>[];
  /** What ended the apply in this batch. */
  readonly interruption: InterruptedError | null;
}

async function applyBatch<C extends Change>(
  batch: readonly C[],
  writer: Writer,
  context: ApplyContext,
  dependants: Dependants,
  staleness: Staleness<C> = () => null,
): Promise<AppliedBatch<C>> {
  const outcomes: Outcome<C>[] = [];
  const open = new Map<Change, C>();
  const settle = (change: C, outcome: Outcome<C>): void => {
    open.delete(change);
    if (outcome.status !== "applied") dependants.note(change);
    outcomes.push(outcome);
  };

  for (const change of batch) {
    const blocker = context.signal.aborted ? null : dependants.blockerOf(change);
    if (context.signal.aborted) settle(change, cancelledOutcome(change));
    else if (blocker) settle(change, skipped(change, blocker));
    else {
      const reason = staleness(change);
      if (reason === null) open.set(change, change);
      else settle(change, staleOutcome(change, reason));
    }
  }
  if (open.size === 0) return { outcomes, interruption: null };

  try {
    for await (const outcome of writer.apply([...open.keys()], context)) {
      const change = open.get(outcome.change);
      if (change) settle(change, { ...outcome, change });
      else context.logger.warning(`The target gave a second outcome for ${outcome.change.label}.`);
    }
    for (const change of [...open.values()]) {
      settle(
        change,
        context.signal.aborted
          ? cancelledOutcome(change)
          : outcomeOf(change, "failed", "no-outcome", noOutcome),
      );
    }
  } catch (error) {
    const isCancelled = context.signal.aborted;
    if (error instanceof InterruptedError && !isCancelled) return { outcomes, interruption: error };
    for (const change of [...open.values()]) {
      settle(change, isCancelled ? uncertain(change, writer) : failed(change, error));
    }
  }
  return { outcomes, interruption: null };
}

const noOutcome =
  "The target's writer did not say what became of it. Compare again to see; report it to the writer's author.";

function outcomeOf<C extends Change>(
  change: C,
  status: OutcomeStatus,
  code: string,
  message: string,
): Outcome<C> {
  return { change, status, targetId: null, error: { code, message, field: null, value: null } };
}

function failed<C extends Change>(change: C, error: unknown): Outcome<C> {
  const code = error instanceof PlumblineError ? error.code : "unexpected";
  const message = error instanceof Error ? error.message : String(error);
  return outcomeOf(change, "failed", code, message);
}

function cancelledOutcome<C extends Change>(change: C): Outcome<C> {
  return outcomeOf(change, "cancelled", "cancelled", "The run was cancelled before it was tried.");
}

/** A batch cut off by the cancel: undone as a whole by a transactional target, else unknown. */
function uncertain<C extends Change>(change: C, writer: Writer): Outcome<C> {
  if (writer.isTransactional) return cancelledOutcome(change);
  return outcomeOf(
    change,
    "cancelled",
    "cancelled",
    "The run was cancelled while it was being written. Compare again to see whether it was.",
  );
}

/** What becomes of a change whose object is no longer as planned, for this reason: nothing is written of it. */
export function staleOutcome<C extends Change>(change: C, reason: string): Outcome<C> {
  return outcomeOf(
    change,
    "stale",
    "stale",
    `${change.label} was left as it is: ${reason}. Start a new dry run to see it as it is now.`,
  );
}

function skipped<C extends Change>(change: C, blocker: Change): Outcome<C> {
  const verb = { create: "created", update: "updated", delete: "deleted" }[blocker.action];
  return outcomeOf(
    change,
    "skipped",
    "skipped",
    `Not tried, because ${blocker.label} (${blocker.model}) was not ${verb}. See that one's outcome.`,
  );
}
