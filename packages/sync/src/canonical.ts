import type { Canonical } from "./record.ts";

/** An order of canonical values that is the same everywhere; 0 for equal ones. */
export function compareCanonical(a: Canonical, b: Canonical): number {
  if (a === b) return 0;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : 1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  const left = JSON.stringify(a);
  const right = JSON.stringify(b);
  return left === right ? 0 : left < right ? -1 : 1;
}

/** Whether two canonical values are the same. */
export function equalCanonical(a: Canonical, b: Canonical): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isList(a)) {
    if (!isList(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index++) {
      if (!equalCanonical(a[index] ?? null, b[index] ?? null)) return false;
    }
    return true;
  }
  if (isList(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) {
    const other = b[name];
    if (other === undefined || !equalCanonical(a[name] ?? null, other)) return false;
  }
  return true;
}

export function isList(value: Canonical): value is readonly Canonical[] {
  return Array.isArray(value);
}
