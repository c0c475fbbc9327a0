import { NotFoundError } from "./errors.ts";
import type { SideName } from "./finding.ts";
import type { SideRecord } from "./record.ts";
import type { Store } from "./store.ts";

/** The records of keys that the store gave before: one that it lost would be a change that nobody sees. */
export async function lookUp(
  store: Store,
  side: SideName,
  model: string,
  keys: readonly string[],
): Promise<(key: string) => SideRecord> {
  const records = keys.length === 0 ? null : await store.find(side, model, keys);
  return (key) => {
    const record = records?.get(key);
    if (record !== undefined) return record;
    throw new NotFoundError(
      `The store no longer has the ${side}'s ${model} ${key}, which it gave before. Run again.`,
    );
  };
}
