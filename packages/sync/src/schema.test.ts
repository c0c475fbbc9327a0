import { describe, expect, expectTypeOf, it } from "vitest";
import { set } from "./collection-fields.ts";
import { defineModel } from "./define-model.ts";
import { InvalidDeclarationError, InvalidInputError, NotFoundError } from "./errors.ts";
import type { Field } from "./field.ts";
import { keyLabel } from "./key-label.ts";
import { keyOf, parseKey } from "./key.ts";
import type { RecordOf } from "./model.ts";
import { ipAddress, prefix } from "./network-fields.ts";
import { ref } from "./reference-field.ts";
import { choice, decimal, integer, text } from "./scalar-fields.ts";
import { createSchema } from "./schema.ts";

const Tag = defineModel("tag", { key: { name: text() }, fields: {} });
const Location = defineModel("location", {
  key: { name: text(), parent: ref("location").nullable() },
  parent: "parent",
  fields: { tags: set(ref("tag")).default([]) },
});
const Namespace = defineModel("namespace", { key: { name: text() }, fields: {} });
const Prefix = defineModel("prefix", {
  pluralLabel: "Prefixes",
  plural: "prefixes",
  key: { namespace: ref("namespace").default('["Global"]'), prefix: prefix() },
  fields: { location: ref("location").nullable(), weight: decimal().nullable() },
});
const IPAddress = defineModel("ip_address", {
  label: "IP address",
  plural: "ip_addresses",
  key: { namespace: ref("namespace").through("parent"), host: ipAddress() },
  fields: { parent: ref("prefix"), type: choice("host", "dhcp").default("host") },
});
const schema = createSchema([IPAddress, Prefix, Location, Tag, Namespace]);

describe("a model", () => {
  it("knows its names and makes labels from them", () => {
    expect(Location).toMatchObject({
      label: "Location",
      pluralLabel: "Locations",
      plural: "locations",
      names: ["name", "parent", "tags"],
      keyNames: ["name", "parent"],
      parent: "parent",
    });
    expect(IPAddress.pluralLabel).toBe("IP addresses");
  });

  it("types its records and what an author may leave out", () => {
    type Address = RecordOf<typeof IPAddress>;
    expectTypeOf<Address["type"]>().toEqualTypeOf<"host" | "dhcp">();
    expectTypeOf<Address["host"]>().toEqualTypeOf<string>();
    IPAddress.record({ host: "10.0.0.1", parent: { prefix: "10.0.0.0/8" } });
    // @ts-expect-error -- the host is part of the key
    IPAddress.record({ parent: { prefix: "10.0.0.0/8" } });
    // @ts-expect-error -- no such choice
    IPAddress.record({ host: "10.0.0.1", parent: "10.0.0.0/8", type: "slaac" });
    // @ts-expect-error -- there is no such field
    IPAddress.record({ host: "10.0.0.1", parent: "10.0.0.0/8", hots: "10.0.0.1" });
    const names: RecordOf<typeof Location> = { name: "Berlin", parent: null, tags: [] };
    // @ts-expect-error -- there is no such field
    expect(names.town).toBeUndefined();
  });

  it.each([
    [
      "a name that is not snake_case",
      () => defineModel("ipAddress", { key: { a: text() }, fields: {} }),
    ],
    ["no key", () => defineModel("x", { key: {}, fields: {} })],
    ["a list in the key", () => defineModel("x", { key: { a: set(text()) }, fields: {} })],
    ["one name twice", () => defineModel("x", { key: { a: text() }, fields: { a: text() } })],
    [
      "a parent that is no reference",
      () => defineModel("x", { key: { a: text() }, fields: {}, parent: "a" }),
    ],
    [
      "a way through no reference",
      () => defineModel("x", { key: { a: ref("y").through("b") }, fields: { b: text() } }),
    ],
    ["a derived key part", () => defineModel("x", { key: { a: text().derived() }, fields: {} })],
  ])("cannot have %s", (_, declare) => {
    expect(declare).toThrow(InvalidDeclarationError);
  });

  it("says which fields it has when asked for another", () => {
    expect(() => Location.field("colour")).toThrow(/no field "colour".*name, parent, tags/);
    expect(() => Location.field("constructor")).toThrow(InvalidDeclarationError);
  });
});

