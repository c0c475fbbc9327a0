import { CloseButton } from "@mantine/core";
import type { RefObject } from "react";
import type { Action, SyncDetail } from "../../api/shapes.ts";
import { actionSign } from "../../components/badges.tsx";
import { Chips, FilterBar, FilterSelect, SearchBox } from "../../components/filter-bar.tsx";
import { countOf, formatCount } from "../../components/format.ts";
import type { Models } from "../../components/key-label.ts";
import { FieldChips } from "./field-chips.tsx";
import { useSearchState } from "../../components/use-search-state.ts";
import classes from "./diff-view.module.css";

const outcomeChoices = [
  { value: "applied", label: "Applied" },
  { value: "failed", label: "Failed" },
  { value: "skipped", label: "Skipped" },
  { value: "stale", label: "Stale" },
  { value: "cancelled", label: "Cancelled" },
  { value: "held", label: "Held" },
  { value: "pending", label: "Not yet applied" },
  { value: "failed,skipped,stale,cancelled", label: "Not applied" },
];

interface DiffFiltersProps {
  sync: SyncDetail;
  models: Models;
  /** In words: the object that is shown, or below which. */
  place: string | null;
  total: number | null;
  searchBox: RefObject<HTMLInputElement | null>;
}

export function DiffFilters({ sync, models, place, total, searchBox }: DiffFiltersProps) {
  const { search, change } = useSearchState();
  const actions = (["create", "update", "delete"] satisfies Action[])
    .filter((action) => sync.counts[action] > 0)
    .map((action) => ({
      value: action,
      label: `${actionSign(action)} ${action}`,
      count: formatCount(sync.counts[action]),
    }));
  const modelChoices = sync.models
    .filter((model) => model.create + model.update + model.delete > 0)
    .map((model) => ({
      value: model.model,
      label: models.get(model.model)?.pluralLabel ?? model.label,
    }));
  return (
    <FilterBar>
      <Chips
        label="Action"
        value={search.action}
        choices={actions}
        onChange={(action) => {
          const hasUpdates = action === undefined || action === "update";
          change({ action, field: hasUpdates ? search.field : undefined });
        }}
      />
      <FilterSelect
        label="Any type"
        value={search.model}
        choices={modelChoices}
        onChange={(model) => {
          change({ model, field: undefined, key: undefined });
        }}
      />
      <FilterSelect
        label="Any outcome"
        value={search.outcome}
        choices={outcomeChoices}
        onChange={(outcome) => {
          change({ outcome });
        }}
      />
      <SearchBox
        label="Search the changes"
        value={search.q ?? ""}
        inputRef={searchBox}
        onChange={(q) => {
          change({ q });
        }}
      />
      <FieldChips sync={sync} models={models} />
      {place !== null && (
        <span className={classes.place}>
          {place}
          <CloseButton
            size="xs"
            aria-label={`Leave ${place}`}
            onClick={() => {
              change({ key: undefined, parentModel: undefined, parentKey: undefined });
            }}
          />
        </span>
      )}
      {total !== null && <span className={classes.total}>{countOf(total, "change")}</span>}
    </FilterBar>
  );
}
