import { describe, expect, it } from "vitest";
import type { Adapter } from "./adapter.ts";
import { set } from "./collection-fields.ts";
import { defineModel } from "./define-model.ts";
import type { Model } from "./model.ts";
import type { RawRecord } from "./record.ts";
import { ref } from "./reference-field.ts";
import { integer, text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";
import { sync, type SyncOptions, type SyncResult } from "./sync.ts";
import { createMemoryAdapter, type MemoryAdapterOptions } from "./testing/memory-adapter.ts";

const name = { name: text() };
const Device = defineModel("device", {
  key: name,
  fields: {
    size: integer().nullable(),
    address: ref("address").nullable().after("assignment"),
    twin: ref("device").nullable(),
    peers: set(ref("device")).default([]),
  },
});
const Address = defineModel("address", {
  key: name,
  fields: { tag: ref("tag").nullable() },
});
const Assignment = defineModel("assignment", {
  key: { address: ref("address"), device: ref("device") },
  fields: {},
});
const Tag = defineModel("tag", { key: name, fields: {} });
const schema = createSchema([Device, Address, Assignment, Tag]);

const address = (own: string, tag: string | null = null): RawRecord =>
  Address.record({ name: own, tag }, { id: own });
const assigned = (to: string, own: string): RawRecord =>
  Assignment.record({ address: own, device: to });
const device = (
  own: string,
  values: Parameters<typeof Device.record>[0] | object = {},
): RawRecord => Device.record({ name: own, ...values }, { id: own });

async function run(
  given: readonly RawRecord[],
  held: readonly RawRecord[],
  options: Partial<SyncOptions> & MemoryAdapterOptions & { models?: readonly Model[] } = {},
): Promise<SyncResult & { readonly rows: readonly string[]; readonly target: Adapter }> {
  const source: Adapter = {
    name: "source",
    models: schema.models,
    async *load() {
      yield given;
    },
  };
  const target = createMemoryAdapter("target", schema, held, options);
  const result = await sync({
    schema,
    source,
    target,
    isDryRun: false,
    asksDeletes: true,
    ceiling: null,
    ...options,
  });
  return { ...result, target, rows: result.changes.map(rowText) };
}

/** "2 update device d1 address" */
function rowText({
  step,
  action,
  model,
  label,
  fields,
  hold,
}: SyncResult["changes"][number]): string {
  const held = hold ? ` (${hold.guard})` : "";
  return `${step ?? 1} ${[action, model, label, ...fields].join(" ")}${held}`;
}

const statuses = ({ outcomes }: SyncResult): readonly string[] =>
  outcomes.map(({ change, status }) => `${rowText(change)}: ${status}`);

const whole = [device("d1", { address: "a1" }), address("a1"), assigned("d1", "a1")];

describe("references round a circle of models", () => {
  it("are written in a second step, once everything else is there", async () => {
    const result = await run(whole, []);
    expect(result.rows).toEqual([
      "1 create device d1",
      "1 create address a1",
      "1 create assignment a1, d1",
      "2 update device d1 address",
    ]);
    expect(result.outcomes.every(({ status }) => status === "applied")).toBe(true);
    expect(result.summary.totals).toMatchObject({ create: 3, update: 0, held: 0 });
    expect(result.outcomeCounts).toMatchObject({ applied: 3, failed: 0 });
    const [first, , , second] = result.changes;
    expect(first?.after).not.toHaveProperty("address");
    expect(second).toMatchObject({
      key: first?.key,
      before: { address: null },
      after: { address: '["a1"]' },
      targetId: null,
      targetVersion: null,
      sourceId: "d1",
    });
    expect((await run(whole, whole)).changes).toEqual([]);
  });

  it("are written at once where nothing needs to be waited for", async () => {
    const held = [device("d1"), address("a1"), address("a2"), assigned("d1", "a1")];
    const result = await run([...whole, address("a2")], held);
    expect(result.rows).toEqual(["1 update device d1 address"]);
    expect(result.changes[0]).not.toHaveProperty("step");
  });

  it("wait alone: what else changes of the object is its first step", async () => {
    const given = [device("d1", { size: 2, address: "a1" }), ...whole.slice(1)];
    expect((await run(given, [device("d1", { size: 1 })])).rows).toEqual([
      "1 update device d1 size",
      "1 create address a1",
      "1 create assignment a1, d1",
      "2 update device d1 address",
    ]);
    const alone = await run(whole, [device("d1")]);
    expect(alone.rows.at(-1)).toBe("1 update device d1 address");
    expect(alone.summary.totals).toMatchObject({ create: 2, update: 1 });
  });

  it("wait for the records that their model asks for, beside the one they name", async () => {
    const held = [device("d1"), address("a1")];
    expect((await run(whole, held)).rows).toEqual([
      "1 create assignment a1, d1",
      "1 update device d1 address",
    ]);
  });

  it("wait for what is renamed later, and name it by its new key", async () => {
    const pairs: SyncOptions["pairs"] = ({ name: model }) =>
      model === "address" ? [{ sourceId: "new", targetId: "old" }] : [];
    const given = [device("d1", { address: "new" }), device("d2"), address("new")];
    const result = await run(given, [device("d1"), address("old")], { pairs });
    expect(result.rows).toEqual([
      "1 create device d2",
      "1 update address old name",
      "1 update device d1 address",
    ]);
    expect(result.outcomes.every(({ status }) => status === "applied")).toBe(true);
  });

  it("are left to themselves where what they name is held", async () => {
    const result = await run([device("d1", { address: "a1" }), address("a1", "lost")], []);
    expect(result.rows).toEqual([
      "1 create device d1",
      "1 create address a1 (unresolved-reference)",
      "2 update device d1 address (needs-held)",
    ]);
    expect(result.summary.totals).toMatchObject({ create: 2, held: 2 });
    expect(statuses(result)).toEqual(["1 create device d1: applied"]);
  });

  it("are held with their object, in one row", async () => {
    const given = [device("d1", { address: "a1", twin: "nobody" }), ...whole.slice(1)];
    const result = await run(given, []);
    expect(result.rows).toEqual([
      "1 create device d1 (unresolved-reference)",
      "1 create address a1",
      "1 create assignment a1, d1 (needs-held)",
    ]);
    expect(result.changes[0]?.after).toHaveProperty("address", '["a1"]');
  });

  it("are skipped after a first step that failed", async () => {
    const result = await run(whole, [], {
      beforeChange(change) {
        if (change.label === "d1") throw new Error("refused");
      },
    });
    expect(statuses(result)).toEqual([
      "1 create device d1: failed",
      "1 create address a1: applied",
      "1 create assignment a1, d1: skipped",
      "2 update device d1 address: skipped",
    ]);
    expect(result.outcomes.at(-1)?.error?.message).toMatch(/d1 \(device\) was not created/);
    expect(result.outcomeCounts).toMatchObject({ applied: 1, failed: 1, skipped: 1 });
  });

  it("are skipped where what they name was not created", async () => {
    const result = await run(whole, [], {
      beforeChange(change) {
        if (change.model === "address") throw new Error("refused");
      },
    });
    expect(statuses(result).at(-1)).toBe("2 update device d1 address: skipped");
    // The device is there, without its address: it counts as skipped, and once.
    expect(result.outcomeCounts).toMatchObject({ applied: 0, failed: 1, skipped: 2 });
  });

  it("count their object once where it could not be emptied", async () => {
    const result = await run([], whole, {
      beforeChange(change) {
        if (change.step === 0) throw new Error("refused");
      },
    });
    expect(statuses(result)).toEqual([
      "0 update device d1 address: failed",
      "1 delete assignment a1, d1: applied",
      "1 delete address a1: skipped",
      "1 delete device d1: skipped",
    ]);
    expect(result.outcomeCounts).toMatchObject({ applied: 1, failed: 1, skipped: 1 });
  });

  it("are emptied before the deletes of objects that hold each other", async () => {
    const result = await run([], whole);
    expect(result.rows).toEqual([
      "0 update device d1 address",
      "1 delete assignment a1, d1",
      "1 delete address a1",
      "1 delete device d1",
    ]);
    expect(result.outcomes.every(({ status }) => status === "applied")).toBe(true);
    expect(result.summary.totals).toMatchObject({ update: 0, delete: 3 });
    expect(result.changes[3]?.before).not.toHaveProperty("address");
    const [emptied, , , deleted] = result.changes;
    expect(emptied).toMatchObject({
      before: { address: '["a1"]' },
      after: { address: null },
      targetVersion: "1",
      targetId: "d1",
    });
    // The object is not as it was read any more.
    expect(deleted?.targetVersion).toBeNull();
    expect(result.changes[2]?.targetVersion).toBe("1");
  });

  it("keep what they name, and so on round the circle, where their object stays", async () => {
    const spoilt = device("d1", { size: "many", address: "a1" });
    const result = await run([], [...whole.slice(1), device("d1", { address: "a1" })], {
      asksDeletes: false,
    });
    expect(result.rows.every((row) => row.endsWith("(deletes-not-asked)"))).toBe(true);
    expect(result.rows).toHaveLength(3);
    const kept = await run([spoilt], whole, { models: [Device, Address] });
    expect(kept.rows).toEqual(["1 delete address a1 (still-referenced)"]);
  });
});

describe("records of one type that refer to each other in a circle", () => {
  const round = [
    device("d1", { twin: "d2" }),
    device("d2", { twin: "d1" }),
    device("d3", { twin: "d1" }),
  ];

  it("are created first, and refer to each other in a second step", async () => {
    const result = await run(round, []);
    expect(result.rows).toEqual([
      "1 create device d1",
      "1 create device d2",
      "1 create device d3",
      "2 update device d1 twin",
      "2 update device d2 twin",
    ]);
    expect(result.changes[2]?.after).toMatchObject({ twin: '["d1"]' });
    expect(result.outcomes.every(({ status }) => status === "applied")).toBe(true);
  });

  it("may be one record that refers to itself", async () => {
    const own = [device("d1", { peers: ["d1"] })];
    expect((await run(own, [])).rows).toEqual(["1 create device d1", "2 update device d1 peers"]);
    expect((await run([], own)).rows).toEqual(["1 delete device d1"]);
  });

  it("are let go of each other before they are deleted", async () => {
    const result = await run([], round);
    expect(result.rows).toEqual([
      "0 update device d1 twin",
      "0 update device d2 twin",
      "1 delete device d3",
      "1 delete device d1",
      "1 delete device d2",
    ]);
    expect(result.outcomes.every(({ status }) => status === "applied")).toBe(true);
  });

  it("keep each other where something that stays refers to one of them", async () => {
    const result = await run([device("d3", { twin: "d1", size: "?" })], round);
    expect(result.rows).toEqual([
      "1 delete device d1 (still-referenced)",
      "1 delete device d2 (still-referenced)",
    ]);
  });
});
