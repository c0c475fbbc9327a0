import { useCallback, useEffect, useRef, useState } from "react";
import { changePages } from "../../api/queries.ts";
import type { ChangeRow, SyncDetail, TreeNode } from "../../api/shapes.ts";
import { useModels } from "../../api/use-models.ts";
import { formatCount } from "../../components/format.ts";
import { keyLabel, type Models } from "../../components/key-label.ts";
import { PagedList } from "../../components/paged-list.tsx";
import { EmptyState } from "../../components/states.tsx";
import { useSearchState } from "../../components/use-search-state.ts";
import { ChangeLine } from "./change-line.tsx";
import { DiffFilters } from "./diff-filters.tsx";
import { DiffTree } from "./diff-tree.tsx";
import classes from "./diff-view.module.css";

/** The changes of a plan: left by type and parent, right one line per object. */
export function DiffView({ sync }: { sync: SyncDetail }) {
  const { search, change } = useSearchState();
  const models = useModels();
  const searchBox = useRef<HTMLInputElement>(null);
  const section = useRef<HTMLElement>(null);
  const [total, setTotal] = useState<number | null>(null);
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const filters = {
    model: search.model,
    action: search.action,
    outcome: search.outcome,
    field: search.field,
    key: search.key,
    q: search.q,
    parentModel: search.parentModel,
    parentKey: search.parentKey,
  };
  const key = JSON.stringify(filters);

  useEffect(() => {
    function enterByKey(event: KeyboardEvent) {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.closest("input, textarea, [contenteditable]")) return;
      if (event.key === "/") {
        event.preventDefault();
        searchBox.current?.focus();
      } else if (event.key === "j" && !target.closest("[data-index]")) {
        section.current?.querySelector<HTMLElement>("[data-index] button")?.focus();
      }
    }
    window.addEventListener("keydown", enterByKey);
    return () => {
      window.removeEventListener("keydown", enterByKey);
    };
  }, []);

  const toggle = useCallback((position: number) => {
    setUnfolded((previous) => {
      const next = new Set(previous);
      if (!next.delete(position)) next.add(position);
      return next;
    });
  }, []);

  const place = placeOf(models, search);
  return (
    <section className={`panel ${classes.diff}`} id="diff" ref={section} aria-label="Differences">
      <DiffFilters sync={sync} models={models} place={place} total={total} searchBox={searchBox} />
      <div className={classes.body}>
        <DiffTree
          syncId={sync.id}
          selected={{
            model: search.parentModel ?? search.model,
            key: search.parentKey ?? search.key,
          }}
          onSelect={(node) => {
            change({ ...nowhere, ...selectionOf(node) });
          }}
        />
        <PagedList<ChangeRow>
          key={key}
          label={`Changes${total === null ? "" : `, ${formatCount(total)}`}`}
          source={changePages(sync.id, filters)}
          rowHeight={41}
          onTotal={setTotal}
          className={classes.list}
          renderRow={(row) => (
            <ChangeLine
              change={row}
              models={models}
              isUnfolded={unfolded.has(row.position)}
              onToggle={toggle}
            />
          )}
          empty={
            <EmptyState title="No change matches these filters">
              Clear a filter above to see more.
            </EmptyState>
          }
        />
      </div>
      <footer className={classes.foot}>
        <kbd>j</kbd> <kbd>k</kbd> move · <kbd>Enter</kbd> unfold · <kbd>/</kbd> filter
      </footer>
    </section>
  );
}

type Place = Partial<Record<"model" | "key" | "parentModel" | "parentKey" | "field", string>>;

const nowhere = {
  model: undefined,
  key: undefined,
  parentModel: undefined,
  parentKey: undefined,
  field: undefined,
};

/** A type's changes; the changes below an object; or, where nothing changed below it, the object itself. */
function selectionOf(node: TreeNode | null): Place {
  if (node === null) return {};
  if (node.key === null) return { model: node.model };
  return node.hasChildren
    ? { parentModel: node.model, parentKey: node.key }
    : { model: node.model, key: node.key };
}

function placeOf(models: Models, place: Place): string | null {
  const { model, key, parentModel, parentKey } = place;
  if (key) return keyLabel(models, model ?? null, key);
  return parentKey ? `in ${keyLabel(models, parentModel ?? null, parentKey)}` : null;
}
