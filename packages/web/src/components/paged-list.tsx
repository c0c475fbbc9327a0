import { useQueries } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { every, scrollPageSize, type PageSource } from "../api/queries.ts";
import { useIsServerGone } from "./server-gone.ts";
import { ErrorState, LinesSkeleton } from "./states.tsx";
import classes from "./paged-list.module.css";

interface PagedListProps<Row> {
  /** For assistive technology. */
  label: string;
  /** Rows are asked for as they come into view. */
  source: PageSource<Row>;
  /** Reads the rows in view again and again, for a list that grows. */
  refetchMs?: number;
  /** Height of a folded row in pixels. */
  rowHeight: number;
  /** Of the current row alone the controls are stops of the Tab key; arrows, j and k go to the others. */
  renderRow: (row: Row, isCurrent: boolean) => ReactNode;
  empty: ReactNode;
  onTotal?: (total: number) => void;
  /** Keeps the end in view while the list grows. */
  followsEnd?: boolean;
  className?: string;
}

/** A list of any length: only the rows in view exist. Change its `key` to start again at the top. */
export function PagedList<Row>(props: PagedListProps<Row>) {
  const { source, rowHeight, onTotal, followsEnd } = props;
  const isServerGone = useIsServerGone();
  const scroller = useRef<HTMLDivElement>(null);
  const [total, setTotal] = useState<number | null>(null);
  const [focused, setFocused] = useState(0);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised on it
  const virtualizer = useVirtualizer({
    count: total ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  // A row that was scrolled away is not there to be returned to.
  const current = items.some(({ index }) => index === focused) ? focused : items[0]?.index;
  const pages = pagesOf(items.map((item) => item.index));
  const results = useQueries({
    queries: pages.map((page) => ({
      queryKey: [...source.key, page],
      queryFn: ({ signal }: { signal: AbortSignal }) => source.fetch(page, signal),
      refetchInterval: props.refetchMs === undefined ? (false as const) : every(props.refetchMs),
    })),
  });
  const known = results.find((result) => result.data)?.data?.total ?? null;
  const failed = results.find((result) => result.isError);

  useEffect(() => {
    if (known === null) return;
    setTotal(known);
    onTotal?.(known);
  }, [known, onTotal]);
  useEffect(() => {
    if (followsEnd && total !== null && total > 0) {
      virtualizer.scrollToIndex(total - 1, { align: "end" });
    }
  }, [followsEnd, total, virtualizer]);

  if (failed && total === null) {
    return (
      <div style={{ padding: 12 }}>
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      </div>
    );
  }
  if (total === null) return <LinesSkeleton lines={8} />;
  if (total === 0) return <>{props.empty}</>;

  function rowAt(index: number): Row | undefined {
    const page = Math.floor(index / scrollPageSize);
    return results[pages.indexOf(page)]?.data?.items[index % scrollPageSize];
  }

  function move(event: KeyboardEvent<HTMLDivElement>) {
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    const next = Number(from?.dataset["index"] ?? -1) + step;
    if (next < 0 || total === null || next >= total) return;
    event.preventDefault();
    const button = () =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"] button`);
    virtualizer.scrollToIndex(next);
    // At once where the row is there already: the next key may be pressed before the next frame.
    if (button()) button()?.focus({ preventScroll: true });
    else requestAnimationFrame(() => button()?.focus());
  }

  return (
    <div
      ref={scroller}
      style={{ height: `min(${virtualizer.getTotalSize()}px, var(--list-height))` }}
      className={`${classes.scroller} ${props.className ?? ""}`}
      onKeyDown={move}
      tabIndex={0}
      role="region"
      aria-label={props.label}
    >
      {failed && !isServerGone && (
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      )}
      <div style={{ height: virtualizer.getTotalSize(), position: "relative" }} role="list">
        {items.map((item) => {
          const row = rowAt(item.index);
          return (
            <div
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className={classes.row}
              style={{ transform: `translateY(${item.start}px)` }}
              onFocus={() => {
                setFocused(item.index);
              }}
              role="listitem"
              aria-setsize={total}
              aria-posinset={item.index + 1}
            >
              {row === undefined ? (
                <div className={classes.waiting} style={{ height: rowHeight }} />
              ) : (
                props.renderRow(row, item.index === current)
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The pages that hold these rows; the first one where there is no row yet. */
function pagesOf(indexes: number[]): number[] {
  const pages = new Set(indexes.map((index) => Math.floor(index / scrollPageSize)));
  return pages.size === 0 ? [0] : [...pages];
}
