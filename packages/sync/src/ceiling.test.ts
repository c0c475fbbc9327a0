import { describe, expect, it } from "vitest";
import { checkCeiling, defaultCeiling } from "./ceiling.ts";
import { defineModel } from "./define-model.ts";
import { text } from "./scalar-fields.ts";

const Site = defineModel("site", { key: { name: text() }, fields: {} });
const held = (deletes: number, total: number, ceiling = defaultCeiling): boolean =>
  checkCeiling(Site, deletes, total, ceiling) !== null;

describe("the ceiling of deletes", () => {
  it("lets through what is below one of its figures, or at it", () => {
    expect(held(10, 20)).toBe(false);
    expect(held(100, 1000)).toBe(false);
    expect(held(11, 110)).toBe(false);
    expect(held(11, 109)).toBe(true);
    expect(held(101, 1000)).toBe(true);
  });

  it("holds the delete of all there is, however few", () => {
    expect(held(3, 3)).toBe(true);
    expect(checkCeiling(Site, 3, 3, defaultCeiling)?.reason).toContain("all 3 Sites");
    expect(checkCeiling(Site, 1, 1, defaultCeiling)?.reason).toContain("the only Site");
    expect(checkCeiling(Site, 1, 1, defaultCeiling)?.reason).not.toContain("all 1");
  });

  it("has nothing to say without deletes, and where there is none", () => {
    expect(held(0, 0)).toBe(false);
    expect(held(0, 100)).toBe(false);
    expect(checkCeiling(Site, 100, 100, null)).toBeNull();
  });

  it("goes by the figures it is given, and says them", () => {
    const ceiling = { percent: 1, count: 0 };
    expect(held(1, 100, ceiling)).toBe(false);
    expect(checkCeiling(Site, 2, 100, ceiling)).toEqual({
      guard: "too-many-deletes",
      reason:
        "The run would delete 2 of 100 Sites (2 %), more than 1 % and more than 0. " +
        "Check the source, or raise the job's ceiling.",
    });
  });
});
