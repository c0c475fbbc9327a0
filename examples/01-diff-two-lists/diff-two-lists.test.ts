import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describeAdapter } from "@plumbline/sync/testing";
import { expect, it } from "vitest";
import { listAdapter, schema } from "./diff-two-lists.ts";

describeAdapter("a list of devices", () => ({
  schema,
  adapter: listAdapter(join(import.meta.dirname, "actual.json")),
}));

it("prints what the two lists differ in, and nothing of what only looks different", async () => {
  const script = join(import.meta.dirname, "diff-two-lists.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  expect(stdout.trim().split("\n")).toEqual([
    'update device spine1 (Paris), tags: ["edge"] → ["core"]',
    "create device leaf2 (Berlin)",
    "delete device leaf3 (Berlin)",
  ]);
});
