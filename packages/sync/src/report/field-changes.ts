import { equalCanonical, isList } from "../canonical.ts";
import type { Change } from "../change.ts";
import type { Field } from "../field.ts";
import { keyLabel } from "../key-label.ts";
import type { Canonical } from "../record.ts";
import type { Schema } from "../schema.ts";

/** How a field of an update changes, in words. */
export interface FieldChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
  /** For sets and keyed lists: what comes and what goes, member by member; null for other fields. */
  readonly members: MemberChanges | null;
}

/** How two lists or sets differ, member by member. */
export interface MemberChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Entries of a keyed list that stay and differ. */
  readonly changed: readonly { readonly before: string; readonly after: string }[];
}

/** The changed fields of an update; empty for creates and deletes. */
export function fieldChanges(schema: Schema, change: Change): FieldChange[] {
  const model = schema.model(change.model);
  return change.fields.map((name) => {
    const field = model.field(name);
    const before = change.before?.[name] ?? null;
    const after = change.after?.[name] ?? null;
    return {
      field: name,
      before: valueText(schema, field, before),
      after: valueText(schema, field, after),
      members: memberChanges(schema, field, before, after),
    };
  });
}

/** A canonical value for people: references by their labels, nothing as "(none)". */
export function valueText(
  schema: Schema,
  field: Field<unknown, unknown>,
  value: Canonical,
): string {
  const { target, members } = field.facts;
  if (value === null) return "(none)";
  if (target !== undefined && typeof value === "string") return keyLabel(schema, target, value);
  if (members && isList(value)) {
    return `[${value.map((member) => valueText(schema, members, member)).join(", ")}]`;
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

function memberChanges(
  schema: Schema,
  field: Field<unknown, unknown>,
  before: Canonical,
  after: Canonical,
): MemberChanges | null {
  const old = isList(before) ? before : [];
  const now = isList(after) ? after : [];
  const { members, by } = field.facts;
  if (field.kind === "set" && members) {
    const without = (left: readonly Canonical[], right: readonly Canonical[]): string[] => {
      const there = new Set(right.map((member) => JSON.stringify(member)));
      return left
        .filter((member) => !there.has(JSON.stringify(member)))
        .map((member) => valueText(schema, members, member));
    };
    return { added: without(now, old), removed: without(old, now), changed: [] };
  }
  if (field.kind !== "keyed-list" || by === undefined) return null;
  const was = new Map(old.map((entry) => [entryName(entry, by), entry]));
  const is = new Map(now.map((entry) => [entryName(entry, by), entry]));
  const changed: { before: string; after: string }[] = [];
  for (const [name, entry] of is) {
    const previous = was.get(name);
    if (previous === undefined || equalCanonical(previous, entry)) continue;
    changed.push({ before: JSON.stringify(previous), after: JSON.stringify(entry) });
  }
  return {
    added: [...is].filter(([name]) => !was.has(name)).map(([, entry]) => JSON.stringify(entry)),
    removed: [...was].filter(([name]) => !is.has(name)).map(([, entry]) => JSON.stringify(entry)),
    changed,
  };
}

function entryName(entry: Canonical, by: string): string {
  const name =
    typeof entry === "object" && entry !== null && !isList(entry) ? entry[by] : undefined;
  return JSON.stringify(name ?? null);
}
