import { expect, it } from "vitest";
import { actionWords, sidesText } from "./action-words.ts";

const sides = { sourceName: "Left list", targetName: "Right list" };
const actions = ["create", "update", "delete"] as const;

it("a sync names what is done to objects, and shows the values before and after", () => {
  const sync = { ...sides, direction: "source" } as const;
  const words = actionWords(sync);
  expect(actions.map((action) => words.counted(action, 2))).toEqual([
    "2 to create",
    "2 to update",
    "2 to delete",
  ]);
  expect(words.valueColumns("update").map(({ heading }) => heading)).toEqual(["Before", "After"]);
  expect(sidesText(sync)).toBe("Left list → Right list");
});

it("a comparison names the sides, the source first, and nothing that is done", () => {
  const comparison = { ...sides, direction: "comparison" } as const;
  const words = actionWords(comparison);
  expect(actions.map((action) => words.counted(action, 2))).toEqual([
    "2 only in Left list",
    "2 differ",
    "2 only in Right list",
  ]);
  expect(actions.map((action) => words.heading(action))).toEqual([
    "Only in Left list",
    "Differ",
    "Only in Right list",
  ]);
  expect(words.word("update")).toBe("differs");
  // A plan's `after` is the source's value.
  expect(words.valueColumns("update")).toEqual([
    { side: "after", heading: "Left list" },
    { side: "before", heading: "Right list" },
  ]);
  expect(words.valueColumns("delete")).toEqual([{ side: "before", heading: "Right list" }]);
  expect(sidesText(comparison)).toBe("Left list ↔ Right list");
});
