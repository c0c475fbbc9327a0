/** Lets a loop sleep until something happened: what happens while it is awake wakes it at once. */
export interface Wake {
  /** Ends the current wait, or the next one. */
  call(): void;
  /** Resolves when called, after the time, or when the signal aborts. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

export function createWake(): Wake {
  let isCalled = false;
  let resume: (() => void) | undefined;
  return {
    call() {
      isCalled = true;
      resume?.();
    },
    async wait(timeoutMs, signal) {
      if (!isCalled && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const done = (): void => {
            clearTimeout(timer);
            signal.removeEventListener("abort", done);
            resume = undefined;
            resolve();
          };
          const timer = setTimeout(done, timeoutMs);
          signal.addEventListener("abort", done);
          resume = done;
        });
      }
      isCalled = false;
    },
  };
}
