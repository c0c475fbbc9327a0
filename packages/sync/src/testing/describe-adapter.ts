import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Adapter, ApplyContext } from "../adapter.ts";
import type { Change } from "../change.ts";
import { CancelledError } from "../errors.ts";
import type { Finding } from "../finding.ts";
import { loadSide, type LoadSummary } from "../load-side.ts";
import { silentLogger } from "../logger.ts";
import { createMemoryStore, type MemoryStore } from "../memory-store.ts";
import type { Outcome } from "../outcome.ts";
import type { RawRecord, SideRecord } from "../record.ts";
import type { Schema } from "../schema.ts";
import { sync, type SyncResult } from "../sync.ts";

/** One adapter under test, fresh for every test. */
export interface AdapterSubject {
  readonly schema: Schema;
  /** Over a system that holds at least one record. */
  readonly adapter: Adapter;
  /** Another adapter over the same system, to read back what was written; the same one where absent. */
  readonly reopen?: () => Adapter | Promise<Adapter>;
  /**
   * What the system shall hold after a sync with deletes: at least one create, update and delete away
   * from what it holds (no update where it keeps keys alone). Needed of adapters that write.
   */
  readonly desired?: readonly RawRecord[];
  readonly close?: () => Promise<void> | void;
}

interface Loaded {
  readonly store: MemoryStore;
  readonly summary: LoadSummary;
  readonly findings: readonly Finding[];
}

/**
 * The suite that every adapter passes. What the adapter cannot do is skipped, with the reason printed.
 * @example
 * describeAdapter("folder", async () => ({ schema, adapter: await openFolder(), desired }));
 */
