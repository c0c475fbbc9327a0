import { describe, expect, it } from "vitest";
import type { PlannedChange } from "./change.ts";
import { defineModel } from "./define-model.ts";
import { loadSide } from "./load-side.ts";
import { createMemoryStore } from "./memory-store.ts";
import { plan } from "./plan.ts";
import type { RawRecord } from "./record.ts";
import { ref } from "./reference-field.ts";
import { text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";
import { brief, type Give, Location, planned, spoilt, Tenant, tenants } from "./testing/planned.ts";

const manyTenants = (count: number): RawRecord[] =>
  tenants(...Array.from({ length: count }, (_, index) => `t${String(index).padStart(3, "0")}`));

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
    expect(source.changes[2]?.hold?.reason).toBe(
      "The source's Tenants were not read completely: source declared 5 Tenants and gave 2.",
    );
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
    expect(target.changes[2]?.hold?.reason).toBe(
      "The target's Tenants were not read completely: target declared 5 Tenants and gave 2.",
    );
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

  it("hold the deletes of all that stands above a record with a finding, however deep", async () => {
    const path = ["r0", "r1", "r2", "r3", "r4"];
    const at = (depth: number): { encodedKey: string } => ({
      encodedKey: JSON.stringify(
        path.slice(0, depth + 1).reduce<unknown>((above, name) => [name, above], null),
      ),
    });
    const records = path.map((name, depth) =>
      Location.record({
        name,
        parent: depth === 0 ? null : at(depth - 1),
        tenants: depth === 0 ? ["old"] : [],
      }),
    );
    const leaf = spoilt(Location.record({ name: "leaf", parent: at(4) }));
    const result = await planned([], [...tenants("old", "free"), ...records, leaf]);
    expect(brief(result)).toEqual([
      "delete r0 → r1 → r2 → r3 → r4 (still-referenced)",
      "delete r0 → r1 → r2 → r3 (still-referenced)",
      "delete r0 → r1 → r2 (still-referenced)",
      "delete r0 → r1 (still-referenced)",
      "delete r0 (still-referenced)",
      "delete free",
      "delete old (still-referenced)",
    ]);
    expect(result.summary.totals).toMatchObject({ delete: 7, held: 6 });
  });

  it("say of the first of those that stay, by key, that it refers to what is kept", async () => {
    const stays = (name: string): RawRecord => Location.record({ name, tenants: ["old"] });
    const result = await planned(
      [stays("C"), stays("A"), stays("B")],
      [...tenants("old"), stays("B"), stays("C"), stays("A")],
    );
    expect(result.changes.map(({ hold }) => hold?.reason)).toEqual([
      "Location A stays and refers to it. Delete or change that one first.",
    ]);
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
    expect(
      result.findings.map(({ side, key, value, origin }) => [side, key, value, origin]),
    ).toEqual([
      ["source", '["C",null]', '["lost"]', null],
      ["source", '["A",null]', '["lost"]', "row 7"],
    ]);
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
      Group.record({ name: "a", above: "b" }, { origin: "row 1" }),
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
    const reason =
      "Following its references to its own type comes back to it, and none of them can be written later. " +
      "Break the circle.";
    const creates = changes.filter(({ action }) => action === "create");
    expect(creates.map(({ label, hold }) => [label, hold])).toEqual([
      ["d", null],
      ["a", { guard: "unresolved-reference", reason }],
      ["b", { guard: "unresolved-reference", reason }],
      ["c", { guard: "unresolved-reference", reason }],
    ]);
    expect(stream.summary.findings[0]).toEqual({
      kind: "unresolved-reference",
      side: "source",
      model: "group",
      key: '["a"]',
      label: "a",
      field: null,
      value: null,
      message: `Group a cannot be created. ${reason}`,
      origin: "row 1",
    });
    expect(stream.summary.findings.map(({ label, origin }) => [label, origin])).toEqual([
      ["a", "row 1"],
      ["b", null],
      ["c", null],
    ]);
  });
});
