import type { SyncRow } from "@plumbline/server";

/** The status as commands print it: nothing is planned by what compares only. */
export function statusWord({ direction, status }: Pick<SyncRow, "direction" | "status">): string {
  return direction === "comparison" && status === "planned" ? "different" : status;
}
