import { describe, expect, it } from "vitest";
import { json, keyedList, list, set } from "./collection-fields.ts";
import { InvalidInputError } from "./errors.ts";
import type { Field } from "./field.ts";
import { ipAddress, ipInterface, mac, prefix } from "./network-fields.ts";
import { ref } from "./reference-field.ts";
import { boolean, choice, dateTime, decimal, integer, text } from "./scalar-fields.ts";

const encode = (target: string, input: unknown): string =>
  JSON.stringify([`${target}:${String(input)}`]);
const read = (field: Field<unknown, unknown>, input: unknown): unknown =>
  field.normalise(input, encode);

interface Case {
  readonly name: string;
  readonly field: Field<unknown, unknown>;
  readonly good: readonly (readonly [unknown, unknown])[];
  readonly bad: readonly (readonly [unknown, RegExp])[];
}

const cases: readonly Case[] = [
  {
    name: "text",
    field: text({ maxLength: 5 }),
    good: [
      [" a b ", "a b"],
      ["", ""],
      ["A\u030a", "Å"],
      ["\u{1F40C}\u{1F40C}\u{1F40C}", "\u{1F40C}\u{1F40C}\u{1F40C}"],
      [12, "12"],
      ["abcde", "abcde"],
    ],
    bad: [
      [Number.POSITIVE_INFINITY, /expected text/],
      ["abcdef", /at most 5 characters, got 6/],
      ["a\u0000", /NUL/],
      ["ä\u0000", /NUL/],
      ["\ud800", /surrogate/],
      [null, /expected text, got nothing/],
      [undefined, /expected text, got nothing/],
      [{}, /expected text, got an object/],
      [true, /expected text, got true/],
    ],
  },
  {
    name: "text of a pattern, folded",
    field: text({ pattern: /[a-z-]+/, fold: "lower" }),
    good: [
      ["Abc-D", "abc-d"],
      ["", ""],
    ],
    bad: [["a b", /expected text like/]],
  },
  {
    name: "integer",
    field: integer({ min: 0, max: 10 }),
    good: [
      [3, 3],
      [" 3 ", 3],
      ["+3", 3],
      [10, 10],
      [-0, 0],
    ],
    bad: [
      [1.5, /a whole number, got 1.5/],
      ["three", /got "three"/],
      ["x3", /got "x3"/],
      ["3x", /got "3x"/],
      [[3], /whole number/],
      ["", /whole number, got nothing/],
      [11, /at most 10, got 11/],
      [-1, /at least 0/],
      [2 ** 60, /whole number/],
    ],
  },
  {
    name: "decimal",
    field: decimal({ scale: 2, max: 1000 }),
    good: [
      ["1.0", "1"],
      [1, "1"],
      ["001.50", "1.5"],
      [".5", "0.5"],
      ["-0.0", "0"],
      ["+2", "2"],
      [-3.25, "-3.25"],
      [" 2 ", "2"],
      [1000, "1000"],
    ],
    bad: [
      ["1.234", /at most 2 digits after the point/],
      ["1e3", /decimal/],
      [".", /decimal/],
      ["x1", /decimal/],
      ["1x", /decimal/],
      [[1], /decimal/],
      [true, /decimal/],
      [Number.NaN, /decimal/],
      [1001, /at most 1000/],
    ],
  },
  { name: "small decimal", field: decimal(), good: [[1e-7, "0.0000001"]], bad: [] },
  {
    name: "boolean",
    field: boolean(),
    good: [
      [true, true],
      ["False", false],
      [" true ", true],
      [false, false],
    ],
    bad: [
      [1, /true or false, got 1/],
      ["yes", /true or false/],
    ],
  },
  {
    name: "choice",
    field: choice("leaf", "spine"),
    good: [
      ["leaf", "leaf"],
      [" spine ", "spine"],
    ],
    bad: [
      ["Leaf", /one of leaf, spine, got "Leaf"/],
      [null, /one of leaf, spine, got nothing/],
      [["leaf"], /one of leaf, spine/],
    ],
  },
  {
    name: "dateTime",
    field: dateTime(),
    good: [
      ["2024-05-01T12:00:00+02:00", "2024-05-01T10:00:00.000Z"],
      ["2024-05-01T10:00:00.123456Z", "2024-05-01T10:00:00.123Z"],
      [new Date(0), "1970-01-01T00:00:00.000Z"],
      [" 2024-05-01T12:00:00+0200 ", "2024-05-01T10:00:00.000Z"],
    ],
    bad: [
      ["2024-05-01T12:00:00", /with a zone/],
      ["2024-13-01T12:00:00Z", /with a zone/],
      ["2024-05-01T12:00:00Zulu", /with a zone/],
      [["2024-05-01T12:00:00Z"], /with a zone/],
      [0, /with a zone/],
    ],
  },
  {
    name: "mac",
    field: mac(),
    good: [
      ["00-1B-44-11-3A-B7", "00:1b:44:11:3a:b7"],
      ["001b.4411.3ab7", "00:1b:44:11:3a:b7"],
      [" 001b44113ab7 ", "00:1b:44:11:3a:b7"],
    ],
    bad: [
      ["00:1b:44:11:3a", /MAC address/],
      ["00:1b:44:11:3a:b7:00", /MAC address/],
      ["x00:1b:44:11:3a:b7", /MAC address/],
      [["00:1b:44:11:3a:b7"], /MAC address/],
      [12, /MAC address/],
    ],
  },
  {
    name: "ipAddress",
    field: ipAddress(),
    good: [
      ["192.0.2.1", "192.0.2.1"],
      [" 192.0.2.1 ", "192.0.2.1"],
      ["::1.2.3.4", "::1.2.3.4"],
      ["::102:304", "::1.2.3.4"],
      ["::ffff:0:1.2.3.4", "::ffff:0:102:304"],
      ["2001:DB8:0:0::1", "2001:db8::1"],
      ["::ffff:1.2.3.4", "::ffff:1.2.3.4"],
      ["::1", "::1"],
      ["::", "::"],
      ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ],
    bad: [
      ["192.0.2.1/24", /an IP address/],
      ["192.0.2.256", /an IP address/],
      ["192.0.02.1", /an IP address/],
      ["fe80::1%eth0", /an IP address/],
      ["1", /an IP address/],
      [1, /an IP address/],
      [["192.0.2.1"], /an IP address/],
    ],
  },
  {
    name: "ipInterface",
    field: ipInterface(),
    good: [
      ["192.0.2.1/24", "192.0.2.1/24"],
      ["2001:DB8::1/64", "2001:db8::1/64"],
      [" 192.0.2.1 / 24 ", "192.0.2.1/24"],
      ["192.0.2.1/0", "192.0.2.1/0"],
    ],
    bad: [
      ["192.0.2.1", /mask length/],
      ["192.0.2.1/33", /mask length/],
      ["192.0.2.1/", /mask length/],
      ["192.0.2.1/2x", /mask length/],
      ["192.0.2.1/x2", /mask length/],
      ["192.0.2.1/0024", /mask length/],
      ["/24", /mask length/],
      [24, /mask length/],
    ],
  },
  {
    name: "prefix",
    field: prefix(),
    good: [
      ["192.0.2.1/24", "192.0.2.0/24"],
      ["10.255.255.255/9", "10.128.0.0/9"],
      ["0.0.0.0/0", "0.0.0.0/0"],
      ["10.0.0.1/32", "10.0.0.1/32"],
      ["2001:DB8:ffff::1/33", "2001:db8:8000::/33"],
      ["2001:db8::1/128", "2001:db8::1/128"],
    ],
    bad: [
      ["10.0.0.0", /network prefix/],
      ["10.0.0.0/x", /network prefix/],
      ["::/129", /network prefix/],
    ],
  },
  {
    name: "ref",
    field: ref("site"),
    good: [["Berlin", '["site:Berlin"]']],
    bad: [[null, /a reference to a site, got nothing/]],
  },
  {
    name: "set",
    field: set(text()),
    good: [
      [
        ["b", "a", "b "],
        ["a", "b"],
      ],
      [new Set(["x"]), ["x"]],
    ],
    bad: [
      ["a", /a list, got "a"/],
      [[1, {}], /expected text, got an object/],
    ],
  },
  {
    name: "list",
    field: list(integer()),
    good: [
      [
        ["2", 1],
        [2, 1],
      ],
    ],
    bad: [[[1.5], /whole/]],
  },
  {
    name: "keyedList",
    field: keyedList("name", { name: text(), on: boolean().default(false) }),
    good: [
      [
        [{ name: "b", on: true }, { name: "a" }],
        [
          { name: "a", on: false },
          { name: "b", on: true },
        ],
      ],
    ],
    bad: [
      [[{ name: "a" }, { name: "a" }], /entries with different name, got "a"/],
      [[{ name: "a", on: 3 }], /on: expected true or false/],
      [["a"], /an entry with named values/],
      [[null], /an entry with named values/],
      [[["a"]], /an entry with named values/],
    ],
  },
  {
    name: "json",
    field: json(),
    good: [
      [
        { b: [1, false], a: { d: null, c: "x" } },
        { a: { c: "x", d: null }, b: [1, false] },
      ],
      [{ a: undefined, b: -0 }, { b: 0 }],
      [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ],
    bad: [
      [new Date(), /JSON/],
      [{ a: Number.NaN }, /JSON/],
      [() => 1, /JSON/],
      [Symbol("x"), /JSON/],
    ],
  },
];

describe.each(cases)("$name", ({ field, good, bad }) => {
  it.each(good)("reads %j as %j", (input, value) => {
    expect(read(field, input)).toEqual(value);
    if (field.kind !== "reference") expect(read(field, read(field, input))).toEqual(value);
  });
  it.each(bad)("refuses %j", (input, message) => {
    expect(() => read(field, input)).toThrow(InvalidInputError);
    expect(() => read(field, input)).toThrow(message);
  });
});

describe("a field", () => {
  it("reads nothing and empty text as null only where it may be null", () => {
    const field = text().nullable();
    for (const input of [null, undefined, "", "  "]) expect(read(field, input)).toBeNull();
    expect(read(integer().nullable(), "")).toBeNull();
    expect(() => read(integer(), null)).toThrow("expected a whole number, got nothing");
  });

  it("uses its default where no value is given, and for null where it cannot be null", () => {
    expect(read(text().default("x"), undefined)).toBe("x");
    expect(read(text().default("x"), null)).toBe("x");
    expect(read(text().nullable().default("x"), undefined)).toBe("x");
    expect(read(text().nullable().default("x"), null)).toBeNull();
  });

  it("keeps what was said of it through the chain", () => {
    const field = text({ maxLength: 3 })
      .label("Serial")
      .describe("As printed")
      .nullable()
      .derived();
    expect(field).toMatchObject({ kind: "text", isNullable: true, isDerived: true });
    expect(field.facts).toMatchObject({ label: "Serial", description: "As printed", maxLength: 3 });
  });

  it("shortens what it quotes", () => {
    expect(() => read(integer(), "x".repeat(5000))).toThrow(/^.{1,300}$/);
  });

  it("shares equal sets, which nobody may alter", () => {
    const field = set(text());
    expect(read(field, ["a", "b"])).toBe(read(field, ["b", "a"]));
    expect(Object.isFrozen(read(field, ["a", "b"]))).toBe(true);
  });

  it("orders the names of JSON at every level and refuses endless depth", () => {
    expect(JSON.stringify(read(json(), { b: { d: 1, c: 2 }, a: 1 }))).toBe(
      '{"a":1,"b":{"c":2,"d":1}}',
    );
    let deep: unknown = 1;
    for (let level = 0; level < 200; level++) deep = [deep];
    expect(() => read(json(), deep)).toThrow("100 levels");
    let allowed: unknown = 1;
    for (let level = 0; level < 100; level++)
      allowed = level % 2 === 0 ? [allowed] : { a: allowed };
    expect(read(json(), allowed)).toEqual(allowed);
    expect(() => read(json(), [allowed])).toThrow("100 levels");
  });
});
