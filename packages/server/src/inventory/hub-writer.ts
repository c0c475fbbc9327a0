import type pg from "pg";
import {
  type ApplyContext,
  type Change,
  InterruptedError,
  type Outcome,
  type StaleChange,
  type Writer,
} from "@plumbline/sync";
import { orInterrupted } from "../database/connection-loss.ts";
import { inTransaction } from "../database/transaction.ts";
import type { Author } from "./audit.ts";
import type { HubView } from "./hub-view.ts";
import { staleReasons } from "./identify.ts";
import { isWorthRepeating } from "./refusal.ts";
import { writeInView } from "./write-in-view.ts";

/** The run on whose behalf the hub is written. */
export interface HubRun extends Author {
  /** Called first in each writing transaction; throws when the run may no longer write. */
  readonly checkFence?: (client: pg.PoolClient) => Promise<void>;
  /** Called last in each writing transaction, to record outcomes together with what they tell. */
  readonly recordOutcomes?: (client: pg.PoolClient, outcomes: readonly Outcome[]) => Promise<void>;
  /** Whether outcomes that `recordOutcomes` wrote are there to stay. Waits for their transaction to end. */
  readonly areRecorded?: (outcomes: readonly Outcome[]) => Promise<boolean>;
}

const batchSize = 5000;
const attempts = 3;
/** Statistics of a table that grew by so many rows are taken at once rather than a minute later. */
const worthAnalyzing = 1000;

type Group = { readonly model: string; readonly changes: Change[] };

/** Writes the hub: a transaction per batch, set-wise, with an audit row per change. */
export function createHubWriter(
  database: { readonly pool: pg.Pool },
  view: HubView,
  run: HubRun,
): Writer {
  const created = new Map<string, number>();

  async function writeAll(changes: readonly Change[]): Promise<Outcome[]> {
    let written: readonly Outcome[] | undefined;
    try {
      return await inTransaction(database, async ({ client }) => {
        await run.checkFence?.(client);
        const outcomes: Outcome[] = [];
        for (const group of groupChanges(changes)) {
          const results = await writeInView({ client, view, author: run }, group);
          outcomes.push(...results);
        }
        await run.recordOutcomes?.(client, outcomes);
        written = outcomes;
        return outcomes;
      });
    } catch (error) {
      // The commit itself failed, or only its acknowledgement was lost: what is recorded tells.
      if (written === undefined || !(await run.areRecorded?.(written))) throw error;
      return [...written];
    }
  }

  return {
    batchSize,
    isTransactional: true,

    async findStale(changes, { signal }) {
      const stale: StaleChange[] = [];
      for (const { model, changes: all } of groupChanges(changes.filter(isFirst))) {
        const table = view.table(model);
        for (let start = 0; start < all.length; start += batchSize) {
          signal.throwIfAborted();
          const part = all.slice(start, start + batchSize);
          const action = part[0]?.action ?? "update";
          const reasons = await staleReasons(database.pool, view, table, action, part);
          for (const [index, change] of part.entries()) {
            const reason = reasons[index];
            if (reason !== undefined) stale.push({ change, reason });
          }
        }
      }
      return stale;
    },

    async *apply(changes, { signal }: ApplyContext) {
      signal.throwIfAborted();
      const outcomes = await orInterrupted(() => repeatedly(() => writeAll(changes)));
      for (const { change, status } of outcomes) {
        if (status !== "applied" || change.action !== "create") continue;
        created.set(change.model, (created.get(change.model) ?? 0) + 1);
      }
      yield* outcomes;
    },

    async finish() {
      const grown = [...created].filter(([, count]) => count >= worthAnalyzing);
      if (grown.length === 0) return;
      const tables = grown.map(([model]) => view.table(model).name);
      await database.pool.query(`analyze ${[...tables, "object_change"].join(", ")}`);
    },
  };
}

/**
 * Writes the hub within a transaction of the caller's, who rolls it back: what it says of each change is what the
 * hub's writer would say.
 */
export function createHubRehearsal(client: pg.PoolClient, view: HubView, author: Author): Writer {
  return {
    batchSize,
    isTransactional: true,
    async *apply(changes, { signal }) {
      signal.throwIfAborted();
      try {
        for (const group of groupChanges(changes)) {
          yield* await writeInView({ client, view, author }, group);
        }
      } catch (error) {
        // What broke a batch is no word on its changes, and keeps the transaction from saying more.
        throw new InterruptedError(error instanceof Error ? error.message : String(error), {
          cause: error,
        });
      }
    },
  };
}

/** A second step's object is as its first step leaves it. */
function isFirst({ step }: Change): boolean {
  return step !== 2;
}

const order = { update: 0, create: 1, delete: 2 } as const;

/** By action and model, updates first; the order within a group is kept. */
function groupChanges(changes: readonly Change[]): Group[] {
  const groups = new Map<string, Group>();
  for (const change of changes) {
    const name = `${order[change.action]} ${change.model}`;
    const group = groups.get(name);
    if (group) group.changes.push(change);
    else groups.set(name, { model: change.model, changes: [change] });
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([, group]) => group);
}

/** Others who write at the same time may cross us; the same transaction then goes through a moment later. */
async function repeatedly<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !isWorthRepeating(error)) throw error;
    }
  }
}
