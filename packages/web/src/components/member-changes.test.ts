import { expect, test } from "vitest";
import { compareMembers } from "./member-changes.ts";

function summary(before: unknown[], after: unknown[]): string[] {
  return compareMembers(before, after).map(
    (change) => `${change.kind} ${JSON.stringify(change.value)}`,
  );
}

test("names removed, added and kept members", () => {
  expect(summary(["a", "b"], ["b", "c"])).toEqual(['removed "a"', 'added "c"', 'kept "b"']);
});

test("compares members by value", () => {
  expect(summary([{ name: "x" }], [{ name: "x" }])).toEqual(['kept {"name":"x"}']);
});

test("counts members that occur more than once", () => {
  expect(summary([1, 1], [1])).toEqual(["removed 1", "kept 1"]);
  expect(summary([1], [1, 1])).toEqual(["added 1", "kept 1"]);
});
