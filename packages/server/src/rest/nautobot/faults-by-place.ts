import { type Faults, Refused } from "./refused.ts";

/** Faults by place in the request. */
export type FaultsByPlace = Map<number, Record<string, string[]>>;

export function addFault(faults: FaultsByPlace, place: number, field: string, text: string): void {
  const known = faults.get(place) ?? {};
  faults.set(place, known);
  const texts = (known[field] ??= []);
  if (!texts.includes(text)) texts.push(text);
}

/** @throws Refused with the faults of each place, or of the first one that has any. */
export function refuseFaults(faults: FaultsByPlace, places: number, form: "list" | "first"): void {
  if (faults.size === 0) return;
  const all = Array.from({ length: places }, (_, place): Faults => faults.get(place) ?? {});
  const first = all.find((found) => Object.keys(found).length > 0);
  throw new Refused(400, form === "list" ? all : first);
}