describe("a schema", () => {
  it("puts every model after those it refers to", () => {
    const order = schema.order.map(({ name }) => name);
    expect([...order].sort()).toEqual(["ip_address", "location", "namespace", "prefix", "tag"]);
    expect(order.indexOf("location")).toBeGreaterThan(order.indexOf("tag"));
    expect(order.indexOf("ip_address")).toBe(4);
  });

  it("names the reference that leads nowhere", () => {
    expect(() => createSchema([Prefix])).toThrow(/prefix.namespace refers to model namespace/);
  });

  it("names the circle in which no reference may be written later, and what to change", () => {
    const a = (b: Field<unknown, unknown>) =>
      defineModel("a", { key: { x: text() }, fields: { b } });
    const B = defineModel("b", { key: { x: text(), a: ref("a").nullable() }, fields: {} });
    expect(() => createSchema([B, a(ref("b"))])).toThrow(
      /circle: a → b → a, and no reference.*nullable and no key part/,
    );
    expect(() => createSchema([B, a(ref("b").nullable().default("x"))])).toThrow(/circle/);
    expect(() => createSchema([B, a(ref("b").derived())])).not.toThrow();
    expect(() => createSchema([B, a(ref("b").nullable())])).not.toThrow();
    expect(() => createSchema([B, a(set(ref("b")))])).not.toThrow();
  });

  it("chooses what is written later by itself, whatever order the models come in", () => {
    const A = defineModel("a", { key: { x: text() }, fields: { b: ref("b").nullable() } });
    const B = defineModel("b", { key: { x: text() }, fields: { a: set(ref("a")).default([]) } });
    for (const models of [
      [A, B],
      [B, A],
    ]) {
      const round = createSchema(models);
      expect(round.order.map(({ name }) => name)).toEqual(["b", "a"]);
      expect(round.referenceFields("a")).toMatchObject([{ isLate: false, mayWait: true }]);
      expect(round.referenceFields("b")).toMatchObject([{ isLate: true, mayWait: true }]);
    }
  });

  it("orders a model by what its references need beside what they name", () => {
    const name = { name: text() };
    const Device = defineModel("device", {
      key: name,
      fields: { address: ref("ip").nullable().after("assignment") },
    });
    const Ip = defineModel("ip", { key: name, fields: {} });
    const Assignment = defineModel("assignment", {
      key: { ip: ref("ip"), interface: ref("interface") },
      fields: {},
    });
    const Interface = (device: Field<string, unknown>) =>
      defineModel("interface", { key: { device, ...name }, fields: {} });
    const round = createSchema([Device, Ip, Assignment, Interface(ref("device"))]);
    expect(round.order.map((model) => model.name)).toEqual([
      "device",
      "ip",
      "interface",
      "assignment",
    ]);
    expect(round.referenceFields("device")).toMatchObject([
      { name: "address", isLate: true, after: ["assignment"] },
    ]);

    const straight = createSchema([Device, Ip, Assignment, Interface(text())]);
    expect(straight.order.at(-1)).toBe(Device);
    expect(straight.referenceFields("device")).toMatchObject([{ isLate: false }]);
    const without = createSchema([Device, Ip], ["assignment"]);
    expect(without.referenceFields("device")).toMatchObject([{ after: [] }]);
  });

  it("refuses a reference that is written after a model it neither has nor leaves out", () => {
    const Device = defineModel("device", {
      key: { name: text() },
      fields: { peers: set(ref("device").after("assigment")).default([]) },
    });
    expect(() => createSchema([Device])).toThrow(
      "device.peers is written after model assigment, which is not among device. " +
        "Add it to the schema, or name it among those left out.",
    );
    expect(() => createSchema([Device], ["assignment"])).toThrow("after model assigment");
  });

  it("refuses two models of one name", () => {
    const other = defineModel("tag", { key: { name: text() }, fields: {} });
    expect(() => createSchema([Tag, other])).toThrow(InvalidDeclarationError);
    expect(() => schema.model("device")).toThrow(NotFoundError);
  });
});

describe("a key", () => {
  it("is the list of its parts, a reference's own key in place", () => {
    const berlin = '["Berlin",["Germany",null]]';
    expect(schema.encodeKey(Location, { name: "Berlin", parent: "Germany" })).toBe(berlin);
    expect(schema.encodeKey(Location, ["Berlin", ["Germany"]])).toBe(berlin);
    expect(schema.encodeKey(Location, ["Berlin", keyOf('["Germany",null]')])).toBe(berlin);
    expect(schema.encodeKey("location", "Germany")).toBe('["Germany",null]');
    expect(schema.encodeKey(Prefix, { prefix: "10.1.2.3/8" })).toBe('[["Global"],"10.0.0.0/8"]');
    expect(schema.keyPart(Prefix, '[["Global"],"10.0.0.0/8"]', "namespace")).toBe('["Global"]');
  });

  it("tells text from numbers and composed from decomposed letters not at all", () => {
    const Port = defineModel("port", { key: { number: integer() }, fields: {} });
    expect(createSchema([Port]).encodeKey(Port, "1")).toBe("[1]");
    expect(schema.encodeKey(Tag, "1")).toBe('["1"]');
    expect(schema.encodeKey(Tag, "A\u030a")).toBe(schema.encodeKey(Tag, "Å"));
  });

  it("is refused with the part that is wrong", () => {
    expect(() => schema.encodeKey(Prefix, { prefix: "x" })).toThrow(
      /prefix prefix: expected a network/,
    );
    expect(() => schema.encodeKey(Prefix, { network: "x" })).toThrow(
      /namespace, prefix.*"network"/,
    );
    expect(() => schema.encodeKey(Tag, ["a", "b"])).toThrow(/at most 1 parts/);
    expect(() => schema.encodeKey(Tag, null)).toThrow(InvalidInputError);
    expect(() => parseKey("Berlin")).toThrow(/Not a key/);
  });

  it("reads as people say it", () => {
    const berlin = schema.encodeKey(Location, { name: "Berlin", parent: "Germany" });
    expect(keyLabel(schema, Location, berlin)).toBe("Germany → Berlin");
    expect(keyLabel(schema, "prefix", '[["Global"],"10.0.0.0/8"]')).toBe("10.0.0.0/8 (Global)");
  });
});
