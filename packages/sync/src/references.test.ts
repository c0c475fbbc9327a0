import { describe, expect, it } from "vitest";
import { json, keyedList, list, set } from "./collection-fields.ts";
import { defineModel } from "./define-model.ts";
import type { Field } from "./field.ts";
import { keyLabel } from "./key-label.ts";
import type { Canonical } from "./record.ts";
import { ref } from "./reference-field.ts";
import { emptyValue, mapKeyReferences, mapReferences, visitReferences } from "./references.ts";
import { text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";

const site = ref("site");
const ports = keyedList("name", { name: text(), site: site.nullable(), note: text().nullable() });

function found(field: Field<unknown, unknown>, value: Canonical | undefined): string[] {
  const seen: string[] = [];
  visitReferences(field, value, (target, key) => seen.push(`${target} ${key}`));
  return seen;
}

describe("the references in a value", () => {
  it("are found in references, sets, lists and the entries of keyed lists", () => {
    expect(found(site, '["a"]')).toEqual(['site ["a"]']);
    expect(found(set(site), ['["a"]', '["b"]'])).toEqual(['site ["a"]', 'site ["b"]']);
    expect(found(list(site), ['["b"]', '["a"]'])).toEqual(['site ["b"]', 'site ["a"]']);
    const entries = [
      { name: "1", site: '["a"]', note: "x" },
      { name: "2", site: null, note: null },
    ];
    expect(found(ports, entries)).toEqual(['site ["a"]']);
  });

  it("are none where nothing is referred to", () => {
    expect(found(site, null)).toEqual([]);
    expect(found(site, undefined)).toEqual([]);
    expect(found(text(), '["a"]')).toEqual([]);
    expect(found(json(), [{ site: '["a"]' }])).toEqual([]);
    expect(found(ports, [])).toEqual([]);
  });

  it.each<[string, Field<unknown, unknown>, Canonical]>([
    ["a number for a reference", site, 5],
    ["text for a set of references", set(site), '["a"]'],
    ["an object for entries", ports, { site: '["a"]' }],
    ["entries that are none", ports, ['["a"]', 5, ['["a"]'], null]],
    ["nothing in a set", set(site), [null]],
  ])(
    "are none in what is not of the field's shape, which is left as it is: %s",
    (_, field, value) => {
      expect(found(field, value)).toEqual([]);
      expect(mapReferences(field, value, () => '["z"]')).toEqual(value);
    },
  );

  it("are replaced where they stand, and sets and keyed lists stay sorted", () => {
    const other = (_: string, key: string): string => (key === '["a"]' ? '["z"]' : key);
    expect(mapReferences(site, '["a"]', other)).toBe('["z"]');
    expect(mapReferences(site, null, other)).toBeNull();
    expect(mapReferences(text(), '["a"]', other)).toBe('["a"]');
    expect(mapReferences(set(site), ['["a"]', '["b"]'], other)).toEqual(['["b"]', '["z"]']);
    expect(mapReferences(list(site), ['["a"]', '["b"]'], other)).toEqual(['["z"]', '["b"]']);
    const given = [
      { name: "1", site: '["a"]', note: '["a"]' },
      { name: "2", site: '["b"]', note: null },
    ];
    expect(mapReferences(ports, given, other)).toEqual([
      { name: "1", site: '["z"]', note: '["a"]' },
      { name: "2", site: '["b"]', note: null },
    ]);
  });

  it("decide the order of a keyed list that is known by one", () => {
    const bySite = keyedList("site", { site, note: text().nullable() });
    const other = (_: string, key: string): string => (key === '["a"]' ? '["z"]' : key);
    const given = [
      { note: "1", site: '["a"]' },
      { note: "2", site: '["b"]' },
    ];
    expect(mapReferences(bySite, given, other)).toEqual([
      { note: "2", site: '["b"]' },
      { note: "1", site: '["z"]' },
    ]);
  });
});

it("a field that holds nothing is null, or empty where it cannot be null", () => {
  expect(emptyValue(site.nullable())).toBeNull();
  expect(emptyValue(set(site))).toEqual([]);
  expect(emptyValue(set(site).default([]))).toEqual([]);
});

const Site = defineModel("site", { key: { name: text() }, fields: {} });
const Room = defineModel("room", {
  key: { name: text(), site: ref("site").nullable(), above: ref("room").nullable() },
  fields: {},
});
const Link = defineModel("link", { key: { a: ref("site"), b: ref("room") }, fields: {} });
const schema = createSchema([Site, Room, Link]);

describe("the references in a key", () => {
  it("are replaced by other keys", () => {
    const moved = (target: string, key: string): string =>
      target === "site" ? '["Bonn"]' : key.replace("attic", "roof");
    const key = '["r",["s"],["attic",["s"],null]]';
    expect(mapKeyReferences(schema, "room", key, moved)).toBe('["r",["Bonn"],["roof",["s"],null]]');
  });

  it("leave the key as it is where none changes", () => {
    expect(mapKeyReferences(schema, "site", '["s"]', () => '["t"]')).toBe('["s"]');
    const seen: string[] = [];
    mapKeyReferences(schema, "room", '["r",["s"],null]', (target, part) => {
      seen.push(`${target} ${part}`);
      return part;
    });
    expect(seen).toEqual(['site ["s"]']);
  });
});

describe("what people call an object", () => {
  it.each([
    ["site", '["Berlin"]', "Berlin"],
    ["room", '["1",["Berlin"],null]', "1 (Berlin)"],
    ["room", '["1",null,["0",null,null]]', "0 → 1"],
    ["room", '["1",["B"],["0",["B"],null]]', "0 (B) → 1 (B)"],
    ["link", '[["Berlin"],["1",null,null]]', "Berlin, 1"],
    ["link", "[null,null]", "(empty)"],
  ])("the %s %s: %s", (model, key, label) => {
    expect(keyLabel(schema, model, key)).toBe(label);
  });
});
