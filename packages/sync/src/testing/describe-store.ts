import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { set } from "../collection-fields.ts";
import { defineModel } from "../define-model.ts";
import { InvalidInputError } from "../errors.ts";
import type { RawRecord, SideRecord } from "../record.ts";
import { ref } from "../reference-field.ts";
import { integer, text } from "../scalar-fields.ts";
import { createSchema, type Schema } from "../schema.ts";
import type { Batches, MatchRequest, Store } from "../store.ts";
import { sync, type SyncOptions, type SyncResult } from "../sync.ts";
import { generatedEstates, generatedIgnore, generatedScope } from "./estates.ts";
import { readingAdapter, spoil } from "./spoilt-side.ts";

/** An empty store and what ends it. */
export type OpenStore = (
  schema: Schema,
) => Promise<{ readonly store: Store; readonly close: () => Promise<void> }>;

const Site = defineModel("site", { key: { name: text() }, fields: { rank: integer().nullable() } });
const Device = defineModel("device", {
  key: { site: ref("site"), name: text() },
  fields: { role: text().nullable(), peers: set(ref("device")).default([]) },
  secondKeys: ["role"],
});
const schema = createSchema([Site, Device]);

/**
 * Tests of a store: each operation, and that generated plans are those of the store in memory.
 * @param numRuns generated estates for each law
 */
