import type { Change } from "@plumbline/sync";

/** A change on its way into the hub: references are ids. */
export interface PendingChange {
  readonly change: Change;
  /** The object's id; chosen here for a create. */
  readonly id: string;
  /** By column name: what the change sets. */
  readonly row: Record<string, unknown>;
  /** Ids by field name, for sets of references that the change sets. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

export function isTouched({ change }: PendingChange, ...names: readonly string[]): boolean {
  return change.action === "create" || names.some((name) => change.fields.includes(name));
}

/** Tells the updates of one of these fields. */
export function isUpdateOf(...names: readonly string[]): (pending: PendingChange) => boolean {
  return (pending) => pending.change.action === "update" && isTouched(pending, ...names);
}

export function idsOf(pending: readonly { readonly id: string }[]): string[] {
  return pending.map(({ id }) => id);
}
