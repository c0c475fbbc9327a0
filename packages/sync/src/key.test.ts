import { describe, expect, it } from "vitest";
import { encodePart, joinParts, parseKey, partValue } from "./key.ts";
import { compareKeys } from "./key-order.ts";

describe("a key string", () => {
  it.each([
    ["[]", []],
    ['["a",1,true,null]', ["a", 1, true, null]],
    ['[["a",[false]],"b"]', [["a", [false]], "b"]],
  ])("is read: %s", (key, parts) => {
    expect(parseKey(key)).toEqual(parts);
  });

  it.each(["", "a", '"a"', "1", "null", "true", "{}", '[{"a":1}]', '["a",{}]', '[["a",{}]]'])(
    "is refused where it is none: %s",
    (key) => {
      expect(() => parseKey(key)).toThrow(`Not a key: ${key}. A key is a JSON list of its parts.`);
    },
  );

  it("is shown by its beginning where it is long and none", () => {
    expect(() => parseKey("x".repeat(1000))).toThrow(`Not a key: ${"x".repeat(100)}. A key`);
  });

  it("holds references as the keys they are, and texts as texts", () => {
    const key = joinParts([encodePart('["Berlin"]', true), encodePart('["Berlin"]', false)]);
    expect(parseKey(key)).toEqual([["Berlin"], '["Berlin"]']);
    expect(parseKey(key).map(partValue)).toEqual(['["Berlin"]', '["Berlin"]']);
    expect(encodePart(null, true)).toBe("null");
    expect(joinParts([])).toBe("[]");
  });

  it("gives each part back as its field's value", () => {
    expect([null, "a", 1, false].map(partValue)).toEqual([null, "a", 1, false]);
    expect(partValue(["a", ["b"]])).toBe('["a",["b"]]');
  });
});

describe("the order of keys", () => {
  it("is that of code points, a beginning before the whole", () => {
    const sorted = ["", "a", "aa", "ab", "b", "\uD7FF", "\uE000", "\uFFFF", "\u{10000}"];
    expect([...sorted].reverse().sort(compareKeys)).toEqual(sorted);
    expect(compareKeys("a", "a")).toBe(0);
    expect(compareKeys("ab", "a")).toBeGreaterThan(0);
    expect(compareKeys("a", "ab")).toBeLessThan(0);
  });
});
