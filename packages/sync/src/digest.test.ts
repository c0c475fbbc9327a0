import { expect, it } from "vitest";
import type { PlannedChange } from "./change.ts";
import { createPlanDigest } from "./digest.ts";

const change: PlannedChange = {
  model: "site",
  action: "update",
  key: '["Berlin"]',
  label: "Berlin",
  parentModel: null,
  parentKey: null,
  before: { size: 1 },
  after: { size: 2 },
  fields: ["size"],
  rank: 0,
  targetId: null,
  targetVersion: "1",
  sourceId: null,
  hold: null,
};

function digestOf(...batches: readonly (readonly PlannedChange[])[]): string {
  const digest = createPlanDigest();
  for (const batch of batches) digest.add(batch);
  return digest.finish();
}

const other = { ...change, key: '["Oslo"]' };

it.each<[string, Partial<PlannedChange>]>([
  ["the type", { model: "room" }],
  ["the action", { action: "delete" }],
  ["the object", { key: '["Oslo"]' }],
  ["a value as it is", { before: { size: 3 } }],
  ["a value to write", { after: { size: 3 } }],
  ["a hold", { hold: { guard: "needs-held", reason: "" } }],
  ["the step", { step: 2 }],
])("two plans that differ in %s have different digests", (_, part) => {
  expect(digestOf([{ ...change, ...part }])).not.toBe(digestOf([change]));
});

it("two plans that would write the same have one digest, however they were read", () => {
  expect(digestOf([change, other])).toBe(digestOf([change], [other]));
  expect(digestOf([{ ...change, targetVersion: "9" }])).toBe(digestOf([change]));
  expect(digestOf([other, change])).not.toBe(digestOf([change, other]));
  expect(digestOf([change])).not.toBe(digestOf());
  // A plan that was reviewed with an earlier release is still known.
  expect(digestOf([change], [{ ...other, step: 0 }])).toBe(
    "9cfcaf55456e597dd51505585ff78df38c926bc5f36dfe54f81be5cc1c351b6c",
  );
});
