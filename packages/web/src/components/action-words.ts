import { differenceWord, type SideNames } from "@plumbline/sync";
import { createContext, useContext } from "react";
import type { Action, Direction } from "../api/shapes.ts";
import { formatCount } from "./format.ts";

/** What a row's values are headed by, in the order they are shown. */
export interface ValueColumn {
  readonly side: "before" | "after";
  readonly heading: string;
}

/** How a record speaks of its rows: a sync of what becomes of objects, a comparison of how its sides differ. */
export interface ActionWords {
  readonly isComparison: boolean;
  /** What a row is called. */
  readonly noun: "change" | "difference";
  /** Objects that are the same on both sides. */
  readonly same: string;
  readonly sign: (action: Action) => string;
  /** Names the colour. */
  readonly tone: (action: Action) => Action | "one-side";
  /** Of a column: "Create"; "Only in Left list". */
  readonly heading: (action: Action) => string;
  /** "create"; "only in Left list". */
  readonly word: (action: Action) => string;
  /** "3 to create"; "3 only in Left list". */
  readonly counted: (action: Action, count: number) => string;
  readonly valueColumns: (action: Action) => readonly ValueColumn[];
}

export const actions = ["create", "update", "delete"] as const;

const signs = { create: "+", update: "~", delete: "−" } as const;
const differenceSigns = { create: "‹", update: "≠", delete: "›" } as const;

const before = { side: "before", heading: "Before" } as const;
const after = { side: "after", heading: "After" } as const;
const changedValues: Readonly<Record<Action, readonly ValueColumn[]>> = {
  create: [{ ...after, heading: "Added" }],
  update: [before, after],
  delete: [{ ...before, heading: "Removed" }],
};

/** Also for lists of all kinds. */
export const wordsOfSyncs: ActionWords = {
  isComparison: false,
  noun: "change",
  same: "unchanged",
  sign: (action) => signs[action],
  tone: (action) => action,
  heading: titleOf,
  word: (action) => action,
  counted: (action, count) => `${formatCount(count)} to ${action}`,
  valueColumns: (action) => changedValues[action],
};

/** The source first, as everywhere where both sides stand. */
function comparisonWords(sides: SideNames): ActionWords {
  const source = { side: "after", heading: sides.sourceName } as const;
  const target = { side: "before", heading: sides.targetName } as const;
  const columns = { create: [source], update: [source, target], delete: [target] };
  return {
    isComparison: true,
    noun: "difference",
    same: "equal",
    sign: (action) => differenceSigns[action],
    tone: (action) => (action === "update" ? "update" : "one-side"),
    // A column is of several.
    heading: (action) => titleOf(differenceWord(action, sides, 2)),
    word: (action) => differenceWord(action, sides),
    counted: (action, count) => `${formatCount(count)} ${differenceWord(action, sides, count)}`,
    valueColumns: (action) => columns[action],
  };
}

/** What the words are about. */
export type NamedSides = SideNames & { readonly direction: Direction };

export function actionWords(sync: NamedSides): ActionWords {
  return sync.direction === "comparison" ? comparisonWords(sync) : wordsOfSyncs;
}

/** Why the count of what a run leaves as it is leads nowhere. */
export const countedOnly = "Counted only: no rows are kept of what a run leaves as it is.";

/** For comparisons of different systems together. */
export const wordsOfAnyComparison = comparisonWords({
  sourceName: "the first",
  targetName: "the second",
});

const WordsContext = createContext(wordsOfSyncs);

/** Gives what is inside the words of its record; those of syncs where there is none. */
export const WordsOfRecord = WordsContext.Provider;

export function useActionWords(): ActionWords {
  return useContext(WordsContext);
}

function titleOf(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Both sides in one line: the way of the data, or that there is none. */
export function sidesText({ direction, sourceName, targetName }: NamedSides): string {
  return `${sourceName} ${direction === "comparison" ? "↔" : "→"} ${targetName}`;
}
