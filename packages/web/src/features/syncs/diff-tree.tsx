import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { treePageSize, treeQuery } from "../../api/queries.ts";
import type { TreeNode } from "../../api/shapes.ts";
import { ActionSign } from "../../components/badges.tsx";
import { ChangeCounts } from "../../components/change-counts.tsx";
import { formatCount } from "../../components/format.ts";
import { ErrorState, LinesSkeleton } from "../../components/states.tsx";
import classes from "./diff-tree.module.css";

interface Selected {
  model: string | undefined;
  key: string | undefined;
}

interface DiffTreeProps {
  syncId: string;
  selected: Selected;
  /** Null selects everything. */
  onSelect: (node: TreeNode | null) => void;
}

/** The changed objects by type and parent; a level is read when it is opened. */
export function DiffTree(props: DiffTreeProps) {
  const isAll = props.selected.model === undefined && props.selected.key === undefined;
  return (
    <nav className={classes.tree} aria-label="Changes by type and parent">
      <button
        type="button"
        className={classes.all}
        aria-current={isAll || undefined}
        onClick={() => {
          props.onSelect(null);
        }}
      >
        All changes
      </button>
      <Level {...props} parent={null} depth={0} />
    </nav>
  );
}

interface LevelProps extends DiffTreeProps {
  parent: { model: string; key: string | null } | null;
  depth: number;
}

function Level(props: LevelProps) {
  const level = useInfiniteQuery(treeQuery(props.syncId, props.parent));
  if (level.isPending) return <LinesSkeleton lines={2} height={14} />;
  if (!level.data) {
    return <ErrorState error={level.error} onRetry={() => void level.refetch()} />;
  }
  const nodes = level.data.pages.flatMap((page) => page.nodes);
  const left = (level.data.pages[0]?.total ?? 0) - nodes.length;
  return (
    <ul className={classes.level}>
      {nodes.map((node) => (
        <Node key={node.model + (node.key ?? "")} {...props} node={node} />
      ))}
      {level.isFetchNextPageError && (
        <li>
          <ErrorState error={level.error} onRetry={() => void level.fetchNextPage()} />
        </li>
      )}
      {level.hasNextPage && !level.isFetchNextPageError && (
        <li>
          <button
            type="button"
            className={classes.more}
            style={{ paddingLeft: 28 + props.depth * 14 }}
            disabled={level.isFetchingNextPage}
            onClick={() => void level.fetchNextPage()}
          >
            {level.isFetchingNextPage
              ? "Reading…"
              : `Show ${formatCount(Math.min(left, treePageSize))} more of ${formatCount(left)}`}
          </button>
        </li>
      )}
    </ul>
  );
}

function Node({ node, ...props }: LevelProps & { node: TreeNode }) {
  const [isOpen, setIsOpen] = useState(false);
  const { selected, depth } = props;
  const isSelected =
    node.kind === "model"
      ? selected.model === node.model && selected.key === undefined
      : selected.model === node.model && selected.key === node.key;
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <li>
      <div className={classes.node} style={{ paddingLeft: 6 + depth * 14 }}>
        {node.hasChildren ? (
          <button
            type="button"
            className={classes.chevron}
            aria-expanded={isOpen}
            aria-label={`${isOpen ? "Close" : "Open"} ${node.label}`}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          >
            <Chevron size={14} aria-hidden />
          </button>
        ) : (
          <span className={classes.chevron} />
        )}
        <button
          type="button"
          className={classes.name}
          aria-current={isSelected || undefined}
          title={node.label}
          onClick={() => {
            props.onSelect(node);
            if (node.hasChildren) setIsOpen(true);
          }}
        >
          {node.action && <ActionSign action={node.action} />}
          <span className={classes.label}>{node.label}</span>
          {(node.kind === "model" || node.hasChildren) && (
            <ChangeCounts counts={node.counts} none="" />
          )}
        </button>
      </div>
      {isOpen && (
        <Level {...props} parent={{ model: node.model, key: node.key }} depth={depth + 1} />
      )}
    </li>
  );
}
