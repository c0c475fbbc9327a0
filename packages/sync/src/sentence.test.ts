import { expect, it } from "vitest";
import { sentenceOf } from "./sentence.ts";
import { statusOf, type SyncCounts } from "./status.ts";

const none: SyncCounts = {
  create: 0,
  update: 0,
  delete: 0,
  created: 0,
  updated: 0,
  deleted: 0,
  failed: 0,
  skipped: 0,
  stale: 0,
  cancelled: 0,
  held: 0,
  heldDeletes: 0,
  rejected: 0,
  findings: 0,
};

it("a run is told by what it did, with what failed and what was withheld", () => {
  const counts = {
    ...none,
    create: 412,
    update: 40,
    delete: 5,
    created: 412,
    updated: 38,
    failed: 2,
    held: 5,
    heldDeletes: 5,
  };

  expect(statusOf(counts, false)).toBe("partial");
  expect(sentenceOf(counts, { status: "partial", isDryRun: false })).toBe(
    "412 created, 38 updated, 0 deleted; 2 failed; 5 deletes withheld",
  );
});

it("a dry run is told by what it would do", () => {
  const counts = { ...none, create: 12_000, update: 1, delete: 3, held: 3, heldDeletes: 3 };

  expect(statusOf(counts, true)).toBe("planned");
  expect(sentenceOf(counts, { status: "planned", isDryRun: true })).toBe(
    "12,000 to create, 1 to update, 3 to delete; 3 deletes withheld",
  );
});

it("a dry run whose plan was applied is told by what was done", () => {
  const counts = { ...none, create: 2, created: 2 };

  expect(sentenceOf(counts, { status: "applied", isDryRun: true })).toBe(
    "2 created, 0 updated, 0 deleted",
  );
});

it("a run that was cut off says how much is left", () => {
  const counts = { ...none, create: 10, created: 4 };

  expect(sentenceOf(counts, { status: "lost", isDryRun: false })).toBe(
    "4 created, 0 updated, 0 deleted; 6 not applied",
  );
});

it("nothing to do is said, also beside findings", () => {
  expect(statusOf(none, false)).toBe("in-agreement");
  expect(sentenceOf(none, { status: "in-agreement", isDryRun: false })).toBe("Nothing to change");
  const found = { ...none, findings: 1 };
  expect(statusOf(found, false)).toBe("partial");
  expect(sentenceOf(found, { status: "partial", isDryRun: false })).toBe(
    "Nothing to change; 1 finding",
  );
});

it("withheld deletes alone hold a run only when nothing was applied", () => {
  const held = { ...none, delete: 3, held: 3, heldDeletes: 3 };

  expect(statusOf(held, false)).toBe("held");
  expect(statusOf({ ...held, create: 1, created: 1 }, false)).toBe("applied");
  expect(statusOf({ ...held, create: 1, created: 1, heldDeletes: 0 }, false)).toBe("held");
});

it("a run of which nothing succeeded has failed", () => {
  expect(statusOf({ ...none, create: 2, failed: 1, skipped: 1 }, false)).toBe("failed");
});

it("a run that applied nothing because its changes failed has failed, findings or not", () => {
  const counts = { ...none, create: 3, failed: 1, skipped: 2, findings: 4 };

  expect(statusOf(counts, false)).toBe("failed");
  expect(statusOf({ ...counts, created: 1, skipped: 1 }, false)).toBe("partial");
  expect(statusOf({ ...counts, failed: 0 }, false)).toBe("partial");
});
