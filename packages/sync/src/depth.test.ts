import { describe, expect, it } from "vitest";
import { defineModel } from "./define-model.ts";
import { isTree, measureDepths, settleDepths, type Standing } from "./depth.ts";
import { createMemoryStore } from "./memory-store.ts";
import type { SideRecord } from "./record.ts";
import { ref } from "./reference-field.ts";
import { text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";

const Firm = defineModel("firm", {
  key: { name: text() },
  fields: { above: ref("firm"), beside: ref("firm").nullable().derived(), site: ref("site") },
});
const Loose = defineModel("loose", {
  key: { name: text() },
  fields: { above: ref("loose").nullable(), other: ref("loose").nullable() },
});
const Place = defineModel("place", {
  key: { name: text(), above: ref("place").nullable() },
  fields: {},
});
const Site = defineModel("site", { key: { name: text() }, fields: { loose: ref("loose") } });
const schema = createSchema([Firm, Loose, Place, Site]);

const key = (name: string | null): string | null => (name === null ? null : JSON.stringify([name]));
const firm = (name: string, above: string | null): SideRecord => ({
  key: JSON.stringify([name]),
  values: [name, key(above), key(name), key(name)],
});
const loose = (name: string, above: string | null, other: string | null = null): SideRecord => ({
  key: JSON.stringify([name]),
  values: [name, key(above), key(other)],
});

/** How the records named stand where all of these are there. */
async function stand(
  model: "firm" | "loose",
  all: readonly SideRecord[],
  names: readonly string[],
  out: readonly string[] = [],
): Promise<Standing> {
  const store = createMemoryStore(schema);
  await store.add("source", model, all);
  await store.exclude("source", model, out);
  const wanted = new Set(names.map((name) => JSON.stringify([name])));
  const asked = all.filter((record) => wanted.has(record.key));
  const isScoped = out.length > 0;
  const measure = measureDepths(schema, store, "source", schema.model(model), isScoped);
  for (const record of asked) measure.take([record]);
  return measure.finish();
}

/** Of records whose names are one letter each. */
const depths = (standing: Standing, names: string): number[] =>
  Array.from(names, (name) => standing.depthOf(JSON.stringify([name])));

describe("how deep a record stands", () => {
  const chain = [firm("a", null), firm("b", "a"), firm("c", "b"), firm("d", "c")];

  it("counts what is above it, be it measured with it or not", async () => {
    expect(depths(await stand("firm", chain, ["d"]), "d")).toEqual([3]);
    expect(depths(await stand("firm", chain, ["b", "d"]), "bd")).toEqual([1, 3]);
    expect(depths(await stand("firm", [...chain].reverse(), ["d", "a", "c"]), "acd")).toEqual([
      0, 2, 3,
    ]);
    expect(depths(await stand("firm", chain, []), "z")).toEqual([0]);
  });

  it("is one more than the deepest of several above it", async () => {
    const all = [loose("a", null), loose("b", "a"), loose("c", "b"), loose("d", "a", "c")];
    expect(depths(await stand("loose", all, ["d"]), "d")).toEqual([3]);
    const turned = [...all.slice(0, 3), loose("d", "c", "a")];
    expect(depths(await stand("loose", turned, ["d"]), "d")).toEqual([3]);
  });

  it("goes as far as the key tells where what is above is not there, or out of scope", async () => {
    const store = createMemoryStore(schema);
    const deep = '["c",["b",["a",null]]]';
    const record: SideRecord = { key: `["d",${deep}]`, values: ["d", deep] };
    const of = (isScoped: boolean) => {
      const measure = measureDepths(schema, store, "source", Place, isScoped);
      measure.take([record]);
      return measure.finish();
    };
    expect((await of(false)).depthOf(record.key)).toBe(3);
    expect((await of(true)).depthOf(record.key)).toBe(3);
    expect(depths(await stand("firm", chain, ["d"], ['["b"]']), "d")).toEqual([2]);
  });

  it("is known of a chain longer than the call stack, and of many that need many", async () => {
    const all = Array.from({ length: 20_000 }, (_, index) =>
      firm(`n${index}`, index === 0 ? null : `n${index - 1}`),
    );
    const standing = await stand("firm", all, ["n19999"]);
    expect(standing.depthOf('["n19999"]')).toBe(19_999);
    const names = Array.from({ length: 2500 }, (_, index) => String(index));
    const wide = names.flatMap((name) => [
      firm(`above ${name}`, "top"),
      firm(name, `above ${name}`),
    ]);
    const flat = await stand("firm", [firm("top", null), ...wide], names);
    expect(new Set(names.map((name) => flat.depthOf(JSON.stringify([name]))))).toEqual(
      new Set([2]),
    );
  });
});

describe("references that come round", () => {
  it("have no depth where they cannot wait, nor has what they lead to", async () => {
    const all = [
      firm("a", "c"),
      firm("b", "a"),
      firm("c", "b"),
      firm("d", "a"),
      firm("e", "d"),
      firm("f", null),
      firm("g", "g"),
    ];
    const standing = await stand("firm", all, ["e", "f", "g"]);
    expect(depths(standing, "abcdefg")).toEqual([
      Infinity,
      Infinity,
      Infinity,
      Infinity,
      Infinity,
      0,
      Infinity,
    ]);
    const names = ["a", "b", "c", "d", "e", "f", "g"].map((name) => JSON.stringify([name]));
    const round = names.map((from) =>
      names.flatMap((to, index) => (standing.isRound(from, to) ? ["abcdefg"[index]] : [])).join(""),
    );
    expect(round).toEqual(["abc", "abc", "abc", "", "", "", "g"]);
  });

  it("are passed over where they may wait, and in the circle alone", async () => {
    const all = [
      loose("a", "b"),
      loose("b", "a"),
      loose("c", "a"),
      loose("d", "c"),
      loose("x", "y"),
      loose("y", "x", "a"),
    ];
    const standing = await stand("loose", all, ["d", "x"]);
    expect(depths(standing, "abcdxy")).toEqual([0, 0, 1, 2, 0, 1]);
    const isRound = (from: string, to: string): boolean =>
      standing.isRound(JSON.stringify([from]), JSON.stringify([to]));
    expect([isRound("a", "b"), isRound("b", "a"), isRound("x", "y")]).toEqual([true, true, true]);
    expect([isRound("a", "x"), isRound("c", "a"), isRound("y", "a"), isRound("z", "z")]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it("are told from two circles that share nothing, however they are reached", async () => {
    const all = [
      loose("a", "b", "c"),
      loose("b", "a"),
      loose("c", "d"),
      loose("d", "c", "e"),
      loose("e", "e"),
    ];
    for (const names of [["a"], ["e", "a"], ["d", "a"], ["b", "c"]]) {
      const { isRound } = await stand("loose", all, [...names, "a"]);
      const of = (from: string, to: string): boolean => isRound(`["${from}"]`, `["${to}"]`);
      expect([of("a", "b"), of("c", "d"), of("e", "e")]).toEqual([true, true, true]);
      expect([of("a", "c"), of("b", "d"), of("d", "e")]).toEqual([false, false, false]);
    }
  });
});

it("a model is a tree where it refers to itself, by more than what the hub derives", () => {
  const Derived = defineModel("derived", {
    key: { name: text() },
    fields: { above: ref("derived").nullable().derived() },
  });
  const other = createSchema([Derived, Firm, Site, Loose]);
  expect([Firm, Site, Derived].map((model) => isTree(other, model))).toEqual([true, false, false]);
});

it.each([
  [[], -1, []],
  [[0, 2], 2, [0, 2]],
  [[0, Infinity, 1], 2, [0, 2, 1]],
  [[Infinity], 0, [0]],
])("what has no depth comes below all others: %j", (given, deepest, settled) => {
  const entries = given.map((depth) => ({ depth }));
  expect(settleDepths(entries)).toBe(deepest);
  expect(entries.map(({ depth }) => depth)).toEqual(settled);
});
