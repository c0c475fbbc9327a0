import { describe, expect, test } from "vitest";
import type { FieldManifest, ModelManifest } from "../api/shapes.ts";
import { keyLabel } from "./key-label.ts";

function field(name: string, target: string | null = null): FieldManifest {
  return {
    name,
    label: name,
    kind: target ? "reference" : "text",
    isKey: true,
    isNullable: true,
    isDerived: false,
    description: "",
    target,
    choices: [],
    isRequired: false,
    default: null,
    maxLength: null,
    min: null,
    max: null,
    scale: null,
    members: null,
  };
}

function model(name: string, ...fields: FieldManifest[]): [string, ModelManifest] {
  const manifest: ModelManifest = {
    name,
    plural: `${name}s`,
    label: name,
    pluralLabel: `${name}s`,
    description: "",
    parent: null,
    isHub: true,
    group: null,
    contentType: null,
    restPath: null,
    isLimited: false,
    listFields: [],
    treeField: null,
    tables: [],
    hasNotes: false,
    customFields: [],
    fields,
  };
  return [name, manifest];
}

const models = new Map([
  model("location", field("name"), field("parent", "location")),
  model("prefix", field("network"), field("namespace", "namespace")),
  model("namespace", field("name")),
]);

describe("the label of a key string", () => {
  test("shows a self-referencing key as the way from the top", () => {
    const key = '["Berlin",["Germany",["Europe",null]]]';
    expect(keyLabel(models, "location", key)).toBe("Europe → Germany → Berlin");
  });

  test("puts what else identifies the object in brackets", () => {
    expect(keyLabel(models, "prefix", '["10.0.0.0/8",["Global"]]')).toBe("10.0.0.0/8 (Global)");
  });

  test("leaves null parts out", () => {
    expect(keyLabel(models, "location", '["Berlin",null]')).toBe("Berlin");
  });

  test("reads a key of an unknown model as well as it can", () => {
    expect(keyLabel(models, "rack", '["R1",["Berlin",null]]')).toBe("R1 (Berlin)");
  });

  test("leaves text that is no key string alone", () => {
    expect(keyLabel(models, "location", "[not a key")).toBe("[not a key");
    expect(keyLabel(models, "location", "Berlin")).toBe("Berlin");
  });
});
