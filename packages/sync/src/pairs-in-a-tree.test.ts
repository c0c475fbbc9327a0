import { describe, expect, it } from "vitest";
import { defineModel } from "./define-model.ts";
import type { Pair } from "./store.ts";
import type { RawRecord } from "./record.ts";
import { ref } from "./reference-field.ts";
import { integer, text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";
import { sync, type SyncResult } from "./sync.ts";
import { createMemoryAdapter } from "./testing/memory-adapter.ts";

const Place = defineModel("place", {
  key: { name: text(), parent: ref("place").nullable() },
  fields: { size: integer().nullable() },
  parent: "parent",
});
const Device = defineModel("device", {
  key: { place: ref("place"), name: text() },
  fields: { role: text().nullable() },
});
const schema = createSchema([Place, Device]);

type Where = readonly [string, ...string[]];
/** The place of a path from the root: `at("Germany", "Berlin")`. */
const at = (...path: Where): { encodedKey: string } => ({
  encodedKey: JSON.stringify(path.reduce<unknown>((above, name) => [name, above], null)),
});
const place = (id: string, ...path: Where): RawRecord => {
  const [root, ...rest] = path.slice(0, -1);
  const parent = root === undefined ? null : at(root, ...rest);
  return Place.record({ name: path.at(-1) ?? "", parent }, { id });
};
const device = (id: string, name: string, ...path: Where): RawRecord =>
  Device.record({ place: at(...path), name }, { id });

async function run(
  source: readonly RawRecord[],
  target: readonly RawRecord[],
  paired: Readonly<Record<string, readonly string[]>>,
): Promise<SyncResult> {
  const adapter = createMemoryAdapter("target", schema, target);
  const wanted = createMemoryAdapter("source", schema, source);
  const result = await sync({
    schema,
    source: wanted,
    target: adapter,
    isDryRun: false,
    asksDeletes: true,
    ceiling: null,
    pairs: ({ name }): Pair[] => (paired[name] ?? []).map((id) => ({ sourceId: id, targetId: id })),
  });
  const keys = (of: typeof adapter): string[] =>
    of.records().map(({ model, values }) => `${model.name} ${JSON.stringify(values)}`);
  expect(result.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
  expect(keys(adapter)).toEqual(keys(wanted));
  return result;
}

const brief = ({ changes }: SyncResult): string[] =>
  changes.map(({ action, label, fields }) => [action, label, ...fields].join(" "));

describe("remembered pairs in a tree", () => {
  it("follow a renamed root down every level, into other models too", async () => {
    const result = await run(
      [
        place("1", "Deutschland"),
        place("2", "Deutschland", "Berlin"),
        place("3", "Deutschland", "Berlin", "Mitte"),
        device("d", "leaf1", "Deutschland", "Berlin", "Mitte"),
      ],
      [
        place("1", "Germany"),
        place("2", "Germany", "Berlin"),
        place("3", "Germany", "Berlin", "Mitte"),
        device("d", "leaf1", "Germany", "Berlin", "Mitte"),
      ],
      { place: ["1"] },
    );
    expect(brief(result)).toEqual(["update Germany name"]);
  });

  it("rename parent and child in one run, each in an update of its own", async () => {
    const result = await run(
      [place("1", "Deutschland"), place("2", "Deutschland", "Hauptstadt")],
      [place("1", "Germany"), place("2", "Germany", "Berlin")],
      { place: ["1", "2"] },
    );
    expect(brief(result)).toEqual(["update Germany name", "update Germany → Berlin name"]);
  });

  it("move an object below a renamed one, with what hangs below it", async () => {
    const result = await run(
      [
        place("1", "Deutschland"),
        place("2", "Deutschland", "Berlin"),
        place("3", "Deutschland", "Berlin", "Mitte"),
        device("d", "leaf1", "Deutschland", "Berlin", "Mitte"),
      ],
      [
        place("1", "Germany"),
        place("2", "Berlin"),
        place("3", "Berlin", "Mitte"),
        device("d", "leaf1", "Berlin", "Mitte"),
      ],
      { place: ["1", "2"] },
    );
    expect(brief(result)).toEqual(["update Germany name", "update Berlin parent"]);
  });

  it("put one parent's children below another, each pair by its own", async () => {
    const result = await run(
      [place("1", "A"), place("2", "B"), place("3", "B", "x"), device("d", "leaf1", "B", "x")],
      [place("1", "A"), place("2", "B"), place("3", "A", "x"), device("d", "leaf1", "A", "x")],
      { place: ["1", "2", "3"] },
    );
    expect(brief(result)).toEqual(["update A → x parent"]);
  });

  it("say nothing where the keys say the same", async () => {
    const estate = [place("1", "A"), place("2", "A", "x"), device("d", "leaf1", "A", "x")];
    const result = await run(estate, estate, { place: ["1", "2"], device: ["d"] });
    expect(brief(result)).toEqual([]);
    expect(result.summary.totals.unchanged).toBe(3);
  });

  it("make what is new below a renamed object new, and what is gone there gone", async () => {
    const result = await run(
      [place("1", "Deutschland"), place("4", "Deutschland", "Bonn")],
      [place("1", "Germany"), place("2", "Germany", "Berlin")],
      { place: ["1"] },
    );
    expect(brief(result)).toEqual([
      "update Germany name",
      "create Deutschland → Bonn",
      "delete Germany → Berlin",
    ]);
  });

  it("let a paired device follow its place, and take a name of its own", async () => {
    const result = await run(
      [place("1", "Deutschland"), device("d", "spine1", "Deutschland")],
      [place("1", "Germany"), device("d", "leaf1", "Germany")],
      { place: ["1"], device: ["d"] },
    );
    expect(brief(result)).toEqual(["update Germany name", "update leaf1 (Germany) name"]);
  });
});

describe("a remembered pair of one key on both sides", () => {
  const turned = [
    [place("1", "A"), place("2", "C"), place("3", "A", "x"), place("4", "C", "y")],
    [place("1", "B"), place("2", "A"), place("3", "A", "x"), place("4", "A", "y")],
  ] as const;

  it("says who an object below a renamed one is, and moves it", async () => {
    const [source, target] = turned;
    const adapter = createMemoryAdapter("target", schema, target);
    const sides = {
      schema: schema,
      source: createMemoryAdapter("source", schema, source),
      target: adapter,
      isDryRun: false,
      asksDeletes: true,
      ceiling: null,
      pairs: ({ name }: { name: string }): Pair[] =>
        name === "place" ? ["1", "2", "3", "4"].map((id) => ({ sourceId: id, targetId: id })) : [],
    };
    const first = await sync(sides);
    expect(first.findings.map(({ label, message }) => [label, message])).toEqual([
      ["A", expect.stringContaining("Run again once that one is renamed.") as string],
    ]);
    expect(first.changes.map(({ action }) => action)).not.toContain("create");
    expect(first.changes.map(({ action }) => action)).not.toContain("delete");
    await sync(sides);
    expect((await sync(sides)).changes).toEqual([]);
    const names = adapter
      .records()
      .map(({ id, values }) => `${String(id)} ${String(values["name"])}`);
    expect(names.sort()).toEqual(["1 A", "2 C", "3 x", "4 y"]);
  });
});

describe("a rename onto a key that another object of the target has", () => {
  const from = (id: string, name: string, origin: string): RawRecord =>
    Place.record({ name, parent: null }, { id, origin });
  const plan = (source: readonly RawRecord[], target: readonly RawRecord[]) =>
    sync({
      schema,
      source: {
        name: "source",
        models: schema.models,
        async *load() {
          yield source;
        },
      },
      target: createMemoryAdapter("target", schema, target),
      isDryRun: true,
      asksDeletes: true,
      ceiling: null,
      pairs: ({ name }) =>
        name === "place" ? ["1", "2"].map((id) => ({ sourceId: id, targetId: id })) : [],
    });
  const finding = {
    kind: "ambiguous",
    side: "source",
    model: "place",
    key: '["new",null]',
    label: "new",
    field: null,
    value: null,
    origin: "row 1",
  };

  it("leaves both as they are, where nothing says which of the two it is", async () => {
    const result = await plan(
      [from("1", "new", "row 1")],
      [place("1", "old"), place("9", "new"), place("8", "gone")],
    );
    expect(brief(result)).toEqual(["delete gone"]);
    expect(result.findings).toEqual([
      {
        ...finding,
        message:
          "Place new could be old or new of the target. Nothing is changed. " +
          "Remove one of them, or correct the source.",
      },
    ]);
  });

  it("waits for the next run, where that object is renamed itself", async () => {
    const result = await plan(
      [from("1", "new", "row 1"), from("2", "newer", "row 2")],
      [place("1", "old"), place("2", "new")],
    );
    expect(brief(result)).toEqual(["update new name"]);
    expect(result.findings).toEqual([
      {
        ...finding,
        message:
          "Place new has the key of new in the target, which is another object of the source under its " +
          "old name. Run again once that one is renamed.",
      },
    ]);
  });

  it("waits as well where the newcomer is new to the target", async () => {
    const result = await plan(
      [from("9", "new", "row 1"), from("2", "newer", "row 2"), from("7", "other", "row 3")],
      [place("2", "new")],
    );
    expect(brief(result)).toEqual(["update new name", "create other"]);
    expect(result.findings.map(({ label, origin }) => [label, origin])).toEqual([["new", "row 1"]]);
  });
});

describe("remembered pairs that contradict each other", () => {
  const asTargetOf = (pairs: readonly (readonly [string, string])[]) => async () => {
    const target = createMemoryAdapter("target", schema, [
      place("1", "A"),
      place("2", "B"),
      place("3", "C"),
    ]);
    const result = await sync({
      schema,
      source: createMemoryAdapter("source", schema, [place("1", "X"), place("2", "Y")]),
      target,
      isDryRun: false,
      asksDeletes: true,
      ceiling: null,
      pairs: ({ name }) =>
        name === "place" ? pairs.map(([sourceId, targetId]) => ({ sourceId, targetId })) : [],
    });
    const names = target.records().map(({ values }) => values["name"]);
    const findings = result.findings.map(({ kind, side, label, message }) => [
      kind,
      side,
      label,
      message,
    ]);
    return { names, findings, brief: brief(result) };
  };
  const told = (label: string, one: string, other: string): readonly unknown[] => [
    "ambiguous",
    "source",
    label,
    `Place ${label} could be ${one} or, by another remembered pair, ${other}. ` +
      "Neither is changed. Forget the wrong pair.",
  ];

  it("leave both objects as they are, and say so", async () => {
    const twoOfOne = asTargetOf([
      ["1", "1"],
      ["2", "1"],
    ]);
    expect(await twoOfOne()).toEqual({
      names: ["A"],
      findings: [told("Y", "A", "X"), told("X", "A", "Y")],
      brief: ["delete B", "delete C"],
    });
    const oneOfTwo = asTargetOf([
      ["1", "1"],
      ["1", "2"],
    ]);
    expect(await oneOfTwo()).toEqual({
      names: ["A", "B", "Y"],
      findings: [told("X", "B", "A")],
      brief: ["create Y", "delete C"],
    });
  });

  it("are none where one pair is remembered twice", async () => {
    const twice = asTargetOf([
      ["1", "1"],
      ["1", "1"],
    ]);
    expect(await twice()).toMatchObject({ findings: [], names: ["B", "C", "X", "Y"].slice(2) });
  });
});

describe("an object held below one that is renamed later in the run", () => {
  const Owner = defineModel("owner", { key: { name: text() }, fields: {} });
  const Area = defineModel("area", {
    key: { name: text(), parent: ref("area").nullable() },
    fields: { owner: ref("owner").nullable() },
    parent: "parent",
  });
  const areas = createSchema([Owner, Area]);
  const area = (id: string, path: Where, owner: string | null = null): RawRecord =>
    Area.record({ ...place(id, ...path).values, owner } as never, { id });
  const inTarget = [area("1", ["Old"]), area("2", ["Old", "Kid"])];
  const inSource = (owner: string | null): RawRecord[] => [
    area("2", ["Kid"], owner),
    area("3", ["Kid", "New"]),
    area("4", ["Top"]),
    area("5", ["Top", "Mid"]),
    area("1", ["Top", "Mid", "Old"]),
  ];

  it("gets nothing new below it, as its key cannot be said by then; the next run does", async () => {
    const target = createMemoryAdapter("target", areas, inTarget);
    const apply = async (owner: string | null): Promise<string[]> => {
      const { changes, outcomes } = await sync({
        schema: areas,
        source: {
          name: "source",
          models: areas.models,
          async *load() {
            yield inSource(owner);
          },
        },
        target,
        isDryRun: false,
        asksDeletes: false,
        pairs: ({ name }): Pair[] =>
          name === "area" ? ["1", "2"].map((id) => ({ sourceId: id, targetId: id })) : [],
      });
      expect(outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
      return changes.map(({ action, label, hold }) =>
        [action, label, ...(hold ? [hold.guard] : [])].join(" "),
      );
    };
    expect(await apply("nobody")).toEqual([
      "update Old → Kid unresolved-reference",
      "create Top",
      "create Top → Mid",
      "create Top → Mid → Old → Kid → New needs-held",
      "update Old",
    ]);
    expect(await apply(null)).toEqual(["update Top → Mid → Old → Kid", "create Kid → New"]);
  });
});
