import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { set } from "./collection-fields.ts";
import { defineModel } from "./define-model.ts";
import type { Adapter } from "./adapter.ts";
import type { Values } from "./record.ts";
import type { RawRecord } from "./record.ts";
import { visitReferences } from "./references.ts";
import { ref } from "./reference-field.ts";
import { text } from "./scalar-fields.ts";
import { createSchema, type Schema } from "./schema.ts";
import { describeScope, type LoadScope, type Scope } from "./scope.ts";
import { sync, type SyncOptions } from "./sync.ts";
import { generatedEstates, generatedScope } from "./testing/estates.ts";
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

  it("is shown in words", () => {
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
    ["a wrong value", { location: [{ field: "name", is: { a: 1 } }] }, /location\.name: expected/],
    ["no tree", { device: [{ isUnder: ["x"] }] }, /device is no tree/],
    ["a root that nobody has", { location: [{ isUnder: "Germny" }] }, /Germny, which neither side/],
  ])("is refused for %s", async (_, scope, message) => {
    await expect(run(places, places, scope)).rejects.toThrow(message);
  });

  it("is refused for a field that the source does not give", async () => {
    const source = createMemoryAdapter("source", schema, places, { provides: { device: [] } });
    const scope: Scope = { device: [{ field: "role", is: "leaf" }] };
    await expect(run([], places, scope, { source })).rejects.toThrow(
      /device\.role, which the source does not give/,
    );
  });
});

const numRuns = Number(process.env["PLUMBLINE_LAW_RUNS"] ?? 150);
const parameters = { numRuns };
const estatesWithScope = generatedEstates(2).chain(({ schema, sides }) =>
  fc.record({
    schema: fc.constant(schema),
    sides: fc.constant(sides),
    scope: generatedScope(schema, sides),
  }),
);
const asking = { isDryRun: false, asksDeletes: true, ceiling: null };

