import { expect, test } from "vitest";
import { formatLogTime } from "./format.ts";

test("a line of today's log shows its time of day, an older one its day as well", () => {
  const noon = new Date(2026, 4, 7, 12, 0, 0).getTime();
  const at = new Date(2026, 4, 7, 9, 5, 3);
  expect(formatLogTime(at.toISOString(), noon)).toBe("09:05:03");
  at.setDate(6);
  expect(formatLogTime(at.toISOString(), noon)).toBe("May 6, 2026, 09:05:03");
});
