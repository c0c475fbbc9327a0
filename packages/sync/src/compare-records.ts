import { equalCanonical } from "./canonical.ts";
import type { Canonical, SideRecord } from "./record.ts";
import type { MatchRequest } from "./store.ts";

/** Compares two records and names the places where they differ; null where they agree. */
export type CompareRecords = (source: SideRecord, target: SideRecord) => number[] | null;

/** The comparison that a match asks for; a value that a side does not give is not compared. */
export function createCompareRecords({
  model,
  indexes,
  toTarget,
  translated,
}: Pick<MatchRequest, "model" | "indexes" | "toTarget" | "translated">): CompareRecords {
  // Matched records have equal keys where a key stands for itself.
  const keyCount = toTarget === null ? model.keyNames.length : 0;
  const compared = indexes.filter((index) => index >= keyCount);
  const hasTranslated = compared.some((index) => translated.has(index));

  return (source, target) => {
    const left = source.values;
    const right = target.values;
    if (left === right && !hasTranslated) return null;
    let differing: number[] | null = null;
    for (const index of compared) {
      let value: Canonical | undefined = left[index];
      const other = right[index];
      if (hasTranslated && value !== undefined && value !== null) {
        const translate = translated.get(index);
        if (translate) value = translate(value);
      }
      if (value === other || value === undefined || other === undefined) continue;
      if (equalCanonical(value, other)) continue;
      if (differing === null) differing = [index];
      else differing.push(index);
    }
    return differing;
  };
}
