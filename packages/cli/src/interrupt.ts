import { CancelledError } from "@plumbline/sync";

const signals = ["SIGINT", "SIGTERM"] as const;
/** What a shell reports for a program that Ctrl-C ended. */
const endedByInterrupt = 130;

/**
 * Does `work`, and calls `onInterrupt` at the first Ctrl-C or SIGTERM; the second one ends the process at once.
 */
export async function withInterrupt<T>(
  onInterrupt: () => void,
  work: () => Promise<T>,
): Promise<T> {
  let isInterrupted = false;
  const onSignal = (): void => {
    if (isInterrupted) process.exit(endedByInterrupt);
    isInterrupted = true;
    onInterrupt();
  };
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** Does `work` with a signal that the first Ctrl-C or SIGTERM aborts. */
export async function cancellable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  return withInterrupt(
    () => {
      process.stderr.write("cancelling; once more stops at once\n");
      stop.abort(new CancelledError("Cancelled by Ctrl-C; run it again to go on."));
    },
    () => work(stop.signal),
  );
}
