import { describe, expect, it } from "vitest";
import { compareCanonical, equalCanonical } from "./canonical.ts";
import type { Canonical } from "./record.ts";

describe("the order of canonical values", () => {
  it.each<[Canonical[], Canonical[]]>([
    [
      ["b", "a", "B", "ä"],
      ["B", "a", "b", "ä"],
    ],
    [
      [10, 9, -1],
      [-1, 9, 10],
    ],
    [
      [[2], [1], [1]],
      [[1], [1], [2]],
    ],
    [
      [{ a: 2 }, { a: 1 }],
      [{ a: 1 }, { a: 2 }],
    ],
    [
      [true, false, null],
      [false, null, true],
    ],
    [
      ["1", 1],
      ["1", 1],
    ],
    [
      [1, "1"],
      ["1", 1],
    ],
    [
      [["b"], "a"],
      ["a", ["b"]],
    ],
  ])("puts %j into the order %j", (given, sorted) => {
    expect([...given].sort(compareCanonical)).toEqual(sorted);
    expect([...given].reverse().sort(compareCanonical)).toEqual(sorted);
  });

  it("is none between equal values", () => {
    for (const value of ["a", 1, null, true]) expect(compareCanonical(value, value)).toBe(0);
    expect(compareCanonical([1, "a"], [1, "a"])).toBe(0);
  });

  it("says how far apart two numbers are, smaller first", () => {
    expect(compareCanonical(3, 5)).toBeLessThan(0);
    expect(compareCanonical(5, 3)).toBeGreaterThan(0);
  });
});

describe("two canonical values", () => {
  it.each<[Canonical, Canonical]>([
    [
      [1, [2]],
      [1, [2]],
    ],
    [
      { a: [1], b: null },
      { b: null, a: [1] },
    ],
    [[], []],
    [{}, {}],
  ])("are the same: %j and %j", (a, b) => {
    expect(equalCanonical(a, b)).toBe(true);
    expect(equalCanonical(b, a)).toBe(true);
  });

  it.each<[Canonical, Canonical]>([
    [1, "1"],
    ["a", ["a"]],
    [0, null],
    [[], null],
    [{}, null],
    [[1, 2], [1]],
    [
      [1, 2],
      [1, 3],
    ],
    [[1], { 0: 1 }],
    [[], {}],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: null }, { b: null }],
    [{ a: 1 }, { a: 2 }],
  ])("differ: %j and %j", (a, b) => {
    expect(equalCanonical(a, b)).toBe(false);
    expect(equalCanonical(b, a)).toBe(false);
  });
});
