import type { Hold } from "./change.ts";
import type { Model } from "./model.ts";

/** The most deletes of a type that are applied: above both figures all of them are held. */
export interface DeleteCeiling {
  /** Of the type's objects in scope in the target. */
  readonly percent: number;
  readonly count: number;
}

/** What holds where no ceiling is given. */
export const defaultCeiling: DeleteCeiling = { percent: 10, count: 10 };

/** Rules on the number of deletes of one type; null where they may be applied. */
export function checkCeiling(
  model: Model,
  deletes: number,
  total: number,
  ceiling: DeleteCeiling | null,
): Hold | null {
  if (ceiling === null || deletes === 0) return null;
  if (deletes === total) {
    const all = total === 1 ? `the only ${model.label}` : `all ${total} ${model.pluralLabel}`;
    return tooMany(
      `The run would delete ${all}. Check that the source is complete; ` +
        "delete them by hand if it is meant.",
    );
  }
  const share = (deletes / total) * 100;
  if (share <= ceiling.percent || deletes <= ceiling.count) return null;
  return tooMany(
    `The run would delete ${deletes} of ${total} ${model.pluralLabel} (${Math.round(share)} %), more than ` +
      `${ceiling.percent} % and more than ${ceiling.count}. Check the source, or raise the job's ceiling.`,
  );
}

function tooMany(reason: string): Hold {
  return { guard: "too-many-deletes", reason };
}
