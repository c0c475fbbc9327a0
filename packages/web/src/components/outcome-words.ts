/** What becomes of changes, as filters name it. */
export const outcomeLabels: readonly (readonly [value: string, label: string])[] = [
  ["pending", "Not yet applied"],
  ["applied", "Applied"],
  ["failed", "Failed"],
  ["skipped", "Skipped"],
  ["stale", "Stale"],
  ["cancelled", "Cancelled"],
  ["held", "Held"],
  ["rejected", "Rejected"],
];

/** What became of changes that an apply was to write, as lists count it: each leads to its rows of the log. */
export const writingOutcomes = [
  {
    id: "applied",
    title: "Applied",
    outcomes: ["applied"],
    meaning: "Written: success in the log",
  },
  {
    id: "failed",
    title: "Failed",
    outcomes: ["failed"],
    meaning: "Refused by the target: error in the log",
  },
  {
    id: "notWritten",
    title: "Not written",
    outcomes: ["skipped", "stale", "cancelled"],
    meaning: "Skipped, stale or cancelled: failure in the log",
  },
] as const;

type WritingOutcome = (typeof writingOutcomes)[number];

/** How many changes came to that. */
export function countOfOutcome(
  counts: Readonly<Record<WritingOutcome["outcomes"][number], number>>,
  { outcomes }: WritingOutcome,
): number {
  return outcomes.reduce((sum: number, outcome) => sum + counts[outcome], 0);
}

/** Where the rows of the log are that tell of them. */
export function logOfOutcome({ outcomes }: WritingOutcome) {
  return { tab: "sync-logs", outcome: outcomes.join(",") } as const;
}
