import { expect, test } from "vitest";
import type { TreeNode } from "../../api/shapes.ts";
import { linesOf, type TreePlace } from "./tree-lines.ts";

function node(model: string, key: string | null): TreeNode {
  const counts = { create: 1, update: 0, delete: 0 };
  const kind = key === null ? "model" : "object";
  return {
    kind,
    model,
    key,
    label: key ?? model,
    action: null,
    position: null,
    counts,
    hasChildren: true,
  };
}

const children = [node("location", "Berlin"), undefined, undefined];

function levelOf(place: TreePlace) {
  if (place === null) return { total: 2, nodeAt: (index: number) => top[index] };
  if (place.key === null) return { total: 3, nodeAt: (index: number) => children[index] };
  return undefined;
}

const top = [node("location", null), node("tenant", null)];
const namesOf = (open: string[]) =>
  linesOf(levelOf, new Set(open)).map(({ node: at, depth }) => `${depth} ${at?.label ?? "…"}`);
const [locations] = linesOf(levelOf, new Set());

test("a folded tree has the lines of its top level", () => {
  expect(namesOf([])).toEqual(["0 location", "0 tenant"]);
});

test("below an open node stand its children, those that were not read without a name", () => {
  const open = locations?.path ?? "";
  expect(namesOf([open])).toEqual(["0 location", "1 Berlin", "1 …", "1 …", "0 tenant"]);
});

test("a level that was not read yet takes one line", () => {
  const open = [locations?.path ?? ""];
  const berlin = linesOf(levelOf, new Set(open))[1]?.path ?? "";
  expect(namesOf([...open, berlin]).slice(1, 3)).toEqual(["1 Berlin", "2 …"]);
});
