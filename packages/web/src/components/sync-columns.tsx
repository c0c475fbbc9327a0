import { Link } from "@tanstack/react-router";
import type { Action, SyncRow } from "../api/shapes.ts";
import { actionWords, actions, countedOnly, sidesText, type ActionWords } from "./action-words.ts";
import { StatusBadge, SyncTypeBadge } from "./badges.tsx";
import { formatBytes, formatCount, formatDuration } from "./format.ts";
import { countOfOutcome, logOfOutcome, writingOutcomes } from "./outcome-words.ts";
import { Time } from "./time.tsx";
import type { ListColumn } from "./use-list-table.ts";
import classes from "./sync-columns.module.css";

interface CountProps {
  sync: SyncRow;
  value: number;
  /** Where the rows are that it counts: filters of the record's differences, or another tab. */
  search: Readonly<{ action?: string; outcome?: string; tab?: string }>;
  /** What the number says, where the column does not. */
  title?: string | undefined;
  sign?: string;
}

/** A number that leads to what it counts. */
function Count({ sync, value, search, title, sign = "" }: CountProps) {
  if (value === 0) return <Zero />;
  return (
    <Link
      to="/plugins/ssot/history/$syncId/"
      params={{ syncId: sync.id }}
      search={search}
      title={title}
      {...(search.tab === undefined ? { hash: "diff" } : {})}
    >
      {sign}
      {formatCount(value)}
    </Link>
  );
}

/** On a narrow screen it is left out, and its label with it. */
function Zero() {
  return (
    <span className="quiet" data-zero>
      0
    </span>
  );
}

function countColumn(
  id: string,
  header: string,
  search: CountProps["search"],
  valueOf: (counts: SyncRow["counts"]) => number,
  title?: string,
): ListColumn<SyncRow> {
  return {
    id,
    header,
    meta: { isNumber: true },
    cell: ({ row: { original: sync } }) => (
      <Count sync={sync} value={valueOf(sync.counts)} search={search} title={title} />
    ),
  };
}

/** Of a comparison among syncs the column's heading is not true: its cell says what it is. */
function actionColumn(action: Action, words: ActionWords): ListColumn<SyncRow> {
  return {
    id: action,
    header: words.heading(action),
    meta: { isNumber: true },
    labelOf: (sync) => actionWords(sync).heading(action),
    cell: ({ row: { original: sync } }) => {
      const value = sync.counts[action];
      const own = actionWords(sync);
      if (own.isComparison === words.isComparison) {
        return <Count sync={sync} value={value} search={{ action }} />;
      }
      return (
        <Count
          sync={sync}
          value={value}
          search={{ action }}
          title={own.counted(action, value)}
          sign={own.sign(action)}
        />
      );
    },
  };
}

type Phase = keyof SyncRow["phaseMs"];

function phaseColumn(phase: Phase, header: string): ListColumn<SyncRow> {
  return {
    id: phase,
    header,
    meta: { isNumber: true },
    cell: ({ row: { original: sync } }) => {
      const milliseconds = sync.phaseMs[phase];
      return milliseconds === undefined ? "—" : formatDuration(milliseconds);
    },
  };
}

/** Objects written in a second of applying; null where none was. */
function rateOf({ counts, phaseMs }: SyncRow): number | null {
  return counts.applied === 0 || !phaseMs.apply ? null : (counts.applied / phaseMs.apply) * 1000;
}

/** The orders the server knows. */
export const syncSorts = [
  "-createdAt",
  "createdAt",
  "-durationMs",
  "durationMs",
  "jobTitle",
  "-jobTitle",
] as const;

export function syncKey(sync: SyncRow): string {
  return sync.id;
}

/** A list of comparisons alone has their words, and no column about writing. */
export function syncColumns(words: ActionWords): ListColumn<SyncRow>[] {
  return [
    ...firstColumns(words),
    ...actions.map((action) => actionColumn(action, words)),
    ...(words.isComparison ? [] : writingColumns),
    ...lastColumns,
  ];
}

function firstColumns({ isComparison }: ActionWords): ListColumn<SyncRow>[] {
  return [
    {
      id: "createdAt",
      header: "Start",
      accessorFn: (sync) => sync.createdAt,
      cell: ({ row: { original: sync } }) => (
        <Link to="/plugins/ssot/history/$syncId/" params={{ syncId: sync.id }}>
          <Time at={sync.startedAt ?? sync.createdAt} />
        </Link>
      ),
    },
    {
      id: "jobTitle",
      header: isComparison ? "Compared" : "Source → target",
      accessorFn: (sync) => sync.jobTitle,
      meta: { grows: true },
      cell: ({ row: { original: sync } }) => <span>{sidesText(sync)}</span>,
    },
    {
      id: "status",
      header: "Status",
      cell: ({ row: { original: sync } }) => (
        <div className={classes.status}>
          <span title={sync.statusReason ?? sync.sentence}>
            <StatusBadge status={sync.status} />
          </span>
          <SyncTypeBadge sync={sync} />
        </div>
      ),
    },
    {
      id: "unchanged",
      header: isComparison ? "Equal" : "Unchanged",
      meta: { isNumber: true },
      cell: ({ row: { original: sync } }) => (
        <span className="quiet" title={countedOnly}>
          {formatCount(sync.counts.unchanged)}
        </span>
      ),
    },
  ];
}

const writingColumns: ListColumn<SyncRow>[] = [
  countColumn("held", "Held", { outcome: "held" }, ({ held }) => held),
  countColumn("rejected", "Rejected", { outcome: "rejected" }, ({ rejected }) => rejected),
  ...writingOutcomes.map((outcome) =>
    countColumn(
      outcome.id,
      outcome.title,
      logOfOutcome(outcome),
      (counts) => countOfOutcome(counts, outcome),
      outcome.meaning,
    ),
  ),
];

const lastColumns: ListColumn<SyncRow>[] = [
  countColumn("findings", "Findings", { tab: "findings" }, ({ findings }) => findings),
  {
    id: "durationMs",
    header: "Duration",
    accessorFn: (sync) => sync.durationMs,
    meta: { isNumber: true },
    cell: ({ row: { original: sync } }) =>
      sync.durationMs === null ? "—" : formatDuration(sync.durationMs),
  },
  phaseColumn("source", "Load source"),
  phaseColumn("target", "Load target"),
  phaseColumn("diff", "Diff"),
  phaseColumn("apply", "Apply"),
  {
    id: "rate",
    header: "Rate",
    meta: { isNumber: true },
    cell: ({ row: { original: sync } }) => {
      const rate = rateOf(sync);
      return rate === null ? "—" : `${formatCount(Math.round(rate))}/s`;
    },
  },
  {
    id: "memory",
    header: "Peak memory",
    meta: { isNumber: true },
    cell: ({ row: { original: sync } }) =>
      sync.peakMemoryBytes === null ? "—" : formatBytes(sync.peakMemoryBytes),
  },
  { id: "user", header: "User", cell: ({ row: { original: sync } }) => sync.user ?? "—" },
];

/** Columns that are there for who looks for where the time went. */
export const detailSyncColumns = ["source", "target", "diff", "apply", "rate", "memory"];
