import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { changePages } from "../../api/queries.ts";
import type { ChangeRow, Ruling, RulingVerdict, SyncDetail, TreeNode } from "../../api/shapes.ts";
import { objectTypes, useMay } from "../../api/use-may.ts";
import { useModels } from "../../api/use-models.ts";
import { useActionWords } from "../../components/action-words.ts";
import { formatCount } from "../../components/format.ts";
import { keyLabel, type Models } from "../../components/key-label.ts";
import { PagedList } from "../../components/paged-list.tsx";
import { EmptyState } from "../../components/states.tsx";
import { useSearchState } from "../../components/use-search-state.ts";
import { ChangeLine } from "./change-line.tsx";
import { DiffFilters } from "./diff-filters.tsx";
import { DiffTree } from "./diff-tree.tsx";
import { ReviewBar } from "./review-bar.tsx";
import { useReview } from "./review.ts";
import { RulingDialog } from "./ruling-dialog.tsx";
import classes from "./diff-view.module.css";

/** The changes of a plan: left by type and parent, right one line per object. */
export function DiffView({ sync }: { sync: SyncDetail }) {
  const { search, change } = useSearchState();
  const models = useModels();
  const { noun, isComparison } = useActionWords();
  const searchBox = useRef<HTMLInputElement>(null);
  const section = useRef<HTMLElement>(null);
  const [total, setTotal] = useState<number | null>(null);
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [asked, setAsked] = useState<Ruling | null>(null);
  const clear = useCallback(() => {
    setSelected(new Set());
  }, []);
  const review = useReview(sync, clear);
  const { rule } = review;
  const mayRun = useMay()(objectTypes.job, "run");
  const canDecide = sync.possible.decide.allowed && mayRun;
  const treeFilter = {
    action: search.action,
    outcome: search.outcome,
    field: search.field,
    q: search.q,
    guard: search.guard,
  };
  const filters = {
    ...treeFilter,
    model: search.model,
    key: search.key,
    parentModel: search.parentModel,
    parentKey: search.parentKey,
  };
  const key = JSON.stringify(filters);

  useEffect(() => {
    function enterByKey(event: globalThis.KeyboardEvent) {
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

  const lineReview = useMemo(
    () => ({
      onSelect: (position: number) => {
        setSelected((previous) => {
          const next = new Set(previous);
          if (!next.delete(position)) next.add(position);
          return next;
        });
      },
      onRule: (change: ChangeRow, verdict: RulingVerdict) => {
        const ruling = { verdict, positions: [change.position] };
        // What a guard holds is let through only after its consequences were seen.
        if (verdict === "release") setAsked(ruling);
        else rule(ruling);
      },
    }),
    [rule],
  );

  function ruleByKey(event: KeyboardEvent) {
    const target = event.target as HTMLElement;
    if (!canDecide || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest("input:not([type=checkbox]), textarea")) return;
    const position = Number(target.closest<HTMLElement>("[data-position]")?.dataset["position"]);
    const positions = selected.size > 0 ? [...selected] : Number.isNaN(position) ? [] : [position];
    if (event.key === "x" && !Number.isNaN(position)) lineReview.onSelect(position);
    else if (positions.length === 0) return;
    else if (event.key === "r") rule({ verdict: "reject", positions });
    else if (event.key === "a") rule({ verdict: "accept", positions });
    else if (event.key === "e") setAsked({ verdict: "release", positions });
    else if (event.key === "h") rule({ verdict: "hold-again", positions });
    else if (event.key === "Escape") clear();
    else return;
    event.preventDefault();
  }

  const place = placeOf(models, search);
  return (
    <section className={`panel ${classes.diff}`} id="diff" ref={section} aria-label="Differences">
      <DiffFilters
        sync={sync}
        models={models}
        place={place}
        total={total}
        filters={filters}
        isNarrowed={filterOf(filters) !== undefined}
        searchBox={searchBox}
      />
      <div className={classes.body} onKeyDown={ruleByKey} role="presentation">
        <DiffTree
          syncId={sync.id}
          filter={treeFilter}
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
          label={`${isComparison ? "Differences" : "Changes"}${total === null ? "" : `, ${formatCount(total)}`}`}
          source={changePages(sync.id, filters)}
          rowHeight={41}
          onTotal={setTotal}
          className={classes.list}
          renderRow={(row, isCurrent) => (
            <ChangeLine
              change={row}
              isCurrent={isCurrent}
              models={models}
              isUnfolded={unfolded.has(row.position)}
              onToggle={toggle}
              review={canDecide ? lineReview : null}
              isSelected={selected.has(row.position)}
            />
          )}
          empty={
            <EmptyState title={`No ${noun} matches these filters`}>
              Clear a filter above to see more.
            </EmptyState>
          }
        />
      </div>
      <footer className={classes.foot}>
        <kbd>j</kbd> <kbd>k</kbd> move · <kbd>Enter</kbd> unfold · <kbd>/</kbd> filter
        {canDecide && (
          <>
            {" "}
            · <kbd>r</kbd> reject · <kbd>a</kbd> accept · <kbd>e</kbd> release · <kbd>h</kbd> hold
            again · <kbd>x</kbd> select
          </>
        )}
      </footer>
      {canDecide && (
        <ReviewBar
          sync={sync}
          review={review}
          selected={selected}
          onClear={clear}
          onAsk={setAsked}
          filter={filterOf(filters)}
          total={total}
        />
      )}
      <RulingDialog
        sync={sync}
        ruling={asked}
        review={review}
        onClose={() => {
          setAsked(null);
        }}
      />
    </section>
  );
}

/** The filters in force as a ruling takes them; undefined where there are none. */
function filterOf(filters: Readonly<Record<string, string | undefined>>): Ruling["filter"] {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  if (given.length === 0) return undefined;
  return Object.fromEntries(
    given.map(([name, value]) => [
      name,
      name === "action" || name === "outcome" ? value?.split(",") : value,
    ]),
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
