import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { plotScale } from "./scale.ts";

test("the committed plot is what the stored results draw", () => {
  const image = new URL("../../docs/images/scale.svg", import.meta.url);
  expect(readFileSync(image, "utf8"), "Draw it anew: npm run bench:plot").toBe(plotScale());
});
