import type { Action } from "./change.ts";

/** What people call the two sides of a run. */
export interface SideNames {
  readonly sourceName: string;
  readonly targetName: string;
}

/**
 * What a comparison says of objects whose action a sync would name: nothing is to be created or deleted where
 * neither side is written. "3 only in Left list", "1 differs".
 */
export function differenceWord(
  action: Action,
  { sourceName, targetName }: SideNames,
  count = 1,
): string {
  switch (action) {
    case "create":
      return `only in ${sourceName}`;
    case "update":
      return count === 1 ? "differs" : "differ";
    case "delete":
      return `only in ${targetName}`;
  }
}
