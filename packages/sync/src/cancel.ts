import { CancelledError } from "./errors.ts";

/** @throws CancelledError once the signal is aborted, with its reason's message where it has one. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled(signal);
}

export function cancelled(signal: AbortSignal): CancelledError {
  const reason: unknown = signal.reason;
  if (reason instanceof CancelledError) return reason;
  const isDefault = reason instanceof Error && reason.name === "AbortError";
  const why = reason instanceof Error && !isDefault ? `: ${reason.message}` : "";
  return new CancelledError(`The run was cancelled${why}`, { cause: reason });
}

/** Lets timers, signals and messages in between two stretches of computing. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

export const neverAborted: AbortSignal = new AbortController().signal;
