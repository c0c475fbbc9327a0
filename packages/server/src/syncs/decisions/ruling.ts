import type { ChangeFilter } from "../queries/change-rows.ts";

export type Verdict = "reject" | "accept" | "release" | "hold-again";

/** Changes of a plan: by their positions, or all that a filter of the list of changes finds. */
export interface Selection {
  readonly positions?: readonly number[] | undefined;
  readonly filter?: ChangeFilter | undefined;
}

export interface Ruling extends Selection {
  readonly verdict: Verdict;
  readonly reason?: string | undefined;
}

/** Changes that a guard keeps held whatever a person says. */
export interface DecisionRefusal {
  readonly guard: string;
  readonly count: number;
  readonly reason: string;
}

export interface Decided {
  readonly decided: number;
  readonly held: number;
  readonly freed: number;
  readonly refused: DecisionRefusal[];
  readonly decisionsRevision: number;
}

/** Whose ruling it is, on which plan, and its number there. */
export interface RulingBy {
  readonly syncId: string;
  readonly revision: number;
  /** Without a name where it is the program itself. */
  readonly user: { readonly id: string | null; readonly name: string | null };
  /** Empty where the person gave none. */
  readonly reason: string;
}

/** What no person can release, because what is known does not suffice or the configuration forbids it. */
export const unreleasable = ["incomplete-read", "unresolved-reference", "policy-never"];
