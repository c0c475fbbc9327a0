import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Adapter } from "./adapter.ts";
import type { RawRecord, Values } from "./record.ts";
import { visitReferences } from "./references.ts";
import type { Schema } from "./schema.ts";
import type { Scope } from "./scope.ts";
import { sync } from "./sync.ts";
import { generatedEstates, generatedScope } from "./testing/estates.ts";
import { createMemoryAdapter } from "./testing/memory-adapter.ts";

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
