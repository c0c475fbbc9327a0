import { expect, it } from "vitest";
import { sentenceOf } from "./sentence.ts";
import { isFinal, statusOf, type SyncCounts, type SyncStatus } from "./status.ts";

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

it("a comparison is told by how its sides differ, and by nothing that is done to them", () => {
  const counts = { ...none, create: 1, update: 1, delete: 1200, findings: 2 };
  const sides = { sourceName: "Left list", targetName: "Right list" };
  const compared = (status: SyncStatus) => ({ status, isDryRun: true, compares: sides });

  expect(sentenceOf(counts, compared("planned"))).toBe(
    "1 only in Left list, 1 differs, 1,200 only in Right list; 2 findings",
  );
  expect(sentenceOf({ ...none, update: 2 }, compared("planned"))).toBe(
    "0 only in Left list, 2 differ, 0 only in Right list",
  );
  expect(sentenceOf(none, compared("in-agreement"))).toBe("No differences");
  expect(sentenceOf(none, compared("failed"))).toBe("Nothing was compared");
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

it.each<[Partial<SyncCounts>, boolean, SyncStatus]>([
  [{ update: 1 }, true, "planned"],
  [{ delete: 1 }, true, "planned"],
  [{ create: 1, update: 2, delete: 3 }, true, "planned"],
  [{}, true, "in-agreement"],
  [{ findings: 2 }, true, "partial"],
  [{ update: 1, updated: 1 }, false, "applied"],
  [{ delete: 1, deleted: 1 }, false, "applied"],
  [{ create: 2, created: 1, cancelled: 1 }, false, "cancelled"],
  [{ create: 2, cancelled: 1, failed: 1 }, false, "cancelled"],
  [{ create: 1, update: 1, updated: 1, failed: 1 }, false, "partial"],
  [{ create: 1, delete: 1, deleted: 1, failed: 1 }, false, "partial"],
  [{ create: 2, created: 1, stale: 1 }, false, "partial"],
  [{ create: 1, stale: 1, skipped: 1 }, false, "partial"],
  [{ create: 1, rejected: 1 }, false, "held"],
  [{ delete: 1, held: 1, heldDeletes: 1, rejected: 1 }, false, "held"],
])("a run of %o (dry: %s) ends as %s", (counts, isDryRun, status) => {
  expect(statusOf({ ...none, ...counts }, isDryRun)).toBe(status);
});

it.each<[SyncStatus, boolean]>([
  ["pending", false],
  ["waiting", false],
  ["running", false],
  ["planned", true],
  ["applied", true],
  ["lost", true],
])("after %s nothing more happens: %s", (status, is) => {
  expect(isFinal(status)).toBe(is);
});

it.each<[Partial<SyncCounts>, SyncStatus, boolean, string]>([
  [{ create: 1 }, "pending", false, "Waits for a worker"],
  [{ create: 1 }, "waiting", false, "Waits for another run on the same target"],
  [{}, "partial", false, "Nothing to change"],
  [{}, "failed", false, "Nothing was written"],
  [{ update: 2 }, "planned", true, "0 to create, 2 to update, 0 to delete"],
  [{ delete: 2 }, "planned", true, "0 to create, 0 to update, 2 to delete"],
  [
    { create: 9, update: 9, delete: 9, created: 3, updated: 3, deleted: 3, failed: 2, skipped: 4 },
    "partial",
    false,
    "3 created, 3 updated, 3 deleted; 2 failed; 4 skipped; 12 not applied",
  ],
  [
    { create: 9, created: 1, stale: 2, held: 3, heldDeletes: 1, rejected: 2 },
    "partial",
    false,
    "1 created, 0 updated, 0 deleted; 2 stale; 1 delete withheld; 2 changes held; 2 rejected; 1 not applied",
  ],
  [
    { create: 2, created: 1, held: 1, findings: 2 },
    "held",
    false,
    "1 created, 0 updated, 0 deleted; 1 change held; 2 findings",
  ],
  ...(["updated", "deleted"] as const).map(
    (name): [Partial<SyncCounts>, SyncStatus, boolean, string] => [
      { update: 1, delete: 1, [name]: 1 },
      "partial",
      true,
      `0 created, ${name === "updated" ? "1 updated, 0" : "0 updated, 1"} deleted; 1 not applied`,
    ],
  ),
  ...(["failed", "skipped", "stale"] as const).map(
    (name): [Partial<SyncCounts>, SyncStatus, boolean, string] => [
      { create: 1, [name]: 1 },
      "partial",
      true,
      `0 created, 0 updated, 0 deleted; 1 ${name}`,
    ],
  ),
  [
    { create: 1, cancelled: 1 },
    "cancelled",
    true,
    "0 created, 0 updated, 0 deleted; 1 not applied",
  ],
])("a run of %o, %s (dry: %s), is told: %s", (counts, status, isDryRun, sentence) => {
  expect(sentenceOf({ ...none, ...counts }, { status, isDryRun })).toBe(sentence);
});
