import { expect, it } from "vitest";
import { defineModel } from "./define-model.ts";
import type { RawRecord } from "./record.ts";
import { ref } from "./reference-field.ts";
import { integer, text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";
import { sync, type SyncOptions } from "./sync.ts";
import { createMemoryAdapter } from "./testing/memory-adapter.ts";

const Place = defineModel("place", {
  key: { name: text(), above: ref("place").nullable() },
  parent: "above",
  fields: {},
});
const Device = defineModel("device", {
  key: { name: text() },
  parent: "place",
  fields: { place: ref("place").nullable(), size: integer().nullable() },
});
const schema = createSchema([Place, Device]);

const place = (name: string, above: unknown = null, id = name): RawRecord =>
  Place.record({ name, above: above as string }, { id });
const device = (name: string, at: string | null, size = 0): RawRecord =>
  Device.record({ name, place: at, size });

/** "device d1 below place [\"old\",null]" of each change. */
async function parents(
  source: readonly RawRecord[],
  target: readonly RawRecord[],
  options: Partial<SyncOptions> & { provides?: Record<string, string[]> } = {},
): Promise<readonly string[]> {
  const { provides, ...more } = options;
  const { changes } = await sync({
    schema,
    source: createMemoryAdapter("source", schema, source, provides && { provides }),
    target: createMemoryAdapter("target", schema, target),
    isDryRun: true,
    asksDeletes: true,
    ceiling: null,
    pairs: ({ name }) => (name === "place" ? [{ sourceId: "1", targetId: "1" }] : []),
    ...more,
  });
  return changes.map(
    ({ label, parentModel, parentKey }) =>
      `${label} below ${String(parentModel)} ${String(parentKey)}`,
  );
}

it("a change hangs below its parent as the target has it, where the run renames it too", async () => {
  expect(
    await parents(
      [place("new", null, "1"), place("inner", "new"), device("d1", "new"), device("d2", "new", 2)],
      [place("old", null, "1"), device("d2", "old")],
    ),
  ).toEqual([
    "old below null null",
    'new → inner below place ["old",null]',
    'd2 below place ["old",null]',
    'd1 below place ["old",null]',
  ]);
});

it("a change hangs below a parent that the run creates by the key it will have", async () => {
  expect(
    await parents(
      [
        place("new", null, "1"),
        place("inner", "new"),
        device("d1", null),
        device("d2", null),
      ].concat(Device.record({ name: "d3", place: ["inner", "new"] })),
      [place("old", null, "1")],
    ),
  ).toEqual([
    "old below null null",
    'new → inner below place ["old",null]',
    "d1 below null null",
    "d2 below null null",
    'd3 below place ["inner",["new",null]]',
  ]);
});

it("a change hangs where it is in the target, where the source does not say", async () => {
  const provides = { device: ["name", "size"] };
  expect(
    await parents(
      [place("a"), device("d1", "a", 1), device("d2", "a", 1)],
      [place("a"), device("d1", "a", 2), device("d3", "a"), device("d4", null)],
      { provides },
    ),
  ).toEqual([
    'd1 below place ["a",null]',
    "d2 below null null",
    'd3 below place ["a",null]',
    "d4 below null null",
  ]);
});

it("a change hangs below a parent of a model that the run leaves alone", async () => {
  expect(
    await parents([place("a"), device("d1", "a")], [place("a")], { models: [Device] }),
  ).toEqual(['d1 below place ["a",null]']);
});
