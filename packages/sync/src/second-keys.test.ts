import { describe, expect, it } from "vitest";
import { defineModel } from "./define-model.ts";
import type { RawRecord } from "./record.ts";
import { ref } from "./reference-field.ts";
import { boolean, integer, text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";
import { sync, type SyncOptions, type SyncResult } from "./sync.ts";
import { createMemoryAdapter, type MemoryAdapter } from "./testing/memory-adapter.ts";
import { readingAdapter } from "./testing/spoilt-side.ts";

const Site = defineModel("site", {
  key: { name: text() },
  fields: { code: text().nullable() },
  secondKeys: ["code"],
});
const Device = defineModel("device", {
  key: { site: ref("site"), name: text() },
  fields: { serial: text().nullable(), tag: integer().nullable(), role: text().nullable() },
  secondKeys: ["serial", "tag"],
});
const Port = defineModel("port", {
  key: { device: ref("device"), name: text() },
  fields: { speed: integer().nullable() },
});
const schema = createSchema([Site, Device, Port]);

interface Facts {
  readonly serial?: string | null;
  readonly tag?: number;
  readonly id?: string;
}
const site = (name: string, code: string | null = null): RawRecord => Site.record({ name, code });
const device = (at: string, name: string, { id, ...facts }: Facts = {}): RawRecord =>
  Device.record({ site: at, name, ...facts }, { id });
const port = (at: string, of: string, name: string): RawRecord =>
  Port.record({ device: [at, of], name });

interface Run extends SyncResult {
  readonly target: MemoryAdapter;
}

async function run(
  source: readonly RawRecord[],
  target: readonly RawRecord[],
  options: Partial<SyncOptions> = {},
): Promise<Run> {
  const adapter = createMemoryAdapter("target", schema, target);
  const result = await sync({
    schema,
    source: readingAdapter(schema, source),
    target: adapter,
    isDryRun: false,
    asksDeletes: true,
    ceiling: null,
    ...options,
  });
  expect(result.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
  return { ...result, target: adapter };
}

const brief = ({ changes }: SyncResult): string[] =>
  changes.map(({ action, label, fields, hold }) =>
    [...(hold ? ["held"] : []), action, label, ...fields].join(" "),
  );
const messages = ({ findings }: SyncResult): string[] => findings.map(({ message }) => message);

describe("a second key", () => {
  it("makes a renamed object one update, with what hangs below it left in place", async () => {
    const result = await run(
      [site("a"), device("a", "new", { serial: "S1" }), port("a", "new", "1")],
      [site("a"), device("a", "old", { serial: "S1" }), port("a", "old", "1")],
    );
    expect(brief(result)).toEqual(["update old (a) name"]);
    expect(result.findings).toEqual([]);
  });

  it("follows an object to another parent, and one that is renamed by its own second key", async () => {
    const moved = await run(
      [site("a"), site("b"), device("b", "1", { serial: "S1" }), port("b", "1", "x")],
      [site("a"), site("b"), device("a", "1", { serial: "S1" }), port("a", "1", "x")],
    );
    expect(brief(moved)).toEqual(["update 1 (a) site"]);
    const below = await run(
      [
        site("new", "C1"),
        device("new", "1", { serial: "S1" }),
        device("new", "2", { serial: "S2" }),
      ],
      [site("old", "C1"), device("old", "1"), device("old", "3", { serial: "S2" })],
    );
    expect(brief(below)).toEqual([
      "update old name",
      "update 1 (old) serial",
      "update 3 (old) name",
    ]);
  });

  it("is not asked where the key has a counterpart", async () => {
    const result = await run(
      [site("a"), device("a", "1", { serial: "S2" }), device("a", "2", { serial: "S1" })],
      [site("a"), device("a", "1", { serial: "S1" }), device("a", "2", { serial: "S2" })],
    );
    expect(brief(result)).toEqual(["update 1 (a) serial", "update 2 (a) serial"]);
  });

  it("is not asked where a remembered pair says what the object is", async () => {
    const result = await run(
      [site("a"), device("a", "new", { id: "s", serial: "S1" })],
      [site("a"), device("a", "x", { id: "x", serial: "S1" }), device("a", "y", { id: "y" })],
      { pairs: ({ name }) => (name === "device" ? [{ sourceId: "s", targetId: "y" }] : []) },
    );
    expect(brief(result)).toEqual(["update y (a) name serial", "delete x (a)"]);
  });

  it("finds nothing where it is empty, or the other side does not give it", async () => {
    const empty = await run(
      [site("a"), device("a", "1", { serial: null }), device("a", "2", { serial: "" })],
      [site("a"), device("a", "3", { serial: null }), device("a", "4", { serial: "" })],
    );
    expect(brief(empty).filter((change) => change.startsWith("update"))).toEqual([]);
    const source = {
      ...createMemoryAdapter("source", schema, [site("a"), device("a", "1", { serial: "S1" })]),
      provides: () => ["name", "site", "role"],
    };
    const unasked = await run([], [site("a"), device("a", "2", { serial: "S1" })], { source });
    expect(brief(unasked)).toEqual(["create 1 (a)", "delete 2 (a)"]);
  });

  it("is passed over where the run ignores its field", async () => {
    const ignore = [{ model: "device", fields: ["serial"], actions: [] }];
    const result = await run(
      [site("a"), device("a", "1", { serial: "S1" })],
      [site("a"), device("a", "2", { serial: "S1" })],
      { ignore },
    );
    expect(brief(result)).toEqual(["create 1 (a)", "delete 2 (a)"]);
  });

  it("gives way to the one declared before it, and speaks where that is silent", async () => {
    const first = await run(
      [site("a"), device("a", "new", { serial: "S1", tag: 7 })],
      [site("a"), device("a", "x", { tag: 7 }), device("a", "y", { serial: "S1" })],
    );
    expect(brief(first)).toEqual(["update y (a) name tag", "delete x (a)"]);
    const second = await run(
      [site("a"), device("a", "new", { serial: "S1", tag: 7 })],
      [site("a"), device("a", "x", { serial: "S2", tag: 7 })],
    );
    expect(brief(second)).toEqual(["update x (a) name serial"]);
  });

  it("that several have is a finding, and leaves each of them as it is", async () => {
    const target = [
      site("a"),
      device("a", "x", { serial: "S" }),
      device("a", "y", { serial: "S" }),
    ];
    const result = await run([site("a"), device("a", "new", { serial: "S" })], target);
    expect(brief(result)).toEqual([]);
    expect(messages(result)).toEqual([
      "Device new (a) could be x (a) or y (a) of the target by its serial S, but 1 of the source and 2 of " +
        "the target have that. Nothing is changed. Correct it where it is wrong.",
    ]);
    expect(result.findings[0]).toMatchObject({
      kind: "ambiguous",
      side: "source",
      field: "serial",
      value: "S",
    });
    expect(result.summary.totals).toMatchObject({ shielded: 3, create: 0, delete: 0 });
    const twice = await run(
      [site("a"), device("a", "1", { serial: "S" }), device("a", "2", { serial: "S" })],
      [site("a"), device("a", "2", { serial: "S" }), device("a", "x", { serial: "S" })],
    );
    expect(brief(twice)).toEqual([]);
    expect(twice.findings.map(({ label }) => label)).toEqual(["1 (a)"]);
  });

  it("names three candidates of many", async () => {
    const many = ["1", "2", "3", "4"].map((name) => device("a", name, { serial: "S" }));
    const result = await run(
      [site("a"), device("a", "new", { serial: "S" })],
      [site("a"), ...many],
    );
    expect(messages(result)[0]).toContain("1 (a) or 2 (a) or 3 (a) or another of the target");
  });

  it("renames nothing where a side was not read completely", async () => {
    const whole = createMemoryAdapter("source", schema, [
      site("a"),
      device("a", "new", { serial: "S" }),
    ]);
    const source: SyncOptions["source"] = {
      ...whole,
      async *load(context) {
        context.incomplete(Device, "page 2 failed.");
        yield* whole.load(context);
      },
    };
    const result = await run([], [site("a"), device("a", "old", { serial: "S" })], { source });
    expect(brief(result)).toEqual([]);
    expect(messages(result)).toContain(
      "Device new (a) could be old (a) of the target by its serial S, but Devices were not read completely, " +
        "and another may have that. Nothing is changed. Run again once they are.",
    );
  });

  it("that cannot be read holds the deletes of its model", async () => {
    const bad = { ...device("a", "new"), values: { site: "a", name: "new", serial: { no: 1 } } };
    const result = await run([site("a"), bad], [site("a"), device("a", "old", { serial: "S" })]);
    expect(brief(result)).toEqual(["held delete old (a)"]);
    expect(result.changes[0]?.hold?.reason).toBe(
      "The source's Devices were not read completely: The serial of a record could not be read.",
    );
  });

  it("keeps a record with a finding together with its counterpart", async () => {
    const values = { site: "a", name: "new", serial: "S", role: { no: 1 } };
    const result = await run(
      [site("a"), { ...device("a", "new"), values }],
      [site("a"), device("a", "old", { serial: "S" })],
    );
    expect(brief(result)).toEqual([]);
    expect(result.summary.totals).toMatchObject({ shielded: 1, create: 0, delete: 0 });
  });
});

describe("a second key in a tree", () => {
  const Place = defineModel("place", {
    key: { name: text(), parent: ref("place").nullable() },
    fields: { code: text().nullable() },
    parent: "parent",
    secondKeys: ["code"],
  });
  const places = createSchema([Place]);
  const place = (code: string | null, name: string, parent: unknown = null): RawRecord =>
    Place.record({ name, parent: parent as null, code });
  const compare = (
    source: readonly RawRecord[],
    target: readonly RawRecord[],
  ): Promise<SyncResult> =>
    sync({
      schema: places,
      source: createMemoryAdapter("source", places, source),
      target: createMemoryAdapter("target", places, target),
      isDryRun: false,
      asksDeletes: true,
      ceiling: null,
    });

  it("leaves to the key what a renamed parent explains", async () => {
    const result = await compare(
      [
        place("1", "Deutschland"),
        place("2", "Berlin", ["Deutschland"]),
        place("2", "Bonn", ["Deutschland"]),
      ],
      [place("1", "Germany"), place("2", "Berlin", ["Germany"]), place("2", "Bonn", ["Germany"])],
    );
    expect(brief(result)).toEqual(["update Germany name"]);
    expect(result.findings).toEqual([]);
  });

  it("renames parent and child in one run", async () => {
    const result = await compare(
      [place("1", "Deutschland"), place("2", "Hauptstadt", ["Deutschland"])],
      [place("1", "Germany"), place("2", "Berlin", ["Germany"])],
    );
    expect(brief(result)).toEqual(["update Germany name", "update Germany → Berlin name"]);
  });

  it("turns nothing upside down, and says so", async () => {
    const result = await compare(
      [place("1", "A"), place("2", "B", ["A"])],
      [place("2", "X"), place("1", "Y", ["X"])],
    );
    expect(brief(result)).toEqual([]);
    expect(messages(result)).toEqual([
      "Place A could be X → Y of the target by its code 1, but what is above one of them is below the other. " +
        "Nothing is changed. Move them in the target by hand.",
      "Place A → B could be X of the target by its code 2, but what is above one of them is below the other. " +
        "Nothing is changed. Move them in the target by hand.",
    ]);
  });
});

describe("a declaration of second keys", () => {
  const key = { name: text() };
  const fields = { serial: text().nullable(), on: boolean(), site: ref("site").nullable() };
  const declare =
    (...secondKeys: string[]) =>
    (): unknown =>
      defineModel("thing", { key, fields, secondKeys: secondKeys as "serial"[] });

  it("takes fields that tell objects apart, each once", () => {
    expect(declare("serial")).not.toThrow();
    expect(declare("name")).toThrow('Model thing: its second key "name" is none of its fields');
    expect(declare("constructor")).toThrow("is none of its fields");
    expect(declare("on")).toThrow("is a boolean, which cannot tell objects apart");
    expect(declare("site")).toThrow("is a reference, which cannot tell objects apart");
    expect(declare("serial", "serial")).toThrow("is named twice");
    expect(() =>
      defineModel("thing", { key, fields: { serial: text().derived() }, secondKeys: ["serial"] }),
    ).toThrow("is derived");
  });
});
