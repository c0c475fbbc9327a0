import type pg from "pg";
import { announce } from "./announce.ts";
import { inRunTransaction, type RunFence } from "./fence.ts";

export type PhaseName = "source" | "target" | "diff" | "rehearsal" | "apply" | "verify";

export interface Phase {
  /** Says how far the phase is; `total` where known. */
  advance(done: number, total?: number | null): void;
  finish(): Promise<void>;
}

export interface Progress {
  start(name: PhaseName, total?: number | null): Promise<Phase>;
  close(): Promise<void>;
}

interface PhaseState {
  done: number;
  total: number | null;
  perSecond: number | null;
  readonly startedAt: string;
  finishedAt: string | null;
}

const intervalMs = 500;

/** Keeps the phases of a run for people: counts and rates twice a second, durations for good. */
export function openProgress(
  database: { readonly pool: pg.Pool },
  run: RunFence,
  syncId: string,
): Progress {
  const phases = new Map<PhaseName, PhaseState>();
  let isChanged = false;
  let writing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    if (!isChanged) return writing;
    isChanged = false;
    const progress = JSON.stringify(Object.fromEntries(phases));
    writing = writing
      .then(async () => {
        await database.pool.query(
          "update job_result set progress = $3 where id = $1 and fence = $2 and status = 'running'",
          [run.jobResultId, run.fence, progress],
        );
        await announce(database.pool, "progress", run.jobResultId);
      })
      // Progress is for the eye; the phases' rows are what counts.
      .catch(() => undefined);
    return writing;
  };
  const timer = setInterval(() => void flush(), intervalMs);

  return {
    async start(name, total = null) {
      const startedMs = Date.now();
      const state: PhaseState = {
        done: 0,
        total,
        perSecond: null,
        startedAt: new Date(startedMs).toISOString(),
        finishedAt: null,
      };
      phases.set(name, state);
      isChanged = true;
      await inRunTransaction(database, run, (client) =>
        client.query(
          `insert into sync_phase (sync_id, job_result_id, phase, started_at) values ($1, $2, $3, $4)`,
          [syncId, run.jobResultId, name, state.startedAt],
        ),
      );
      return {
        advance(done, newTotal) {
          state.done = done;
          if (newTotal !== undefined) state.total = newTotal;
          const seconds = (Date.now() - startedMs) / 1000;
          state.perSecond = seconds > 0 ? Math.round(done / seconds) : null;
          isChanged = true;
        },
        async finish() {
          state.finishedAt = new Date().toISOString();
          isChanged = true;
          await inRunTransaction(database, run, (client) =>
            client.query(
              `update sync_phase set finished_at = $3, done = $4 where job_result_id = $1 and phase = $2`,
              [run.jobResultId, name, state.finishedAt, state.done],
            ),
          );
        },
      };
    },
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
