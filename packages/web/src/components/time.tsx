import { useSyncExternalStore } from "react";
import { formatExactTime, formatLogTime, formatRelativeTime } from "./format.ts";

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const notify of listeners) notify();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time in milliseconds, in steps of so many; one clock drives every place that shows it. */
export function useNow(stepMs: number): number {
  return useSyncExternalStore(subscribe, () => Math.floor(now / stepMs) * stepMs);
}

/** A time as its distance from now; the exact one on hover. */
export function Time({ at }: { at: string | null }) {
  const current = useNow(10_000);
  if (at === null) return <span className="quiet">—</span>;
  return (
    <time dateTime={at} title={formatExactTime(at)} style={{ whiteSpace: "nowrap" }}>
      {formatRelativeTime(at, current)}
    </time>
  );
}

/** A time of day, for lines of a log: many of them lie seconds apart. */
export function LogTime({ at, className }: { at: string; className?: string | undefined }) {
  const current = useNow(60_000);
  return (
    <time
      className={className}
      dateTime={at}
      title={formatExactTime(at)}
      style={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" }}
    >
      {formatLogTime(at, current)}
    </time>
  );
}