export function describeStore(name: string, open: OpenStore, { numRuns = 100 } = {}): void {
  const using = async (of: Schema, work: (store: Store) => Promise<void>): Promise<void> => {
    const { store, close } = await open(of);
    try {
      await work(store);
    } finally {
      await close();
    }
  };
  const site = (key: string, rank: number | null, id?: string): SideRecord => ({
    key: JSON.stringify([key]),
    values: [key, rank],
    id,
  });
  const key = (...parts: unknown[]): string => JSON.stringify(parts);
  const request: MatchRequest = {
    model: Site,
    indexes: [0, 1],
    toTarget: null,
    translated: new Map(),
    shields: { source: new Set(), target: new Set() },
    signal: undefined,
  };

  describe(`${name}: a store`, { timeout: 60_000 + numRuns * 400 }, () => {
    it("counts different keys, and shields and returns those that come twice", async () => {
      await using(schema, async (store) => {
        await store.add("source", "site", [site("a", 1, "first"), site("b", 2)]);
        await store.add("source", "site", [site("a", 3, "second"), site("c", 4)]);
        const [duplicates, ...more] = await store.seal("source");
        await store.seal("target");
        expect(more).toEqual([]);
        expect(duplicates).toMatchObject({ model: "site", key: key("a") });
        expect(duplicates?.records.map(({ id }) => id)).toEqual(["first", "second"]);
        expect(await store.count("source", "site")).toBe(3);
        const found = await store.find("source", "site", [key("a"), key("x")]);
        expect(found.get(key("a"))?.id).toBe("first");
        const matching = await store.match(request);
        expect(matching).toMatchObject({ creates: 2, shielded: 1, missing: [key("a")] });
      });
    });

    it("gives records back as they came, and says which keys are there", async () => {
      await using(schema, async (store) => {
        const odd = 'tab\t, line\n, "quotes", back\\slash, \u{1F40C}, \\N';
        const record: SideRecord = {
          key: key(odd),
          values: [odd, undefined],
          id: odd,
          version: "7",
          origin: "row 3",
        };
        await store.add("target", "site", [record, site("b", null)]);
        await store.seal("target");
        const found = await store.find("target", "site", [record.key, key("b")]);
        expect(found.get(record.key)).toEqual(record);
        expect(found.get(key("b"))?.values).toEqual(["b", null]);
        const there = await store.which("target", "site", [key("b"), key("c")]);
        expect([there.has(key("b")), there.has(key("c"))]).toEqual([true, false]);
        expect(await store.count("source", "site")).toBe(0);
      });
    });

    it("matches by key: what differs by code point, what a finding speaks of not at all", async () => {
      await using(schema, async (store) => {
        const names = ["\u{1F40C}", "\uFF5E", "b", "B", "ä"];
        await store.add("source", "site", [
          ...names.map((each) => site(each, 1)),
          site("same", 1),
          site("other", 1),
          site("shielded", 1),
        ]);
        await store.add("target", "site", [
          site("same", 1, "1"),
          site("other", 2, "2"),
          site("gone", 2, "3"),
          site("shielded", 2, "4"),
          site("reported", 2, "5"),
        ]);
        await store.shield("source", "site", [key("shielded"), key("reported")]);
        await store.seal("source");
        await store.seal("target");
        const matching = await store.match(request);
        expect(matching).toMatchObject({ matched: 2, creates: 5, deletes: 1, shielded: 2 });
        expect((await all(matching.readCreates())).map((each) => each.values[0])).toEqual([
          "B",
          "b",
          "ä",
          "\uFF5E",
          "\u{1F40C}",
        ]);
        expect((await all(matching.readDeletes())).map((each) => each.key)).toEqual([key("gone")]);
        expect((await all(matching.readCounterparts())).sort()).toEqual(["1", "2", "4"]);
        for (const updates of [
          await all(matching.readUpdates()),
          await all(matching.readUpdates()),
        ]) {
          expect(
            updates.map(({ source, target, indexes }) => [source.key, target.key, indexes]),
          ).toEqual([[key("other"), key("other"), [1]]]);
        }
      });
    });

    it("matches nothing that is out of scope, and still knows that it is there", async () => {
      await using(schema, async (store) => {
        await store.add("source", "site", [site("a", 1), site("b", 1), site("new", 1)]);
        await store.add("target", "site", [site("a", 2), site("b", 2), site("gone", 2)]);
        await store.shield("source", "site", [key("b")]);
        await store.seal("source");
        await store.seal("target");
        const both = [key("b"), key("new"), key("gone")];
        await store.exclude("source", "site", both.slice(0, 2));
        await store.exclude("source", "site", [key("b")]);
        await store.exclude("target", "site", [key("b"), key("gone")]);
        const excluded = await store.excluded("target", "site", [key("a"), ...both]);
        expect(both.map((each) => excluded.has(each))).toEqual([true, false, true]);
        expect(excluded.has(key("a"))).toBe(false);
        expect((await store.which("source", "site", both)).has(key("new"))).toBe(true);
        expect(await store.count("target", "site")).toBe(3);
        expect((await all(store.read("target", "site"))).map((each) => each.key).sort()).toEqual([
          key("a"),
          key("b"),
          key("gone"),
        ]);
        const matching = await store.match(request);
        expect(matching).toMatchObject({ matched: 1, creates: 0, deletes: 0, shielded: 0 });
        expect((await all(matching.readUpdates())).map(({ source }) => source.key)).toEqual([
          key("a"),
        ]);
      });
    });

    it("compares the places it is asked for alone", async () => {
      await using(schema, async (store) => {
        await store.add("source", "site", [site("a", 1)]);
        await store.add("target", "site", [site("a", 2)]);
        await store.seal("source");
        await store.seal("target");
        const matching = await store.match({ ...request, indexes: [0] });
        expect(await all(matching.readUpdates())).toEqual([]);
        expect(matching).toMatchObject({ matched: 1, creates: 0, deletes: 0 });
      });
    });

    it("matches under other keys, and with values translated", async () => {
      await using(schema, async (store) => {
        const device = (at: string, name: string, role: string): SideRecord => ({
          key: key([at], name),
          values: [key(at), name, role, []],
        });
        await store.add("source", "device", [
          device("new", "1", "leaf"),
          device("new", "2", "leaf"),
        ]);
        await store.add("target", "device", [
          device("old", "1", "leaf"),
          device("old", "2", "spine"),
        ]);
        await store.seal("source");
        await store.seal("target");
        const matching = await store.match({
          ...request,
          model: Device,
          indexes: [0, 1, 2, 3],
          toTarget: (each) => each.replace("new", "old"),
          translated: new Map([[0, () => key("old")]]),
        });
        expect(matching).toMatchObject({ matched: 2, creates: 0, deletes: 0 });
        expect(
          (await all(matching.readUpdates())).map(({ source, indexes }) => [source.key, indexes]),
        ).toEqual([[key(["new"], "2"), [2]]]);
      });
    });

    it("names who refers to what in the target, and pairs ids", async () => {
      await using(schema, async (store) => {
        const device: SideRecord = {
          key: key(["a"], "1"),
          values: [key("a"), "1", null, [key(["b"], "2")]],
          id: "d1",
        };
        await store.add("target", "device", [device]);
        await store.add("source", "site", [
          site("a", 1, "s1"),
          site("b", 1, "s2"),
          site("c", 1, "s3"),
        ]);
        await store.add("target", "site", [
          site("a", 1, "t1"),
          site("x", 1, "t2"),
          site("c", 1, "t3"),
        ]);
        await store.shield("target", "site", [key("c")]);
        await store.seal("source");
        await store.seal("target");
        const references = schema.referenceFields("device");
        const keys = new Map([
          ["site", new Set([key("a")])],
          ["device", new Set([key(["b"], "2")])],
        ]);
        const found = await all(store.referrers("device", references, keys));
        expect(found.map(({ target, index, referred }) => [target, index, referred])).toEqual([
          ["site", 0, key("a")],
          ["device", 3, key(["b"], "2")],
        ]);
        const pairs = [
          { sourceId: "s2", targetId: "t2" },
          { sourceId: "s1", targetId: "t1" },
          { sourceId: "gone", targetId: "t1" },
        ];
        const renamed = { source: key("b"), target: key("x") };
        const same = { source: key("a"), target: key("a") };
        expect(await all(store.pairKeys("site", () => pairs, "all"))).toEqual([renamed, same]);
        expect(await all(store.pairKeys("site", () => pairs, "differing"))).toEqual([renamed]);
        expect(await all(store.pairsByKey("site", () => []))).toEqual([pairs[1]]);
        expect(await all(store.pairsByKey("site", () => pairs))).toEqual([]);
      });
    });

    it("finds the values that records without counterpart have on both sides, and who else has them", async () => {
      await using(schema, async (store) => {
        const device = (at: string, name: string, role: string | null): SideRecord => ({
          key: key([at], name),
          values: [key(at), name, role, []],
        });
        const odd = 'a\u0000 "b"\\';
        await store.add("source", "device", [
          device("a", "1", "alone"),
          device("a", "2", "both"),
          device("a", "3", odd),
          device("a", "4", null),
          device("a", "5", ""),
          device("a", "6", "matched"),
          device("a", "7", "both"),
        ]);
        await store.add("target", "device", [
          device("b", "2", "both"),
          device("b", "3", odd),
          device("b", "4", null),
          device("b", "5", ""),
          device("a", "6", "both"),
          device("b", "8", "matched"),
        ]);
        await store.seal("source");
        await store.seal("target");
        const found = async (toTarget: ((each: string) => string) | null): Promise<unknown> => {
          const values = await all(store.sameValues({ model: Device, index: 2, toTarget }));
          return values
            .map(({ value, keys, counts }) => [
              value,
              [...keys.source].sort(),
              keys.target,
              [counts.source, counts.target],
            ])
            .sort();
        };
        const oddOne = [odd, [key(["a"], "3")], [key(["b"], "3")], [1, 1]];
        const both = ["both", [key(["a"], "2"), key(["a"], "7")], [key(["b"], "2")], [2, 2]];
        expect(await found(null)).toEqual([oddOne, both]);
        const renamed = (each: string): string =>
          each === key(["a"], "2") ? key(["b"], "2") : each;
        expect(await found(renamed)).toEqual([oddOne]);
        expect(await found((each) => each.replace('"a"', '"b"'))).toEqual([
          ["both", [key(["a"], "7")], [key(["a"], "6")], [2, 2]],
          ["matched", [key(["a"], "6")], [key(["b"], "8")], [1, 1]],
        ]);
      });
    });

    it("makes the plans that the store in memory makes", async () => {
      await fc.assert(
        fc.asyncProperty(runs, async ({ scoped, kinds, partners, ...options }) => {
          const { estates, scope, ignore } = scoped;
          const [a = [], b = []] = estates.sides;
          const given = a.flatMap((record, index) => spoil(record, kinds[index] ?? "sound"));
          const pairs: SyncOptions["pairs"] = (model) => pairUp(model.name, a, b, partners);
          const run = (store?: Store): Promise<SyncResult> =>
            sync({
              schema: estates.schema,
              source: readingAdapter(estates.schema, given),
              target: readingAdapter(estates.schema, b),
              isDryRun: true,
              scope,
              ignore,
              pairs,
              store,
              ...options,
            });
          const expected = await run().catch(refusalOf);
          await using(estates.schema, async (store) => {
            const result = await run(store).catch(refusalOf);
            if (typeof expected === "string" || typeof result === "string") {
              expect(result).toBe(expected);
              return;
            }
            expect(result.changes).toEqual(expected.changes);
            expect(result.summary.digest).toBe(expected.summary.digest);
            expect(result.summary.models).toEqual(expected.summary.models);
            expect(sorted(result)).toEqual(sorted(expected));
          });
        }),
        { numRuns },
      );
    });
  });
}

