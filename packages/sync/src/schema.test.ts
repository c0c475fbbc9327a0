import { describe, expect, expectTypeOf, it } from "vitest";
import { keyedList, set } from "./collection-fields.ts";
import { defineModel } from "./define-model.ts";
import { InvalidDeclarationError, NotFoundError } from "./errors.ts";
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

  it.each([
    ["site", "Site", "sites", "Sites"],
    ["ip_address_range", "Ip address range", "ip_address_ranges", "Ip address ranges"],
    ["prefix", "Prefix", "prefixes", "Prefixes"],
    ["bus", "Bus", "buses", "Buses"],
    ["switch", "Switch", "switches", "Switches"],
    ["mesh", "Mesh", "meshes", "Meshes"],
    ["topaz", "Topaz", "topazes", "Topazes"],
    ["sensor", "Sensor", "sensors", "Sensors"],
    ["facility", "Facility", "facilities", "Facilities"],
    ["relay", "Relay", "relays", "Relays"],
    ["typed_link", "Typed link", "typed_links", "Typed links"],
  ])("%s is called %s; several are %s, or %s", (name, label, plural, pluralLabel) => {
    const model = defineModel(name, { key: { name: text() }, fields: {} });
    expect(model).toMatchObject({ label, plural, pluralLabel, description: "" });
  });

  it("is called as its declaration says", () => {
    const words = {
      label: "Chassis",
      plural: "chassis",
      pluralLabel: "Chassis",
      description: "What holds modules.",
    };
    expect(defineModel("chassis", { key: { name: text() }, fields: {}, ...words })).toMatchObject(
      words,
    );
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
    [
      "a plural that is not snake_case",
      () => defineModel("x", { plural: "Xs", key: { a: text() }, fields: {} }),
    ],
    [
      "a parent that there is not",
      () => {
        const none = "b" as "a";
        return defineModel("x", { key: { a: ref("x") }, fields: {}, parent: none });
      },
    ],
    [
      "a way through nothing",
      () => defineModel("x", { key: { a: ref("y").through("b") }, fields: {} }),
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

  it("puts what a key part goes through before it, where the hub derives that reference too", () => {
    const Address = defineModel("address", {
      key: { namespace: ref("namespace").through("parent"), host: ipAddress() },
      fields: { parent: ref("prefix").derived() },
    });
    const names = createSchema([Address, Prefix, Location, Tag, Namespace]).order.map(
      ({ name }) => name,
    );
    expect(names.indexOf("prefix")).toBeLessThan(names.indexOf("address"));
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

  it("writes first what cannot wait, then parents, then others by name, and last what needs more", () => {
    const name = { name: text() };
    const lateOf = (
      a: { field: Field<unknown, unknown>; parent?: "field" },
      b: { field: Field<unknown, unknown>; parent?: "field" },
    ): string[] => {
      const of = (own: string, { field, ...more }: typeof a) =>
        defineModel(own, { key: name, fields: { field }, ...more });
      const round = createSchema([of("b", b), of("a", a)], ["c"]);
      return ["a", "b"].filter((own) => round.referenceFields(own)[0]?.isLate);
    };
    const toA = ref("a").nullable();
    const toB = ref("b").nullable();
    expect(lateOf({ field: toB }, { field: toA })).toEqual(["b"]);
    expect(lateOf({ field: toB }, { field: ref("a") })).toEqual(["a"]);
    expect(lateOf({ field: toB }, { field: toA, parent: "field" })).toEqual(["a"]);
    expect(lateOf({ field: toB, parent: "field" }, { field: toA, parent: "field" })).toEqual(["b"]);
    expect(lateOf({ field: toB.after("a") }, { field: toA })).toEqual(["a"]);
    expect(lateOf({ field: toB.after("c") }, { field: toA })).toEqual(["b"]);
  });

  it.each<[string, Field<unknown, unknown>, boolean]>([
    ["a reference", ref("tag"), false],
    ["one that may be null", ref("tag").nullable(), true],
    ["one that is derived", ref("tag").nullable().derived(), false],
    ["one with a default", ref("tag").nullable().default("x"), false],
    ["a set", set(ref("tag")), true],
    ["a set that is empty where it is not given", set(ref("tag")).default([]), true],
    ["a set that is null where it is not given", set(ref("tag")).nullable(), true],
    ["a set with a default", set(ref("tag")).default(["x"]), false],
    ["entries that name some", keyedList("name", { name: text(), tag: ref("tag") }), true],
  ])("says whether a field can be written later: %s", (_, field, mayWait) => {
    const X = defineModel("x", { key: { name: text() }, fields: { field } });
    expect(createSchema([X, Tag]).referenceFields(X)).toMatchObject([
      { mayWait, targets: ["tag"] },
    ]);
  });

  it("names the whole circle, from the first by name", () => {
    const of = (name: string, target: string) =>
      defineModel(name, { key: { x: ref(target) }, fields: {} });
    expect(() => createSchema([of("c", "a"), of("b", "c"), of("a", "b")])).toThrow(
      "circle: a → b → c → a,",
    );
  });

  it("finds what references need in the entries of lists", () => {
    const X = defineModel("x", {
      key: { name: text() },
      fields: {
        ports: keyedList("name", { name: text(), tag: ref("tag").after("location") }).default([]),
        note: text(),
      },
    });
    expect(createSchema([X, Tag, Location]).referenceFields("x")).toMatchObject([
      { name: "ports", targets: ["tag"], after: ["location"] },
    ]);
  });

  it("says what there is where it is asked for what there is not", () => {
    const small = createSchema([Tag, Location]);
    expect(() => small.model("rack")).toThrow("There is no model rack here. Known: tag, location.");
    expect(() => createSchema([Prefix, Tag])).toThrow(
      "prefix.namespace refers to model namespace, which is not among prefix, tag. Add it to the schema.",
    );
    expect(createSchema([Tag, Tag, Location]).models).toEqual([Tag, Location]);
    expect(small.has("tag")).toBe(true);
    expect(small.has("rack")).toBe(false);
    expect(small.referenceFields(Tag)).toEqual([]);
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

  it("of a reference is the same text whatever it was given as, and however often", () => {
    const { encodeReference } = schema;
    const berlin = '["Berlin",null]';
    for (const input of ["Berlin", "Berlin", ["Berlin"], { name: "Berlin" }, keyOf(berlin)]) {
      expect(encodeReference("location", input)).toBe(berlin);
      expect(encodeReference("tag", "Berlin")).toBe('["Berlin"]');
    }
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
    expect(() => schema.encodeKey(Tag, null)).toThrow("expected the key of a tag, got nothing");
    expect(() => schema.encodeKey(Tag, undefined)).toThrow("the key of a tag, got nothing");
    expect(() => schema.encodeKey(Location, ["a", "b", "c"])).toThrow(/2 parts \(name, parent\)/);
    expect(() => schema.encodeKey(Tag, { encodedKey: 5 })).toThrow(
      /tag \(name\), got "encodedKey"/,
    );
    expect(() => schema.keyPart(Tag, '["a"]', "colour")).toThrow('["a"] has no part "colour"');
    expect(() => schema.keyPart(Location, '["a"]', "parent")).toThrow('has no part "parent"');
    expect(() => parseKey("Berlin")).toThrow(/Not a key/);
  });

  it("reads as people say it", () => {
    const berlin = schema.encodeKey(Location, { name: "Berlin", parent: "Germany" });
    expect(keyLabel(schema, Location, berlin)).toBe("Germany → Berlin");
    expect(keyLabel(schema, "prefix", '[["Global"],"10.0.0.0/8"]')).toBe("10.0.0.0/8 (Global)");
  });
});
