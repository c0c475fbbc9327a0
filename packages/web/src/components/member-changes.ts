/** What became of one member of a set or list. */
export interface MemberChange {
  readonly kind: "added" | "removed" | "kept";
  readonly value: unknown;
}

/** Removed members first, then added ones, then those on both sides. Members are compared by value. */
export function compareMembers(
  before: readonly unknown[],
  after: readonly unknown[],
): MemberChange[] {
  const missing = new Map<string, number>();
  for (const value of after) {
    const text = JSON.stringify(value);
    missing.set(text, (missing.get(text) ?? 0) + 1);
  }
  const removed: MemberChange[] = [];
  const kept: MemberChange[] = [];
  for (const value of before) {
    const text = JSON.stringify(value);
    const left = missing.get(text) ?? 0;
    if (left > 0) missing.set(text, left - 1);
    if (left > 0) kept.push({ kind: "kept", value });
    else removed.push({ kind: "removed", value });
  }
  const added: MemberChange[] = [];
  for (const value of after) {
    const text = JSON.stringify(value);
    const left = missing.get(text) ?? 0;
    if (left === 0) continue;
    missing.set(text, left - 1);
    added.push({ kind: "added", value });
  }
  return [...removed, ...added, ...kept];
}
