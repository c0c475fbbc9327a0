import { describe, expect, it } from "vitest";
import type { Adapter, LoadContext } from "./adapter.ts";
import { set } from "./collection-fields.ts";
import { defineModel } from "./define-model.ts";
import { CancelledError, InvalidInputError } from "./errors.ts";
import type { Finding } from "./finding.ts";
import { loadSide } from "./load-side.ts";
import { createMemoryStore } from "./memory-store.ts";
import { plan, type PlanOptions, type PlanSummary } from "./plan.ts";
import type { PlannedChange } from "./change.ts";
import type { RawRecord } from "./record.ts";
import { ref } from "./reference-field.ts";
import { integer, text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";

const Tenant = defineModel("tenant", {
  key: { name: text() },
  fields: { note: text().default("") },
});
const Location = defineModel("location", {
  key: { name: text(), parent: ref("location").nullable() },
  parent: "parent",
  fields: {
    size: integer().nullable(),
    tenants: set(ref("tenant")).default([]),
  },
});
const schema = createSchema([Location, Tenant]);

type Give = (context: LoadContext) => readonly RawRecord[];
interface Planned {
  readonly changes: readonly PlannedChange[];
  readonly summary: PlanSummary;
  readonly findings: readonly Finding[];
}

async function planned(
  source: readonly RawRecord[] | Give,
  target: readonly RawRecord[] | Give,
  options: Partial<PlanOptions> & { provides?: Record<string, string[]> } = {},
): Promise<Planned> {
  const store = createMemoryStore(schema);
  const findings: Finding[] = [];
  const onFinding = (finding: Finding): void => void findings.push(finding);
  const load = (side: "source" | "target", give: readonly RawRecord[] | Give) => {
    const adapter: Adapter = {
      name: side,
      models: schema.models,
      async *load(context) {
        yield typeof give === "function" ? give(context) : give;
      },
    };
    const provides = side === "source" ? options.provides : undefined;
    if (provides) adapter.provides = ({ name, names }) => provides[name] ?? names;
    return loadSide(adapter, { side, schema, store, onFinding });
  };
  const loaded = { source: await load("source", source), target: await load("target", target) };
  const stream = plan(store, schema, {
    asksDeletes: true,
    ceiling: null,
    onFinding,
    ...loaded,
    ...options,
  });
  const changes: PlannedChange[] = [];
  for await (const batch of stream) changes.push(...batch);
  return { changes, summary: stream.summary, findings };
}

const brief = ({ changes }: Planned): string[] =>
  changes.map(
    ({ action, label, fields, hold }) =>
      [action, label, ...fields].join(" ") + (hold ? ` (${hold.guard})` : ""),
  );
const tenants = (...names: string[]): RawRecord[] => names.map((name) => Tenant.record({ name }));
const manyTenants = (count: number): RawRecord[] =>
  tenants(...Array.from({ length: count }, (_, index) => `t${String(index).padStart(3, "0")}`));
const spoilt = (record: RawRecord): RawRecord => ({
  ...record,
  values: { ...record.values, size: "many" },
});

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

describe("guards", () => {
  it("hold deletes that were not asked for", async () => {
    const result = await planned(tenants("a"), tenants("a", "b"), { asksDeletes: false });
    expect(brief(result)).toEqual(["delete b (deletes-not-asked)"]);
    expect(result.summary.totals.held).toBe(1);
  });

  it("hold deletes above both figures of the ceiling, with the numbers", async () => {
    const all = manyTenants(100);
    const tooMany = await planned(all.slice(11), all, { ceiling: undefined });
    expect(tooMany.summary.totals).toMatchObject({ delete: 11, held: 11 });
    expect(tooMany.changes[0]?.hold?.reason).toBe(
      "The run would delete 11 of 100 Tenants (11 %), more than 10 % and more than 10. " +
        "Check the source, or raise the job's ceiling.",
    );
    expect((await planned(all.slice(10), all, { ceiling: undefined })).summary.totals.held).toBe(0);
    const few = await planned(all.slice(0, 3), all.slice(0, 12), { ceiling: undefined });
    expect(few.summary.totals).toMatchObject({ delete: 9, held: 0 });
  });

  it("hold the deletes of all of a type, be it a single one", async () => {
    expect((await planned([], tenants("a", "b"), { ceiling: undefined })).summary.totals.held).toBe(
      2,
    );
    expect((await planned([], tenants("a"), { ceiling: undefined })).summary.totals.held).toBe(1);
  });

  it("hold deletes of what was not read completely, and creates too where it is the target", async () => {
    const short: Give = (context) => {
      context.expect(Tenant, 5);
      return tenants("a", "b");
    };
    const source = await planned(short, tenants("c"));
    expect(brief(source)).toEqual(["create a", "create b", "delete c (incomplete-read)"]);
    const target = await planned(
      [...tenants("c"), Location.record({ name: "X", tenants: ["c"] })],
      short,
    );
    expect(brief(target)).toEqual([
      "create c (incomplete-read)",
      "create X (needs-held)",
      "delete a (incomplete-read)",
      "delete b (incomplete-read)",
    ]);
    expect(target.summary.models.find(({ model }) => model === "tenant")).toMatchObject({
      targetIncomplete: "target declared 5 Tenants and gave 2.",
      sourceIncomplete: null,
    });
  });

  it("hold the delete of what a record with a finding still refers to, up to the root", async () => {
    const leaf = Location.record({ name: "Leaf", parent: ["Mid", "Top"], tenants: ["old"] });
    const result = await planned(
      [],
      [
        ...tenants("old"),
        Location.record({ name: "Top" }),
        Location.record({ name: "Mid", parent: "Top" }),
        spoilt(leaf),
      ],
    );
    expect(brief(result)).toEqual([
      "delete Top → Mid (still-referenced)",
      "delete Top (still-referenced)",
      "delete old (still-referenced)",
    ]);
    expect(result.changes[0]?.hold?.reason).toBe(
      "Location Top → Mid → Leaf stays and refers to it. Delete or change that one first.",
    );
  });

  it("hold what refers to something neither side has, and what needs it", async () => {
    const result = await planned(
      [
        Location.record({ name: "A", tenants: ["lost"] }, { origin: "row 7" }),
        Location.record({ name: "B", parent: "A" }),
        Location.record({ name: "C", tenants: ["lost"] }),
      ],
      [Location.record({ name: "C" })],
    );
    expect(brief(result)).toEqual([
      "update C tenants (unresolved-reference)",
      "create A (unresolved-reference)",
      "create A → B (needs-held)",
    ]);
    expect(result.findings.map(({ kind, field, label }) => [kind, field, label])).toEqual([
      ["unresolved-reference", "tenants", "C"],
      ["unresolved-reference", "tenants", "A"],
    ]);
    expect(result.findings[1]?.message).toBe(
      "Location A: tenants refers to Tenant lost, which neither side has. " +
        "The change is held. Add it to the source, or correct the reference.",
    );
    expect(result.summary.findings).toHaveLength(2);
  });

  it("let a reference be that only the target resolves, and keep what it refers to", async () => {
    const result = await planned(
      [Location.record({ name: "A", tenants: ["old"] })],
      tenants("old"),
    );
    expect(brief(result)).toEqual(["create A", "delete old (still-referenced)"]);
  });

  it("hold creates that stand below each other in a circle where no reference may wait", async () => {
    const Group = defineModel("group", {
      key: { name: text() },
      fields: { above: ref("group") },
    });
    const groups = createSchema([Group]);
    const store = createMemoryStore(groups);
    const read = (side: "source" | "target", records: readonly RawRecord[]) =>
      loadSide(
        {
          name: side,
          models: [Group],
          async *load() {
            yield records;
          },
        },
        { side, schema: groups, store },
      );
    const source = await read("source", [
      Group.record({ name: "a", above: "b" }),
      Group.record({ name: "b", above: "a" }),
      Group.record({ name: "c", above: "a" }),
      Group.record({ name: "d", above: "e" }),
    ]);
    const stream = plan(store, groups, {
      source,
      target: await read("target", [Group.record({ name: "e", above: "e" })]),
      asksDeletes: false,
    });
    const changes: PlannedChange[] = [];
    for await (const batch of stream) changes.push(...batch);
    expect(changes.filter(({ hold }) => !hold).map(({ label }) => label)).toEqual(["d"]);
    expect(stream.summary.findings.length).toBeGreaterThan(0);
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
