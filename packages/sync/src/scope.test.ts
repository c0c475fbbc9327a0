import { describe, expect, it } from "vitest";
import { set } from "./collection-fields.ts";
import { defineModel } from "./define-model.ts";
import type { Adapter } from "./adapter.ts";
import type { Values } from "./record.ts";
import type { RawRecord } from "./record.ts";
import { ref } from "./reference-field.ts";
import type { Model } from "./model.ts";
import { integer, text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";
import { describeScope, type LoadScope, type Scope, type ScopeCondition } from "./scope.ts";
import { sync, type SyncOptions } from "./sync.ts";
import { createMemoryAdapter } from "./testing/memory-adapter.ts";

const Location = defineModel("location", {
  key: { name: text(), parent: ref("location").nullable() },
  parent: "parent",
  fields: {},
});
const Group = defineModel("group", {
  key: { name: text() },
  parent: "above",
  fields: { above: ref("group").nullable() },
});
const Device = defineModel("device", {
  key: { location: ref("location"), name: text() },
  fields: {
    role: text().nullable(),
    group: ref("group").nullable(),
    tags: set(text()).default([]),
    spare: ref("device").nullable(),
    height: integer().nullable().derived(),
  },
});
const schema = createSchema([Location, Group, Device]);

const berlin = ["Berlin", "Germany"];
const oslo = ["Oslo", "Norway"];
const places = [
  Location.record({ name: "Germany" }),
  Location.record({ name: "Norway" }),
  Location.record({ name: "Berlin", parent: "Germany" }),
  Location.record({ name: "Oslo", parent: "Norway" }),
];
const device = (at: readonly string[], name: string, more: Record<string, unknown> = {}) =>
  Device.record({ location: [...at], name, ...more });

async function run(
  source: readonly RawRecord[],
  target: readonly RawRecord[],
  scope: Scope,
  options: Partial<SyncOptions> = {},
) {
  return sync({
    schema,
    source: createMemoryAdapter("source", schema, source),
    target: createMemoryAdapter("target", schema, target),
    isDryRun: true,
    asksDeletes: true,
    ceiling: null,
    scope,
    ...options,
  });
}

const inGermany: Scope = { location: [{ isUnder: "Germany" }] };

describe("a scope", () => {
  it("leaves what is out of it as it is, below what is out of it too", async () => {
    const { changes, summary } = await run(
      [...places, device(berlin, "new")],
      [...places, device(berlin, "gone"), device(oslo, "foreign")],
      inGermany,
    );
    expect(changes.map(({ action, label }) => [action, label])).toEqual([
      ["create", "new (Germany → Berlin)"],
      ["delete", "gone (Germany → Berlin)"],
    ]);
    expect(summary.totals).toMatchObject({ outOfScope: 3, unchanged: 2 });
  });

  it("leaves an object that the source has out of scope, whatever the target says of it", async () => {
    const scope: Scope = { device: [{ field: "role", isOneOf: ["leaf", "spine"] }] };
    const { changes } = await run(
      [...places, device(berlin, "1", { role: "retired" }), device(berlin, "2", { role: "leaf" })],
      [...places, device(berlin, "1", { role: "leaf" }), device(berlin, "2", { role: "retired" })],
      scope,
    );
    expect(changes.map(({ action, label, after }) => [action, label, after])).toEqual([
      ["update", "2 (Germany → Berlin)", { role: "leaf" }],
    ]);
  });

  it("follows a tree whose parent is a field, and the members of a set", async () => {
    const groups = [
      Group.record({ name: "core" }),
      Group.record({ name: "dc", above: "core" }),
      Group.record({ name: "lab" }),
    ];
    const source = [...places, ...groups];
    for (const device of [
      ["1", "dc", ["red"]],
      ["2", "lab", ["red"]],
      ["3", "core", ["green", "red"]],
      ["4", "core", []],
    ] as const) {
      const [name, group, tags] = device;
      source.push(Device.record({ location: berlin, name, group, tags: [...tags] }));
    }
    const { changes } = await run(source, [...places, ...groups], {
      device: [
        { field: "group", isUnder: "core" },
        { field: "tags", is: "red" },
      ],
    });
    expect(changes.map(({ label }) => label.slice(0, 1))).toEqual(["1", "3"]);
  });

  it("counts what is out of it as there, and never deletes what that refers to", async () => {
    const spare = { encodedKey: schema.encodeKey("device", [oslo, "spare"]) };
    const kept = { encodedKey: schema.encodeKey("device", [berlin, "kept"]) };
    const { changes, findings } = await run(
      [...places, device(oslo, "spare"), device(berlin, "a", { spare })],
      [...places, device(berlin, "kept"), device(oslo, "foreign", { spare: kept })],
      inGermany,
    );
    expect(findings).toEqual([]);
    expect(changes.map(({ action, hold }) => [action, hold?.guard, hold?.reason])).toEqual([
      ["create", "needs-held", expect.stringContaining("out of scope") as string],
      ["delete", "still-referenced", expect.stringContaining("foreign (Norway → Oslo)") as string],
    ]);
  });

  it("measures the ceiling of deletes against what is in it", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `f${index}`);
    const { changes } = await run(
      places,
      [...places, device(berlin, "only"), ...names.map((name) => device(oslo, name))],
      inGermany,
      { ceiling: { percent: 10, count: 10 } },
    );
    expect(changes.map(({ hold }) => hold?.reason)).toEqual([
      expect.stringContaining("the only Device") as string,
    ]);
  });

  it("does not take an object that moved out of it for one that was deleted", async () => {
    const options = { pairs: () => [{ sourceId: "d1", targetId: "d1" }] };
    const at = (where: readonly string[]): RawRecord =>
      Device.record({ location: [...where], name: "1" }, { id: "d1" });
    expect(
      (await run([...places, at(oslo)], [...places, at(berlin)], inGermany, options)).changes,
    ).toEqual([]);
    expect(
      (await run([...places, at(berlin)], [...places, at(oslo)], inGermany, options)).changes.map(
        ({ action, fields }) => [action, fields],
      ),
    ).toEqual([["update", ["location"]]]);
  });

  it("names a record by the name it gets, where the run renames it", async () => {
    const root = (name: string): RawRecord => Location.record({ name }, { id: "root" });
    const { changes } = await run(
      [root("New")],
      [root("Old"), Location.record({ name: "gone", parent: "Old" })],
      { location: [{ isUnder: "New" }] },
      { pairs: () => [{ sourceId: "root", targetId: "root" }] },
    );
    expect(changes.map(({ action, label }) => [action, label])).toEqual([
      ["update", "Old"],
      ["delete", "Old → gone"],
    ]);
  });

  it("tells an adapter what it may leave out by key", async () => {
    let told: LoadScope | null = null;
    const source: Adapter = {
      name: "source",
      models: schema.models,
      async *load(context) {
        told = context.scope;
        yield [];
      },
    };
    const scope: Scope = {
      location: [{ isUnder: "Germany" }],
      device: [
        { field: "role", is: "leaf" },
        { field: "name", isOneOf: ["1", "2"] },
        { matches: () => true, description: "is there" },
      ],
    };
    await run([], places, scope, { source });
    const given = told as LoadScope | null;
    expect(given?.conditions(Location)).toEqual([
      { field: null, test: "is-under-one-of", values: ['["Germany",null]'] },
    ]);
    expect(given?.conditions(Device)).toEqual([
      { field: "name", test: "is-one-of", values: ["1", "2"] },
    ]);
    const keyOf = (at: readonly string[], name: string): string =>
      schema.encodeKey("device", [at, name]);
    expect(given?.includes(Device, keyOf(berlin, "1"))).toBe(true);
    expect(given?.includes(Device, keyOf(berlin, "3"))).toBe(false);
    expect(given?.includes(Device, keyOf(oslo, "1"))).toBe(false);
  });

  it("tells an adapter to leave out nothing where a tree must be known whole", async () => {
    let told: LoadScope | null = null;
    const source: Adapter = {
      name: "source",
      models: schema.models,
      async *load(context) {
        told = context.scope;
        yield [Group.record({ name: "core" })];
      },
    };
    const scope: Scope = {
      group: [{ field: "name", isOneOf: ["core", "dc"] }],
      device: [
        { field: "group", isUnder: "core" },
        { field: "location", isUnder: "Germany" },
      ],
    };
    await run([], places, scope, { source });
    const given = told as LoadScope | null;
    expect(given?.conditions(Group)).toEqual([]);
    expect(given?.includes(Group, '["lab"]')).toBe(true);
    expect(given?.conditions(Device)).toEqual([
      { field: "location", test: "is-under-one-of", values: ['["Germany",null]'] },
    ]);
    expect(given?.conditions(Location)).toEqual([]);
  });

  it("is shown in words", () => {
    expect(describeScope(schema, null)).toEqual([]);
    expect(describeScope(schema, {})).toEqual([]);
    expect(
      describeScope(schema, {
        device: [
          { field: "location", isUnder: "Germany" },
          { field: "name", is: "1" },
        ],
      }).map(({ text }) => text),
    ).toEqual(["location is or lies under Germany", "name is 1"]);
    expect(
      describeScope(schema, {
        location: [{ isUnderOneOf: ["Germany", oslo] }],
        device: [
          { field: "role", is: null },
          { field: "tags", isOneOf: ["red", "green"] },
          { matches: () => true, description: "is there" },
        ],
      }).map(({ model, text }) => `${model} ${text}`),
    ).toEqual([
      "location is or lies under one of Germany, Norway → Oslo",
      "device role is (none)",
      "device tags has one of red, green",
      "device is there",
    ]);
  });

  it.each<[string, Scope, RegExp]>([
    ["an unknown model", { rack: [] }, /names rack, which is no model/],
    ["an unknown field", { device: [{ field: "colour", is: 1 }] }, /device\.colour.*There|has: /],
    [
      "a field of another name",
      { device: [{ field: "colour", is: 1 }] },
      /Device has: location, name, role, group, tags, spare, height\./,
    ],
    ["a model that is none", { rack: [] }, /It has: location, group, device\./],
    [
      "a derived field",
      { device: [{ field: "height", is: 1 }] },
      /device\.height, which the hub derives/,
    ],
    [
      "a tree of a field that is none",
      { device: [{ field: "role", isUnder: "x" }] },
      /device\.role lies under, and it is no tree/,
    ],
    [
      "a reference that is no tree",
      { device: [{ field: "spare", isUnder: ["x"] }] },
      /device\.spare lies under, and device is no tree/,
    ],
    [
      "no field",
      { device: [{ is: 1 } as unknown as ScopeCondition] },
      /on device that names no field/,
    ],
    [
      "a root that cannot be",
      { location: [{ isUnder: [1, 2, 3] }] },
      /The scope asks location: expected at most 2/,
    ],
    ["a wrong value", { location: [{ field: "name", is: { a: 1 } }] }, /location\.name: expected/],
    ["no tree", { device: [{ isUnder: ["x"] }] }, /device is no tree/],
    ["a root that nobody has", { location: [{ isUnder: "Germny" }] }, /Germny, which neither side/],
  ])("is refused for %s", async (_, scope, message) => {
    await expect(run(places, places, scope)).rejects.toThrow(message);
  });

  it.each<[string, Scope, readonly Model[], string]>([
    [
      "more than the key of a model that the run does not load",
      { group: [{ field: "above", is: "core" }] },
      [Location, Device],
      "The scope asks Groups for more than their key, and the run does not load them. Add group to its models.",
    ],
    [
      "a function of a model that the run does not load",
      { group: [{ matches: () => true, description: "is there" }] },
      [Location, Device],
      "The scope asks Groups for more than their key, and the run does not load them. Add group to its models.",
    ],
    [
      "a tree that only its records tell, and the run does not load",
      { device: [{ field: "group", isUnder: "core" }] },
      [Location, Device],
      "The scope asks what Devices lie under, and the run does not load Groups. Add group to its models.",
    ],
  ])("is refused for %s", async (_, scope, models, message) => {
    await expect(run(places, places, scope, { models })).rejects.toThrow(message);
  });

  it("needs no more than keys of a model that the run does not load", async () => {
    const options = { models: [Group, Device] };
    const { changes } = await run(
      [...places, device(berlin, "1"), device(oslo, "2")],
      places,
      inGermany,
      options,
    );
    expect(changes.map(({ label }) => label)).toEqual(["1 (Germany → Berlin)"]);
    const one = await run(
      [...places, device(berlin, "1"), device(oslo, "2")],
      places,
      { location: [{ field: "name", isOneOf: ["Oslo", "Norway"] }] },
      options,
    );
    expect(one.changes.map(({ label }) => label)).toEqual(["2 (Norway → Oslo)"]);
  });

  it("is refused for a tree whose parents the source does not give", async () => {
    const source = createMemoryAdapter("source", schema, places, { provides: { group: ["name"] } });
    const scope: Scope = { device: [{ field: "group", isUnder: "core" }] };
    await expect(run([], places, scope, { source })).rejects.toThrow(
      "The scope asks group.above, which the source does not give of a Group. Ask for another field.",
    );
  });

  it("leaves out what a side does not say", async () => {
    const target = createMemoryAdapter(
      "target",
      schema,
      [...places, device(berlin, "gone", { role: "leaf" })],
      { provides: { device: ["location", "name"] } },
    );
    const scope: Scope = { device: [{ field: "role", is: "leaf" }] };
    const source = [...places, device(berlin, "new", { role: "leaf" })];
    const { changes, summary } = await run(source, [], scope, { target });
    expect(changes.map(({ label }) => label)).toEqual(["new (Germany → Berlin)"]);
    expect(summary.totals.outOfScope).toBe(1);
  });

  it("lies in the target where the source says, however deep", async () => {
    const groups = (above: string | null): RawRecord[] => [
      Group.record({ name: "core" }),
      Group.record({ name: "lab" }),
      Group.record({ name: "dc", above }),
      Group.record({ name: "row", above: "dc" }),
      Group.record({ name: "rack", above: "row" }),
    ];
    const scope: Scope = { device: [{ field: "group", isUnder: "core" }] };
    const gone = device(berlin, "gone", { group: "rack" });
    const moved = await run(
      [...places, ...groups("core")],
      [...places, ...groups("lab"), gone],
      scope,
    );
    expect(moved.changes.map(({ action, label }) => [action, label])).toEqual([
      ["update", "dc"],
      ["delete", "gone (Germany → Berlin)"],
    ]);
    const left = await run(
      [...places, ...groups("lab")],
      [...places, ...groups("core"), gone],
      scope,
    );
    expect(left.changes.map(({ label }) => label)).toEqual(["dc"]);
    const alone = await run(
      [...places, ...groups(null).slice(0, 2)],
      [...places, ...groups("core"), gone],
      scope,
    );
    expect(alone.changes.map(({ label }) => label)).toContain("gone (Germany → Berlin)");
  });

  it("takes what lies under an object that is renamed by its new name", async () => {
    const groups = (name: string): RawRecord[] => [
      Group.record({ name }, { id: "root" }),
      Group.record({ name: "dc", above: name }),
    ];
    const scope: Scope = { device: [{ field: "group", isUnder: "new" }] };
    const { changes } = await run(
      [...places, ...groups("new")],
      [...places, ...groups("old"), device(berlin, "gone", { group: "dc" })],
      scope,
      { pairs: ({ name }) => (name === "group" ? [{ sourceId: "root", targetId: "root" }] : []) },
    );
    expect(changes.map(({ action, label }) => [action, label])).toEqual([
      ["update", "old"],
      ["delete", "gone (Germany → Berlin)"],
    ]);
  });

  it("tells a function all that a side gives, by name", async () => {
    const told: Values[] = [];
    const matches = (values: Values): boolean => {
      told.push(values);
      return false;
    };
    const source = createMemoryAdapter("source", schema, [...places, device(berlin, "1")], {
      provides: { device: ["location", "name", "role"] },
    });
    const scope: Scope = { device: [{ matches, description: "none" }] };
    await run([], places, scope, { source });
    expect(told).toEqual([
      { location: schema.encodeKey("location", berlin), name: "1", role: null },
    ]);
  });

  it("takes a whole tree with what is out of it, a thousand wide and deep", async () => {
    const chain = Array.from({ length: 1200 }, (_, index) =>
      Group.record({ name: `g${index}`, above: index === 0 ? null : `g${index - 1}` }),
    );
    const wide = Array.from({ length: 1200 }, (_, index) =>
      Group.record({ name: `w${index}`, above: "g1199" }),
    );
    const kept = Group.record({ name: "kept" });
    const scope: Scope = {
      group: [{ matches: ({ name }) => name !== "g0", description: "is not g0" }],
    };
    const { changes, summary } = await run([...chain, ...wide, kept], [], scope);
    expect(changes.map(({ label }) => label)).toEqual(["kept"]);
    expect(summary.totals.outOfScope).toBe(2400);
  });

  it("is refused for a field that the source does not give", async () => {
    const source = createMemoryAdapter("source", schema, places, { provides: { device: [] } });
    const scope: Scope = { device: [{ field: "role", is: "leaf" }] };
    await expect(run([], places, scope, { source })).rejects.toThrow(
      /device\.role, which the source does not give/,
    );
  });
});
