import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useQueries, type UseQueryResult } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import {
  treePageQuery,
  treePageSize,
  type TreeFilter,
  type TreePageData,
} from "../../api/queries.ts";
import type { TreeNode } from "../../api/shapes.ts";
import { useActionWords } from "../../components/action-words.ts";
import { ActionSign } from "../../components/badges.tsx";
import { ChangeCounts } from "../../components/change-counts.tsx";
import { keptTree } from "./kept-tree.ts";
import { linesOf, type TreeLevel, type TreeLine, type TreePlace } from "./tree-lines.ts";
import classes from "./diff-tree.module.css";

interface Selected {
  model: string | undefined;
  key: string | undefined;
}

interface DiffTreeProps {
  syncId: string;
  filter: TreeFilter;
  selected: Selected;
  /** Null selects everything. */
  onSelect: (node: TreeNode | null) => void;
}

const lineHeight = 26;

/** The changed objects by type and parent: only the lines in view exist, and are read as they come into view. */
export function DiffTree({ syncId, filter, selected, onSelect }: DiffTreeProps) {
  const { noun } = useActionWords();
  const scroller = useRef<HTMLDivElement>(null);
  const [kept] = useState(() => keptTree(syncId));
  const [open, setOpen] = useState(kept.open);
  const [focused, setFocused] = useState("");
  const { lines, pages, want } = useTreeLines(syncId, filter, open);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised on it
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 10,
    initialOffset: kept.offset,
    onChange: ({ scrollOffset }) => {
      kept.offset = scrollOffset ?? 0;
    },
  });
  const inView = virtualizer.getVirtualItems().flatMap(({ index, start }) => {
    const line = lines[index];
    return line ? [{ line, index, start }] : [];
  });
  const missing = inView.filter(({ line }) => line.node === undefined);
  const asked = JSON.stringify(missing.map(({ line }) => pageOf(line)));
  useEffect(() => {
    want(JSON.parse(asked) as PageName[]);
  }, [asked, want]);
  const current = inView.find(({ line }) => line.path === focused) ?? inView[0];
  const isAll = selected.model === undefined && selected.key === undefined;
  const failed = pages.find((page) => page.isError);

  function setIsOpen({ path }: TreeLine, isOpen: boolean): void {
    const next = new Set(open);
    if (isOpen) next.add(path);
    else next.delete(path);
    kept.open = next;
    setOpen(next);
  }

  function focusOn(index: number): void {
    const line = lines[index];
    if (!line) return;
    const button = () =>
      scroller.current?.querySelector<HTMLElement>(`[data-line="${index}"] [data-name]`);
    virtualizer.scrollToIndex(index);
    if (button()) button()?.focus({ preventScroll: true });
    else requestAnimationFrame(() => button()?.focus());
  }

  /** Up and down go from line to line, right opens, left closes or goes to the line above. */
  function move(event: KeyboardEvent<HTMLElement>): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const at = Number(
      (event.target as HTMLElement).closest<HTMLElement>("[data-line]")?.dataset["line"],
    );
    const line = lines[at];
    if (!line) return;
    const canOpen = line.node?.hasChildren === true && !line.isOpen;
    if (event.key === "ArrowDown") focusOn(at + 1);
    else if (event.key === "ArrowUp") focusOn(at - 1);
    else if (event.key === "ArrowRight" && canOpen) setIsOpen(line, true);
    else if (event.key === "ArrowRight" && line.isOpen) focusOn(at + 1);
    else if (event.key === "ArrowLeft" && line.isOpen) setIsOpen(line, false);
    else if (event.key === "ArrowLeft") {
      focusOn(lines.findLastIndex(({ depth }, index) => index < at && depth < line.depth));
    } else return;
    event.preventDefault();
  }

  return (
    <nav
      className={classes.tree}
      aria-label={
        noun === "change" ? "Changes by type and parent" : "Differences by type and parent"
      }
    >
      <button
        type="button"
        className={classes.all}
        aria-current={isAll || undefined}
        onClick={() => {
          onSelect(null);
        }}
      >
        All {noun}s
      </button>
      {failed && (
        <button type="button" className={classes.more} onClick={() => void failed.refetch()}>
          Not everything could be read. Try again
        </button>
      )}
      <div ref={scroller} className={classes.scroller} onKeyDown={move} role="presentation">
        <div role="list" style={{ height: virtualizer.getTotalSize(), position: "relative" }}>
          {inView.map(({ line, index, start }) => (
            <div
              key={line.path}
              role="listitem"
              aria-level={line.depth + 1}
              aria-setsize={line.total}
              aria-posinset={line.index + 1}
              data-line={index}
              className={classes.node}
              style={{ transform: `translateY(${start}px)`, paddingLeft: 6 + line.depth * 14 }}
              onFocus={() => {
                setFocused(line.path);
              }}
            >
              {line.node ? (
                <Node
                  node={line.node}
                  isOpen={line.isOpen}
                  isCurrent={current?.index === index}
                  isSelected={isSame(line.node, selected)}
                  onToggle={() => {
                    setIsOpen(line, !line.isOpen);
                  }}
                  onSelect={(node) => {
                    onSelect(node);
                    if (node.hasChildren) setIsOpen(line, true);
                  }}
                />
              ) : (
                <span className={classes.waiting}>Reading…</span>
              )}
            </div>
          ))}
        </div>
      </div>
    </nav>
  );
}

