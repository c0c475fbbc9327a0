import { measureDepths, settleDepths } from "./depth.ts";
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

/** Each after what it refers to of its own model, in the source's tree. */
export async function* sortByDepth(
  { schema, store }: PlanState,
  current: ModelState,
): AsyncGenerator<readonly Write[]> {
  const found: Write[] = [];
  for await (const batch of inOrder(current)) for (const write of batch) found.push(write);
  const records = found.map(({ source }) => source);
  const { model, isScoped } = current;
  const standing = await measureDepths(schema, store, "source", model, isScoped, records);
  current.standing = standing;
  const writes = found.map((write): Write => {
    const depth = standing.depthOf(write.source.key);
    const isCircular = depth === Infinity;
    // Which of a circle comes first cannot be said, so the whole of it is known not to be created.
    if (isCircular && !write.target) current.missing.add(write.source.key);
    return { ...write, depth, isCircular };
  });
  settleDepths(writes);
  // Sorting keeps the order within a depth.
  writes.sort((a, b) => a.depth - b.depth);
  for (let start = 0; start < writes.length; start += batchSize) {
    yield writes.slice(start, start + batchSize);
  }
}
