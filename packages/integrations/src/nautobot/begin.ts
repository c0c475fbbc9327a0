/** A generator that does not wait to be asked: its first step is under way at once. */
export function begin<T, R>(generator: AsyncGenerator<T, R>): AsyncGenerator<T, R> {
  const first = generator.next();
  // Thrown to whoever asks for it; until then a failure is not an unhandled one.
  first.catch(() => undefined);
  return give(first, generator);
}

async function* give<T, R>(
  first: Promise<IteratorResult<T, R>>,
  generator: AsyncGenerator<T, R>,
): AsyncGenerator<T, R> {
  for (let step = await first; ; step = await generator.next()) {
    if (step.done) return step.value;
    yield step.value;
  }
}