export function describeAdapter(
  name: string,
  setup: () => AdapterSubject | Promise<AdapterSubject>,
): void {
  describe(`${name} as an adapter`, () => {
    let subject: AdapterSubject;
    beforeEach(async () => {
      subject = await setup();
    });
    afterEach(async () => {
      await subject.adapter.close?.();
      await subject.close?.();
    });

    const reopen = async (): Promise<Adapter> => (await subject.reopen?.()) ?? subject.adapter;

    describeReading(() => subject);

    describe("writing", () => {
      it("ends with what it was given, and a second sync finds nothing to do", async ({ skip }) => {
        const desired = subject.desired ?? [];
        if (!subject.adapter.writer) skip("it can only be read");
        const first = await syncTo(subject, subject.adapter, desired);
        expect(first.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
        expect(first.changes.filter(({ hold }) => hold !== null)).toEqual([]);
        expect(new Set(first.changes.map(({ action }) => action))).toEqual(
          new Set(keepsKeysAlone(subject) ? ["create", "delete"] : ["create", "update", "delete"]),
        );
        const second = await syncTo(subject, await reopen(), desired);
        expect(second.changes).toEqual([]);
        expect(second.summary.totals.unchanged).toBe(desired.length);
      });

      it("says of every change exactly once what became of it", async ({ skip }) => {
        if (!subject.adapter.writer) skip("it can only be read");
        const { changes } = await syncTo(subject, subject.adapter, subject.desired ?? [], true);
        const firstRank = changes.filter(({ rank }) => rank === changes[0]?.rank);
        const outcomes = await applyDirectly(subject.adapter, firstRank, new AbortController());
        expect(outcomes.map(({ change }) => change)).toHaveLength(firstRank.length);
        expect(new Set(outcomes.map(({ change }) => change))).toEqual(new Set(firstRank));
      });

      it("fails a change of an object that is not there, and throws no error for it", async ({
        skip,
      }) => {
        if (!subject.adapter.writer) skip("it can only be read");
        const { changes } = await syncTo(subject, subject.adapter, subject.desired ?? [], true);
        const gone = changes.filter(({ action }) => action === "delete").slice(0, 1);
        const controller = new AbortController();
        for (const expected of [/^applied$/, /^(failed|stale)$/]) {
          const outcomes = await applyDirectly(await reopen(), gone, controller);
          expect(outcomes.map(({ status }) => status)).toEqual([expect.stringMatching(expected)]);
        }
      });

      it("writes nothing once the run is cancelled", async ({ skip }) => {
        if (!subject.adapter.writer) skip("it can only be read");
        const { changes } = await syncTo(subject, subject.adapter, subject.desired ?? [], true);
        const controller = new AbortController();
        controller.abort();
        const outcomes = await applyDirectly(subject.adapter, changes, controller).catch(() => []);
        expect(outcomes.filter(({ status }) => status === "applied")).toEqual([]);
        const again = await syncTo(subject, await reopen(), subject.desired ?? [], true);
        expect(again.summary.digest).toBe(
          (await syncTo(subject, subject.adapter, subject.desired ?? [], true)).summary.digest,
        );
        expect(again.changes.map(({ key }) => key)).toEqual(changes.map(({ key }) => key));
      });
    });
  });
}

/** Whether the adapter provides nothing that could be updated. */
function keepsKeysAlone({ adapter }: AdapterSubject): boolean {
  return adapter.models.every((model) =>
    adapter.provides?.(model).every((name) => model.keyNames.includes(name)),
  );
}

function describeReading(subject: () => AdapterSubject): void {
  describe("reading", () => {
    it("gives at least one record, each with a readable key of its own and readable values", async () => {
      const { summary, findings } = await load(subject());
      expect(findings).toEqual([]);
      expect(summary.incomplete).toEqual({});
      expect(Object.values(summary.counts).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(
        0,
      );
    });

    it("gives every field that it says it provides", async () => {
      const { schema, adapter } = subject();
      const { store, summary } = await load(subject());
      for (const { name, names } of adapter.models.filter((model) => schema.has(model.name))) {
        const provided = new Set(summary.provides[name]);
        for (const record of store.table("source", name).records()) {
          const given = names.filter((_, index) => record.values[index] !== undefined);
          expect(new Set(given)).toEqual(provided);
        }
      }
    });

    it("gives values in canonical form where it says so", async () => {
      const { schema } = subject();
      for (const raw of await readAll(subject().adapter)) {
        if (!raw.isCanonical) continue;
        for (const [field, value] of Object.entries(raw.values)) {
          if (!raw.model.names.includes(field) || value === undefined) continue;
          const encode = (target: string, input: unknown): string =>
            schema.encodeKey(target, { encodedKey: input });
          expect(raw.model.field(field).normalise(value, encode)).toEqual(value);
        }
      }
    });

    it("gives the same when read again", async () => {
      const first = await load(subject());
      const second = await load(subject());
      for (const { name } of subject().schema.models) {
        expect(contents(second.store, name)).toEqual(contents(first.store, name));
      }
    });

    it("stops reading when the run is cancelled", async () => {
      const controller = new AbortController();
      const { adapter } = subject();
      const cutOff: Adapter = {
        name: adapter.name,
        models: adapter.models,
        async *load(context) {
          for await (const item of adapter.load(context)) {
            yield item;
            controller.abort();
          }
        },
      };
      await expect(load({ ...subject(), adapter: cutOff }, controller.signal)).rejects.toThrow(
        CancelledError,
      );
    });
  });
}

async function load({ schema, adapter }: AdapterSubject, signal?: AbortSignal): Promise<Loaded> {
  const store = createMemoryStore(schema);
  const findings: Finding[] = [];
  const summary = await loadSide(adapter, {
    side: "source",
    schema,
    store,
    signal,
    onFinding: (finding) => findings.push(finding),
  });
  return { store, summary, findings };
}

async function readAll(adapter: Adapter): Promise<readonly RawRecord[]> {
  const all: RawRecord[] = [];
  const context = {
    signal: new AbortController().signal,
    logger: silentLogger,
    scope: null,
    expect: () => undefined,
    report: () => undefined,
    incomplete: () => undefined,
    absent: () => undefined,
    unkeyed: () => undefined,
  };
  for await (const item of adapter.load(context)) {
    if ("model" in item) all.push(item);
    else all.push(...item);
  }
  return all;
}

/** What a side holds of a model, without what may change from one reading to the next. */
function contents(
  store: MemoryStore,
  model: string,
): readonly (readonly [string, SideRecord["values"]])[] {
  return [...store.table("source", model).records()]
    .map(({ key, values }) => [key, values] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function syncTo(
  { schema }: AdapterSubject,
  target: Adapter,
  records: readonly RawRecord[],
  isDryRun = false,
): Promise<SyncResult> {
  const source: Adapter = {
    name: "desired",
    models: target.models,
    async *load() {
      yield records;
    },
  };
  return sync({ schema, source, target, isDryRun, asksDeletes: true, ceiling: null });
}

async function applyDirectly(
  adapter: Adapter,
  changes: readonly Change[],
  { signal }: AbortController,
): Promise<Outcome[]> {
  const context: ApplyContext = { signal, logger: silentLogger };
  const outcomes: Outcome[] = [];
  const writer = await adapter.writer?.(context);
  if (!writer) return outcomes;
  try {
    for await (const outcome of writer.apply(changes, context)) outcomes.push(outcome);
  } finally {
    await writer.finish?.(context);
  }
  return outcomes;
}
