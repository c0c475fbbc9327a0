import { describe, expect, it } from "vitest";
import { differenceOf, folded } from "./text-difference.ts";

describe("the difference of two texts", () => {
  it.each([
    ["one two three", "one 2 three", ["one ", "two", " three"]],
    ["ab cd", "ab ce", ["ab ", "cd", ""]],
    ["same", "same", ["same", "", ""]],
    ["a a", "a a a", ["a a", "", ""]],
    ["a a a", "a a", ["a a", " a", ""]],
    ["", "new", ["", "", ""]],
    ["vlan 10;\nvlan 20;", "vlan 10;\nvlan 30;", ["vlan 10;\nvlan ", "20", ";"]],
    ["👍 fine", "👎 fine", ["", "👍", " fine"]],
  ])("%j beside %j is its own words between what both have", (text, other, parts) => {
    const { start, own, end } = differenceOf(text, other);
    expect([start, own, end]).toEqual(parts);
    expect(start + own + end).toBe(text);
  });

  it("is all of a text that stands alone", () => {
    expect(differenceOf("new", null)).toEqual({ start: "", own: "new", end: "" });
  });

  it("is folded to what differs and a little around it", () => {
    const text = `${"x ".repeat(500)}here${" y".repeat(500)}`;
    const { start, own, end } = folded(differenceOf(text, text.replace("here", "there")));
    expect(own).toBe("here");
    expect(start).toBe(`… ${"x ".repeat(30)}`);
    expect(end).toBe(`${" y".repeat(30)} …`);
    expect(folded(differenceOf("z".repeat(1000), null)).own).toHaveLength(202);
  });
});
