/**
 * Works on several items at once and gives the results of each as they come. Starts none once the signal is
 * aborted or one has failed; what was under way is waited for, and its results are given before the error is thrown.
 */
export async function* inParallel<T, R>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal,
  work: (item: T) => Promise<readonly R[]>,
): AsyncGenerator<R> {
  const waiting = [...items];
  const running = new Map<T, Promise<Settled<T, R>>>();
  const failures: { readonly error: unknown }[] = [];
  while (running.size > 0 || (waiting.length > 0 && failures.length === 0 && !signal.aborted)) {
    while (running.size < limit && failures.length === 0 && !signal.aborted) {
      const item = waiting.shift();
      if (item === undefined) break;
      running.set(item, settle(item, work));
    }
    if (running.size === 0) break;
    const { item, results, failure } = await Promise.race(running.values());
    running.delete(item);
    if (failure !== null) failures.push(failure);
    yield* results;
  }
  const [first] = failures;
  if (first !== undefined) throw first.error;
}

interface Settled<T, R> {
  readonly item: T;
  readonly results: readonly R[];
  readonly failure: { readonly error: unknown } | null;
}

async function settle<T, R>(
  item: T,
  work: (item: T) => Promise<readonly R[]>,
): Promise<Settled<T, R>> {
  try {
    return { item, results: await work(item), failure: null };
  } catch (error) {
    return { item, results: [], failure: { error } };
  }
}
