import type { getSync } from "@plumbline/server";

type Sync = Pick<Awaited<ReturnType<typeof getSync>>, "direction" | "isDryRun" | "undoOf">;

/** What kind of sync it is, in a word or two. */
export function syncType({ direction, isDryRun, undoOf }: Sync): string {
  if (direction === "comparison") return "comparison";
  if (undoOf !== null) return isDryRun ? "undo" : "roll back";
  return isDryRun ? "dry run" : "sync";
}
