import type { SideName } from "./finding.ts";
import type { Row } from "./memory-store.ts";
import type { Canonical } from "./record.ts";
import type { SameValue, SameValueRequest } from "./store.ts";

interface Found {
  readonly value: string | number;
  readonly keys: { readonly source: string[]; readonly target: string[] };
  readonly counts: { source: number; target: number };
}

/** The values that records without counterpart have on both sides. */
export function findSameValues(
  { byKey }: { readonly byKey: ReadonlyMap<string, Row> },
  { index, toTarget }: SameValueRequest,
): Iterable<SameValue> {
  /** Target keys with a counterpart; not needed where keys stand for themselves. */
  const claimed = new Set<string>();
  if (toTarget !== null) {
    for (const { source } of byKey.values()) if (source !== null) claimed.add(toTarget(source.key));
  }
  const isAlone = (side: SideName, { source, target }: Row, key: string): boolean => {
    if (toTarget === null) return source === null || target === null;
    return side === "source" ? !byKey.get(toTarget(key))?.target : !claimed.has(key);
  };

  const found = new Map<Canonical, Found>();
  for (const row of byKey.values()) {
    const { target } = row;
    const value = target?.values[index];
    if (target === null || !isTelling(value) || !isAlone("target", row, target.key)) continue;
    const known = found.get(value);
    if (known) known.keys.target.push(target.key);
    else {
      const keys = { source: [], target: [target.key] };
      found.set(value, { value, keys, counts: { source: 0, target: 0 } });
    }
  }
  if (found.size === 0) return [];
  for (const row of byKey.values()) {
    const { source, target } = row;
    const inTarget = found.get(target?.values[index] ?? null);
    if (inTarget) inTarget.counts.target += 1;
    const inSource = found.get(source?.values[index] ?? null);
    if (!inSource || source === null) continue;
    inSource.counts.source += 1;
    if (isAlone("source", row, source.key)) inSource.keys.source.push(source.key);
  }
  return [...found.values()].filter(({ keys }) => keys.source.length > 0);
}

function isTelling(value: Canonical | undefined): value is string | number {
  return (typeof value === "string" && value !== "") || typeof value === "number";
}