const scopedEstates = fc
  .constantFrom("none", "any", "unique")
  .chain((serials) => generatedEstates(2, serials))
  .chain((estates) =>
    fc.record({
      estates: fc.constant(estates),
      ignore: generatedIgnore(estates.schema),
      // With roots that the target has: the source may be spoilt.
      scope: fc.option(generatedScope(estates.schema, estates.sides.slice(1))),
    }),
  );

const runs = fc.record({
  scoped: scopedEstates,
  kinds: fc.array(fc.constantFrom("sound", "sound", "sound", "bad-field", "bad-key", "twice"), {
    minLength: 30,
    maxLength: 30,
  }),
  /** Which record of the target is remembered as the same; most often none. */
  partners: fc.array(fc.option(fc.nat(6), { freq: 3 }), { minLength: 30, maxLength: 30 }),
  asksDeletes: fc.boolean(),
  ceiling: fc.constantFrom(null, { percent: 10, count: 1 }),
});

function pairUp(
  model: string,
  source: readonly RawRecord[],
  target: readonly RawRecord[],
  partners: readonly (number | null)[],
): { sourceId: string; targetId: string }[] {
  const own = target.filter((record) => record.model.name === model);
  return source.flatMap((record, index) => {
    const partner = partners[index];
    if (record.model.name !== model || partner === null || partner === undefined) return [];
    const targetId = own[partner % Math.max(own.length, 1)]?.id;
    return targetId === undefined ? [] : [{ sourceId: record.id ?? "", targetId }];
  });
}

/** A scope that names what a pair of the run renames is refused. */
function refusalOf(error: unknown): string {
  if (!(error instanceof InvalidInputError)) throw error;
  return error.message;
}

function sorted({ findings }: SyncResult): readonly string[] {
  return findings.map((finding) => JSON.stringify(finding)).sort();
}

async function all<T>(batches: Batches<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const batch of batches) found.push(...batch);
  return found;
}