interface NodeProps {
  node: TreeNode;
  isOpen: boolean;
  /** Whether the Tab key stops here. */
  isCurrent: boolean;
  isSelected: boolean;
  onToggle: () => void;
  onSelect: (node: TreeNode) => void;
}

function Node({ node, isOpen, isCurrent, isSelected, onToggle, onSelect }: NodeProps) {
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <>
      {node.hasChildren ? (
        <button
          type="button"
          className={classes.chevron}
          tabIndex={-1}
          aria-expanded={isOpen}
          aria-label={`${isOpen ? "Close" : "Open"} ${node.label}`}
          onClick={onToggle}
        >
          <Chevron size={14} aria-hidden />
        </button>
      ) : (
        <span className={classes.chevron} />
      )}
      <button
        type="button"
        data-name
        className={classes.name}
        tabIndex={isCurrent ? 0 : -1}
        aria-current={isSelected || undefined}
        title={node.label}
        onClick={() => {
          onSelect(node);
        }}
      >
        {node.action && <ActionSign action={node.action} />}
        <span className={classes.label}>{node.label}</span>
        {(node.kind === "model" || node.hasChildren) && (
          <ChangeCounts counts={node.counts} none="" />
        )}
      </button>
    </>
  );
}

function isSame(node: TreeNode, selected: Selected): boolean {
  return selected.model === node.model && selected.key === (node.key ?? undefined);
}

interface PageName {
  readonly place: TreePlace;
  readonly page: number;
}

function pageOf({ place, index }: TreeLine): PageName {
  return { place, page: Math.floor(index / treePageSize) };
}

/** The lines of the tree as far as they were asked for. */
function useTreeLines(syncId: string, filter: TreeFilter, open: ReadonlySet<string>) {
  const [names, setNames] = useState<readonly PageName[]>([{ place: null, page: 0 }]);
  const pages = useQueries({
    queries: names.map(({ place, page }) => treePageQuery(syncId, filter, place, page)),
    combine: pagesRead,
  });
  const want = useCallback((asked: readonly PageName[]) => {
    setNames((known) => {
      const texts = new Set(known.map((name) => JSON.stringify(name)));
      const added = asked.filter((name) => {
        const text = JSON.stringify(name);
        return !texts.has(text) && texts.add(text);
      });
      return added.length > 0 ? [...known, ...added] : known;
    });
  }, []);
  const lines = useMemo(() => {
    const levels = new Map<string, { total: number; pages: TreePageData["nodes"][] }>();
    names.forEach(({ place, page }, index) => {
      const data = pages[index]?.data;
      if (!data) return;
      const text = JSON.stringify(place);
      const level = levels.get(text) ?? { total: data.total, pages: [] };
      level.pages[page] = data.nodes;
      levels.set(text, level);
    });
    const levelOf = (place: TreePlace): TreeLevel | undefined => {
      const level = levels.get(JSON.stringify(place));
      return (
        level && {
          total: level.total,
          nodeAt: (index) => level.pages[Math.floor(index / treePageSize)]?.[index % treePageSize],
        }
      );
    };
    return linesOf(levelOf, open);
  }, [names, pages, open]);
  return { lines, pages, want };
}

function pagesRead(results: UseQueryResult<TreePageData>[]) {
  return results.map(({ data, isError, refetch }) => ({ data, isError, refetch }));
}