describe("the laws of a scope", { timeout: 60_000 + numRuns * 100 }, () => {
  it("plans for what is in scope what it plans without one, and nothing for the rest", async () => {
    await fc.assert(
      fc.asyncProperty(estatesWithScope, async ({ schema, sides: [a = [], b = []], scope }) => {
        const source = canonical(schema, a);
        const target = canonical(schema, b);
        const isOut = (model: string, key: string): boolean =>
          (source.has(address(model, key)) ? source : target) === source
            ? isOutOn(schema, scope, source, model, key)
            : isOutOfTarget(schema, scope, source, target, model, key);
        const sync_ = (chosen: Scope | null): ReturnType<typeof sync> =>
          sync({
            schema,
            source: createMemoryAdapter("source", schema, a),
            target: createMemoryAdapter("target", schema, b),
            ...asking,
            isDryRun: true,
            scope: chosen,
          });
        const whole = await sync_(null);
        const part = await sync_(scope);
        const facts = (changes: typeof whole.changes): unknown[] =>
          changes
            .filter(({ step }) => step === undefined)
            .map(({ model, action, key }) => {
              // Whether a value waits depends on what else is written.
              const steps = changes.filter((each) => each.model === model && each.key === key);
              const after = steps.map((each) => (each.step === 0 ? null : each.after));
              const entries = Object.entries(Object.assign({}, ...after) as object).sort();
              return JSON.stringify([model, action, key, entries]);
            })
            .sort();
        expect(facts(part.changes)).toEqual(
          facts(whole.changes.filter(({ model, key }) => !isOut(model, key))),
        );
        const objects = new Set([...source.keys(), ...target.keys()]);
        const out = [...objects].filter((each) => {
          const [model = "", key = ""] = split(each);
          return isOut(model, key);
        });
        expect(part.summary.totals.outOfScope).toBe(out.length);
      }),
      parameters,
    );
  });

  it("plans nothing that the target refuses, and finds nothing more to do in a second run", async () => {
    await fc.assert(
      fc.asyncProperty(estatesWithScope, async ({ schema, sides: [a = [], b = []], scope }) => {
        const source = createMemoryAdapter("source", schema, a);
        const target = createMemoryAdapter("target", schema, b);
        const options = { schema, source, target, scope, ...asking };
        const { outcomes } = await sync(options);
        expect(outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
        const again = await sync(options).catch((error: unknown) => {
          // A root that was in the target alone and in scope is deleted.
          expect(String(error)).toMatch(/neither side has/);
          return null;
        });
        expect(again?.changes.filter(({ hold }) => hold === null) ?? []).toEqual([]);
      }),
      parameters,
    );
  });

  it("plans the same where an adapter leaves out what it may", async () => {
    await fc.assert(
      fc.asyncProperty(estatesWithScope, async ({ schema, sides: [a = [], b = []], scope }) => {
        const run = (make: typeof pushingDown): ReturnType<typeof sync> =>
          sync({
            schema,
            source: make(schema, a, b),
            target: make(schema, b, a),
            ...asking,
            isDryRun: true,
            scope,
          });
        const whole = await run((of, records) => createMemoryAdapter("side", of, records));
        const pushed = await run(pushingDown);
        expect(pushed.changes).toEqual(whole.changes);
        expect(pushed.summary.digest).toBe(whole.summary.digest);
      }),
      parameters,
    );
  });
});

/** Leaves out what it may: not what records in scope refer to on either side, and not what refers to them. */
function pushingDown(
  schema: Schema,
  records: readonly RawRecord[],
  others: readonly RawRecord[],
): Adapter {
  return {
    name: "side",
    models: schema.models,
    async *load({ scope }) {
      const all = canonical(schema, records);
      const isIn = (each: string): boolean => {
        const [model = "", key = ""] = split(each);
        return scope?.includes(schema.model(model), key) ?? true;
      };
      const needed = new Set<string>();
      for (const [each, { model, values }] of [...all, ...canonical(schema, others)]) {
        for (const { name, field } of schema.referenceFields(model)) {
          visitReferences(field, values[name], (target, key) => {
            if (isIn(each)) needed.add(address(target, key));
            if (isIn(address(target, key))) needed.add(each);
          });
        }
      }
      for (const [each, { record }] of all) {
        if (isIn(each) || needed.has(each)) yield record;
      }
    },
  };
}

interface Given {
  readonly model: string;
  readonly values: Values;
  readonly record: RawRecord;
}

type Side = ReadonlyMap<string, Given>;

const address = (model: string, key: string): string => `${model} ${key}`;
const split = (each: string): string[] => {
  const at = each.indexOf(" ");
  return [each.slice(0, at), each.slice(at + 1)];
};

function canonical(schema: Schema, records: readonly RawRecord[]): Side {
  const side = new Map<string, Given>();
  for (const record of createMemoryAdapter("side", schema, records).records()) {
    const { model, values } = record;
    const given = values as Values;
    const parts = model.keyNames.map((name) => {
      const value = given[name];
      const isReference = model.field(name).kind === "reference" && typeof value === "string";
      return isReference ? { encodedKey: value } : value;
    });
    const key = schema.encodeKey(model, parts);
    side.set(address(model.name, key), { model: model.name, values: given, record });
  }
  return side;
}

/** What a scope means, said once more and as plainly as can be. */
function isOutOn(
  schema: Schema,
  scope: Scope,
  side: Side,
  model: string,
  key: string,
  counterpartOut: (model: string, key: string) => boolean | null = () => null,
  places: Side = side,
  below: readonly string[] = [],
): boolean {
  // Round a circle of parents nothing more is found.
  const own = address(model, key);
  if (below.includes(own)) return false;
  const settled = counterpartOut(model, key);
  if (settled !== null) return settled;
  const values = side.get(own)?.values;
  if (!values) throw new Error(`The side has no ${model} ${key}.`);
  const declared = schema.model(model);
  const lies = (tree: string, at: unknown, root: string, seen: unknown[] = []): boolean => {
    if (at === root) return true;
    if (seen.includes(at)) return false;
    const { parent } = schema.model(tree);
    const above = places.get(address(tree, String(at)))?.values[parent ?? ""];
    return typeof above === "string" && lies(tree, above, root, [...seen, at]);
  };
  const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
  const meets = (scope[model] ?? []).every((condition) => {
    if ("matches" in condition) return condition.matches(values);
    if ("isUnder" in condition) {
      const root = (condition.isUnder as { encodedKey: string }).encodedKey;
      if (!("field" in condition)) return lies(model, key, root);
      const { facts } = declared.field(condition.field);
      const tree = facts.target ?? facts.members?.facts.target ?? "";
      return listed(values[condition.field]).some((each) => lies(tree, each, root));
    }
    if ("isUnderOneOf" in condition) throw new Error("No such condition is generated.");
    const wanted = "is" in condition ? [condition.is] : condition.isOneOf;
    const plain = wanted.map((each) =>
      typeof each === "object" && each !== null && "encodedKey" in each ? each.encodedKey : each,
    );
    return listed(values[condition.field]).some((each) => plain.includes(each));
  });
  if (!meets) return true;
  return schema.referenceFields(model).some(({ name, isKey, field }) => {
    if (!isKey && name !== declared.parent) return false;
    let isOut = false;
    visitReferences(field, values[name], (target, above) => {
      isOut ||= isOutOn(schema, scope, side, target, above, counterpartOut, places, [
        ...below,
        own,
      ]);
    });
    return isOut;
  });
}

function isOutOfTarget(
  schema: Schema,
  scope: Scope,
  source: Side,
  target: Side,
  model: string,
  key: string,
): boolean {
  const counterpartOut = (each: string, itsKey: string): boolean | null =>
    source.has(address(each, itsKey)) ? isOutOn(schema, scope, source, each, itsKey) : null;
  // What the source has lies where the source says.
  const places = new Map([...target, ...source]);
  return isOutOn(schema, scope, target, model, key, counterpartOut, places);
}
