import { describe, expect, it } from "vitest";
import { compareCodePoints, copyValue, equalValues, float } from "./value.ts";
import { quotedTextOf, textOf } from "./value-text.ts";

describe("the text of a value", () => {
  it.each([
    [null, "None"],
    [true, "True"],
    [false, "False"],
    [3, "3"],
    [-0, "0"],
    [1e21, "1000000000000000000000"],
    [12345678901234567890n, "12345678901234567890"],
    [float(3), "3.0"],
    [float(-0), "-0.0"],
    [1.5, "1.5"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [1.25e-7, "1.25e-07"],
    [float(1e15), "1000000000000000.0"],
    [float(1e16), "1e+16"],
    [float(1.5e300), "1.5e+300"],
    [NaN, "nan"],
    [-Infinity, "-inf"],
    ["it's", "it's"],
    [[], "[]"],
    [{}, "{}"],
  ])("of %o is %s", (value, text) => {
    expect(textOf(value)).toBe(text);
  });

  it.each([
    ["plain", "'plain'"],
    ["it's", `"it's"`],
    [`it's "x"`, `'it\\'s "x"'`],
    ["a\\b\t\n\r", "'a\\\\b\\t\\n\\r'"],
    ["\u007f\u00a0\u00ad", "'\\x7f\\xa0\\xad'"],
    ["\u200b\u2028\ud800", "'\\u200b\\u2028\\ud800'"],
    ["\u{e0001}", "'\\U000e0001'"],
    ["東京 é 😀", "'東京 é 😀'"],
  ])("of %j in a list is quoted", (value, text) => {
    expect(quotedTextOf([value])).toBe(`[${text}]`);
  });

  it("keeps the order of a Map, also of names that are numbers", () => {
    const value = new Map([
      ["10", [true, null]],
      ["9", []],
    ]);
    expect(textOf(value)).toBe("{'10': [True, None], '9': []}");
  });
});

describe("equal values", () => {
  it.each([
    [1, float(1)],
    [1, true],
    [0, false],
    [2n ** 60n, 2 ** 60],
    [{ a: 1, b: [true] }, new Map(Object.entries({ b: [1], a: float(1) }))],
  ])("are %o and %o", (a, b) => {
    expect(equalValues(a, b)).toBe(true);
    expect(equalValues(b, a)).toBe(true);
  });

  it.each([
    [1, "1"],
    [null, 0],
    [2n ** 53n + 1n, 2 ** 53],
    [1n, 1.5],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], { 0: 1 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    ["é", "e\u0301"],
  ])("are not %o and %o", (a, b) => {
    expect(equalValues(a, b)).toBe(false);
    expect(equalValues(b, a)).toBe(false);
  });
});

it("text is ordered by code points, not by UTF-16 units", () => {
  const names = ["\u{1f600}", "\uffee", "b", "a", "ab", ""];
  expect(names.sort(compareCodePoints)).toEqual(["", "a", "ab", "b", "\uffee", "\u{1f600}"]);
});

it("a copy of a value shares no list and no object with it", () => {
  const value = { list: [{ deep: [1] }], map: new Map([["k", [float(1)]]]) };
  const copy = copyValue(value) as typeof value;
  expect(copy).toEqual(value);
  expect(copy.list[0]?.deep).not.toBe(value.list[0]?.deep);
  expect(copy.map.get("k")).not.toBe(value.map.get("k"));
});
