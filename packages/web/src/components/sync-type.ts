import type { Direction } from "../api/shapes.ts";

export interface SyncKind {
  readonly direction: Direction;
  readonly isDryRun: boolean;
  /** Whether it takes another sync back. */
  readonly isUndo: boolean;
}

export type SyncType = "comparison" | "undo" | "roll back" | "dry run" | "sync";

/** What kind of sync it is, in a word or two. */
export function syncType({ direction, isDryRun, isUndo }: SyncKind): SyncType {
  if (direction === "comparison") return "comparison";
  if (isUndo) return isDryRun ? "undo" : "roll back";
  return isDryRun ? "dry run" : "sync";
}
