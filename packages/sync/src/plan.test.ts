import { describe, expect, it } from "vitest";
import { CancelledError, InvalidInputError } from "./errors.ts";
import { createMemoryStore } from "./memory-store.ts";
import { plan, type PlanOptions } from "./plan.ts";
import type { RawRecord } from "./record.ts";
import {
  brief,
  type Give,
  Location,
  planned,
  schema,
  spoilt,
  Tenant,
  tenants,
} from "./testing/planned.ts";

describe("a plan", () => {
  it("deletes nothing that the source reports by its key and cannot give", async () => {
    const reporting: Give = (context) => {
      context.report({
        kind: "bad-value",
        model: "tenant",
        key: schema.encodeKey(Tenant, "broken"),
        label: "broken",
        field: "note",
        value: null,
        message: "The note of broken cannot be read.",
        origin: null,
      });
      return tenants("fine");
    };
    const result = await planned(reporting, tenants("broken", "fine", "gone"));
    expect(brief(result)).toEqual(["delete gone"]);

    const targetId = "2";
    const renamed = await planned(
      (context) => [...reporting(context), Tenant.record({ name: "new" }, { id: "1" })],
      [...tenants("broken", "fine", "gone"), Tenant.record({ name: "old" }, { id: targetId })],
      { pairs: ({ name }) => (name === "tenant" ? [{ sourceId: "1", targetId }] : []) },
    );
    expect(brief(renamed)).toEqual(["update old name", "delete gone"]);
  });

  it("holds creates and updates by dependency, then deletes against it", async () => {
    const result = await planned(
      [
        Location.record({ name: "Berlin", parent: "Germany", tenants: ["new"] }),
        Location.record({ name: "Germany" }),
        ...tenants("new"),
      ],
      [
        ...tenants("old"),
        Location.record({ name: "France", size: 1, tenants: ["old"] }),
        Location.record({ name: "Paris", parent: "France" }),
        Location.record({ name: "Germany", size: 2 }),
      ],
    );
    expect(brief(result)).toEqual([
      "create new",
      "update Germany size",
      "create Germany → Berlin",
      "delete France → Paris",
      "delete France",
      "delete old",
    ]);
    expect(result.changes.map(({ rank }) => rank)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(result.changes[2]).toEqual({
      model: "location",
      action: "create",
      key: '["Berlin",["Germany",null]]',
      label: "Germany → Berlin",
      parentModel: "location",
      parentKey: '["Germany",null]',
      before: null,
      after: { name: "Berlin", parent: '["Germany",null]', size: null, tenants: ['["new"]'] },
      fields: [],
      rank: 2,
      targetId: null,
      targetVersion: null,
      sourceId: null,
      hold: null,
    });
    expect(result.changes[4]).toMatchObject({
      before: { name: "France", parent: null, size: 1, tenants: ['["old"]'] },
      after: null,
    });
    const placed = result.changes.map(({ label, parentModel, parentKey }) => [
      label,
      parentModel,
      parentKey,
    ]);
    expect(placed).toEqual([
      ["new", null, null],
      ["Germany", null, null],
      ["Germany → Berlin", "location", '["Germany",null]'],
      ["France → Paris", "location", '["France",null]'],
      ["France", null, null],
      ["old", null, null],
    ]);
    expect(result.summary.totals).toMatchObject({
      create: 2,
      update: 1,
      delete: 3,
      unchanged: 0,
      held: 0,
    });
    expect(result.summary.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it("compares and creates only what both sides provide", async () => {
    const result = await planned(
      [Location.record({ name: "A", size: 9 }), Location.record({ name: "B", size: 9 })],
      [Location.record({ name: "A", size: 1 })],
      { provides: { location: ["name", "parent", "tenants"] } },
    );
    expect(brief(result)).toEqual(["create B"]);
    expect(result.changes[0]?.after).toEqual({ name: "B", parent: null, tenants: [] });
  });

  it("carries the ids and the version of what it read", async () => {
    const deleted = await planned([], [Location.record({ name: "B" }, { id: "t2", version: "7" })]);
    expect(deleted.changes[0]).toMatchObject({
      targetId: "t2",
      targetVersion: "7",
      sourceId: null,
    });
    const result = await planned(
      [Location.record({ name: "A", size: 1 }, { id: "s1" })],
      [Location.record({ name: "A", size: 2 }, { id: "t1", version: "5" })],
    );
    expect(result.changes[0]).toMatchObject({
      sourceId: "s1",
      targetId: "t1",
      targetVersion: "5",
      before: { size: 2 },
      after: { size: 1 },
    });
  });

  it("tells which of the target's objects the source has too, equal or not", async () => {
    const told: unknown[] = [];
    const of = (name: string, id: string, size = 1): RawRecord =>
      Location.record({ name, size }, { id });
    await planned(
      [of("same", "1"), of("other", "2", 2), spoilt(of("bad", "3")), of("new", "4")],
      [of("same", "t1"), of("other", "t2"), of("bad", "t3"), of("gone", "t4")],
      {
        onCounterparts(model, ids) {
          if (ids.length > 0) told.push(model, [...ids].sort());
        },
      },
    );
    expect(told).toEqual(["location", ["t1", "t2", "t3"]]);
  });

  it("comes in batches of a thousand, each change once", async () => {
    const names = Array.from({ length: 1500 }, (_, index) => `l${index}`);
    const of = (size: number): RawRecord[] => names.map((name) => Location.record({ name, size }));
    const wide = names.map((name) => Location.record({ name, parent: "Top" }));
    const top = Location.record({ name: "Top" });
    for (const [source, target, count] of [
      [of(1), [], 1500],
      [of(1), of(2), 1500],
      [[], of(1), 1500],
      [[top, ...wide], [], 1501],
      [[], [top, ...wide], 1501],
    ] as const) {
      const { changes, sizes } = await planned(source, target);
      expect(Math.max(...sizes)).toBe(1000);
      expect(new Set(changes.map(({ key }) => key)).size).toBe(count);
      expect(changes).toHaveLength(count);
    }
  });

  it("tells how far it is, model by model", async () => {
    const told: unknown[] = [];
    await planned(
      [...tenants("a", "b"), Location.record({ name: "A" })],
      [...tenants("b", "c", "d"), Location.record({ name: "B" })],
      { onProgress: (progress) => void told.push(progress) },
    );
    expect(told).toEqual([
      { model: "tenant", done: 2, total: 3, targetInScope: 3 },
      { model: "location", done: 3, total: 3, targetInScope: 1 },
    ]);
  });

  it("is about the models it is asked for", async () => {
    const result = await planned(
      [...tenants("a"), Location.record({ name: "A", tenants: ["a"] })],
      tenants("b"),
      { models: [Location] },
    );
    expect(brief(result)).toEqual(["create A"]);
    expect(result.summary.models.map(({ model }) => model)).toEqual(["location"]);
  });

  it("ends when cancelled on the way", async () => {
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    const reading = planned(tenants("a"), [], { signal: controller.signal, onProgress });
    await expect(reading).rejects.toThrow(CancelledError);
  });

  it("has one digest for equal changes, and another where they differ", async () => {
    const digest = async (...names: string[]): Promise<string> =>
      (await planned(tenants(...names), [])).summary.digest;
    expect(await digest("a", "b")).toBe(await digest("b", "a"));
    expect(await digest("a")).not.toBe(await digest("b"));
  });

  it("has no summary before it was read, and none of models that were not loaded", async () => {
    const store = createMemoryStore(schema);
    const empty = { counts: {}, incomplete: {}, absent: [], provides: {} };
    const sides = {
      source: { side: "source", ...empty },
      target: { side: "target", ...empty },
    } as const;
    expect(() => plan(store, schema, { ...sides, asksDeletes: false }).summary).toThrow(
      InvalidInputError,
    );
    const reading = plan(store, schema, { ...sides, models: [Tenant], asksDeletes: false })[
      Symbol.asyncIterator
    ]();
    await expect(reading.next()).rejects.toThrow(/Tenants were not loaded on both sides/);
  });

  it("ends when cancelled", async () => {
    await expect(planned(tenants("a"), [], { signal: AbortSignal.abort() })).rejects.toThrow(
      CancelledError,
    );
  });
});

describe("findings", () => {
  it("leave counterparts as they are on either side", async () => {
    const a = Location.record({ name: "A", size: 1 });
    const b = Location.record({ name: "B", size: 1 });
    const changed = Location.record({ name: "A", size: 2 });
    expect(brief(await planned([spoilt(a)], [a, b]))).toEqual(["delete B"]);
    expect(brief(await planned([changed], [spoilt(a)]))).toEqual([]);
    expect(brief(await planned([a, changed], [a, b]))).toEqual(["delete B"]);
    expect(brief(await planned([changed], [a, a]))).toEqual([]);
    expect(brief(await planned([], [spoilt(a)]))).toEqual([]);
    const result = await planned([spoilt(a), Location.record({ name: "C", parent: "A" })], []);
    expect(brief(result)).toEqual(["create A → C (needs-held)"]);
    expect(result.summary.totals).toMatchObject({ shielded: 1, held: 1 });
  });
});

describe("remembered pairs", () => {
  const pairs: PlanOptions["pairs"] = (model) =>
    model === Location ? ["1", "2", "3"].map((id) => ({ sourceId: id, targetId: `t${id}` })) : [];
  const top = Location.record({ name: "Germany", size: 1 }, { id: "t1" });
  const below = Location.record({ name: "Berlin", parent: "Germany" }, { id: "t2" });

  it("make a renamed object one update, and nothing of what hangs below it", async () => {
    const result = await planned(
      [
        Location.record({ name: "Deutschland", size: 2 }, { id: "1" }),
        Location.record({ name: "Berlin", parent: "Deutschland" }),
        Location.record({ name: "Mitte", parent: ["Berlin", "Deutschland"] }),
      ],
      [top, below],
      { pairs },
    );
    expect(brief(result)).toEqual([
      "update Germany name size",
      "create Deutschland → Berlin → Mitte",
    ]);
    expect(result.changes[0]).toMatchObject({
      key: '["Germany",null]',
      before: { name: "Germany", size: 1 },
      after: { name: "Deutschland", size: 2 },
      targetId: "t1",
      sourceId: "1",
    });
    expect(result.changes[1]).toMatchObject({
      key: '["Mitte",["Berlin",["Deutschland",null]]]',
      parentKey: '["Berlin",["Germany",null]]',
      after: { parent: '["Berlin",["Deutschland",null]]' },
    });
  });

  it("make a moved object one update", async () => {
    const result = await planned(
      [
        Location.record({ name: "Germany", size: 1 }, { id: "1" }),
        Location.record({ name: "Berlin" }, { id: "2" }),
      ],
      [top, below],
      { pairs },
    );
    expect(brief(result)).toEqual(["update Germany → Berlin parent"]);
    expect(result.changes[0]?.after).toEqual({ parent: null });
  });

  it("give way to the key when the object they name is gone", async () => {
    const result = await planned(
      [Location.record({ name: "Germany", size: 5 }, { id: "3" })],
      [Location.record({ name: "Germany", size: 1 }, { id: "t9" })],
      { pairs },
    );
    expect(brief(result)).toEqual(["update Germany size"]);
  });

  it("win over the key: the other record of that key waits", async () => {
    const result = await planned(
      [
        Location.record({ name: "Deutschland", size: 1 }, { id: "1" }),
        Location.record({ name: "Germany", size: 7 }, { id: "8" }),
      ],
      [top],
      { pairs },
    );
    expect(brief(result)).toEqual(["update Germany name"]);
    expect(result.findings.map(({ kind, key }) => [kind, key])).toEqual([
      ["ambiguous", '["Germany",null]'],
    ]);
  });

  it("are ambiguous against another object of the new key: nothing is changed", async () => {
    const result = await planned(
      [Location.record({ name: "Deutschland" }, { id: "1" })],
      [top, below, Location.record({ name: "Deutschland", size: 3 }, { id: "t7" })],
      { pairs },
    );
    expect(brief(result)).toEqual(["delete Germany → Berlin"]);
    expect(result.findings.map(({ kind }) => kind)).toEqual(["ambiguous"]);
  });

  it("let a rename onto a key that another rename frees wait for the next run", async () => {
    const result = await planned(
      [
        Location.record({ name: "B" }, { id: "1" }),
        Location.record({ name: "C" }, { id: "2" }),
        Location.record({ name: "Below", parent: "B" }),
      ],
      [Location.record({ name: "A" }, { id: "t1" }), Location.record({ name: "B" }, { id: "t2" })],
      { pairs },
    );
    expect(brief(result)).toEqual(["update B name", "create A → Below"]);
    expect(result.findings.map(({ kind, key }) => [kind, key])).toEqual([
      ["ambiguous", '["B",null]'],
    ]);
  });

  it("that contradict each other change nothing", async () => {
    const twice: PlanOptions["pairs"] = (model) =>
      model === Location
        ? [
            { sourceId: "1", targetId: "t1" },
            { sourceId: "5", targetId: "t1" },
          ]
        : [];
    const result = await planned(
      [Location.record({ name: "X" }, { id: "1" }), Location.record({ name: "Y" }, { id: "5" })],
      [top],
      { pairs: twice },
    );
    expect(brief(result)).toEqual([]);
    expect(result.findings.map(({ kind }) => kind)).toEqual(["ambiguous", "ambiguous"]);
  });

  it("keep the old key in what is written below a rename that is held", async () => {
    const result = await planned(
      [
        Location.record({ name: "Deutschland", tenants: ["lost"] }, { id: "1" }),
        Location.record({ name: "Bonn", parent: "Deutschland" }),
      ],
      [top],
      { pairs },
    );
    expect(brief(result)).toEqual([
      "update Germany name size tenants (unresolved-reference)",
      "create Germany → Bonn",
    ]);
    expect(result.changes[1]?.after).toMatchObject({ parent: '["Germany",null]' });
  });
});
