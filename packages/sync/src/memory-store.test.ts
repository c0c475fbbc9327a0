import { describe, expect, it } from "vitest";
import { defineModel } from "./define-model.ts";
import { CancelledError, NotFoundError } from "./errors.ts";
import { createMemoryStore } from "./memory-store.ts";
import type { SideRecord } from "./record.ts";
import { ref } from "./reference-field.ts";
import { text } from "./scalar-fields.ts";
import { createSchema, type Schema } from "./schema.ts";
import type { Batches, MatchRequest, Store } from "./store.ts";
import { describeStore } from "./testing/describe-store.ts";

const numRuns = Number(process.env["PLUMBLINE_LAW_RUNS"] ?? 100);

describeStore(
  "in memory",
  (schema) => Promise.resolve({ store: createMemoryStore(schema), close: () => Promise.resolve() }),
  { numRuns },
);

/** As a store in a database answers: of the keys asked for alone, and with records of its own each time. */
function createStrictStore(schema: Schema): Store {
  const memory = createMemoryStore(schema);
  return {
    ...memory,
    which: (side, model, keys) => new Set(keys.filter((key) => memory.table(side, model).has(key))),
    find: (side, model, keys) =>
      new Map(
        keys.flatMap((key) => {
          const record = memory.table(side, model).get(key);
          return record ? [[key, structuredClone(record)]] : [];
        }),
      ),
  };
}

describeStore(
  "in memory, and strict",
  (schema) => Promise.resolve({ store: createStrictStore(schema), close: () => Promise.resolve() }),
  { numRuns: Number(process.env["PLUMBLINE_LAW_RUNS"] ?? 100) },
);

const Site = defineModel("site", { key: { name: text() }, fields: { note: text() } });
const Room = defineModel("room", { key: { name: text() }, fields: { site: ref("site") } });
const schema = createSchema([Site, Room]);
const site = (name: string, note = "", more: Partial<SideRecord> = {}): SideRecord => ({
  key: JSON.stringify([name]),
  values: [name, note],
  ...more,
});
const number = (index: number): string => String(index).padStart(6, "0");
const many = (count: number, note?: string): SideRecord[] =>
  Array.from({ length: count }, (_, index) => site(number(index), note, { id: number(index) }));
const request: MatchRequest = {
  model: Site,
  indexes: [0, 1],
  toTarget: null,
  translated: new Map(),
  shields: { source: new Set(), target: new Set() },
  signal: undefined,
};

async function sizes(batches: Batches<unknown>): Promise<number[]> {
  const found: number[] = [];
  for await (const batch of batches) found.push(batch.length);
  return found;
}

