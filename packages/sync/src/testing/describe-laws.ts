import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Adapter } from "../adapter.ts";
import type { Change } from "../change.ts";
import type { RawRecord } from "../record.ts";
import { visitReferences } from "../references.ts";
import type { Schema } from "../schema.ts";
import { sync, type SyncOptions, type SyncResult } from "../sync.ts";
import type { OpenStore } from "./describe-store.ts";
import { generatedEstates } from "./estates.ts";
import { createMemoryAdapter, type MemoryAdapter } from "./memory-adapter.ts";
import { readingAdapter, spoil } from "./spoilt-side.ts";

type LawKind = "diff" | "renames" | "second-keys";

/** Which laws are tried, and with how many cases. */
export interface LawOptions {
  /** The laws of one kind alone; all where absent. */
  readonly kind?: LawKind;
  /** Generated cases over all the laws, spread evenly; 400 where absent. */
  readonly cases?: number;
  /** Generated cases of each law, in place of `cases`. */
  readonly numRuns?: number | undefined;
}

/**
 * The laws of diff and apply over a store, with generated schemas and estates. The last test says how
 * many cases were tried.
 */
export function describeLaws(
  name: string,
  open: OpenStore,
  { kind, cases = 400, numRuns: given }: LawOptions = {},
): void {
  const laws: { readonly name: string; readonly prove: () => Promise<void> }[] = [];
  const law = (of: LawKind, lawName: string, prove: () => Promise<void>): void => {
    if (kind === undefined || kind === of) laws.push({ name: lawName, prove });
  };

  let tried = 0;
  let numRuns = 0;
  async function holds<T>(property: fc.IAsyncProperty<T>): Promise<void> {
    const details = await fc.check(property, { numRuns });
    tried += details.numRuns;
    if (!details.failed) return;
    const cause = details.errorInstance;
    throw new Error(await fc.asyncDefaultReportMessage(details), { cause });
  }

  async function run(
    schema: Schema,
    source: Adapter,
    target: Adapter,
    options: Partial<SyncOptions> = {},
  ): Promise<SyncResult> {
    const { store, close } = await open(schema);
    const chosen = { isDryRun: false, asksDeletes: true, ceiling: null, ...options };
    try {
      return await sync({ schema, source, target, store, ...chosen });
    } finally {
      await close();
    }
  }

  law("diff", "finds no change between a side and itself", async () => {
    await holds(
      fc.asyncProperty(generatedEstates(1), async ({ schema, sides: [records = []] }) => {
        const result = await run(schema, side(schema, records), side(schema, records));
        expect(result.changes).toEqual([]);
        expect(result.findings).toEqual([]);
        expect(result.summary.totals.unchanged).toBe(records.length);
      }),
    );
  });

  law(
    "diff",
    "makes the target equal to the source, parents created before and deleted after their children",
    async () => {
      await holds(
        fc.asyncProperty(generatedEstates(2), async ({ schema, sides: [a = [], b = []] }) => {
          const source = side(schema, a);
          const target = side(schema, b);
          const result = await run(schema, source, target);
          // The reference adapter refuses whatever would leave a reference dangling.
          expect(result.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
          expect(result.changes.filter(({ hold }) => hold)).toEqual([]);
          expect(contents(target)).toEqual(contents(source));
          expect((await run(schema, source, target)).changes).toEqual([]);
        }),
      );
    },
  );

  law("diff", "plans the same whatever the order of the records", async () => {
    await holds(
      fc.asyncProperty(
        generatedEstates(2).chain(({ schema, sides: [a = [], b = []] }) =>
          fc.record({
            schema: fc.constant(schema),
            a: fc.constant(a),
            b: fc.constant(b),
            shuffledA: fc.shuffledSubarray([...a], { minLength: a.length }),
            shuffledB: fc.shuffledSubarray([...b], { minLength: b.length }),
          }),
        ),
        async ({ schema, a, b, shuffledA, shuffledB }) => {
          const options = { isDryRun: true };
          const one = await run(
            schema,
            readingAdapter(schema, a),
            readingAdapter(schema, b),
            options,
          );
          const other = await run(
            schema,
            readingAdapter(schema, shuffledA),
            readingAdapter(schema, shuffledB),
            options,
          );
          expect(other.changes).toEqual(one.changes);
          expect(other.summary.digest).toBe(one.summary.digest);
        },
      ),
    );
  });

  law("diff", "puts nothing into one rank with what it refers to", async () => {
    await holds(
      fc.asyncProperty(generatedEstates(2), async ({ schema, sides: [a = [], b = []] }) => {
        const options = { isDryRun: true };
        const { changes } = await run(
          schema,
          readingAdapter(schema, a),
          readingAdapter(schema, b),
          options,
        );
        const ranks = changes.map(({ rank }) => rank);
        expect(ranks).toEqual([...ranks].sort((x, y) => x - y));
        const rankOf = new Map(
          changes
            .filter(({ action }) => action !== "update")
            .map(({ model, key, action, rank }) => [`${action} ${model} ${key}`, rank]),
        );
        const lastCreate = new Map(
          changes.flatMap(({ model, action, rank }) =>
            action === "create" ? [[model, rank] as const] : [],
          ),
        );
        for (const { model, key: own, action, rank, before, after } of changes) {
          for (const reference of schema.referenceFields(model)) {
            const values = action === "delete" ? before : after;
            visitReferences(reference.field, values?.[reference.name], (target, key) => {
              // Its own place keeps no object from being deleted.
              if (action === "delete" && target === model && key === own) return;
              const created = rankOf.get(`create ${target} ${key}`);
              const deleted = rankOf.get(`delete ${target} ${key}`);
              if (action === "delete") {
                if (deleted !== undefined) expect(deleted).toBeGreaterThan(rank);
                return;
              }
              if (created !== undefined) expect(created).toBeLessThan(rank);
              for (const needed of reference.after) {
                if (needed !== model) expect(lastCreate.get(needed) ?? -1).toBeLessThan(rank);
              }
            });
          }
        }
      }),
    );
  });

  law("diff", "has one change for each object, and steps of it only beside", async () => {
    await holds(
      fc.asyncProperty(generatedEstates(2), async ({ schema, sides: [a = [], b = []] }) => {
        const { changes, summary } = await run(
          schema,
          readingAdapter(schema, a),
          readingAdapter(schema, b),
          { isDryRun: true },
        );
        const address = ({ model, key }: Change): string => `${model} ${key}`;
        const own = changes.filter(({ step }) => step === undefined);
        const places = new Map(own.map((change) => [address(change), changes.indexOf(change)]));
        expect(places.size).toBe(own.length);
        const { create, update, delete: deletes } = summary.totals;
        expect(own).toHaveLength(create + update + deletes);
        for (const [place, change] of changes.entries()) {
          if (change.step === undefined) continue;
          const main = own.find((each) => address(each) === address(change));
          expect(main?.action === "delete").toBe(change.step === 0);
          const ownPlace = places.get(address(change)) ?? NaN;
          expect(change.step === 0 ? place < ownPlace : place > ownPlace).toBe(true);
        }
      }),
    );
  });

  law(
    "diff",
    "never deletes for a finding, and plans nothing that the target refuses",
    async () => {
      const spoilt = fc.record({
        estates: generatedEstates(2),
        kinds: fc.array(fc.constantFrom("sound", "bad-field", "bad-key", "twice", "left-out"), {
          minLength: 30,
          maxLength: 30,
        }),
        asksDeletes: fc.boolean(),
      });
      await holds(
        fc.asyncProperty(spoilt, async ({ estates, kinds, asksDeletes }) => {
          const { schema, sides } = estates;
          const [a = [], b = []] = sides;
          const source = a.flatMap((record, index) => spoil(record, kinds[index] ?? "sound"));
          const target = side(schema, b);
          const before = new Set(target.records().map((record) => keyOfRecord(schema, record)));
          const result = await run(schema, readingAdapter(schema, source), target, { asksDeletes });
          expect(result.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);

          const deleted = result.outcomes.filter(({ change }) => change.action === "delete");
          const found = new Set(result.findings.map(({ model, key }) => `${model} ${key ?? ""}`));
          const unread = new Set(
            result.findings.filter(({ key }) => key === null).map(({ model }) => model),
          );
          for (const { change } of deleted) {
            expect(found).not.toContain(`${change.model} ${change.key}`);
            expect(unread).not.toContain(change.model);
          }
          const given = new Set(
            a.filter((_, index) => kinds[index] !== "left-out").map((r) => keyOfRecord(schema, r)),
          );
          const after = new Set(target.records().map((record) => keyOfRecord(schema, record)));
          for (const key of before) if (given.has(key)) expect(after).toContain(key);
          if (!asksDeletes) for (const key of before) expect(after).toContain(key);
        }),
      );
    },
  );

  law("renames", "sees a renamed object as one update, whatever hangs below it", async () => {
    const renamed = fc.record({
      estates: generatedEstates(1),
      isRenamed: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
    });
    await holds(
      fc.asyncProperty(renamed, async ({ estates, isRenamed }) => {
        const { schema, sides } = estates;
        const [records = []] = sides;
        const target = side(schema, records);
        const source = side(schema, records);
        const ids = new Map<string, string[]>();
        for (const { model, id = "" } of records) {
          ids.set(model.name, [...(ids.get(model.name) ?? []), id]);
        }
        const renames = records.filter((_, index) => isRenamed[index]);
        const freshName = (_: RawRecord, index: number): string | null =>
          isRenamed[index] ? `new ${index}` : null;
        await rename(source, records, freshName);
        const pairs: SyncOptions["pairs"] = (model) =>
          (ids.get(model.name) ?? []).map((id) => ({ sourceId: id, targetId: id }));
        const result = await run(schema, source, target, { pairs });
        expect(result.findings).toEqual([]);
        expect(result.changes.map(({ action, fields }) => [action, ...fields])).toEqual(
          renames.map(() => ["update", "name"]),
        );
        expect(result.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
        expect(contents(target)).toEqual(contents(source));
      }),
    );
  });

  law("renames", "applies renames among creates, updates, moves and deletes", async () => {
    const renamed = fc.record({
      estates: generatedEstates(2),
      isRenamed: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
    });
    await holds(
      fc.asyncProperty(renamed, async ({ estates, isRenamed }) => {
        const { schema, sides } = estates;
        const [a = [], b = []] = sides;
        const source = side(schema, a);
        const target = side(schema, b);
        await rename(source, a, (_, index) => (isRenamed[index] ? `new ${index}` : null));
        // Both sides were made with the same ids for the same keys.
        const pairs: SyncOptions["pairs"] = ({ name }) =>
          a.flatMap(({ model, id = "" }) =>
            model.name === name ? [{ sourceId: id, targetId: id }] : [],
          );
        const result = await run(schema, source, target, { pairs });
        expect(result.findings).toEqual([]);
        expect(result.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
        expect(contents(target)).toEqual(contents(source));
      }),
    );
  });

  law(
    "renames",
    "plans nothing that the target refuses and deletes no paired object, however names are exchanged",
    async () => {
      const renamed = fc.record({
        estates: generatedEstates(2),
        names: fc.array(fc.constantFrom(null, "a", "b", "c", "new"), {
          minLength: 30,
          maxLength: 30,
        }),
        kinds: fc.array(fc.constantFrom("sound", "sound", "sound", "bad-field", "left-out"), {
          minLength: 30,
          maxLength: 30,
        }),
      });
      await holds(
        fc.asyncProperty(renamed, async ({ estates, names, kinds }) => {
          const { schema, sides } = estates;
          const [a = [], b = []] = sides;
          const original = side(schema, a);
          const target = side(schema, b);
          await rename(original, a, (_, index) => names[index] ?? null);
          const records = original
            .records()
            .flatMap((record, index) => spoil(record, kinds[index] ?? "sound"));
          const given = new Set(records.map(({ id }) => id));
          const pairs: SyncOptions["pairs"] = ({ name }) =>
            a.flatMap(({ model, id = "" }) =>
              model.name === name ? [{ sourceId: id, targetId: id }] : [],
            );
          const result = await run(schema, readingAdapter(schema, records), target, { pairs });
          expect(result.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
          for (const { action, targetId, hold } of result.changes) {
            if (action === "delete" && hold === null) expect(given).not.toContain(targetId);
          }
        }),
      );
    },
  );

  law("second-keys", "sees what kept its serial as one update, renamed or moved", async () => {
    const renamed = fc.record({
      estates: generatedEstates(1, "unique"),
      isRenamed: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
    });
    await holds(
      fc.asyncProperty(renamed, async ({ estates, isRenamed }) => {
        const { schema, sides } = estates;
        const [records = []] = sides;
        const hasSerial = ({ values }: RawRecord): boolean => values["serial"] !== null;
        const target = side(schema, records);
        const source = side(schema, records);
        const renames = records.filter((record, index) => isRenamed[index] && hasSerial(record));
        await rename(source, records, (record, index) =>
          isRenamed[index] && hasSerial(record) ? `new ${index}` : null,
        );
        const result = await run(schema, source, target);
        expect(result.findings).toEqual([]);
        expect(result.changes.map(({ action, fields }) => [action, ...fields])).toEqual(
          renames.map(() => ["update", "name"]),
        );
        expect(result.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
        expect(contents(target)).toEqual(contents(source));
      }),
    );
  });

  law("second-keys", "makes the target equal to the source where serials are unique", async () => {
    await holds(
      fc.asyncProperty(
        generatedEstates(2, "unique"),
        async ({ schema, sides: [a = [], b = []] }) => {
          const source = side(schema, a);
          const target = side(schema, b);
          const result = await run(schema, source, target);
          expect(result.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
          // No order of updates turns a tree upside down: that alone is left.
          for (const { message } of result.findings) expect(message).toMatch(/above one of them/);
          if (result.findings.length > 0) return;
          expect(contents(target)).toEqual(contents(source));
          expect((await run(schema, source, target)).changes).toEqual([]);
        },
      ),
    );
  });

  law(
    "second-keys",
    "never creates and deletes objects of one serial, and plans nothing that the target refuses",
    async () => {
      const spoilt = fc.record({
        estates: generatedEstates(2, "any"),
        kinds: fc.array(fc.constantFrom("sound", "sound", "sound", "bad-field", "bad-serial"), {
          minLength: 30,
          maxLength: 30,
        }),
      });
      await holds(
        fc.asyncProperty(spoilt, async ({ estates, kinds }) => {
          const { schema, sides } = estates;
          const [a = [], b = []] = sides;
          const source = a.flatMap((record, index) => spoil(record, kinds[index] ?? "sound"));
          const target = side(schema, b);
          const result = await run(schema, readingAdapter(schema, source), target);
          expect(result.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
          const serialsOf = (wanted: Change["action"]): readonly string[] =>
            result.changes.flatMap(({ model, action, before, after, hold }) => {
              const serial = (before ?? after)?.["serial"] ?? null;
              const counts = action === wanted && serial !== null && hold === null;
              return counts ? [`${model} ${JSON.stringify(serial)}`] : [];
            });
          const created = new Set(serialsOf("create"));
          expect(serialsOf("delete").filter((serial) => created.has(serial))).toEqual([]);
          const unread = new Set(
            a.flatMap(({ model }, index) => (kinds[index] === "bad-serial" ? [model.name] : [])),
          );
          for (const { action, model, hold } of result.changes) {
            if (action === "delete" && hold === null) expect(unread).not.toContain(model);
          }
        }),
      );
    },
  );

  describe(`${name}: the laws of ${kind ?? "diff and apply"}`, () => {
    numRuns = given ?? Math.ceil(cases / laws.length);
    const timeout = 60_000 + numRuns * 400;
    for (const { name: lawName, prove } of laws) it(lawName, { timeout }, prove);

    it(`are tried with ${numRuns * laws.length} generated cases`, () => {
      expect(tried).toBe(numRuns * laws.length);
    });
  });
}

const side = (schema: Schema, records: readonly RawRecord[]): MemoryAdapter =>
  createMemoryAdapter("side", schema, records);

const contents = (adapter: MemoryAdapter): unknown =>
  adapter.records().map(({ model, values }) => [model.name, values]);

function keyOfRecord(schema: Schema, { model, values, isCanonical }: RawRecord): string {
  const parts = model.keyNames.map((name): unknown => {
    const value = values[name];
    const isKey = isCanonical && model.field(name).kind === "reference";
    return isKey && typeof value === "string" ? { encodedKey: value } : value;
  });
  return `${model.name} ${schema.encodeKey(model, parts)}`;
}

/** Renames objects through a writer, which makes every reference follow; a name that is taken is left. */
async function rename(
  adapter: MemoryAdapter,
  records: readonly RawRecord[],
  newName: (record: RawRecord, index: number) => string | null,
): Promise<void> {
  const signal = new AbortController().signal;
  const quiet = (): void => undefined;
  const logger = { debug: quiet, info: quiet, warning: quiet, error: quiet };
  const names = records.map(newName);
  const renames = records.filter((_, index) => names[index] !== null);
  const given = names.filter((name) => name !== null);
  const changes = renames.map((record, index) => ({
    model: record.model.name,
    action: "update" as const,
    key: "",
    label: "",
    parentModel: null,
    parentKey: null,
    before: {},
    after: { name: given[index] ?? "" },
    fields: ["name"],
    rank: 0,
    targetId: record.id ?? null,
    targetVersion: null,
    sourceId: null,
  }));
  const context = { signal, logger };
  for await (const { error } of adapter.writer(context).apply(changes, context)) {
    if (error) expect(error.message).toMatch(/is taken/);
  }
}
