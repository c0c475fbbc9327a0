import {
  createSchema,
  defineModel,
  InvalidDeclarationError,
  ref,
  set,
  text,
} from "@plumbline/sync";
import { describe, expect, expectTypeOf, it } from "vitest";
import { project, projectionOf } from "./projection.ts";

const Tenant = defineModel("tenant", {
  key: { name: text() },
  fields: {
    description: text().nullable(),
    comments: text().nullable(),
    tags: set(text()).default([]),
  },
});
const Location = defineModel("location", {
  key: { name: text(), parent: ref("location").nullable() },
  fields: { facility: text().nullable() },
  parent: "parent",
});
const ErpTenant = project(Tenant, { key: ["description"], fields: ["name", "tags"] });

describe("a projection", () => {
  it("is a model with a key and fields of its own", () => {
    expect(ErpTenant.name).toBe("tenant");
    expect(ErpTenant.keyNames).toEqual(["description"]);
    expect(ErpTenant.names).toEqual(["description", "name", "tags"]);
    expect(projectionOf(ErpTenant)?.of).toBe(Tenant);
    expect(projectionOf(Tenant)).toBeNull();
  });

  it("has those second keys of the hub's model that are among its fields", () => {
    const Device = defineModel("device", {
      key: { name: text() },
      fields: { serial: text().nullable(), asset_tag: text().nullable() },
      secondKeys: ["serial", "asset_tag"],
    });
    const bySerial = project(Device, { key: ["serial"], fields: ["name", "asset_tag"] });
    expect(bySerial.secondKeys).toEqual(["asset_tag"]);
    expect(project(Device, { key: ["name"], fields: [] }).secondKeys).toEqual([]);
  });

  it("asks for a value where a field that may be empty is part of the key", () => {
    const schema = createSchema([project(Tenant, { key: ["description"], fields: [] })]);
    expect(schema.encodeKey("tenant", "C7")).toBe('["C7"]');
    expect(() => schema.encodeKey("tenant", [null])).toThrow("part of the key");
  });

  it("keeps a part of the hub's key that may be empty", () => {
    const Place = project(Location, { key: ["facility", "parent"], fields: [] });
    const part = Place.field("parent");
    expect(part.isNullable).toBe(true);
    expect(Place.parent).toBe("parent");
  });

  it("knows a wrong name before it runs", () => {
    // Never called: the type check is the test.
    const declarations = () => {
      ErpTenant.record({ description: "C7", name: "Acme" });
      // @ts-expect-error -- the description is the key
      ErpTenant.record({ name: "Acme" });
      // @ts-expect-error -- a key is never empty
      ErpTenant.record({ description: null, name: "Acme" });
      // @ts-expect-error -- not a field of the projection
      ErpTenant.record({ description: "C7", name: "Acme", comments: "" });
      // @ts-expect-error -- not a field of a tenant
      project(Tenant, { key: ["number"], fields: [] });
      // @ts-expect-error -- a set cannot be part of a key
      project(Tenant, { key: ["tags"], fields: [] });
      // @ts-expect-error -- not a field of a tenant
      project(Tenant, { key: ["description"], fields: ["facility"] });
      // @ts-expect-error -- part of the key already
      project(Tenant, { key: ["description"], fields: ["description"] });
      // @ts-expect-error -- the projection has no comments
      project(Tenant, { key: ["name"], fields: [], load: { comments: () => "" } });
      // @ts-expect-error -- objects are found by their keys as they are
      project(Tenant, { key: ["name"], fields: [], load: { name: () => "" } });
      // @ts-expect-error -- a description is text
      project(Tenant, { key: ["name"], fields: ["description"], load: { description: () => 7 } });
      // @ts-expect-error -- comments are text
      project(Tenant, { key: ["name"], fields: [], create: () => ({ comments: 7 }) });
      project(Tenant, {
        key: ["name"],
        fields: [],
        // @ts-expect-error -- comments are not the projection's
        write: (values) => ({ name: String(values.comments) }),
      });
    };
    expectTypeOf(declarations).toBeFunction();
    expectTypeOf<Parameters<typeof ErpTenant.record>[0]["description"]>().toEqualTypeOf<string>();
  });

  it("names what contradicts itself", () => {
    const loose = project as unknown as (model: unknown, declaration: unknown) => unknown;
    expect(() => loose(Tenant, { key: ["number"], fields: [] })).toThrow(InvalidDeclarationError);
    expect(() => loose(Tenant, { key: [], fields: ["name"] })).toThrow("it has no key");
    expect(() => loose(Tenant, { key: ["name", "name"], fields: [] })).toThrow("names name twice");
    expect(() => loose(Tenant, { key: ["name"], fields: [], load: { tags: () => [] } })).toThrow(
      "load hook for tags",
    );
  });
});
