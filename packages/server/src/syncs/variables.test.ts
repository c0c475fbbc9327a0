import { InvalidInputError } from "@plumbline/sync";
import { variable } from "@plumbline/plugin-kit";
import { expect, it } from "vitest";
import { checkVariables } from "./variables.ts";

const declared = [
  { name: "site", ...variable.text({ required: true }) },
  { name: "rows", ...variable.integer({ default: 5 }) },
  { name: "deep", ...variable.boolean() },
  { name: "mode", ...variable.choice(["fast", "slow"], { default: "fast" }) },
];

it("what is not given takes its default, and text from a form is read as what it is", () => {
  expect(checkVariables(declared, { site: "berlin" })).toEqual({
    site: "berlin",
    rows: 5,
    deep: false,
    mode: "fast",
  });
  expect(checkVariables(declared, { site: "b", rows: "12", deep: "true", mode: "slow" })).toEqual({
    site: "b",
    rows: 12,
    deep: true,
    mode: "slow",
  });
});

it("every fault is named at once", () => {
  const check = (): unknown =>
    checkVariables(declared, { rows: "many", deep: 3, mode: "middling", colour: "red" });

  expect(check).toThrow(InvalidInputError);
  expect(check).toThrow(
    'The job\'s variables are not right: site is required; rows expects a whole number, got "many"; ' +
      'deep expects true or false, got 3; mode expects one of fast, slow, got "middling"; ' +
      "colour is not a variable of this job; it has site, rows, deep, mode.",
  );
});
