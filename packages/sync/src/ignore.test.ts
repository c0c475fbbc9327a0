import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineModel } from "./define-model.ts";
import { InvalidDeclarationError } from "./errors.ts";
import { type IgnoreRule, ignoreTexts, parseIgnoreRule } from "./ignore.ts";
import type { RawRecord } from "./record.ts";
import { ref } from "./reference-field.ts";
import { text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";
import { sync, type SyncOptions } from "./sync.ts";
import { generatedEstates, generatedIgnore } from "./testing/estates.ts";
import { createMemoryAdapter } from "./testing/memory-adapter.ts";

const Site = defineModel("site", {
  key: { name: text() },
  fields: { region: text().nullable() },
});
const Device = defineModel("device", {
  key: { name: text() },
  fields: {
    site: ref("site").nullable(),
    role: text().nullable(),
    comments: text().nullable(),
    label: text().nullable().derived(),
  },
});
const schema = createSchema([Site, Device]);

async function run(
  source: readonly RawRecord[],
  target: readonly RawRecord[],
  ignore: readonly IgnoreRule[],
  options: Partial<SyncOptions> = {},
) {
  const adapter = createMemoryAdapter("target", schema, target);
  const result = await sync({
    schema,
    source: createMemoryAdapter("source", schema, source),
    target: adapter,
    isDryRun: false,
    asksDeletes: true,
    ceiling: null,
    ignore,
    ...options,
  });
  return { ...result, adapter };
}

describe("what a run ignores", () => {
  const device = (name: string, comments: string, role: string | null = null): RawRecord =>
    Device.record({ name, role, comments });

  it("is neither compared nor written, where it is a field", async () => {
    const { changes, adapter } = await run(
      [device("same", "ours"), device("role", "ours", "leaf"), device("new", "ours")],
      [device("same", "theirs"), device("role", "theirs", "spine")],
      [{ model: "device", fields: ["comments"] }],
    );
    expect(changes.map(({ action, label, fields }) => [action, label, fields])).toEqual([
      ["update", "role", ["role"]],
      ["create", "new", []],
    ]);
    expect(adapter.records().map(({ values }) => values["comments"])).toEqual([
      null,
      "theirs",
      "theirs",
    ]);
  });

  it("is counted and not planned, where it is an action", async () => {
    const source = [device("new", ""), device("other", "ours")];
    const target = [device("gone", ""), device("other", "theirs")];
    for (const action of ["create", "update", "delete"] as const) {
      const { changes, summary } = await run(source, target, [
        { model: "device", actions: [action] },
      ]);
      expect(changes.map((change) => change.action)).toEqual(
        ["update", "create", "delete"].filter((each) => each !== action),
      );
      expect(summary.totals).toMatchObject({ ignored: 1, [action]: 0 });
    }
  });

  it("keeps what an object refers to that is not deleted, and holds what needs one not created", async () => {
    const at = (name: string, site: string): RawRecord => Device.record({ name, site });
    const site = (name: string): RawRecord => Site.record({ name });
    const deletes = await run(
      [],
      [site("a"), at("1", "a")],
      [{ model: "device", actions: ["delete"] }],
    );
    expect(deletes.changes.map(({ hold }) => hold?.guard)).toEqual(["still-referenced"]);
    const creates = await run(
      [site("a"), at("1", "a")],
      [],
      [{ model: "site", actions: ["create"] }],
    );
    expect(creates.changes.map(({ label, hold }) => [label, hold?.guard])).toEqual([
      ["1", "needs-held"],
    ]);
    expect(creates.changes[0]?.hold?.reason).toContain("whose creation the run ignores");
  });

  it("keeps the name of an object whose rename is ignored, below it too", async () => {
    const Rack = defineModel("rack", { key: { site: ref("site"), name: text() }, fields: {} });
    const racks = createSchema([Site, Rack]);
    const side = (name: string, rack: string) =>
      createMemoryAdapter("side", racks, [
        Site.record({ name }, { id: "s" }),
        Rack.record({ site: name, name: rack }),
      ]);
    const target = side("old", "1");
    const { changes, outcomes } = await sync({
      schema: racks,
      source: side("new", "2"),
      target,
      isDryRun: false,
      asksDeletes: true,
      ceiling: null,
      pairs: ({ name }) => (name === "site" ? [{ sourceId: "s", targetId: "s" }] : []),
      ignore: [{ model: "site", actions: ["update"] }],
    });
    expect(outcomes.map(({ status }) => status)).toEqual(["applied", "applied"]);
    expect(changes.map(({ action, label }) => [action, label])).toEqual([
      ["create", "2 (old)"],
      ["delete", "1 (old)"],
    ]);
  });

  it.each<[string, IgnoreRule, RegExp]>([
    ["an unknown model", { model: "rack", fields: ["x"] }, /rack, which is no model of the run/],
    ["an unknown field", { model: "site", fields: ["x"] }, /site\.x, which there is not/],
    ["a key part", { model: "site", fields: ["name"] }, /site\.name, which is part of the key/],
    ["a derived field", { model: "device", fields: ["label"] }, /device\.label, which is derived/],
    ["nothing", { model: "site" }, /nothing to ignore/],
    ["an action there is not", parseIgnoreRule("site:move"), /the action move of site/],
  ])("is refused for %s", async (_, rule, message) => {
    const failed = run([], [], [rule]);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toThrow(InvalidDeclarationError);
  });

  it("is written as people type it", () => {
    const rules = ["site:delete", " device.comments", "site:delete"].map(parseIgnoreRule);
    expect(ignoreTexts(rules)).toEqual(["device.comments", "site:delete"]);
    expect(() => parseIgnoreRule("site")).toThrow(/"site" is nothing to ignore/);
  });
});

const numRuns = Number(process.env["PLUMBLINE_LAW_RUNS"] ?? 150);

describe("the laws of ignoring", { timeout: 60_000 + numRuns * 100 }, () => {
  const cases = generatedEstates(2).chain(({ schema, sides }) =>
    fc.record({
      schema: fc.constant(schema),
      sides: fc.constant(sides),
      ignore: generatedIgnore(schema),
    }),
  );

  it("plans what is not ignored as without the rules, and nothing that the target refuses", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ schema, sides: [a = [], b = []], ignore }) => {
        const run = (rules: readonly IgnoreRule[]): ReturnType<typeof sync> =>
          sync({
            schema,
            source: createMemoryAdapter("source", schema, a),
            target: createMemoryAdapter("target", schema, b),
            isDryRun: false,
            asksDeletes: true,
            ceiling: null,
            ignore: rules,
          });
        const whole = await run([]);
        const part = await run(ignore);
        expect(part.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
        const [rule] = ignore;
        const isLeft = (model: string, name: string): boolean =>
          rule?.model !== model || rule.fields?.includes(name) !== true;
        const facts = (changes: typeof whole.changes): readonly string[] =>
          changes
            .filter(({ step }) => step === undefined)
            .flatMap(({ model, action, key }) => {
              if (rule?.model === model && rule.actions?.includes(action) === true) return [];
              // Whether a value waits depends on what else is written.
              const steps = changes.filter((each) => each.model === model && each.key === key);
              const after = steps.map((each) => (each.step === 0 ? null : each.after));
              const entries = Object.entries(Object.assign({}, ...after) as object)
                .filter(([name]) => isLeft(model, name))
                .sort();
              if (action === "update" && entries.length === 0) return [];
              return [JSON.stringify([model, action, key, entries])];
            })
            .sort();
        expect(facts(part.changes)).toEqual(facts(whole.changes));
      }),
      { numRuns },
    );
  });
});
