import { createMemoryStore, type SideName, type SideRecord, type Store } from "@plumbline/sync";
import { createStagingStore, type StagingOptions, type StagingStore } from "./staging-store.ts";

/** Up to so many records of both sides together a run compares in its own memory, beyond in PostgreSQL. */
const mostInMemory = 250_000;

type Step =
  | { kind: "add"; side: SideName; model: string; records: readonly SideRecord[] }
  | { kind: "shield"; side: SideName; model: string; keys: readonly string[] }
  | { kind: "seal"; side: SideName };

/**
 * The store of a server's run. It begins in memory, where small runs are done before the tables of a
 * staging store are made, and moves to PostgreSQL when it has more records than `limit`.
 */
export function createRunStore(options: StagingOptions, limit = mostInMemory): StagingStore {
  /** What was done in memory, to be done again where it moves to; null once it has moved. */
  let steps: Step[] | null = [];
  let staging: StagingStore | null = null;
  let current: Promise<Store> = Promise.resolve(createMemoryStore(options.schema));
  let records = 0;

  async function move(done: readonly Step[]): Promise<Store> {
    staging = await createStagingStore(options);
    for (const step of done) {
      if (step.kind === "add") await staging.add(step.side, step.model, step.records);
      else if (step.kind === "shield") await staging.shield(step.side, step.model, step.keys);
      // What came twice was said when it was sealed in memory.
      else await staging.seal(step.side);
    }
    return staging;
  }

  /** Notes a step; gives the store to do it in, or null where moving has done it. */
  async function take(step: Step): Promise<Store | null> {
    if (steps === null) return current;
    steps.push(step);
    if (step.kind === "add") records += step.records.length;
    if (records <= limit) return current;
    current = move(steps);
    steps = null;
    await current;
    return null;
  }

  return {
    async add(side, model, added) {
      await (await take({ kind: "add", side, model, records: added }))?.add(side, model, added);
    },
    async shield(side, model, keys) {
      await (await take({ kind: "shield", side, model, keys }))?.shield(side, model, keys);
    },
    async seal(side) {
      const store = await take({ kind: "seal", side });
      return store === null ? [] : store.seal(side);
    },
    async *read(side, model) {
      yield* (await current).read(side, model);
    },
    exclude: async (side, model, keys) => (await current).exclude(side, model, keys),
    excluded: async (side, model, keys) => (await current).excluded(side, model, keys),
    count: async (side, model) => (await current).count(side, model),
    which: async (side, model, keys) => (await current).which(side, model, keys),
    find: async (side, model, keys) => (await current).find(side, model, keys),
    async *sameValues(request) {
      yield* (await current).sameValues(request);
    },
    match: async (request) => (await current).match(request),
    async *pairKeys(model, pairs, wanted) {
      yield* (await current).pairKeys(model, pairs, wanted);
    },
    async *referrers(model, references, keys) {
      yield* (await current).referrers(model, references, keys);
    },
    async *pairsByKey(model, known) {
      yield* (await current).pairsByKey(model, known);
    },
    async close() {
      steps = null;
      await current.catch(() => undefined);
      await staging?.close();
    },
  };
}
