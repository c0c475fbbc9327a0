import { measureDepths, settleDepths } from "./depth.ts";
import { lookUp } from "./look-up.ts";
import type { ModelState, PlanState } from "./plan-state.ts";
import type { SideRecord } from "./record.ts";

/** An object to create or to update. */
export interface Write {
  readonly source: SideRecord;
  readonly target: SideRecord | null;
  /** Places in `model.names` of the values to write. */
  readonly indexes: readonly number[];
  depth: number;
  /** Whether references that cannot wait come back to it. */
  readonly isCircular: boolean;
}

const batchSize = 1000;

/** As the store gives them: updates first, each by key. */
export async function* inOrder({
  matching,
  indexes,
}: ModelState): AsyncGenerator<readonly Write[]> {
  for await (const batch of matching?.readUpdates() ?? []) {
    yield batch.map((each) => ({ ...each, depth: 0, isCircular: false }));
  }
  for await (const batch of matching?.readCreates() ?? []) {
    yield batch.map((source) => ({ source, target: null, indexes, depth: 0, isCircular: false }));
  }
}

/** A write without its records, which its store has. */
interface PlacedWrite {
  readonly sourceKey: string;
  readonly targetKey: string | null;
  readonly indexes: readonly number[];
  depth: number;
  readonly isCircular: boolean;
}

/** Each after what it refers to of its own model, in the source's tree. */
export async function* sortByDepth(
  { schema, store }: PlanState,
  current: ModelState,
): AsyncGenerator<readonly Write[]> {
  const { model, isScoped } = current;
  const found: Omit<PlacedWrite, "depth" | "isCircular">[] = [];
  const measure = measureDepths(schema, store, "source", model, isScoped);
  for await (const batch of inOrder(current)) {
    measure.take(batch.map(({ source }) => source));
    for (const { source, target, indexes } of batch) {
      found.push({ sourceKey: source.key, targetKey: target?.key ?? null, indexes });
    }
  }
  const standing = await measure.finish();
  current.standing = standing;
  const writes = found.map((write): PlacedWrite => {
    const depth = standing.depthOf(write.sourceKey);
    const isCircular = depth === Infinity;
    // Which of a circle comes first cannot be said, so the whole of it is known not to be created.
    if (isCircular && write.targetKey === null) current.missing.add(write.sourceKey);
    return { ...write, depth, isCircular };
  });
  settleDepths(writes);
  // Sorting keeps the order within a depth.
  writes.sort((a, b) => a.depth - b.depth);
  for (let start = 0; start < writes.length; start += batchSize) {
    yield await withRecords(store, model.name, writes.slice(start, start + batchSize));
  }
}

async function withRecords(
  store: PlanState["store"],
  model: string,
  placed: readonly PlacedWrite[],
): Promise<readonly Write[]> {
  const sourceKeys = placed.map(({ sourceKey }) => sourceKey);
  const targetKeys = placed.flatMap(({ targetKey }) => targetKey ?? []);
  const sourceOf = await lookUp(store, "source", model, sourceKeys);
  const targetOf = await lookUp(store, "target", model, targetKeys);
  return placed.map(({ sourceKey, targetKey, ...write }) => ({
    ...write,
    source: sourceOf(sourceKey),
    target: targetKey === null ? null : targetOf(targetKey),
  }));
}
