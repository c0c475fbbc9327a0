import { describe, expect, it } from "vitest";
import { set } from "../collection-fields.ts";
import { defineModel } from "../define-model.ts";
import { ref } from "../reference-field.ts";
import { integer, text } from "../scalar-fields.ts";
import { createSchema } from "../schema.ts";
import { describeAdapter } from "./describe-adapter.ts";
import { createMemoryAdapter } from "./memory-adapter.ts";

const Site = defineModel("site", {
  key: { name: text(), parent: ref("site").nullable() },
  fields: { size: integer().nullable(), tags: set(text()).default([]) },
  parent: "parent",
});
const Device = defineModel("device", { key: { site: ref("site"), name: text() }, fields: {} });
const schema = createSchema([Device, Site]);

const held = [
  Site.record({ name: "Germany" }),
  Site.record({ name: "Berlin", parent: "Germany", size: 1, tags: ["b", "a"] }),
  Device.record({ site: { name: "Berlin", parent: "Germany" }, name: "leaf1" }),
];
const desired = [
  Site.record({ name: "Germany" }),
  Site.record({ name: "Berlin", parent: "Germany", size: 2 }),
  Device.record({ site: { name: "Berlin", parent: "Germany" }, name: "leaf2" }),
];

describeAdapter("the reference adapter", () => ({
  schema,
  adapter: createMemoryAdapter("memory", schema, held),
  desired,
}));

describeAdapter("the reference adapter, read only and in batches", () => {
  const options = { loadBatch: 2 };
  const { writer: _writer, ...adapter } = createMemoryAdapter("memory", schema, held, options);
  return { schema, adapter };
});

describe("the reference adapter", () => {
  it("refuses records that refer to nothing, or have one key", () => {
    const lost = Device.record({ site: ["Nowhere", null], name: "leaf1" });
    expect(() => createMemoryAdapter("memory", schema, [lost])).toThrow(/Nowhere.*is not there/);
    const twice = Site.record({ name: "Germany" });
    expect(() => createMemoryAdapter("memory", schema, [twice, twice])).toThrow(/there twice/);
  });
});