describe("the store in memory", () => {
  it("gives many in batches of a thousand, and each once", async () => {
    const store = createMemoryStore(schema);
    await store.add("source", "site", [...many(2500, "a"), site("x")]);
    await store.add("target", "site", [...many(2500, "b"), site("y")]);
    const matching = await store.match(request);
    const pairs = many(2500).map(({ id = "" }) => ({ sourceId: id, targetId: id }));
    expect({
      read: await sizes(store.read("source", "site")),
      updates: await sizes(matching.readUpdates()),
      creates: await sizes(matching.readCreates()),
      counterparts: await sizes(matching.readCounterparts()),
      pairKeys: await sizes(store.pairKeys("site", () => pairs, "all")),
      pairsByKey: await sizes(store.pairsByKey("site", () => [])),
      known: await sizes(store.pairsByKey("site", () => pairs)),
    }).toEqual({
      read: [1000, 1000, 501],
      updates: [1000, 1000, 500],
      creates: [1],
      counterparts: [1000, 1000, 500],
      pairKeys: [1000, 1000, 500],
      pairsByKey: [1000, 1000, 500],
      known: [0],
    });
    const seen = new Set<string>();
    for await (const batch of store.read("source", "site")) {
      for (const { key } of batch) seen.add(key);
    }
    expect(seen.size).toBe(2501);
  });

  it("gives no empty batch of what is read, and who refers to what in batches too", async () => {
    const store = createMemoryStore(schema);
    expect(await sizes(store.read("source", "site"))).toEqual([]);
    await store.add("source", "site", many(1000));
    expect(await sizes(store.read("source", "site"))).toEqual([1000]);
    const rooms = many(2500).map(({ key }, index) => ({
      key,
      values: [number(index), index < 2400 ? '["a"]' : '["b"]'],
    }));
    await store.add("target", "room", rooms);
    const keys = new Map([["site", new Set(['["a"]'])]]);
    const references = schema.referenceFields("room");
    const batches = await sizes(store.referrers("room", references, keys));
    expect(batches.slice(0, 2)).toEqual([1000, 1000]);
    expect(batches.reduce((sum, size) => sum + size)).toBe(2400);
    expect(await sizes(store.referrers("room", references, new Map()))).toEqual([0]);
  });

  it("keeps once what the sides have in common: the record, or its key and values", async () => {
    for (const [first, second] of [
      ["source", "target"],
      ["target", "source"],
    ] as const) {
      const store = createMemoryStore(schema);
      const add = async (side: "source" | "target", record: SideRecord) => {
        await store.add(side, "site", [record]);
        return store.table(side, "site").get(record.key);
      };
      const traced = { id: "1", version: "2", origin: "row 3" };
      const whole = await add(second, site("a", "x", traced));
      expect(await add(first, site("a", "x", traced))).toBe(whole);
      for (const [name, value] of [
        ["id", "9"],
        ["version", "9"],
        ["origin", "row 9"],
      ] as const) {
        const one = await add(first, site(name, "x", traced));
        const other = await add(second, site(name, "x", { ...traced, [name]: value }));
        expect(other).toMatchObject({ ...traced, [name]: value });
        expect(other?.values).toBe(one?.values);
        expect(other?.key).toBe(one?.key);
      }
      const one = await add(first, site("b", "x"));
      const other = await add(second, site("b", "y"));
      expect([one?.values, other?.values]).toEqual([
        ["b", "x"],
        ["b", "y"],
      ]);
      const given = await add(first, { ...site("c"), values: ["c", undefined] });
      const lacking = await add(second, site("c", "x"));
      expect([given?.values, lacking?.values]).toEqual([
        ["c", undefined],
        ["c", "x"],
      ]);
      const list = await add(first, { ...site("d"), values: ["d", ["1", "2"]] });
      expect(await add(second, { ...site("d"), values: ["d", ["1", "2"]] })).toBe(list);
    }
  });

  it("names a duplicate once, and knows no other model", async () => {
    const store = createMemoryStore(schema);
    await store.add("source", "site", [site("a"), site("a"), site("a")]);
    expect(store.seal("source")).toMatchObject([{ records: [{}, {}, {}] }]);
    expect(store.seal("source")).toEqual([]);
    expect(() => store.count("source", "rack")).toThrow(NotFoundError);
  });

  it("lets a run be cancelled while it compares a hundred thousand records", async () => {
    for (const side of ["source", "target"] as const) {
      const store = createMemoryStore(schema);
      const all = many(100_000);
      await store.add(side, "site", all);
      const controller = new AbortController();
      const matching = store.match({ ...request, signal: controller.signal });
      controller.abort();
      await expect(matching).rejects.toThrow(CancelledError);
      await store.add(side === "source" ? "target" : "source", "site", all.slice(1));
      expect(await store.match(request)).toMatchObject({ matched: 99_999 });
    }
  });

  it("tells pairs by key only of what no finding speaks of and no known pair has", async () => {
    const store = createMemoryStore(schema);
    const named = ["a", "b", "c", "d", "e"].map((id) => site(id, "", { id }));
    await store.add("source", "site", [...named, site("f", "", { id: "f" }), site("g")]);
    await store.add("target", "site", [...named, site("f"), site("g", "", { id: "g" })]);
    await store.shield("source", "site", ['["a"]']);
    await store.shield("target", "site", ['["b"]']);
    const known = [{ sourceId: "c", targetId: "d" }];
    const found: string[] = [];
    for await (const batch of store.pairsByKey("site", () => known)) {
      for (const { sourceId, targetId } of batch) found.push(sourceId + targetId);
    }
    expect(found).toEqual(["ee"]);
  });
});
