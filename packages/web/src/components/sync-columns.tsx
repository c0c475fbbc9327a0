import { Link } from "@tanstack/react-router";
import type { SyncRow } from "../api/shapes.ts";
import { DryRunBadge, StatusBadge } from "./badges.tsx";
import { formatCount, formatDuration } from "./format.ts";
import { Time } from "./time.tsx";
import type { ListColumn } from "./use-list-table.ts";

function count(value: number) {
  return value === 0 ? <span className="quiet">0</span> : formatCount(value);
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

export const syncColumns: ListColumn<SyncRow>[] = [
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
    header: "Source → target",
    accessorFn: (sync) => sync.jobTitle,
    meta: { grows: true },
    cell: ({ row: { original: sync } }) => (
      <span>
        {sync.sourceName} → {sync.targetName}
      </span>
    ),
  },
  {
    id: "status",
    header: "Status",
    cell: ({ row: { original: sync } }) => (
      <span title={sync.statusReason ?? sync.sentence}>
        <StatusBadge status={sync.status} />
      </span>
    ),
  },
  {
    id: "type",
    header: "Type",
    cell: ({ row: { original: sync } }) =>
      sync.isDryRun ? (
        <DryRunBadge isApplied={sync.counts.applied > 0} />
      ) : (
        <span className="quiet">sync</span>
      ),
  },
  {
    id: "create",
    header: "Create",
    meta: { isNumber: true },
    cell: ({ row: { original: sync } }) => count(sync.counts.create),
  },
  {
    id: "update",
    header: "Update",
    meta: { isNumber: true },
    cell: ({ row: { original: sync } }) => count(sync.counts.update),
  },
  {
    id: "delete",
    header: "Delete",
    meta: { isNumber: true },
    cell: ({ row: { original: sync } }) => count(sync.counts.delete),
  },
  {
    id: "held",
    header: "Held",
    meta: { isNumber: true },
    cell: ({ row: { original: sync } }) => count(sync.counts.held),
  },
  {
    id: "failed",
    header: "Failed",
    meta: { isNumber: true },
    cell: ({ row: { original: sync } }) => count(sync.counts.failed),
  },
  {
    id: "durationMs",
    header: "Duration",
    accessorFn: (sync) => sync.durationMs,
    meta: { isNumber: true },
    cell: ({ row: { original: sync } }) =>
      sync.durationMs === null ? "—" : formatDuration(sync.durationMs),
  },
  { id: "user", header: "User", cell: ({ row: { original: sync } }) => sync.user ?? "—" },
];
