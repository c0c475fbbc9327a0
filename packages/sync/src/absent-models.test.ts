import { describe, expect, it } from "vitest";
import type { Adapter } from "./adapter.ts";
import { defineModel } from "./define-model.ts";
import { text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";
import { sync, type SyncResult } from "./sync.ts";
import { createMemoryAdapter } from "./testing/memory-adapter.ts";

const Tag = defineModel("tag", { key: { name: text() }, fields: {} });
const Rack = defineModel("rack", { key: { name: text() }, fields: {} });
const schema = createSchema([Tag, Rack]);
const tag = Tag.record({ name: "a" });
const rack = Rack.record({ name: "r1" });

/** Tags, and no racks at all. */
function tagsOnly(rackRecords = 0): Adapter {
  return {
    name: "files",
    models: [Tag, Rack],
    async *load(context) {
      context.absent(Rack, "there is no file racks.csv");
      yield [tag, ...Array.from({ length: rackRecords }, () => rack)];
    },
  };
}

function run(source: Adapter, target: Adapter): Promise<SyncResult> {
  return sync({ schema, source, target, isDryRun: false, asksDeletes: true, ceiling: null });
}

describe("a model that a system does not keep", () => {
  it("is nothing to speak of where the other side has none either", async () => {
    const result = await run(tagsOnly(), createMemoryAdapter("target", schema, [tag]));
    expect(result.findings).toEqual([]);
    expect(result.summary.models.find(({ model }) => model === "rack")).toMatchObject({
      sourceIncomplete: null,
    });
  });

  it("is a finding where the target has some, and none of them is deleted", async () => {
    const target = createMemoryAdapter("target", schema, [tag, rack]);
    const result = await run(tagsOnly(), target);
    expect(result.findings).toMatchObject([
      {
        kind: "incomplete-read",
        side: "source",
        model: "rack",
        message: expect.stringContaining("there is no file racks.csv") as string,
      },
    ]);
    expect(result.changes).toMatchObject([
      { action: "delete", hold: { guard: "incomplete-read" }, key: expect.any(String) as string },
    ]);
    expect(target.records()).toHaveLength(2);
  });

  it("is a finding where the source has some, and none of them is created", async () => {
    const source = createMemoryAdapter("source", schema, [tag, rack]);
    const target = createMemoryAdapter("target", schema, [tag]);
    const absent: Adapter = {
      ...target,
      async *load(context) {
        context.absent(Rack, "it has no racks");
        yield* target.load(context);
      },
    };
    const result = await run(source, absent);
    expect(result.findings).toMatchObject([{ side: "target", model: "rack" }]);
    expect(result.changes).toMatchObject([
      { action: "create", hold: { guard: "incomplete-read" } },
    ]);
    expect(target.records()).toHaveLength(1);
  });

  it("counts as incomplete where records of it came all the same", async () => {
    const result = await run(tagsOnly(1), createMemoryAdapter("target", schema, [tag]));
    expect(result.findings).toMatchObject([{ kind: "incomplete-read", model: "rack" }]);
  });
});
