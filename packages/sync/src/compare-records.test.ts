import { describe, expect, it } from "vitest";
import { set } from "./collection-fields.ts";
import { createCompareRecords } from "./compare-records.ts";
import { defineModel } from "./define-model.ts";
import type { Canonical, SideRecord } from "./record.ts";
import { ref } from "./reference-field.ts";
import { text } from "./scalar-fields.ts";

const Device = defineModel("device", {
  key: { name: text() },
  fields: { role: text().nullable(), site: ref("site").nullable(), tags: set(text()).default([]) },
});
const [name, role, site, tags] = [0, 1, 2, 3];
const all = [name, role, site, tags];

const record = (...values: (Canonical | undefined)[]): SideRecord => ({ key: '["a"]', values });
const compare = (
  request: Partial<Parameters<typeof createCompareRecords>[0]> = {},
): ReturnType<typeof createCompareRecords> =>
  createCompareRecords({
    model: Device,
    indexes: all,
    toTarget: null,
    translated: new Map(),
    ...request,
  });

describe("comparing two records", () => {
  it("names the places that differ, in their order", () => {
    const before = record("a", "leaf", '["x"]', ["red"]);
    expect(compare()(before, record("a", "leaf", '["x"]', ["red"]))).toBeNull();
    expect(compare()(before, record("a", "spine", '["x"]', []))).toEqual([role, tags]);
    expect(compare()(before, record("a", null, '["y"]', ["red"]))).toEqual([role, site]);
  });

  it("leaves what a side does not give", () => {
    const whole = record("a", "leaf", '["x"]', ["red"]);
    const bare = record("a", undefined, undefined, undefined);
    expect(compare()(whole, bare)).toBeNull();
    expect(compare()(bare, whole)).toBeNull();
    expect(compare()(record("a", null, undefined, []), whole)).toEqual([role, tags]);
  });

  it("compares the places asked for alone", () => {
    const before = record("a", "leaf", '["x"]', ["red"]);
    const after = record("a", "spine", '["y"]', []);
    expect(compare({ indexes: [tags] })(before, after)).toEqual([tags]);
  });

  it("compares key parts only where keys do not stand for themselves", () => {
    const renamed = record("b", "leaf", null, []);
    const before = record("a", "leaf", null, []);
    expect(compare()(renamed, before)).toBeNull();
    expect(compare({ toTarget: (key) => key })(renamed, before)).toEqual([name]);
  });

  it("compares references as the target names what they refer to", () => {
    const translated = new Map([[site, () => '["old"]']]);
    const withSite = (key: string | null): SideRecord => record("a", "leaf", key, []);
    expect(compare({ translated })(withSite('["new"]'), withSite('["old"]'))).toBeNull();
    expect(compare({ translated })(withSite('["new"]'), withSite('["new"]'))).toEqual([site]);
    expect(compare({ translated })(withSite(null), withSite('["old"]'))).toEqual([site]);
    expect(compare({ translated })(record("a", "leaf", undefined, []), withSite(null))).toBeNull();
  });

  it("translates even where both sides hold the very same values", () => {
    const shared = record("a", "leaf", '["new"]', []);
    const translated = new Map([[site, () => '["old"]']]);
    expect(compare({ translated })(shared, { ...shared })).toEqual([site]);
    expect(compare({ translated, indexes: [role] })(shared, { ...shared })).toBeNull();
  });
});
